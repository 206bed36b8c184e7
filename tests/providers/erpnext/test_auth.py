"""What ERPNext is connected with, how calls are signed, and how tokens are renewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.erpnext import provider
from providers.erpnext.auth import (
    base_url,
    books_of,
    context_of,
    read_context,
    read_form,
    read_tokens,
    sign,
    token_url,
)
from providers.kit.errors import BadAnswer, ProviderError, Unauthorised, Unavailable
from providers.kit.provider import ContextError, NewTokens, OAuthClient
from tests.providers.erpnext.frappe import recorded
from tests.providers.fake_send import written

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEYS = {"site_url": "https://books.example.com", "api_key": "key", "api_secret": "private-words"}
OAUTH = {"access_token": "private-words", "refresh_token": "r+/=", "client_id": "c", "client_secret": "s&s"}


def test_a_key_pair_signs_as_a_token() -> None:
    context = read_context({**KEYS, "company": "Acme Trading Ltd"}, NOW)

    assert context.settings == {"site_url": "https://books.example.com", "company": "Acme Trading Ltd"}
    assert sign(context.settings, context.secrets) == (("Authorization", "token key:private-words"),)
    assert context.expires_at is None
    assert "private-words" not in repr(context)


def test_oauth_tokens_sign_as_a_bearer_and_expire_as_told() -> None:
    context = read_context({"site_url": KEYS["site_url"], "oauth": {**OAUTH, "expires_in": 3600}}, NOW)

    assert sign(context.settings, context.secrets) == (("Authorization", "Bearer private-words"),)
    assert context.expires_at == NOW + timedelta(hours=1)
    assert "private-words" not in repr(context)


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://books.example.com", "https://books.example.com/"),
        ("https://books.example.com/", "https://books.example.com/"),
        ("http://127.0.0.1:8102//", "http://127.0.0.1:8102/"),
        ("https://example.com/erp/", "https://example.com/erp/"),
    ],
)
def test_the_root_is_the_site_with_one_slash(address: str, root: str) -> None:
    assert base_url(read_context({**KEYS, "site_url": address}, NOW).settings) == root


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"site_url": None}, "site_url"),
        ({"site_url": 7}, "site_url"),
        ({"site_url": "books.example.com"}, "site_url"),
        ({"site_url": "ftp://books.example.com"}, "site_url"),
        ({"site_url": "https://user:pw@books.example.com"}, "site_url"),
        ({"site_url": "https://books.example.com/?a=1"}, "site_url"),
        ({"site_url": "https://books.example.com/#x"}, "site_url"),
        ({"site_url": "https://books.example.com/../x"}, "site_url"),
        ({"site_url": "https://books.example.com/%2e%2e"}, "site_url"),
        ({"site_url": "https://books.example.com:99999"}, "site_url"),
        ({"site_url": "https://[::1"}, "site_url"),
        ({"site_url": "https://bücher.example"}, "site_url"),
        ({"api_key": None}, "api_key"),
        ({"api_key": ""}, "api_key"),
        ({"api_key": "a:b"}, "api_key"),
        ({"api_secret": None}, "api_secret"),
        ({"api_secret": "line\r\nX-Evil: 1"}, "api_secret"),
        ({"api_secret": ["x"]}, "api_secret"),
        ({"company": ""}, "company"),
        ({"company": 5}, "company"),
        ({"company": "x" * 141}, "company"),
        ({"surprise": 1}, "surprise"),
        ({"oauth": "token"}, "oauth"),
        ({"oauth": {}}, "oauth.access_token"),
        ({"oauth": {"access_token": "t", "more": 1}}, "oauth.more"),
        ({"oauth": {"access_token": "t", "expires_in": "soon"}}, "oauth.expires_in"),
        ({"oauth": {"access_token": "t", "expires_in": -1}}, "oauth.expires_in"),
        ({"oauth": {"access_token": "t", "expires_in": True}}, "oauth.expires_in"),
        ({"oauth": {"access_token": "t", "expires_in": 1e300}}, "oauth.expires_in"),
        ({"oauth": {"access_token": "t", "expires_in": float("nan")}}, "oauth.expires_in"),
    ],
)
def test_a_bad_context_is_refused_by_the_name_of_its_field_and_never_by_its_value(
    change: dict[str, Any], field: str
) -> None:
    given = {name: value for name, value in {**KEYS, **change}.items() if value is not None}

    with pytest.raises(ContextError) as caught:
        read_context(given, NOW)

    assert caught.value.field == field
    assert "private-words" not in str(caught.value)


def test_a_client_that_the_customer_named_is_kept_with_the_tokens() -> None:
    form = {"site_url": "https://books.example.com", "client_id": "c", "client_secret": "s&s"}
    tokens = NewTokens(access_token="private-words", refresh_token="r+/=")

    made = context_of(form, OAuthClient(client_id="c", client_secret="s&s"), tokens)

    assert made == {"site_url": "https://books.example.com", "oauth": OAUTH}
    assert token_url(form, OAuthClient(client_id="c")) == (
        "https://books.example.com/api/method/frappe.integrations.oauth2.get_token"
    )


def test_the_environments_own_client_is_not_copied_into_the_account() -> None:
    tokens = NewTokens(access_token="private-words", refresh_token="r+/=")

    made = context_of({"site_url": "https://books.example.com"}, OAuthClient(client_id="c"), tokens)

    assert made["oauth"] == {"access_token": "private-words", "refresh_token": "r+/="}


def test_recorded_token_answers_read_as_new_tokens_or_as_a_lost_connection() -> None:
    outcomes: dict[str, object] = {}
    for exchange in recorded("oauth_authorization_code"):
        request, response = exchange["request"], exchange["response"]
        if not request["path"].endswith("oauth2.get_token"):
            continue
        try:
            tokens = read_tokens(response["status"], written(response["body"]))
            outcomes[exchange["note"]] = tokens.expires_in_seconds
        except Unauthorised as error:
            outcomes[exchange["note"]] = error.provider_code

    assert outcomes["refresh"] == 3600
    assert outcomes["OLD refresh token used a second time"] == 3600
    assert outcomes["unknown refresh token"] == "invalid_grant"
    assert outcomes["refresh after the access token was revoked"] == "invalid_grant"
    assert outcomes["unknown client"] == "invalid_client"
    assert outcomes["unknown code"] == "invalid_grant"
    assert (
        outcomes["client credentials as HTTP Basic instead of body (client_secret_basic)"] == "AuthenticationError"
    )
    assert len(outcomes) >= 10


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        # As 15.56 has them.
        (
            404,
            {"exc_type": "DoesNotExistError", "_server_messages": "OAuth Client nope not found"},
            "invalid_client",
        ),
        (
            404,
            {"exc_type": "DoesNotExistError", "_server_messages": "OAuth Bearer Token {} not found"},
            "invalid_grant",
        ),
        (
            400,
            {"error": "invalid_request", "error_description": "Mismatching redirect URI."},
            "redirect_uri_mismatch",
        ),
        (400, {"error": "invalid_request", "error_description": "Missing code."}, "invalid_request"),
        (400, {"error": "invalid_request", "error_description": None}, "invalid_request"),
        (403, {"exc_type": "PermissionError", "_server_messages": ["in a list"]}, "PermissionError"),
        (403, {"exc_type": "PermissionError", "_server_messages": "auf Deutsch"}, "PermissionError"),
        (400, {"error": "x" * 100}, "x" * 60),
    ],
)
def test_a_refusal_has_oauths_own_name(status: int, body: dict[str, Any], code: str) -> None:
    with pytest.raises(Unauthorised) as caught:
        read_tokens(status, written(body))

    assert caught.value.provider_code == code


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "site_url"),
        ({"site_url": "https://x.y/?a=1"}, "site_url"),
        ({"site_url": "https://x.y", "client_id": "c"}, "client_secret"),
        ({"site_url": "https://x.y", "client_secret": "s"}, "client_id"),
        ({"site_url": "https://x.y", "api_key": "k"}, "api_key"),
    ],
)
def test_a_form_that_cannot_lead_to_consent_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ContextError) as caught:
        read_form(given)

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("https://books.example.com", "http://books.example.com:80", True),
        ("https://books.example.com:443", "https://books.example.com", True),
        ("https://Books.example.com", "https://books.example.com", True),
        ("https://books.example.com", "https://other.example.com", False),
        ("https://books.example.com:8443", "https://books.example.com", False),
    ],
)
def test_a_site_is_known_by_its_host(one: str, other: str, are_same: bool) -> None:
    assert (books_of({"site_url": one}) == books_of({"site_url": other})) is are_same
    assert books_of({"site_url": one, "company": "A"}) != books_of({"site_url": one, "company": "B"})


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error":"invalid_grant"}', Unauthorised),
        (401, b'{"exc_type":"AuthenticationError"}', Unauthorised),
        (403, b'{"exc_type":"PermissionError"}', Unauthorised),
        (403, b"<html>a firewall</html>", Unavailable),
        (403, b"{}", Unavailable),
        (404, b'{"exc_type":"DoesNotExistError"}', Unauthorised),
        (404, b'{"error":"invalid_client"}', Unauthorised),
        (404, b"{}", Unavailable),
        (404, b'{"message":"no such path"}', Unavailable),
        (404, b"<html>moved</html>", Unavailable),
        (429, b'{"exc_type":"TooManyRequestsError"}', Unavailable),
        (500, b'{"exc_type":"OperationalError"}', Unavailable),
        (502, b"<html>", Unavailable),
        (503, b'{"exc_type":"SessionStopped"}', Unavailable),
        (302, b"", Unavailable),
        (200, b"<html>", BadAnswer),
        (200, b"{}", BadAnswer),
        (200, b'{"access_token":5}', BadAnswer),
    ],
)
def test_only_a_json_refusal_means_re_connect(status: int, body: bytes, error: type[ProviderError]) -> None:
    with pytest.raises(error) as caught:
        read_tokens(status, body)

    assert caught.type is error


def test_new_tokens_keep_quiet_in_a_log() -> None:
    tokens = read_tokens(200, b'{"access_token":"private-words","refresh_token":"private-words","expires_in":3600}')

    assert (tokens.access_token, tokens.refresh_token) == ("private-words", "private-words")
    assert "private-words" not in repr(tokens)


def test_every_header_that_carries_credentials_is_named() -> None:
    for secrets in ({"api_key": "k", "api_secret": "s"}, {"access_token": "t"}):
        for name, _ in sign(KEYS, secrets):
            assert name.lower().encode() in provider.credential_headers
