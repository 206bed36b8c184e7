"""Consent on the site and its tokens, as Frappe's own methods have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from providers.erpnext.sandbox import CLIENT_ID, CLIENT_SECRET, ErpnextSandbox, create_sandbox
from tests.providers.consents import brought_back, press
from tests.world import served

CALLBACK = "http://localhost:54321/connect/erpnext/callback"
ROOT = "/api/method/frappe.integrations.oauth2."
ASKED = {
    "client_id": CLIENT_ID,
    "response_type": "code",
    "scope": "all openid",
    "redirect_uri": CALLBACK,
    "state": "st-123",
}
CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
def box() -> ErpnextSandbox:
    """A site without books."""
    return create_sandbox(seed=None)


@pytest.fixture
async def http(box: ErpnextSandbox) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser, as far as it goes."""
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url) as client:
        yield client


async def logged_in(http: httpx2.AsyncClient, asked: dict[str, str]) -> httpx2.Response:
    """The page that consent begins with, for somebody who had to log in first."""
    first = await http.get(f"{ROOT}authorize", params=asked)
    assert first.headers["location"].startswith("/login?redirect-to=http")
    page = await http.get(first.headers["location"])
    passed = await press(http, page.text, "Login")
    return await http.get(passed.headers["location"])


async def coded(http: httpx2.AsyncClient, **more: str) -> str:
    page = await logged_in(http, {**ASKED, **more})
    return brought_back(await press(http, page.text, "Allow"))[1]["code"]


async def asked_for(http: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    return await http.post(f"{ROOT}get_token", data=form)


async def test_a_person_logs_in_allows_and_is_led_back_with_a_code(http: httpx2.AsyncClient) -> None:
    page = await logged_in(http, ASKED)
    where, told = brought_back(await press(http, page.text, "Allow"))
    answer = await asked_for(
        http, grant_type="authorization_code", code=told["code"], redirect_uri=CALLBACK, **CLIENT
    )

    assert "Ledgerway wants to access" in page.text
    assert (where, told.keys()) == (CALLBACK, {"code", "state"})
    assert told["state"] == "st-123"
    names = ["access_token", "expires_in", "token_type", "scope", "refresh_token", "id_token"]
    assert list(answer.json()) == names
    assert answer.json()["expires_in"] == 3600
    again = await asked_for(
        http, grant_type="authorization_code", code=told["code"], redirect_uri=CALLBACK, **CLIENT
    )
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize("consent", ["ask", "deny"])
async def test_denying_leads_back_without_the_state(http: httpx2.AsyncClient, consent: str) -> None:
    await http.post("/__sandbox/oauth", json={"consent": consent})
    page = await logged_in(http, ASKED)

    where, told = brought_back(page if consent == "deny" else await _denied(http, page))

    assert (where, told) == (CALLBACK, {"error": "access_denied"})


async def _denied(http: httpx2.AsyncClient, page: httpx2.Response) -> httpx2.Response:
    """The button leads straight to the app: the site is not asked again."""
    transport = httpx2.MockTransport(lambda request: httpx2.Response(302, headers={"location": str(request.url)}))
    async with httpx2.AsyncClient(transport=transport, base_url=http.base_url) as elsewhere:
        return await press(elsewhere, page.text, "Deny")


async def test_a_trusted_client_is_led_back_without_a_page(http: httpx2.AsyncClient) -> None:
    await http.post("/__sandbox/oauth", json={"consent": "allow"})

    passed = await logged_in(http, ASKED)
    approved = await http.get(passed.headers["location"])

    assert brought_back(approved)[1]["state"] == "st-123"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"redirect_uri": "https://evil.example/cb"},
            {"description": "Mismatching redirect URI.", "status_code": 400, "error": "invalid_request"},
        ),
        (
            {"client_id": "nope"},
            {"description": "Invalid client_id parameter value.", "status_code": 400, "error": "invalid_request"},
        ),
        ({"scope": "nonsense"}, {"description": "", "status_code": 400, "error": "invalid_scope"}),
        ({"response_type": "token"}, {"description": "", "status_code": 400, "error": "unauthorized_client"}),
    ],
)
@pytest.mark.parametrize("method", ["authorize", "approve"])
async def test_what_is_wrong_is_told_as_json_and_never_leads_back(
    http: httpx2.AsyncClient, method: str, change: dict[str, str], told: dict[str, Any]
) -> None:
    await logged_in(http, ASKED)

    answer = await http.get(f"{ROOT}{method}", params={**ASKED, **change})

    assert (answer.status_code, answer.json()) == (400, told)


async def test_only_somebody_who_is_logged_in_can_approve(http: httpx2.AsyncClient) -> None:
    assert (await http.get(f"{ROOT}approve", params=ASKED)).status_code == 403


async def test_logging_in_leads_nowhere_else(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/login?redirect-to=https%3A%2F%2Fevil.example%2Fx")

    assert answer.headers["location"] == "/app"


VERIFIER, CHALLENGE = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
GRANT = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}


@pytest.mark.parametrize(("verifier", "status"), [(VERIFIER, 200), ("wrong", 400), ("", 400)])
async def test_a_challenge_is_checked(http: httpx2.AsyncClient, verifier: str, status: int) -> None:
    code = await coded(http, code_challenge=CHALLENGE, code_challenge_method="S256")

    answer = await asked_for(http, **GRANT, **CLIENT, code=code, code_verifier=verifier)

    assert answer.status_code == status


async def test_a_refresh_gives_one_more_token_and_the_secret_is_not_looked_at(
    http: httpx2.AsyncClient, box: ErpnextSandbox
) -> None:
    _, sent = box.access.grant()
    form = {"grant_type": "refresh_token", "refresh_token": sent, "client_id": CLIENT_ID}

    answers = [await asked_for(http, **form), await asked_for(http, **form, client_secret="wrong")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({sent, *(answer.json()["refresh_token"] for answer in answers)}) == 3
    assert "id_token" not in answers[0].json()


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"grant_type": "refresh_token", "refresh_token": "nope", **CLIENT}, 403, "OAuth Bearer Token"),
        ({"grant_type": "refresh_token", "refresh_token": "nope", "client_id": "nope"}, 403, "OAuth Client"),
        ({**GRANT, **CLIENT, "code": "nope"}, 400, "invalid_grant"),
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", **CLIENT}, 400, "unauthorized_client"),
    ],
)
async def test_refusals_of_the_token_method(
    http: httpx2.AsyncClient, form: dict[str, str], status: int, told: str
) -> None:
    answer = await asked_for(http, **form)

    assert answer.status_code == status
    assert told in answer.text
    if status == 403:
        assert answer.json()["exc_type"] == "PermissionError"


async def test_a_code_for_another_address_is_refused_in_oauths_words(http: httpx2.AsyncClient) -> None:
    code = await coded(http)

    answer = await asked_for(http, **GRANT | {"redirect_uri": f"{CALLBACK}x"}, **CLIENT, code=code)

    told = {"error": "invalid_request", "error_description": "Mismatching redirect URI."}
    assert (answer.status_code, answer.json()) == (400, told)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            {"refresh_token": "nope", **CLIENT},
            "OAuth Bearer Token {'refresh_token': 'nope', 'status': 'Active'} not found",
        ),
        ({"refresh_token": "nope", "client_id": "nobody"}, "OAuth Client nobody not found"),
    ],
)
async def test_an_older_release_tells_that_a_token_is_missing(
    http: httpx2.AsyncClient, box: ErpnextSandbox, form: dict[str, str], words: str
) -> None:
    box.access.tells_missing = True

    answer = await asked_for(http, grant_type="refresh_token", **form)

    assert (answer.status_code, answer.json()["exc_type"]) == (404, "DoesNotExistError")
    assert words in answer.json()["_server_messages"]


async def test_tokens_are_not_given_to_a_get(http: httpx2.AsyncClient, box: ErpnextSandbox) -> None:
    _, sent = box.access.grant()
    form = {"grant_type": "refresh_token", "refresh_token": sent, "client_id": CLIENT_ID}

    assert (await http.get(f"{ROOT}get_token", params=form)).status_code == 400


async def test_only_a_form_is_read_and_a_client_s_basic_is_taken_for_a_key_pair(
    http: httpx2.AsyncClient, box: ErpnextSandbox
) -> None:
    _, sent = box.access.grant()
    form = {"grant_type": "refresh_token", "refresh_token": sent, "client_id": CLIENT_ID}

    as_json = await http.post(f"{ROOT}get_token", json=form)
    as_basic = await http.post(f"{ROOT}get_token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))

    assert (as_json.status_code, as_json.json()) == (400, {"error": "unsupported_grant_type"})
    assert (as_basic.status_code, as_basic.json()["exc_type"]) == (401, "AuthenticationError")


async def test_revoking_an_access_token_ends_its_refresh_token(
    http: httpx2.AsyncClient, box: ErpnextSandbox
) -> None:
    access, refresh = box.access.grant()

    revoked = await http.post(f"{ROOT}revoke_token", data={"token": access})
    introspected = await http.post(f"{ROOT}introspect_token", data={"token": access})
    called = await http.get(
        "/api/method/frappe.auth.get_logged_user", headers={"Authorization": f"Bearer {access}"}
    )
    refreshed = await asked_for(http, grant_type="refresh_token", refresh_token=refresh, **CLIENT)

    assert (revoked.status_code, revoked.json()) == (200, {})
    assert introspected.json()["active"] is False
    assert (called.status_code, refreshed.status_code) == (401, 403)


async def test_an_expired_token_counts_as_active_when_introspected_and_is_refused_when_used(
    http: httpx2.AsyncClient, box: ErpnextSandbox
) -> None:
    access, refresh = box.access.grant()
    bearer = {"Authorization": f"Bearer {access}"}
    assert (await http.get(f"{ROOT}openid_profile", headers=bearer)).json()["email"] == "gateway@acme.example"
    box.access.expire()

    introspected = await http.post(f"{ROOT}introspect_token", data={"token": access})

    assert introspected.json()["active"] is True
    assert (await http.get(f"{ROOT}openid_profile", headers=bearer)).status_code == 401
    assert (await asked_for(http, grant_type="refresh_token", refresh_token=refresh, **CLIENT)).status_code == 200


async def test_with_rotation_the_old_token_is_dead(http: httpx2.AsyncClient, box: ErpnextSandbox) -> None:
    await http.post("/__sandbox/oauth", json={"rotates": True})
    _, refresh = box.access.grant()
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **CLIENT}

    statuses = [(await asked_for(http, **form)).status_code for _ in range(2)]

    assert statuses == [200, 403]


async def test_the_addresses_are_told(http: httpx2.AsyncClient) -> None:
    led = await http.get("/.well-known/openid-configuration")
    told = (await http.get(led.headers["location"])).json()

    assert led.status_code == 301
    assert told["token_endpoint"] == f"{str(http.base_url).rstrip('/')}{ROOT}get_token"
