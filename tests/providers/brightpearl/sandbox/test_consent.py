"""Consent in the account: the page, the way back, and who is not led back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from providers.brightpearl.sandbox import (
    APP_REF,
    CLIENT_SECRET,
    DEV_REF,
    BrightpearlSandbox,
    Client,
    create_sandbox,
)
from tests.providers.consents import brought_back, press
from tests.world import served

CALLBACK = "http://127.0.0.1:54321/connect/brightpearl/callback"
ASKED = {"response_type": "code", "client_id": APP_REF, "redirect_uri": CALLBACK, "state": "s+/= é"}
CLIENT = {"client_id": APP_REF, "client_secret": CLIENT_SECRET}


@pytest.fixture
def box() -> BrightpearlSandbox:
    """A sandbox without books."""
    return create_sandbox(seed=None, requests_per_minute=None)


@pytest.fixture
async def http(box: BrightpearlSandbox) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser, as far as it goes."""
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url) as client:
        yield client


async def exchanged(http: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    return await http.post("/token/acme", data={"grant_type": "authorization_code", **CLIENT, **form})


async def test_allowing_leads_back_with_a_code_for_tokens_of_this_host(http: httpx2.AsyncClient) -> None:
    asking = await http.get("/authorize/acme", params=ASKED)
    where, told = brought_back(await press(http, asking.text, "Allow"))
    answer = await exchanged(http, code=told["code"], redirect_uri=CALLBACK)

    assert where == CALLBACK
    assert told.keys() == {"code", "state"}
    assert told["state"] == ASKED["state"]
    assert asking.headers["x-frame-options"] == "DENY"
    assert answer.json()["api_domain"] == str(http.base_url).removeprefix("http://").rstrip("/")
    assert answer.json()["expires_in"] == 604_800
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}", "brightpearl-app-ref": APP_REF}
    path = "/public-api/acme/integration-service/account-configuration"
    assert (await http.get(path, headers={**bearer, "brightpearl-dev-ref": DEV_REF})).status_code == 200


async def test_denying_leads_back_with_that(http: httpx2.AsyncClient) -> None:
    asking = await http.get("/authorize/acme", params=ASKED)

    where, told = brought_back(await press(http, asking.text, "Deny"))

    assert (where, told) == (CALLBACK, {"error": "access_denied", "state": ASKED["state"]})


@pytest.mark.parametrize(
    ("account", "change", "status"),
    [
        ("other", {}, 404),
        ("acme", {"client_id": "nobody"}, 400),
        ("acme", {"client_id": None}, 400),
        ("acme", {"redirect_uri": "https://evil.example/connect/brightpearl/callback"}, 400),
        ("acme", {"redirect_uri": f"{CALLBACK}/more"}, 400),
        ("acme", {"redirect_uri": None}, 400),
    ],
)
@pytest.mark.parametrize("consent", ["ask", "allow", "deny"])
async def test_who_is_not_known_is_told_on_a_page_and_never_led_back(
    http: httpx2.AsyncClient, account: str, change: dict[str, str | None], status: int, consent: str
) -> None:
    await http.post("/__sandbox/oauth", json={"consent": consent})
    params = {name: value for name, value in {**ASKED, **change}.items() if value is not None}

    shown = await http.get(f"/authorize/{account}", params=params)
    sent = await http.post(f"/authorize/{account}", data={**params, "decision": "allow"})

    for answer in (shown, sent):
        assert (answer.status_code, answer.headers.get("location")) == (status, None)
        assert "<h1>" in answer.text


async def test_another_kind_of_answer_is_refused_on_the_way_back(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/authorize/acme", params={**ASKED, "response_type": "token"})

    assert brought_back(answer)[1]["error"] == "unsupported_response_type"


async def test_what_the_page_shows_of_the_query_is_text(http: httpx2.AsyncClient) -> None:
    asking = await http.get("/authorize/acme", params={**ASKED, "state": '"><script>x</script>'})

    assert "<script>" not in asking.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": "other", "client_secret": "other"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:1/connect/brightpearl/callback"}, "invalid_grant"),
    ],
)
async def test_a_code_is_no_good_to_another_client_or_for_another_address(
    box: BrightpearlSandbox, http: httpx2.AsyncClient, change: dict[str, str], error: str
) -> None:
    other = {"client_id": "other", "client_secret": "other", "redirect_uris": ["https://gateway.example/cb"]}
    assert (await http.post("/__sandbox/oauth", json={"client": other, "consent": "allow"})).status_code == 200
    _, told = brought_back(await http.get("/authorize/acme", params=ASKED))

    refused = await exchanged(http, **{"code": told["code"], "redirect_uri": CALLBACK, **change})

    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert not box.access.grants.access_tokens


async def test_a_refresh_token_is_no_good_to_another_client(
    http: httpx2.AsyncClient, box: BrightpearlSandbox
) -> None:
    box.access.grants.register(Client(client_id="other", client_secret="other"))
    _, refresh = box.access.grant()
    form = {"grant_type": "refresh_token", "refresh_token": refresh}

    stolen = await http.post("/token/acme", data={**form, "client_id": "other", "client_secret": "other"})
    own = await http.post("/token/acme", data={**form, **CLIENT})

    assert (stolen.status_code, own.status_code) == (400, 200)


@pytest.mark.parametrize("kind", ["reset", "torn", "html"])
async def test_an_answer_may_be_lost_after_the_rotation(
    http: httpx2.AsyncClient, box: BrightpearlSandbox, kind: str
) -> None:
    _, refresh = box.access.grant()
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **CLIENT}
    await http.post("/__sandbox/hardship", json={"kind": kind, "path_contains": "/token/", "after": True})

    if kind == "html":
        assert (await http.post("/token/acme", data=form)).status_code == 502
    else:
        with pytest.raises(httpx2.RemoteProtocolError):
            await http.post("/token/acme", data=form)

    assert (await http.post("/token/acme", data=form)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("given", [{"rotates": 7}, {"client": {"id": 1}}, {"surprise": True}, []])
async def test_rules_that_cannot_be_read_change_nothing(http: httpx2.AsyncClient, given: Any) -> None:
    before = (await http.post("/__sandbox/oauth")).json()

    assert (await http.post("/__sandbox/oauth", json=given)).status_code == 400

    assert (await http.post("/__sandbox/oauth")).json() == before
    assert before["rotates"] is True


async def test_revoked_tokens_are_no_good(http: httpx2.AsyncClient, box: BrightpearlSandbox) -> None:
    _, refresh = box.access.grant()

    await http.post("/__sandbox/revoke-tokens")

    form = {"grant_type": "refresh_token", "refresh_token": refresh, **CLIENT}
    assert (await http.post("/token/acme", data=form)).json()["error"] == "invalid_grant"
