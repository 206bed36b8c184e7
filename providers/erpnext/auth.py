"""ERPNext's credentials: an API key pair, or OAuth tokens of the site itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from providers.kit.context import oauth, origin, refuse_unknown, required_text
from providers.kit.errors import BadAnswer, Unauthorised, Unavailable
from providers.kit.provider import ConnectField, Context, ContextError, NewTokens, Secrets, Settings
from providers.kit.upstream import Headers, Request

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
_KNOWN = frozenset(field.name for field in CONNECT_FIELDS)
_TOKEN_PATH = "/api/method/frappe.integrations.oauth2.get_token"  # noqa: S105 - a path


def read_context(given: Mapping[str, Any], now: datetime) -> Context:
    """The checked context: `site_url`, a key pair or `oauth`, and perhaps a `company`."""
    refuse_unknown(given, _KNOWN)
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


def refresh_request(settings: Settings, secrets: Secrets) -> Request | None:
    """The token call: client credentials go in the form, because Basic is taken for an API key."""
    refresh_token = secrets.get("refresh_token")
    if not refresh_token:
        return None
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    form |= {name: secrets[name] for name in ("client_id", "client_secret") if name in secrets}
    return Request(
        method="POST",
        url=f"{settings['site_url']}{_TOKEN_PATH}",
        headers=(("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")),
        body=urlencode(form).encode("ascii"),
        first_byte_seconds=30.0,
        wants_signing=False,
    )


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
        raise Unauthorised("ERPNext no longer accepts the refresh token")
    raise Unavailable(f"ERPNext's token endpoint answered {status}")
