"""Seals credentials: AES-256-GCM, a data key for each record, wrapped by a key of the ring.

Both layers are bound to the record they belong to (environment, account, field), and the wrapping also to
the key's id, so a ciphertext that is moved to another row, another environment or another field does not open.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.connections.keys import KEY_SIZE, KeyRing

NONCE_SIZE = 12


class VaultProblem(Exception):
    """A sealed record that does not open: wrong key, another row's, or damaged. Holds no secret."""


@dataclass(frozen=True, slots=True)
class Place:
    """The row that a sealed record belongs to."""

    environment_id: str
    row_id: str
    table: str = "integrated_account"

    def bound(self, field: str, key_id: str = "") -> bytes:
        """What the ciphertext is bound to."""
        return "\0".join((self.table, self.environment_id, self.row_id, field, key_id)).encode()


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A record's data key, wrapped by the ring's key of that id."""

    key_id: str
    wrapped: bytes


class Vault:
    """Seals and opens secrets of rows: accounts, environments' OAuth clients, link tokens, webhooks."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def new_key(self, place: Place) -> WrappedKey:
        """A fresh data key for a record."""
        return await self._wrap(secrets.token_bytes(KEY_SIZE), place)

    async def seal(self, values: Mapping[str, str], key: WrappedKey, place: Place, field: str = "secrets") -> bytes:
        """The values as ciphertext under the record's data key."""
        nonce = secrets.token_bytes(NONCE_SIZE)
        plain = msgspec.json.encode(values)
        return nonce + AESGCM(await self._unwrap(key, place)).encrypt(nonce, plain, place.bound(field))

    async def open(self, sealed: bytes, key: WrappedKey, place: Place, field: str = "secrets") -> dict[str, str]:
        """The values inside; `VaultProblem` where the ciphertext is not this record's."""
        cipher = AESGCM(await self._unwrap(key, place))
        try:
            plain = cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place.bound(field))
        except (InvalidTag, ValueError):
            raise VaultProblem("the sealed credentials do not belong to this account") from None
        return msgspec.json.decode(plain, type=dict[str, str])

    async def rewrap(self, key: WrappedKey, place: Place) -> WrappedKey:
        """The same data key under the ring's primary key; what it sealed stays as it is."""
        return await self._wrap(await self._unwrap(key, place), place)

    async def _wrap(self, data_key: bytes, place: Place) -> WrappedKey:
        key_id = self._ring.primary_id
        nonce = secrets.token_bytes(NONCE_SIZE)
        cipher = AESGCM(self._ring.key(key_id))
        return WrappedKey(key_id, nonce + cipher.encrypt(nonce, data_key, place.bound("key", key_id)))

    async def _unwrap(self, key: WrappedKey, place: Place) -> bytes:
        cipher = AESGCM(self._ring.key(key.key_id))
        nonce, body = key.wrapped[:NONCE_SIZE], key.wrapped[NONCE_SIZE:]
        try:
            return cipher.decrypt(nonce, body, place.bound("key", key.key_id))
        except (InvalidTag, ValueError):
            raise VaultProblem("the account's key does not open with this ring") from None
