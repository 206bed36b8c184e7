"""ERPNext's credentials: an API key pair, or OAuth tokens of the site itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from providers.erpnext.connect import CLIENT_FIELDS, FIELDS
from providers.kit.context import oauth, origin, refuse_unknown, required_text
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

_CLIENT = frozenset(field.name for field in CLIENT_FIELDS)
_FORM = _CLIENT | {"site_url", "company"}
_AUTHORIZE_PATH = "/api/method/frappe.integrations.oauth2.authorize"
_NOT_FOUND = ("PermissionError", "DoesNotExistError")
_NOT_FOUND_AS = {"OAuth Client": "invalid_client", "OAuth Bearer Token": "invalid_grant"}
_TOKEN_PATH = "/api/method/frappe.integrations.oauth2.get_token"  # noqa: S105 - a path


def read_context(given: Mapping[str, Any], now: datetime) -> Context:
    """The checked context: `site_url`, a key pair or `oauth`, and perhaps a `company`."""
    refuse_unknown(given, frozenset(FIELDS))
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


def read_form(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What leads to consent: the site, and the site's own OAuth client where the environment has none."""
    refuse_unknown(given, _FORM)
    form: dict[str, Any] = {"site_url": origin("site_url", required_text(given, "site_url"))}
    if "company" in given:
        form["company"] = given["company"]
    if not _CLIENT.isdisjoint(given):
        form |= {name: required_text(given, name) for name in sorted(_CLIENT)}
    return form


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
    own = {name: form[name] for name in _CLIENT if name in form}
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
    error_description: Any = None
    messages: Any = msgspec.field(name="_server_messages", default=None)

    @property
    def code(self) -> str:
        """OAuth's own name for it. Of what it cannot find, Frappe only says which kind of document it was."""
        if self.error == "invalid_request" and "redirect" in str(self.error_description).lower():
            return REDIRECT_MISMATCH
        if self.error is None and self.exc_type in _NOT_FOUND:
            for doctype, code in _NOT_FOUND_AS.items():
                if doctype in str(self.messages):
                    return code
        return (self.error or self.exc_type or "")[:60]


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
        raise Unavailable("ERPNext's token endpoint is not answering as one", provider_status=status) from None
    if status in (400, 401, 403, 404) and refusal.code:
        raise Unauthorised("ERPNext refuses the grant", provider_code=refusal.code)
    raise Unavailable(f"ERPNext's token endpoint answered {status}", provider_status=status)


OAUTH = OAuth(
    read_form=read_form,
    authorize_url=authorize_url,
    token_url=token_url,
    read_tokens=read_tokens,
    context=context_of,
    scope="all openid",
    takes_pkce=True,
)


def books_of(settings: Settings) -> str:
    """A site holds one set of books for each of its companies; an account of all of them is the site's.

    A site that moved from http to https is the same one.
    """
    parts = urlsplit(settings["site_url"].lower())
    host = parts.netloc.removesuffix(":443" if parts.scheme == "https" else ":80")
    return f"{host}{parts.path} {settings.get('company') or ''}".rstrip()
