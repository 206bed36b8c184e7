"""API tokens: made, shown once, checked from memory, revoked."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cachetools import TTLCache

from app.errors import Forbidden, Unauthenticated
from app.tokens.store import TokenStore
from providers.kit.clock import Clock

TokenScope = Literal["read", "write", "proxy", "connect", "admin"]
SCOPES: tuple[TokenScope, ...] = ("read", "write", "proxy", "connect", "admin")
INSTANCE = "instance"
"""The scope of the instance's admin token, which belongs to no environment."""

KNOWN_MAX = 10_000
KNOWN_SECONDS = 60.0
TEXT_SIZE_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: the environment of the API token, and what it may do."""

    environment_id: str
    token_id: str
    scopes: frozenset[str]
    allow_private_hosts: bool
    expires_at: datetime | None


class Tokens:
    """The tokens of all environments. What was checked is kept for a minute, or until `clear`."""

    def __init__(self, store: TokenStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: TTLCache[str, Caller] = TTLCache(KNOWN_MAX, KNOWN_SECONDS, timer=clock.monotonic)
        self._used: dict[str, datetime] = {}
        self._cleared = 0

    async def check(self, token: str) -> Caller:
        """The caller behind a token of an environment; `Unauthenticated` for any other."""
        caller = await self._lookup(token)
        if INSTANCE in caller.scopes:
            raise Unauthenticated("this is the instance's admin token: it only opens /environment")
        return caller

    async def check_instance(self, token: str) -> None:
        """Whether it is the instance's admin token; `Forbidden` for a token of an environment."""
        if INSTANCE not in (await self._lookup(token)).scopes:
            raise Forbidden("this needs the instance's admin token: ledgerway admin-token create")

    async def create(
        self, environment_id: str | None, scopes: Sequence[str], name: str, expires_at: datetime | None = None
    ) -> tuple[str, str]:
        """A new token: its id, and its text, which is never to be seen again."""
        token = f"lw_{secrets.token_urlsafe(32)}"
        token_id = str(uuid.uuid4())
        await self._store.add(
            {
                "id": token_id,
                "environment_id": environment_id,
                "name": name,
                "token_hash": _hash(token),
                "scopes": sorted(scopes),
                "created_at": self._clock.now(),
                "expires_at": expires_at,
            }
        )
        return token_id, token

    def clear(self) -> None:
        """Forget what was checked: something changed."""
        self._cleared += 1
        self._known.clear()

    async def write_uses(self) -> None:
        """Write when tokens were last used; called now and then by the background."""
        used, self._used = self._used, {}
        if used:
            await self._store.note_use(used)

    async def _lookup(self, token: str) -> Caller:
        caller = self._known.get(token)
        if caller is None:
            cleared = self._cleared
            caller = await self._read(token)
            # What was read before something changed may be old, and is not kept.
            if cleared == self._cleared:
                self._known[token] = caller
        now = self._clock.now()
        if caller.expires_at is not None and now >= caller.expires_at:
            raise Unauthenticated("the API token has expired")
        self._used[caller.token_id] = now
        return caller

    async def _read(self, token: str) -> Caller:
        row = await self._store.by_hash(_hash(token)) if len(token) <= TEXT_SIZE_MAX else None
        if row is None:
            raise Unauthenticated("the API token is not known here")
        return Caller(
            environment_id=row.environment_id or "",
            token_id=row.id,
            scopes=frozenset(row.scopes),
            allow_private_hosts=bool(row.allow_private_hosts),
            expires_at=row.expires_at,
        )


def _hash(token: str) -> bytes:
    # A token holds 256 random bits, so a fast hash keeps it safe; a slow one would be paid on every call.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
