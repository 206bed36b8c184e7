"""Reads what a customer gave to connect: texts and addresses, each refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from providers.kit.provider import ContextError

TEXT_SIZE_MAX = 4_096
EXPIRES_SECONDS_MAX = 10 * 365 * 86_400


def text(given: Mapping[str, Any], name: str, prefix: str = "") -> str | None:
    """The text under the name, None where it is absent; refuses other kinds, control characters and size."""
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or len(value) > TEXT_SIZE_MAX:
        raise ContextError(prefix + name, "must be a text of 1 to 4096 characters")
    if not value.isprintable() or not value.isascii():
        raise ContextError(prefix + name, "must hold printable ASCII only")
    return value


def required_text(given: Mapping[str, Any], name: str, prefix: str = "") -> str:
    """The text under the name; refused where it is absent."""
    value = text(given, name, prefix)
    if value is None:
        raise ContextError(prefix + name, "is required")
    return value


def refuse_unknown(given: Mapping[str, Any], known: frozenset[str], prefix: str = "") -> None:
    """Refuse names that nobody would read."""
    for name in given:
        if name not in known:
            shown = name if isinstance(name, str) and name.isprintable() and len(name) <= 60 else "a field"
            raise ContextError(prefix + shown, "is not a field of this integration")


def origin(name: str, value: str) -> str:
    """An http(s) address without user, query or fragment, its trailing slashes taken off."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ContextError(name, "is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ContextError(name, "must be an https:// address")
    if "@" in parts.netloc or parts.query or parts.fragment or "?" in value or "#" in value or port == 0:
        raise ContextError(name, "must be a plain address, without user, query or fragment")
    if any(part in (".", "..") for part in parts.path.split("/")) or "%" in value or "\\" in value or " " in value:
        raise ContextError(name, "must be a plain address")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


OAUTH_FIELDS = frozenset({"access_token", "refresh_token", "expires_in", "client_id", "client_secret"})


def oauth(given: Mapping[str, Any], now: datetime) -> tuple[dict[str, str], datetime | None]:
    """The secrets under `oauth`, and when the access token expires."""
    value = given["oauth"]
    if not isinstance(value, Mapping):
        raise ContextError("oauth", "must be an object")
    refuse_unknown(value, OAUTH_FIELDS, "oauth.")
    secrets = {"access_token": required_text(value, "access_token", "oauth.")}
    for name in ("refresh_token", "client_id", "client_secret"):
        found = text(value, name, "oauth.")
        if found is not None:
            secrets[name] = found
    lasts = value.get("expires_in")
    if lasts is None:
        return secrets, None
    if isinstance(lasts, bool) or not isinstance(lasts, (int, float)) or not 0 <= lasts <= EXPIRES_SECONDS_MAX:
        raise ContextError("oauth.expires_in", "must be a number of seconds")
    return secrets, now + timedelta(seconds=lasts)
