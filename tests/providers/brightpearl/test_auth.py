"""What Brightpearl is connected with, how calls are signed, and how tokens are renewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.brightpearl import provider
from providers.brightpearl.auth import (
    authorize_url,
    base_url,
    context_of,
    read_context,
    read_form,
    read_tokens,
    sign,
    token_url,
)
from providers.kit.errors import BadAnswer, ProviderError, Unauthorised, Unavailable
from providers.kit.provider import ContextError, NewTokens, OAuthClient
from tests.providers.fake_send import RECORDINGS

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = {"account_code": "acme", "api_domain": "euw1.brightpearlconnect.com", "app_ref": "acme_app"}
SECRET = "private-words"
STAFF = {**BASE, "staff_token": SECRET}
OAUTH = {**BASE, "dev_ref": "dev", "oauth": {"access_token": SECRET, "refresh_token": "r+/=", "expires_in": 604800}}


def signed(given: dict[str, Any]) -> dict[str, str]:
    context = read_context(given, NOW)
    assert SECRET not in repr(context)
    assert all(name.lower().encode() in provider.credential_headers for name, _ in sign(BASE, context.secrets))
    return dict(sign(context.settings, context.secrets))


def test_a_staff_app_signs_with_its_reference_and_the_staff_token() -> None:
    assert signed(STAFF) == {"brightpearl-app-ref": "acme_app", "brightpearl-staff-token": SECRET}


def test_a_private_system_app_signs_with_its_account_token() -> None:
    assert signed({**BASE, "account_token": SECRET}) == {
        "brightpearl-app-ref": "acme_app",
        "brightpearl-account-token": SECRET,
    }


def test_a_public_system_app_signs_its_token_with_the_developers_secret_and_does_not_keep_that() -> None:
    given = {**BASE, "dev_ref": "dev", "account_token": "token", "dev_secret": SECRET}

    assert signed(given) == {
        "brightpearl-app-ref": "acme_app",
        "brightpearl-dev-ref": "dev",
        # echo -n token | openssl dgst -sha256 -hmac private-words -binary | base64
        "brightpearl-account-token": "itAoVcNWyq5ZRZJiCnocAu3YBndFASePBAtEaeLsFHU=",
    }
    assert SECRET not in str(read_context(given, NOW).secrets)


def test_an_oauth_app_signs_as_a_bearer_and_expires_as_told() -> None:
    assert signed(OAUTH) == {
        "brightpearl-app-ref": "acme_app",
        "brightpearl-dev-ref": "dev",
        "Authorization": f"Bearer {SECRET}",
    }
    assert read_context(OAUTH, NOW).expires_at == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("domain", "root"),
    [
        ("euw1.brightpearlconnect.com", "https://euw1.brightpearlconnect.com/public-api/acme/"),
        ("WS-EU1.brightpearl.com", "https://ws-eu1.brightpearl.com/public-api/acme/"),
        ("http://127.0.0.1:8101", "http://127.0.0.1:8101/public-api/acme/"),
        ("http://127.0.0.1:8101/", "http://127.0.0.1:8101/public-api/acme/"),
    ],
)
def test_the_root_is_the_accounts_own_on_the_given_host(domain: str, root: str) -> None:
    assert base_url(read_context({**STAFF, "api_domain": domain}, NOW).settings) == root


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"account_code": None}, "account_code"),
        ({"account_code": "../other"}, "account_code"),
        ({"account_code": "acme/x"}, "account_code"),
        ({"account_code": "a" * 61}, "account_code"),
        ({"account_code": "acme\n"}, "account_code"),
        ({"api_domain": None}, "api_domain"),
        ({"api_domain": "evil.example/x?"}, "api_domain"),
        ({"api_domain": "user@evil.example"}, "api_domain"),
        ({"api_domain": "evil.example\n"}, "api_domain"),
        ({"api_domain": "https://user:pw@evil.example"}, "api_domain"),
        ({"api_domain": "ftp://evil.example"}, "api_domain"),
        ({"api_domain": "https://evil.example?x"}, "api_domain"),
        ({"app_ref": None}, "app_ref"),
        ({"app_ref": "a\r\nX-Evil: 1"}, "app_ref"),
        ({"staff_token": None}, ""),
        ({"account_token": "t"}, ""),
        ({"staff_token": ""}, "staff_token"),
        ({"staff_token": 5}, "staff_token"),
        ({"staff_token": "x" * 5_000}, "staff_token"),
        ({"staff_token": None, "oauth": {"access_token": "t"}}, "dev_ref"),
        ({"staff_token": None, "dev_ref": "d", "oauth": {}}, "oauth.access_token"),
        ({"staff_token": None, "dev_ref": "d", "oauth": []}, "oauth"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_bad_context_is_refused_by_the_name_of_its_field_and_never_by_its_value(
    change: dict[str, Any], field: str
) -> None:
    given = {name: value for name, value in {**STAFF, **change}.items() if value is not None}

    with pytest.raises(ContextError) as caught:
        read_context(given, NOW)

    assert caught.value.field == field
    assert SECRET not in str(caught.value)


CLIENT = OAuthClient(client_id="acme_app", client_secret="s&s", settings={"dev_ref": "dev"})


@pytest.mark.parametrize(
    ("domain", "client", "url"),
    [
        ("euw1.brightpearlconnect.com", CLIENT, "https://oauth.brightpearlapp.com/token/acme"),
        ("http://127.0.0.1:8101", CLIENT, "http://127.0.0.1:8101/token/acme"),
        (
            "euw1.brightpearlconnect.com",
            OAuthClient(client_id="acme_app", settings={"token_origin": "https://oauth.brightpearl.com"}),
            "https://oauth.brightpearl.com/token/acme",
        ),
    ],
)
def test_tokens_are_asked_for_at_the_account_s_own_path(domain: str, client: OAuthClient, url: str) -> None:
    assert token_url({**BASE, "api_domain": domain}, client) == url


def test_a_finished_consent_is_a_context_at_the_host_that_its_answer_names() -> None:
    tokens = NewTokens(
        access_token=SECRET,
        refresh_token="r+/=",
        expires_in_seconds=604_800.0,
        settings={"api_domain": "ws-use.brightpearl.com"},
    )

    made = read_context(context_of({"account_code": "acme"}, CLIENT, tokens), NOW)

    assert made == read_context({**OAUTH, "api_domain": "ws-use.brightpearl.com"}, NOW)


def test_without_a_host_of_brightpearls_there_is_no_account() -> None:
    with pytest.raises(BadAnswer):
        context_of({"account_code": "acme"}, CLIENT, NewTokens(access_token=SECRET))


@pytest.mark.parametrize(
    ("file", "refresh_token", "lasts"),
    [
        ("oauth_token_authorization_code.json", "REFRESH-TOKEN-1=", 604800),
        ("oauth_token_refresh.json", "REFRESH-TOKEN-2=", 537227),
    ],
)
def test_recorded_tokens_are_rotated_and_their_host_is_taken_over(
    file: str, refresh_token: str, lasts: int
) -> None:
    tokens = read_tokens(200, (RECORDINGS / "brightpearl" / file).read_bytes())

    assert (tokens.refresh_token, tokens.expires_in_seconds) == (refresh_token, lasts)
    assert tokens.settings == {"api_domain": "ws-use.brightpearl.com"}
    assert "TOKEN" not in repr(tokens)


@pytest.mark.parametrize(
    "domain",
    [
        "evil.example",
        "brightpearl.com.evil.example",
        "evilbrightpearl.com",
        "x@evil.example",
        "x@ws-use.brightpearl.com",
        "ws-use.brightpearl.com/../x",
        "https://ws-use.brightpearl.com",
        "evil.example#.brightpearl.com",
        "evil.example?.brightpearl.com",
        "",
        None,
    ],
)
def test_tokens_do_not_follow_a_redirection_to_a_strange_host(domain: str | None) -> None:
    body = b'{"access_token":"t","api_domain":%s}' % (b"null" if domain is None else b'"%s"' % domain.encode())

    assert read_tokens(200, body).settings == {}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error":"invalid_client"}', Unauthorised),
        (400, b'{"error_description":"expired","error":"invalid_grant"}', Unauthorised),
        (401, b'{"error":"invalid_client"}', Unauthorised),
        (400, b"{}", Unavailable),
        (400, b"<html>", Unavailable),
        (404, b'{"error":"not_found"}', Unavailable),
        (500, b'{"error":"server_error"}', Unavailable),
        (503, b"<html>", Unavailable),
        (200, b"<html>", BadAnswer),
        (200, b"{}", BadAnswer),
    ],
)
def test_only_a_json_refusal_means_re_connect(status: int, body: bytes, error: type[ProviderError]) -> None:
    with pytest.raises(error) as caught:
        read_tokens(status, body)

    assert caught.type is error


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("oauth_error_invalid_client_400.json", "invalid_client"),
        ("oauth_error_invalid_code_400.json", "invalid_grant"),
        ("oauth_error_redirect_mismatch_400.json", "redirect_uri_mismatch"),
    ],
)
def test_recorded_refusals_are_named(file: str, code: str) -> None:
    with pytest.raises(Unauthorised) as caught:
        read_tokens(400, (RECORDINGS / "brightpearl" / file).read_bytes())

    assert caught.value.provider_code == code


def test_a_refusal_whose_words_are_no_text_is_one_all_the_same() -> None:
    with pytest.raises(Unauthorised):
        read_tokens(400, b'{"error":"invalid_grant","error_description":[1]}')


@pytest.mark.parametrize("given", [{}, {"account_code": "acme/../x"}, {"account_code": "acme", "api_domain": "x"}])
def test_a_form_that_cannot_lead_to_consent_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ContextError):
        read_form(given)


def test_consent_is_asked_for_at_the_accounts_own_path() -> None:
    own = OAuthClient(client_id="acme_app", settings={"authorize_origin": "http://127.0.0.1:8101/"})

    assert authorize_url({"account_code": "acme"}, CLIENT) == "https://oauth.brightpearl.com/authorize/acme"
    assert authorize_url({"account_code": "a/../b?c"}, own) == "http://127.0.0.1:8101/authorize/a%2F..%2Fb%3Fc"
