"""From the address of a consent to a signed call, by the gateway's own code against the sandboxes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from app.connections.oauth import OAuthCalls, TokenCall, authorization_url
from app.upstream.guard import AllowedHosts
from app.upstream.sender import Upstream
from providers.brightpearl import provider as brightpearl
from providers.brightpearl import sandbox as brightpearl_sandbox
from providers.erpnext import provider as erpnext
from providers.erpnext import sandbox as erpnext_sandbox
from providers.kit.errors import Unauthorised
from providers.kit.provider import OAuthClient
from tests.providers.consents import brought_back, press
from tests.world import served

NOW = datetime(2026, 11, 25, tzinfo=UTC)
STATE, VERIFIER = "st+/=~-_", "v" * 43


@pytest.fixture
async def calls() -> AsyncIterator[OAuthCalls]:
    """The gateway's way to token endpoints."""
    async with Upstream(AllowedHosts(["127.0.0.1"])) as upstream:
        yield OAuthCalls(upstream)


def callback(slug: str) -> str:
    return f"http://127.0.0.1:54321/connect/{slug}/callback"


async def allowed(http: httpx2.AsyncClient, url: str) -> dict[str, str]:
    """What the browser brings back of a person who logs in where asked, and allows."""
    page = await http.get(url)
    if page.status_code == 302:
        passed = await press(http, (await http.get(page.headers["location"])).text, "Login")
        page = await http.get(passed.headers["location"])
    return brought_back(await press(http, page.text, "Allow"))[1]


async def test_brightpearl_from_consent_to_a_refresh(calls: OAuthCalls) -> None:
    box = brightpearl_sandbox.create_sandbox(seed=None)
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url) as http:
        client = OAuthClient(
            client_id=brightpearl_sandbox.APP_REF,
            client_secret=brightpearl_sandbox.CLIENT_SECRET,
            settings={"dev_ref": brightpearl_sandbox.DEV_REF, "authorize_origin": url, "token_origin": url},
        )
        assert brightpearl.oauth is not None
        form = brightpearl.oauth.read_form(brightpearl.tidy({"account_code": " ACME "}))
        call = TokenCall(oauth=brightpearl.oauth, client=client, settings=form, allow_private=True)
        uri = callback("brightpearl")
        told = await allowed(http, authorization_url(call, redirect_uri=uri, state=STATE, verifier=VERIFIER))
        tokens = await calls.exchange(call, code=told["code"], redirect_uri=uri, verifier=VERIFIER)
        context = brightpearl.read_context(brightpearl.oauth.context(form, client, tokens), NOW)
        path = f"{brightpearl.base_url(context.settings)}integration-service/account-configuration"
        signed = dict(brightpearl.sign(context.settings, context.secrets))
        answer = await http.get(path, headers=signed)
        again = await calls.refresh(call, context.secrets["refresh_token"])

    assert told["state"] == STATE
    assert answer.status_code == 200
    assert context.expires_at is not None
    assert (context.expires_at - NOW).days == 7
    assert again.refresh_token not in (None, tokens.refresh_token)


async def test_erpnext_from_consent_to_a_refresh(calls: OAuthCalls) -> None:
    box = erpnext_sandbox.create_sandbox(seed=None)
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url) as http:
        assert erpnext.oauth is not None
        given = {
            "site_url": f"{url}/app/home",
            "client_id": f" {erpnext_sandbox.CLIENT_ID}",
            "client_secret": erpnext_sandbox.CLIENT_SECRET,
        }
        form = erpnext.oauth.read_form(erpnext.tidy(given))
        client = OAuthClient(client_id=form["client_id"], client_secret=form["client_secret"])
        call = TokenCall(oauth=erpnext.oauth, client=client, settings=form, allow_private=True)
        uri = callback("erpnext")
        told = await allowed(http, authorization_url(call, redirect_uri=uri, state=STATE, verifier=VERIFIER))
        tokens = await calls.exchange(call, code=told["code"], redirect_uri=uri, verifier=VERIFIER)
        context = erpnext.read_context(erpnext.oauth.context(form, client, tokens), NOW)
        signed = dict(erpnext.sign(context.settings, context.secrets))
        path = f"{erpnext.base_url(context.settings)}api/method/frappe.auth.get_logged_user"
        answer = await http.get(path, headers=signed)
        again = await calls.refresh(call, context.secrets["refresh_token"])

    assert told["state"] == STATE
    assert answer.status_code == 200
    assert context.secrets["client_id"] == erpnext_sandbox.CLIENT_ID
    assert again.refresh_token not in (None, tokens.refresh_token)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "spent"}, "invalid_grant"),
        ({"redirect_uri": callback("erpnext") + "x"}, "redirect_uri_mismatch"),
        ({"verifier": "w" * 43}, "invalid_grant"),
        ({"client": OAuthClient(client_id="nobody", client_secret="s")}, "invalid_client"),
    ],
)
async def test_what_is_wrong_with_an_exchange_is_named(
    calls: OAuthCalls, change: dict[str, Any], code: str
) -> None:
    box = erpnext_sandbox.create_sandbox(seed=None)
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url) as http:
        assert erpnext.oauth is not None
        client = OAuthClient(client_id=erpnext_sandbox.CLIENT_ID, client_secret=erpnext_sandbox.CLIENT_SECRET)
        call = TokenCall(oauth=erpnext.oauth, client=client, settings={"site_url": url}, allow_private=True)
        uri = callback("erpnext")
        told = await allowed(http, authorization_url(call, redirect_uri=uri, state=STATE, verifier=VERIFIER))
        asked = {"code": told["code"], "redirect_uri": uri, "verifier": VERIFIER, **change}
        wrong = asked.pop("client", client)
        call = TokenCall(oauth=erpnext.oauth, client=wrong, settings={"site_url": url}, allow_private=True)
        with pytest.raises(Unauthorised) as caught:
            await calls.exchange(call, **asked)

    assert caught.value.provider_code == code
