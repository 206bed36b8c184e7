"""What goes to a token endpoint, and to the browser before it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.connections.oauth import OAuthCalls, TokenCall, authorization_url, client_in_use
from app.upstream.guard import AllowedHosts
from app.upstream.sender import Upstream
from providers.brightpearl import provider as brightpearl
from providers.erpnext import provider as erpnext
from providers.kit.errors import ForbiddenAddress, Unauthorised
from providers.kit.provider import OAuthClient, Provider
from tests.app.wire import Wire, answer

SECRET = "s&s+/="
CALLBACK = "https://gateway.example.com/connect/erpnext/callback"


def call_of(provider: Provider, wire: Wire, client: OAuthClient) -> TokenCall:
    assert provider.oauth is not None
    settings = {"site_url": wire.url, "api_domain": wire.url, "account_code": "acme"}
    return TokenCall(oauth=provider.oauth, client=client, settings=settings, allow_private=True)


async def test_a_refresh_is_a_form_with_the_client_in_it_and_no_credentials_in_headers(wire: Wire) -> None:
    wire.script = answer(b'{"access_token":"a","refresh_token":"r2","expires_in":60}')
    client = OAuthClient(client_id="c", client_secret=SECRET)

    async with Upstream(AllowedHosts(["127.0.0.1"])) as upstream:
        tokens = await OAuthCalls(upstream).refresh(call_of(erpnext, wire, client), "r+/=")

    seen, body = wire.seen[0], wire.seen[0].content
    assert seen.line == b"POST /api/method/frappe.integrations.oauth2.get_token HTTP/1.1"
    assert seen.header(b"authorization") is None
    assert (seen.header(b"content-type") or b"").startswith(b"application/x-www-form-urlencoded")
    assert b"r%2B%2F%3D" in body
    form = parse_qs(body.decode(), strict_parsing=True)
    assert {name: form[name] for name in ("grant_type", "refresh_token", "client_id", "client_secret")} == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["r+/="],
        "client_id": ["c"],
        "client_secret": [SECRET],
    }
    assert (tokens.access_token, tokens.refresh_token, tokens.expires_in_seconds) == ("a", "r2", 60)


async def test_a_client_without_a_secret_names_itself(wire: Wire) -> None:
    wire.script = answer(b'{"access_token":"a","api_domain":"ws-use.brightpearl.com"}')

    async with Upstream(AllowedHosts(["127.0.0.1"])) as upstream:
        await OAuthCalls(upstream).refresh(call_of(brightpearl, wire, OAuthClient(client_id="app")), "r")

    form = parse_qs(wire.seen[0].content.decode())
    assert form["client_id"] == ["app"]
    assert "client_secret" not in form


async def test_a_code_goes_with_the_very_redirect_uri_and_the_verifier(wire: Wire) -> None:
    wire.script = answer(b'{"access_token":"a"}')
    client = OAuthClient(client_id="c", client_secret=SECRET)

    async with Upstream(AllowedHosts(["127.0.0.1"])) as upstream:
        await OAuthCalls(upstream).exchange(
            call_of(erpnext, wire, client), code="c+/=", redirect_uri=CALLBACK, verifier="v" * 43
        )

    form = parse_qs(wire.seen[0].content.decode(), strict_parsing=True)
    assert form["code"] == ["c+/="]
    assert form["redirect_uri"] == [CALLBACK]
    assert form["code_verifier"] == ["v" * 43]


async def test_a_token_endpoint_inside_is_not_asked(wire: Wire) -> None:
    async with Upstream(AllowedHosts([])) as upstream:
        with pytest.raises(ForbiddenAddress):
            await OAuthCalls(upstream).refresh(call_of(erpnext, wire, OAuthClient(client_id="c")), "r")

    assert wire.seen == []


async def test_a_token_endpoint_that_is_no_address_is_refused_as_any_other_call_is(wire: Wire) -> None:
    call = replace(call_of(erpnext, wire, OAuthClient(client_id="c")), settings={"site_url": "https://0177.0.0.1"})

    async with Upstream(AllowedHosts([])) as upstream:
        with pytest.raises(ForbiddenAddress):
            await OAuthCalls(upstream).refresh(call, "r")


async def test_the_browser_is_sent_the_hash_of_the_verifier_where_it_is_taken(wire: Wire) -> None:
    client = OAuthClient(client_id="c", client_secret=SECRET)
    asked = {"redirect_uri": CALLBACK, "state": "s", "verifier": "v" * 43}

    frappe = urlsplit(authorization_url(call_of(erpnext, wire, client), **asked))
    theirs = urlsplit(authorization_url(call_of(brightpearl, wire, client), **asked))

    query = parse_qs(frappe.query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [CALLBACK]
    assert query["scope"] == ["all openid"]
    assert query["state"] == ["s"]
    assert "v" * 43 not in frappe.query
    assert theirs.path == "/authorize/acme"
    assert "code_challenge" not in parse_qs(theirs.query)


def test_an_imported_client_is_used_before_the_environments() -> None:
    own = OAuthClient(client_id="env", client_secret="e")
    settings = {"site_url": "https://books.example.com"}

    assert client_in_use(erpnext, settings, {"client_id": "c", "client_secret": "s"}, own).client_id == "c"
    assert client_in_use(erpnext, settings, {}, own) == own
    assert client_in_use(brightpearl, {"app_ref": "app"}, {}, None) == OAuthClient(client_id="app")
    assert client_in_use(brightpearl, {"app_ref": "env"}, {}, own) == own
    with pytest.raises(Unauthorised):
        client_in_use(erpnext, settings, {}, None)
