"""Rotates the keys that wrap accounts' data keys, online: what they sealed is not touched."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.connections.keys import KeyProblem, key_file, new_key, new_key_id, write_keys
from app.connections.vault import VaultProblem
from app.parts import Parts

BATCH_SIZE = 200


async def rotate(parts: Parts) -> dict[str, Any]:
    """Put a new primary key before the old ones and re-wrap with it; `failed` names accounts that do not open.

    With keys from the environment the ring is the owner's to change: put the new key first there,
    restart, and run this again to re-wrap.
    """
    if parts.settings.encryption_keys is None:
        with _alone(parts):
            ring = {new_key_id(): new_key()} | {key_id: parts.ring.key(key_id) for key_id in parts.ring.ids}
            write_keys(key_file(parts.settings), ring)
    primary_id = parts.ring.primary_id
    rewrapped, failed, after = 0, list[str](), ""
    while batch := await parts.account_store.not_under_key(primary_id, after, BATCH_SIZE):
        for account in batch:
            try:
                key = await parts.vault.rewrap(account.key, account.place)
            except (KeyProblem, VaultProblem):
                failed.append(account.id)
                continue
            await parts.account_store.rewrap(account, key)
            rewrapped += 1
        after = batch[-1].id
    return {"primary": primary_id, "rewrapped": rewrapped, "failed": failed, "keys": list(parts.ring.ids)}


async def retire(parts: Parts, key_id: str) -> dict[str, Any]:
    """Drop a key from the file; refused while it is the primary or some account needs it.

    Cursors that it sealed are no longer valid.
    """
    if parts.settings.encryption_keys is not None:
        raise KeyProblem("the keys come from LEDGERWAY_ENCRYPTION_KEYS: take the key out there")
    used = await parts.account_store.keys_in_use()
    with _alone(parts):
        if key_id not in parts.ring.ids:
            raise KeyProblem("the ring has no such key")
        if key_id in used | {parts.ring.primary_id}:
            raise KeyProblem(f"the key {key_id} is still in use: rotate first")
        kept = {other: parts.ring.key(other) for other in parts.ring.ids if other != key_id}
        write_keys(key_file(parts.settings), kept)
    return {"retired": key_id, "keys": list(kept)}


@contextmanager
def _alone(parts: Parts) -> Iterator[None]:
    """The ring as its file has it now, which no other command changes meanwhile."""
    path = key_file(parts.settings)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        parts.ring.reload()
        yield


async def keys_in_use(parts: Parts) -> dict[str, Any]:
    """The ring's ids and those that accounts need; one that is needed and not in the ring is lost."""
    used = await parts.account_store.keys_in_use()
    return {
        "keys": list(parts.ring.ids),
        "in_use": sorted(used),
        "lost": sorted(used - set(parts.ring.ids)),
    }
