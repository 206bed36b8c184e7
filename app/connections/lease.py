"""Holds the lease of one account's renewal for as long as it takes, and no longer than its process lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from app.connections.lease_store import LeaseStore
from app.connections.store import IntegratedAccount
from app.logs import get_logger
from providers.kit.clock import Clock

log = get_logger()

LEASE = timedelta(seconds=10)
"""Short, so that the account of a process that died is soon taken over: providers are lenient for seconds."""
BEAT_SECONDS = 3.0
LOOK_AGAIN_SECONDS = 0.2

RETRY_AT_ONCE = timedelta(seconds=1)
RETRY_MAX = timedelta(minutes=15)


def retry_after(started_at: datetime, now: datetime) -> timedelta:
    """How long background work leaves an account whose renewal has failed again: half as long as it has taken."""
    return min(max((now - started_at) / 2, RETRY_AT_ONCE), RETRY_MAX)


@asynccontextmanager
async def held(leases: LeaseStore, account: IntegratedAccount, owner: str, clock: Clock) -> AsyncIterator[None]:
    """Extend the lease until the block ends."""
    writing = asyncio.Lock()
    beating = asyncio.create_task(_beat(leases, account.id, owner, clock, writing))
    try:
        yield
    finally:
        # Only while it sleeps: a statement that is torn off may leave SQLite's lock behind.
        async with writing:
            beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def _beat(leases: LeaseStore, account_id: str, owner: str, clock: Clock, writing: asyncio.Lock) -> None:
    while True:
        await clock.sleep(BEAT_SECONDS)
        async with writing:
            try:
                if not await leases.extend(account_id, owner, clock.now() + LEASE):
                    return
            except Exception as error:
                # The next beat may come through; if none does, another process takes over.
                log.warning("a lease was not extended", account_id=account_id, kind=type(error).__name__)


async def until_free(leases: LeaseStore, account: IntegratedAccount, seconds: float, clock: Clock) -> bool:
    """Until nobody holds the lease or the row has changed; False where that takes longer than `seconds`."""
    started = clock.monotonic()
    while clock.monotonic() - started <= seconds:
        seen = await leases.look(account)
        if seen is None or seen.version != account.version or not seen.is_held(clock.now()):
            return True
        await clock.sleep(LOOK_AGAIN_SECONDS)
    return False
