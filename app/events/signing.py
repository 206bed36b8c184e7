"""Signatures as Standard Webhooks has them, and the secrets they are made with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

PREFIX = "whsec_"
SECRET_SIZE = 32
PREVIOUS_MAX = 4

_CURRENT, _PREVIOUS = "current", "previous"
_decode = msgspec.json.Decoder(list[tuple[datetime, str]]).decode


def new_secret() -> str:
    """A fresh secret, as it is shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_SIZE)).decode("ascii")


def first(secret: str) -> dict[str, str]:
    """What an endpoint's row seals at first."""
    return {_CURRENT: secret}


def live(sealed: Mapping[str, str], now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    return [sealed[_CURRENT], *(secret for until, secret in _previous(sealed) if until > now)]


def rotated(sealed: Mapping[str, str], secret: str, now: datetime, until: datetime) -> dict[str, str]:
    """With the new secret, what was there signs on until then, and none of it longer."""
    older = [(min(end, until), each) for end, each in _previous(sealed)]
    kept = [(end, each) for end, each in [(until, sealed[_CURRENT]), *older] if end > now][:PREVIOUS_MAX]
    return {_CURRENT: secret, _PREVIOUS: msgspec.json.encode(kept).decode()}


def headers(event_id: str, at: datetime, body: bytes, keys: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The three headers; `keys` are the secrets that sign."""
    timestamp = str(int(at.timestamp()))
    content = f"{event_id}.{timestamp}.".encode() + body
    return (
        ("webhook-id", event_id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", " ".join(_signature(key, content) for key in keys)),
    )


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode('ascii')}"


def _previous(sealed: Mapping[str, str]) -> list[tuple[datetime, str]]:
    return _decode(sealed.get(_PREVIOUS, "[]"))
