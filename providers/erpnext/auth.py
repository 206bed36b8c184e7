"""ERPNext's credentials: an API key pair, or OAuth tokens of the site itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from providers.kit.context import oauth, origin, refuse_unknown, required_text, text
from providers.kit.errors import BadAnswer, Unauthorised, Unavailable
from providers.kit.provider import (
    ConnectField,
    Context,
    ContextError,
    NewTokens,
    OAuth,
    OAuthClient,
    Secrets,
    Settings,
    Way,
)
from providers.kit.upstream import Headers

CONNECT_FIELDS = (
    ConnectField(
        name="site_url",
        label="Site address",
        description="Where ERPNext is opened in the browser, such as https://books.example.com.",
        required=True,
    ),
    ConnectField(
        name="api_key",
        label="API key",
        description="In ERPNext: User → Settings → API Access → Generate Keys.",
        secret=True,
    ),
    ConnectField(
        name="api_secret",
        label="API secret",
        description="Shown once when the keys are generated.",
        secret=True,
    ),
    ConnectField(
        name="oauth",
        label="OAuth tokens",
        description="access_token, refresh_token, expires_in, client_id, client_secret; in place of keys.",
        secret=True,
    ),
    ConnectField(
        name="company", label="Company", description="Only this company's records; all of them when left out."
    ),
)
_FIELDS = {field.name: field for field in CONNECT_FIELDS}
_AUTHORIZE_PATH = "/api/method/frappe.integrations.oauth2.authorize"
_TOKEN_PATH = "/api/method/frappe.integrations.oauth2.get_token"  # noqa: S105 - a path


def read_context(given: Mapping[str, Any], now: datetime) -> Context:
    """The checked context: `site_url`, a key pair or `oauth`, and perhaps a `company`."""
    refuse_unknown(given, frozenset(_FIELDS))
    settings: dict[str, Any] = {"site_url": origin("site_url", required_text(given, "site_url"))}
    company = given.get("company")
    if company is not None:
        if not isinstance(company, str) or not 0 < len(company) <= 140 or not company.isprintable():
            raise ContextError("company", "must be the name of a company")
        settings["company"] = company
    if "oauth" in given:
        secrets, expires_at = oauth(given, now)
        return Context(settings=settings, secrets=secrets, expires_at=expires_at)
    secrets = {name: required_text(given, name) for name in ("api_key", "api_secret")}
    if ":" in secrets["api_key"]:
        raise ContextError("api_key", "must not hold a colon")
    return Context(settings=settings, secrets=secrets)


def base_url(settings: Settings) -> str:
    """The site's root."""
    return f"{settings['site_url']}/"


def sign(settings: Settings, secrets: Secrets) -> Headers:
    """The headers that carry the credentials."""
    del settings
    if "access_token" in secrets:
        return (("Authorization", f"Bearer {secrets['access_token']}"),)
    return (("Authorization", f"token {secrets['api_key']}:{secrets['api_secret']}"),)


def read_form(given: Mapping[str, Any]) -> Settings:
    """The site that is asked to approve, and perhaps a client of its own."""
    refuse_unknown(given, frozenset({"site_url", "company", "client_id", "client_secret"}))
    site = {"site_url": origin("site_url", required_text(given, "site_url"))}
    named = {name: text(given, name) for name in ("client_id", "client_secret")}
    company = {"company": given["company"]} if "company" in given else {}
    return {**site, **company, **{name: value for name, value in named.items() if value is not None}}


def authorize_url(form: Settings, client: OAuthClient) -> str:
    """Where the customer approves, on their own site."""
    del client
    return f"{form['site_url']}{_AUTHORIZE_PATH}"


def token_url(settings: Settings, client: OAuthClient) -> str:
    """The site's own token endpoint."""
    del client
    return f"{settings['site_url']}{_TOKEN_PATH}"


def context_of(form: Mapping[str, Any], client: OAuthClient, tokens: NewTokens) -> Mapping[str, Any]:
    """The context of a finished consent; a client that the customer named is kept with the tokens."""
    own = {name: form[name] for name in ("client_id", "client_secret") if name in form}
    del client
    return {
        **{name: value for name, value in form.items() if name not in own},
        "oauth": {**tokens.as_context(), **own},
    }


class _Tokens(msgspec.Struct, frozen=True):
    access_token: str
    refresh_token: str | None = None
    expires_in: float | None = None


class _Refusal(msgspec.Struct, frozen=True):
    exc_type: str | None = None
    error: str | None = None


def read_tokens(status: int, body: bytes) -> NewTokens:
    """The new tokens; a JSON refusal means re-connect, a page of HTML an outage.

    An unknown refresh token or client comes back as 403 PermissionError or 404 DoesNotExistError, by the version
    and the user's rights, and not as OAuth's own 400.
    """
    try:
        if 200 <= status < 300:
            tokens = msgspec.json.decode(body, type=_Tokens)
            return NewTokens(
                access_token=tokens.access_token,
                refresh_token=tokens.refresh_token,
                expires_in_seconds=tokens.expires_in,
            )
        refusal = msgspec.json.decode(body, type=_Refusal)
    except msgspec.DecodeError:
        if 200 <= status < 300:
            raise BadAnswer("ERPNext's token answer cannot be read") from None
        raise Unavailable("ERPNext's token endpoint is not answering as one") from None
    if status in (400, 401, 403, 404) and (refusal.exc_type or refusal.error):
        code = refusal.error or refusal.exc_type or ""
        raise Unauthorised("ERPNext refuses the grant", provider_code=code[:60])
    raise Unavailable(f"ERPNext's token endpoint answered {status}")


OAUTH = OAuth(
    read_form=read_form,
    authorize_url=authorize_url,
    token_url=token_url,
    read_tokens=read_tokens,
    context=context_of,
    scope="all openid",
    takes_pkce=True,
)

WAYS = (
    Way(
        slug="oauth",
        label="Approve in ERPNext",
        fields=(_FIELDS["site_url"],),
        is_oauth=True,
        client_fields=(
            ConnectField(name="client_id", label="Client ID", description="Of the OAuth Client.", required=True),
            ConnectField(
                name="client_secret", label="Client secret", description="Of the OAuth Client.", secret=True
            ),
        ),
    ),
    Way(
        slug="api_key",
        label="Use an API key",
        fields=tuple(_FIELDS[name] for name in ("site_url", "api_key", "api_secret")),
    ),
)


def books_of(settings: Settings) -> str:
    """A site holds one set of books for each of its companies; an account of all of them is the site's."""
    return f"{settings['site_url'].lower()} {settings.get('company') or ''}".rstrip()
