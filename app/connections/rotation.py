"""Rotates the keys that wrap accounts' data keys, online: what they sealed is not touched."""

from __future__ import annotations

from typing import Any

from app.connections.keys import KeyProblem, key_file, new_key, new_key_id, write_keys
from app.parts import Parts

BATCH_SIZE = 200


async def rotate(parts: Parts) -> dict[str, Any]:
    """Put a new primary key before the old ones and re-wrap with it.

    With keys from the environment the ring is the owner's to change: put the new key first there,
    restart, and run this again to re-wrap.
    """
    if parts.settings.encryption_keys is None:
        ring = {new_key_id(): new_key()} | {key_id: parts.ring.key(key_id) for key_id in parts.ring.ids}
        write_keys(key_file(parts.settings), ring)
        parts.ring.reload()
    rewrapped = 0
    while batch := await parts.account_store.not_under_key(parts.ring.primary_id, BATCH_SIZE):
        for account in batch:
            await parts.account_store.rewrap(account, parts.vault.rewrap(account.key, account.place))
        rewrapped += len(batch)
    return {"primary": parts.ring.primary_id, "rewrapped": rewrapped, "keys": list(parts.ring.ids)}


async def retire(parts: Parts, key_id: str) -> dict[str, Any]:
    """Drop a key from the file; refused while it is the primary or some account needs it."""
    if parts.settings.encryption_keys is not None:
        raise KeyProblem("the keys come from LEDGERWAY_ENCRYPTION_KEYS: take the key out there")
    if key_id == parts.ring.primary_id or key_id in await parts.account_store.keys_in_use():
        raise KeyProblem(f"the key {key_id} is still in use: rotate first")
    kept = {other: parts.ring.key(other) for other in parts.ring.ids if other != key_id}
    write_keys(key_file(parts.settings), kept)
    return {"retired": key_id, "keys": list(kept)}


async def keys_in_use(parts: Parts) -> dict[str, Any]:
    """The ring's ids and those that accounts need; one that is needed and not in the ring is lost."""
    used = await parts.account_store.keys_in_use()
    return {
        "keys": list(parts.ring.ids),
        "in_use": sorted(used),
        "lost": sorted(used - set(parts.ring.ids)),
    }
