"""Which keys the store needs, and whether this process has them: nobody's account is called lost by mistake.

The store keeps a canary of each key, a data key of nothing that it wraps. A process whose keys do not open the
canaries was started with the wrong ring, or without its key service: it does not serve. That a key is lost is
the owner's word alone (`ledgerway key lost --mark`), for a process can only tell that it has not got it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Literal

from app.connections.key_service import KeyGone, KeyProblem, KeyService, VaultProblem, WrappedKey
from app.connections.keys import KEY_SIZE, KeyRing
from app.connections.vault import Place
from app.db.engine import Database
from app.db.sealed import rows_under, sealed_tables, uses
from app.db.sealing_keys import SealingKey, SealingKeyStore
from app.errors import KeysUnavailable
from app.logs import get_logger
from providers.kit.clock import Clock

log = get_logger()

TRIED_MAX = 3

Standing = Literal["opens", "missing", "another", "unknown"]
"""Of a key: it opens; nobody here has it; one of the same id is another key; its service cannot be asked."""


class KeyRegister:
    """A key service that writes down each key before anything is sealed under it."""

    def __init__(self, database: Database, keys: KeyService, ring: KeyRing, clock: Clock) -> None:
        self._database = database
        self._store = SealingKeyStore(database)
        self._keys = keys
        self._ring = ring
        self._clock = clock
        self._known: set[str] = set()

    async def wrap(self, data_key: bytes, bound: bytes) -> WrappedKey:
        """As the service does, under a key that is written down."""
        key = await self._keys.wrap(data_key, bound)
        if key.key_id not in self._known:
            await self._write_down(key.key_id)
        return key

    async def unwrap(self, key: WrappedKey, bound: bytes) -> bytes:
        """As the service does."""
        return await self._keys.unwrap(key, bound)

    async def current_id(self) -> str:
        """The service's."""
        return await self._keys.current_id()

    def has_made(self, key_id: str) -> bool:
        """As the service says."""
        return self._keys.has_made(key_id)

    async def close(self) -> None:
        """Close the service."""
        await self._keys.close()

    async def check(self) -> None:
        """Refuse to go on without a key that the store needs; write down what is new.

        One that nothing needs stays written down: another process may be about to seal with it.
        """
        standings = await self.standings()
        needed = await uses(self._database)
        wrong: list[str] = []
        for key, standing in standings.items():
            if standing == "unknown":
                log.warning("the key service cannot be reached: accounts cannot be opened until it can", key=key.id)
            elif key.id not in needed:
                if standing == "another" and key.id in self._ring.ids:
                    await self._prove(key.id)
            elif standing != "opens" and key.lost_at is None:
                wrong.append(f"{key.id} (needed by {needed[key.id]} records)")
        if wrong:
            raise KeyProblem(
                f"the keys given do not open what this store was sealed with: {', '.join(wrong)}. Start with the "
                "keys it had (LEDGERWAY_ENCRYPTION_KEYS, the file `keys` in LEDGERWAY_VAR_DIR, or "
                "LEDGERWAY_KEY_SERVICE). If they are lost for good: `ledgerway key lost`, see docs/keys.md"
            )
        for key_id in self._ring.ids:
            await self._write_down(key_id)

    async def standings(self) -> Mapping[SealingKey, Standing]:
        """Each key that is written down, and whether it is here."""
        return {key: await self._standing(key) for key in await self._store.all()}

    async def missing(self) -> list[str]:
        """The keys that rows need and that are not to be had here; `KeysUnavailable` where that is unknown."""
        needed = await uses(self._database)
        found = {key.id: standing for key, standing in (await self.standings()).items() if key.id in needed}
        if "unknown" in found.values():
            raise KeysUnavailable("the key service cannot be reached: what is lost cannot be told")
        return [key_id for key_id, standing in found.items() if standing != "opens"]

    async def set_lost(self, key_ids: Sequence[str], *, is_lost: bool) -> None:
        """Take the owner's word for it."""
        await self._store.set_lost(key_ids, self._clock.now() if is_lost else None)

    async def lost(self) -> list[str]:
        """The ids of the keys that the owner has called lost."""
        return [key.id for key in await self._store.all() if key.lost_at is not None]

    async def retire(self, key_id: str) -> bool:
        """Let nothing be sealed under the key any more; False while something is."""
        self._known.discard(key_id)
        return await self._store.remove(key_id)

    async def add(self, ring: KeyRing, key_id: str) -> None:
        """Write down a key that is not in use yet."""
        canary = ring.wrapped_by(key_id, secrets.token_bytes(KEY_SIZE), _bound(key_id))
        await self._store.add(key_id, canary.wrapped, self._clock.now())

    async def has_lost(self, key_id: str) -> bool:
        """Whether the owner has called the key lost."""
        found = await self._store.find(key_id)
        return found is not None and found.lost_at is not None

    async def opens(self, key_id: str) -> bool:
        """Whether the key is here, and is the right one."""
        found = await self._store.find(key_id)
        return found is not None and await self._standing(found) == "opens"

    async def _write_down(self, key_id: str) -> None:
        if key_id in self._known:
            return
        if key_id in self._ring.ids:
            await self.add(self._ring, key_id)
        else:
            canary = await self._keys.wrap(secrets.token_bytes(KEY_SIZE), _bound(key_id))
            # The service may have turned to a newer key just now: then rows will have to tell.
            await self._store.add(key_id, canary.wrapped if canary.key_id == key_id else None, self._clock.now())
        self._known.add(key_id)

    async def _standing(self, key: SealingKey) -> Standing:
        if key.canary is not None:
            return await self._tried(WrappedKey(key.id, key.canary), _bound(key.id))
        standings = [await self._tried(wrapped, bound) for wrapped, bound in await self._some_rows(key.id)]
        if standings and "opens" not in standings:
            return standings[0]
        if key.id not in self._ring.ids:
            return "opens" if standings else "missing"
        await self._prove(key.id)
        return "opens"

    async def _prove(self, key_id: str) -> None:
        canary = self._ring.wrapped_by(key_id, secrets.token_bytes(KEY_SIZE), _bound(key_id))
        await self._store.set_canary(key_id, canary.wrapped)

    async def _some_rows(self, key_id: str) -> list[tuple[WrappedKey, bytes]]:
        return [
            (WrappedKey(row.key_id, row.wrapped_key), Place(row.environment_id, row.row_id, row.table).bound("key"))
            for table in sealed_tables()
            for row in await rows_under(self._database, table, key_id, None, TRIED_MAX)
        ]

    async def _tried(self, key: WrappedKey, bound: bytes) -> Standing:
        try:
            await self._keys.unwrap(key, bound)
        except KeyGone:
            return "missing"
        except VaultProblem:
            return "another"
        except KeysUnavailable:
            return "unknown"
        return "opens"


def _bound(key_id: str) -> bytes:
    return Place("", key_id, "sealing_key").bound("key")
