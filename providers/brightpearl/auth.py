"""Brightpearl's credentials: a staff token, an account token, or OAuth tokens of an installed app."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

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
        name="account_code",
        label="Account code",
        description="The account's short name, as used to log in.",
        required=True,
    ),
    ConnectField(
        name="api_domain",
        label="API domain",
        description="The account's API host, such as euw1.brightpearlconnect.com.",
        required=True,
    ),
    ConnectField(name="app_ref", label="App reference", description="The reference of the app.", required=True),
    ConnectField(
        name="dev_ref", label="Developer reference", description="For account tokens of public apps and OAuth."
    ),
    ConnectField(name="staff_token", label="Staff token", description="Of a private staff app.", secret=True),
    ConnectField(
        name="account_token", label="Account token", description="Of a private or public system app.", secret=True
    ),
    ConnectField(
        name="dev_secret",
        label="Developer secret",
        description="Signs the account token of a public system app, if the token given is not signed yet.",
        secret=True,
    ),
    ConnectField(
        name="oauth",
        label="OAuth tokens",
        description="access_token, refresh_token, expires_in, client_secret; with the developer reference.",
        secret=True,
    ),
)
_FIELDS = {field.name: field for field in CONNECT_FIELDS}
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
    refuse_unknown(given, frozenset(_FIELDS))
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
    """The account that is asked to approve."""
    refuse_unknown(given, frozenset({"account_code"}))
    return {"account_code": _account_code(given)}


def authorize_url(form: Settings, client: OAuthClient) -> str:
    """Where the customer approves: the account is in the path, so it is asked for before."""
    return f"{client.settings.get('authorize_origin', _AUTHORIZE_ORIGIN)}/authorize/{form['account_code']}"


def token_url(settings: Settings, client: OAuthClient) -> str:
    """The account's token endpoint: at the app's own address where it has one, a sandbox's at its own."""
    domain = str(settings.get("api_domain", ""))
    own = client.settings.get("token_origin") or (domain if "://" in domain else _TOKEN_ORIGIN)
    return f"{own}/token/{settings['account_code']}"


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
                settings={"api_domain": domain} if domain and _is_theirs(domain) else {},
            )
        refusal = msgspec.json.decode(body, type=_Refusal)
    except msgspec.DecodeError:
        if 200 <= status < 300:
            raise BadAnswer("Brightpearl's token answer cannot be read") from None
        raise Unavailable("Brightpearl's token endpoint is not answering as one") from None
    if status in (400, 401) and refusal.error:
        raise Unauthorised("Brightpearl refuses the grant", provider_code=refusal.error[:60])
    raise Unavailable(f"Brightpearl's token endpoint answered {status}")


def _is_theirs(domain: str) -> bool:
    """Tokens only ever follow a redirection to another of Brightpearl's own hosts."""
    host = urlsplit(f"https://{domain}").hostname or ""
    return host.endswith((".brightpearl.com", ".brightpearlconnect.com", ".brightpearlapp.com"))


OAUTH = OAuth(
    read_form=read_form,
    authorize_url=authorize_url,
    token_url=token_url,
    read_tokens=read_tokens,
    context=context_of,
    client_id_of=client_id_of,
    client_fields=(
        _FIELDS["dev_ref"],
        ConnectField(
            name="authorize_origin",
            label="Authorize address",
            description="Where consent is given, where it is not https://oauth.brightpearl.com.",
        ),
        ConnectField(
            name="token_origin",
            label="Token address",
            description="Where tokens are given, where it is not https://oauth.brightpearlapp.com.",
        ),
    ),
)

WAYS = (
    Way(slug="oauth", label="Approve in Brightpearl", fields=(_FIELDS["account_code"],), is_oauth=True),
    Way(
        slug="staff_token",
        label="Use a staff token",
        fields=tuple(_FIELDS[name] for name in ("account_code", "api_domain", "app_ref", "staff_token")),
    ),
    Way(
        slug="account_token",
        label="Use an account token",
        fields=tuple(_FIELDS[name] for name in ("account_code", "api_domain", "app_ref", "account_token")),
    ),
)


def books_of(settings: Settings) -> str:
    """An account code is one set of books, wherever it is served from."""
    return str(settings["account_code"]).lower()
