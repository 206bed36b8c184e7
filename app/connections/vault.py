"""Seals credentials: AES-256-GCM, a data key for each record, wrapped by a key of the ring or of a key service.

Both layers are bound to the record they belong to (environment, account, field), and the wrapping also to
the key's id, so a ciphertext that is moved to another row, another environment or another field does not open.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.connections.key_service import KeyService, VaultProblem, WrappedKey
from app.connections.keys import KEY_SIZE, NONCE_SIZE

__all__ = ["NONCE_SIZE", "Place", "Vault", "VaultProblem", "WrappedKey"]


@dataclass(frozen=True, slots=True)
class Place:
    """The row that a sealed record belongs to."""

    environment_id: str
    row_id: str
    table: str = "integrated_account"

    def bound(self, field: str) -> bytes:
        """What the ciphertext is bound to. The ring adds its key's id to the end."""
        return "\0".join((self.table, self.environment_id, self.row_id, field, "")).encode()


class Vault:
    """Seals and opens secrets of rows: accounts, environments' OAuth clients, link tokens, webhooks."""

    def __init__(self, keys: KeyService) -> None:
        self._keys = keys

    async def new_key(self, place: Place) -> WrappedKey:
        """A fresh data key for a record."""
        return await self._wrap(secrets.token_bytes(KEY_SIZE), place)

    async def seal_afresh(self, values: Mapping[str, str], place: Place) -> dict[str, Any]:
        """The columns of a row that is given credentials anew, under a data key of their own."""
        key = await self.new_key(place)
        return {
            "key_id": key.key_id,
            "wrapped_key": key.wrapped,
            "secrets": await self.seal(values, key, place),
        }

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
        """The same data key under the key of now; what it sealed stays as it is."""
        return await self._wrap(await self._unwrap(key, place), place)

    async def _wrap(self, data_key: bytes, place: Place) -> WrappedKey:
        return await self._keys.wrap(data_key, place.bound("key"))

    async def _unwrap(self, key: WrappedKey, place: Place) -> bytes:
        return await self._keys.unwrap(key, place.bound("key"))
