"""Rotates the keys that wrap data keys, online: what they sealed is not touched. Tells what a lost key has cost."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.connections.key_service import KeyGone, KeyProblem, VaultProblem, WrappedKey
from app.connections.keys import KeyRing, key_file, new_key, new_key_id, write_keys
from app.connections.opening import KEY_LOST
from app.connections.vault import Place
from app.db.sealed import (
    SealedRow,
    replace_wrappings,
    rows_not_under,
    sealed_tables,
    told_under,
    uses,
)
from app.parts import Parts

BATCH_SIZE = 100
SWEEPS_MAX = 10


async def rotate(parts: Parts) -> dict[str, Any]:
    """Put a new primary key before the old ones and re-wrap with it; `failed` names rows that do not open.

    With keys from the environment the ring is the owner's to change: put the new key first there,
    restart, and run this again to re-wrap. So it is with a key service.
    """
    settings = parts.settings
    if settings.encryption_keys is None and not _wraps_by_service(parts):
        with _alone(parts):
            ring = {new_key_id(): new_key()} | {key_id: parts.ring.key(key_id) for key_id in parts.ring.ids}
            # The key is written down before any process can seal with it.
            await parts.register.add(KeyRing(lambda: ring), next(iter(ring)))
            write_keys(key_file(settings), ring)
    return await rewrap(parts)


async def rewrap(parts: Parts) -> dict[str, Any]:
    """Wrap every data key by the key of now, table by table, until nothing is left that another key wraps."""
    current_id = await parts.register.current_id()
    rewrapped = 0
    for _ in range(SWEEPS_MAX):
        written, failed = 0, list[SealedRow]()
        for table in sealed_tables():
            written += await _rewrap_table(parts, table, current_id, failed)
        rewrapped += written
        # A row that was written meanwhile, by a call that had begun before, is for the next sweep.
        if written == 0:
            break
    # The old wrappings are not to be found in SQLite's log.
    parts.database.to_shred()
    return {
        "primary": current_id,
        "rewrapped": rewrapped,
        "failed": [row.named for row in failed],
        "keys": list(parts.ring.ids),
    }


async def _rewrap_table(parts: Parts, table: str, current_id: str, failed: list[SealedRow]) -> int:
    written, after = 0, None
    while batch := await rows_not_under(parts.database, table, current_id, after, BATCH_SIZE):
        replaced: list[tuple[SealedRow, str, bytes]] = []
        for row in batch:
            place = Place(row.environment_id, row.row_id, row.table)
            try:
                key = await parts.vault.rewrap(WrappedKey(row.key_id, row.wrapped_key), place)
            except (KeyGone, VaultProblem):
                failed.append(row)
                continue
            replaced.append((row, key.key_id, key.wrapped))
        written += await replace_wrappings(parts.database, table, replaced)
        after = batch[-1]
    return written


async def retire(parts: Parts, key_id: str) -> dict[str, Any]:
    """Drop a key from the file; refused while it is the primary or some row needs it.

    Cursors that it sealed are no longer valid.
    """
    current_id = await parts.register.current_id()
    if not parts.ring.has_made(key_id):
        return await _retire_version(parts, key_id, current_id)
    if parts.settings.encryption_keys is not None:
        raise KeyProblem("the keys come from LEDGERWAY_ENCRYPTION_KEYS: take the key out there")
    with _alone(parts):
        if key_id not in parts.ring.ids:
            raise KeyProblem("the ring has no such key")
        # From here on nothing can be sealed under it, by any process.
        if key_id in (parts.ring.primary_id, current_id) or not await parts.register.retire(key_id):
            raise KeyProblem(f"the key {key_id} is still in use: rotate first")
        kept = {other: parts.ring.key(other) for other in parts.ring.ids if other != key_id}
        write_keys(key_file(parts.settings), kept)
    return {"retired": key_id, "keys": list(kept)}


async def _retire_version(parts: Parts, key_id: str, current_id: str) -> dict[str, Any]:
    if key_id == current_id or not await parts.register.retire(key_id):
        raise KeyProblem(f"the key {key_id} is in use: rotate it in the key service, then `ledgerway key rewrap`")
    return {"retired": key_id, "next": "raise the key's min_decryption_version in the key service"}


@contextmanager
def _alone(parts: Parts) -> Iterator[None]:
    """The ring as its file has it now, which no other command changes meanwhile."""
    path = key_file(parts.settings)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        parts.ring.reload()
        yield


def _wraps_by_service(parts: Parts) -> bool:
    settings = parts.settings
    return bool(settings.key_service) and not settings.key_service_only_opens


async def keys_in_use(parts: Parts) -> dict[str, Any]:
    """The ring's ids and those that rows need; one that is needed and not to be had is lost."""
    used = await uses(parts.database)
    return {
        "primary": await parts.register.current_id(),
        "keys": list(parts.ring.ids),
        "in_use": sorted(used),
        "lost": await parts.register.missing(),
    }


async def lost(parts: Parts, *, mark: bool) -> dict[str, Any]:
    """What is sealed under keys that are not to be had here.

    With `mark` the owner says that they are lost for good: their accounts are set to `needs_reauth`, which their
    backends are told of, and the gateway starts without the keys.
    """
    missing = await parts.register.missing()
    found = await told_under(parts.database, missing)
    marked = 0
    if mark:
        await parts.register.set_lost(missing, is_lost=True)
        marked = await _mark(parts, found["integrated_account"])
    return {"lost": missing, **{table: rows for table, rows in found.items() if rows}, "marked": marked}


async def _mark(parts: Parts, told: list[dict[str, Any]]) -> int:
    marked = 0
    for row in told:
        account = await parts.account_store.find(row["environment_id"], row["id"])
        # It may have been connected again meanwhile, under a key that is there.
        if account is not None and account.key_id == row["key_id"]:
            marked += await parts.opener.set_lost(account, KEY_LOST) is not None
    return marked


async def take_back(parts: Parts) -> dict[str, Any]:
    """Keys that were called lost are there after all: the accounts that were set to `needs_reauth` are active."""
    missing = set(await parts.register.missing())
    found = [key_id for key_id in await parts.register.lost() if key_id not in missing]
    await parts.register.set_lost(found, is_lost=False)
    restored = 0
    for row in (await told_under(parts.database, found))["integrated_account"]:
        account = await parts.account_store.find(row["environment_id"], row["id"])
        if account is not None and account.reason_code == KEY_LOST:
            restored += await parts.opener.set_found(account)
    return {"found": found, "restored": restored}
