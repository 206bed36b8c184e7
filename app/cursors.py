"""Cursors: a list's position, sealed so that it only opens for the list it was made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from app.connections.keys import KeyProblem
from app.errors import InvalidCursor

LIFETIME = timedelta(days=30)
SEAL_SIZE = 16
TEXT_SIZE_MAX = 4_096
PURPOSE = "cursor"


class Keys(Protocol):
    """What cursors need of the key ring."""

    @property
    def primary_id(self) -> str:
        """The id of the key to seal with."""

    def derived(self, purpose: str, key_id: str) -> bytes:
        """The key of that id for this purpose; `KeyProblem` where there is none."""


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    key_id: str
    expires_at: int
    position: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Cursor).decode


class Cursors:
    """Seals and opens positions under keys derived from the key ring; any process with the ring can."""

    def __init__(self, ring: Keys, purpose: str = PURPOSE, lifetime: timedelta = LIFETIME) -> None:
        self._ring = ring
        self._purpose = purpose
        self._lifetime = lifetime

    def seal(self, position: str, scope: Sequence[str], now: datetime) -> str:
        """The cursor of `position`; `scope` says which list it is for (environment, account, query)."""
        expires_at = int((now + self._lifetime).timestamp())
        key_id = self._ring.primary_id
        body = _encode(_Cursor(key_id, expires_at, position))
        return _text(body + _mac(self._ring.derived(self._purpose, key_id), body, scope))

    def open(self, cursor: str, scope: Sequence[str], now: datetime) -> str:
        """The position inside; raises `InvalidCursor` for one that is torn, forged, old or of another list."""
        try:
            if len(cursor) > TEXT_SIZE_MAX:
                raise InvalidCursor("the cursor is not one of ours")
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            body, seal = sealed[:-SEAL_SIZE], sealed[-SEAL_SIZE:]
            content = _decode(body)
            key = self._ring.derived(self._purpose, content.key_id)
        except (ValueError, binascii.Error, KeyProblem, msgspec.DecodeError, UnicodeError):
            raise InvalidCursor("the cursor is not one of ours") from None
        # Base64 has spare bits: only the one spelling that we wrote is taken.
        if cursor != _text(sealed) or not hmac.compare_digest(seal, _mac(key, body, scope)):
            raise InvalidCursor("the cursor was made for another list, or changed on its way")
        if content.expires_at < now.timestamp():
            raise InvalidCursor(f"the cursor is older than {self._lifetime.days} days: start the list again")
        return content.position


def _mac(key: bytes, body: bytes, scope: Sequence[str]) -> bytes:
    parts = [body, *(part.encode("utf-8", "surrogatepass") for part in scope)]
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(key, framed, hashlib.sha256)[:SEAL_SIZE]


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")
