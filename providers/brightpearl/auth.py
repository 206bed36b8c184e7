"""Brightpearl's credentials: a staff token, an account token, or OAuth tokens of an installed app."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from providers.brightpearl.connect import CLIENT_FIELDS, FIELDS
from providers.brightpearl.hosts import is_theirs
from providers.kit.context import oauth, origin, refuse_unknown, required_text, text
from providers.kit.errors import BadAnswer, Unauthorised, Unavailable
from providers.kit.provider import (
    REDIRECT_MISMATCH,
    Context,
    ContextError,
    NewTokens,
    OAuth,
    OAuthClient,
    Secrets,
    Settings,
)
from providers.kit.upstream import Headers

_ACCOUNT_CODE = re.compile(r"^[A-Za-z0-9_-]{1,60}$")
_HOST = re.compile(r"^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$")
_AUTHORIZE_ORIGIN = "https://oauth.brightpearl.com"
_TOKEN_ORIGIN = "https://oauth.brightpearlapp.com"  # noqa: S105 - an address

CREDENTIAL_HEADERS = frozenset(
    {
        b"authorization",
        b"cookie",
        b"brightpearl-app-ref",
        b"brightpearl-dev-ref",
        b"brightpearl-staff-token",
        b"brightpearl-account-token",
        b"brightpearl-dev-token",
        b"brightpearl-auth",
    }
)


def read_context(given: Mapping[str, Any], now: datetime) -> Context:
    """The checked context: the account, the app, and exactly one kind of token."""
    refuse_unknown(given, frozenset(FIELDS))
    settings = {
        "account_code": _account_code(given),
        "api_domain": _domain(required_text(given, "api_domain")),
        "app_ref": required_text(given, "app_ref"),
    }
    dev_ref = text(given, "dev_ref")
    if dev_ref is not None:
        settings["dev_ref"] = dev_ref
    kinds = [name for name in ("oauth", "staff_token", "account_token") if given.get(name) is not None]
    if len(kinds) != 1:
        raise ContextError("", "give one of staff_token, account_token, oauth")
    if kinds == ["oauth"]:
        if dev_ref is None:
            raise ContextError("dev_ref", "is required with oauth")
        secrets, expires_at = oauth(given, now)
        return Context(settings=settings, secrets=secrets, expires_at=expires_at)
    secrets = {kinds[0]: required_text(given, kinds[0])}
    dev_secret = text(given, "dev_secret")
    if dev_secret is not None and "account_token" in secrets:
        # A public system app sends the token signed; once signed, the secret is not needed again.
        digest = hmac.digest(dev_secret.encode(), secrets["account_token"].encode(), hashlib.sha256)
        secrets["account_token"] = base64.b64encode(digest).decode()
    return Context(settings=settings, secrets=secrets)


def _account_code(given: Mapping[str, Any]) -> str:
    account_code = required_text(given, "account_code")
    if not _ACCOUNT_CODE.match(account_code):
        raise ContextError("account_code", "must be letters, digits, - and _")
    return account_code


def _domain(value: str) -> str:
    """A host, or a whole address where the account is not Brightpearl's own (a sandbox)."""
    if "://" in value:
        return origin("api_domain", value)
    if not _HOST.match(value):
        raise ContextError("api_domain", "must be a host name")
    return value.lower()


def _origin(settings: Settings) -> str:
    domain = str(settings["api_domain"])
    return domain if "://" in domain else f"https://{domain}"


def base_url(settings: Settings) -> str:
    """The account's API root."""
    return f"{_origin(settings)}/public-api/{settings['account_code']}/"


def sign(settings: Settings, secrets: Secrets) -> Headers:
    """The headers that carry the credentials."""
    headers = [("brightpearl-app-ref", settings["app_ref"])]
    if "dev_ref" in settings:
        headers.append(("brightpearl-dev-ref", settings["dev_ref"]))
    if "access_token" in secrets:
        return (*headers, ("Authorization", f"Bearer {secrets['access_token']}"))
    name = "staff_token" if "staff_token" in secrets else "account_token"
    return (*headers, (f"brightpearl-{name.replace('_', '-')}", secrets[name]))


def read_form(given: Mapping[str, Any]) -> Settings:
    """What leads to consent: the account, for its code is in the path of the page."""
    refuse_unknown(given, frozenset({"account_code"}))
    return {"account_code": _account_code(given)}


def authorize_url(form: Settings, client: OAuthClient) -> str:
    """Where the customer approves: the account is in the path, so it is asked for before."""
    own = client.settings.get("authorize_origin", _AUTHORIZE_ORIGIN)
    return f"{own.rstrip('/')}/authorize/{quote(form['account_code'], safe='')}"


def token_url(settings: Settings, client: OAuthClient) -> str:
    """The account's token endpoint: at the app's own address where it has one, a sandbox's at its own."""
    domain = str(settings.get("api_domain", ""))
    own = client.settings.get("token_origin") or (domain if "://" in domain else _TOKEN_ORIGIN)
    return f"{own.rstrip('/')}/token/{quote(settings['account_code'], safe='')}"


def client_id_of(settings: Settings) -> str | None:
    """An app's reference is its OAuth client's id."""
    return settings.get("app_ref")


def context_of(form: Mapping[str, Any], client: OAuthClient, tokens: NewTokens) -> Mapping[str, Any]:
    """The context of a finished consent. The host is the one that the answer names, never one of our making."""
    domain = tokens.settings.get("api_domain") or client.settings.get("token_origin")
    if domain is None:
        raise BadAnswer("Brightpearl's token answer names no API host of Brightpearl's")
    return {
        **form,
        "api_domain": domain,
        "app_ref": client.client_id,
        "dev_ref": client.settings.get("dev_ref"),
        "oauth": tokens.as_context(),
    }


class _Tokens(msgspec.Struct, frozen=True):
    access_token: str
    refresh_token: str | None = None
    expires_in: float | None = None
    api_domain: str | None = None


class _Refusal(msgspec.Struct, frozen=True):
    error: str | None = None
    error_description: Any = None


def read_tokens(status: int, body: bytes) -> NewTokens:
    """The new tokens. The refresh token may have been rotated, and `api_domain` is authoritative."""
    try:
        if 200 <= status < 300:
            tokens = msgspec.json.decode(body, type=_Tokens)
            domain = tokens.api_domain
            return NewTokens(
                access_token=tokens.access_token,
                refresh_token=tokens.refresh_token,
                expires_in_seconds=tokens.expires_in,
                settings={"api_domain": domain} if domain and is_theirs(domain) else {},
            )
        refusal = msgspec.json.decode(body, type=_Refusal)
    except msgspec.DecodeError:
        if 200 <= status < 300:
            raise BadAnswer("Brightpearl's token answer cannot be read") from None
        raise Unavailable("Brightpearl's token endpoint is not answering as one", provider_status=status) from None
    if status in (400, 401) and refusal.error:
        # They name another redirect address as a bad grant, though only the app's owner can put it right.
        is_elsewhere = str(refusal.error_description).lower().startswith("redirect uri")
        code = REDIRECT_MISMATCH if is_elsewhere else refusal.error[:60]
        raise Unauthorised("Brightpearl refuses the grant", provider_code=code)
    raise Unavailable(f"Brightpearl's token endpoint answered {status}", provider_status=status)


OAUTH = OAuth(
    read_form=read_form,
    authorize_url=authorize_url,
    token_url=token_url,
    read_tokens=read_tokens,
    context=context_of,
    client_id_of=client_id_of,
    client_fields=CLIENT_FIELDS,
)


def books_of(settings: Settings) -> str:
    """An account code is one set of books, wherever it is served from."""
    return str(settings["account_code"]).lower()
