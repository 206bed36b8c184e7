"""The call log keeps each call once, holds out while the database is away, and tells what it lost."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.calls import store
from app.calls.entry import CallEntry
from app.calls.store import CallLog
from app.db.engine import Database
from app.db.tables import call_log
from app.settings import Settings
from tests.app.clock import START, VirtualClock

KEPT = timedelta(days=7)


def _entry(number: int, **more: Any) -> CallEntry:
    told: dict[str, Any] = {
        "at": START + timedelta(seconds=number),
        "request_id": f"{number:032x}",
        "environment_id": None,
        "account_id": None,
        "integration": None,
        "method": "GET",
        "path": "/proxy/{path}",
        "status": 200,
        "code": None,
        "duration_ms": 1.5,
        "provider_calls": 0,
        "provider_ms": 0.0,
        "added_ms": 1.5,
        "waited_ms": 0.0,
    }
    return CallEntry(**{**told, **more})


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def calls(database: Database, clock: VirtualClock) -> CallLog:
    return CallLog(database, clock, KEPT)


async def _kept(database: Database) -> list[int]:
    async with database.engine.connect() as connection:
        rows = await connection.execute(select(call_log.c.request_id).order_by(call_log.c.id))
        return [int(request_id, 16) for request_id in rows.scalars()]


@contextmanager
def _away(database: Database, monkeypatch: pytest.MonkeyPatch, *, after_commit: bool = False) -> Iterator[None]:
    """A database that takes nothing; or that takes it, but whose word gets lost."""
    transaction = database.transaction

    @asynccontextmanager
    async def broken() -> AsyncIterator[AsyncConnection]:
        if after_commit:
            async with transaction() as connection:
                yield connection
        raise sqlite3.OperationalError("private-words")

    with monkeypatch.context() as patch:
        patch.setattr(database, "transaction", broken)
        yield


async def test_entries_wait_for_a_database_that_is_away(
    calls: CallLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        calls.record(_entry(number))
    with _away(database, monkeypatch), pytest.raises(sqlite3.OperationalError):
        await calls.write()
    calls.record(_entry(3))

    await calls.write()

    assert await _kept(database) == [0, 1, 2, 3]
    assert calls.waiting == 0


async def test_an_entry_whose_commit_got_lost_on_its_way_back_is_kept_once(
    calls: CallLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        calls.record(_entry(number))
    with _away(database, monkeypatch, after_commit=True), pytest.raises(sqlite3.OperationalError):
        await calls.write()
    calls.record(_entry(3))

    await calls.write()

    assert await _kept(database) == [0, 1, 2, 3]


def _lost() -> float:
    """How many entries this process has lost so far."""
    return REGISTRY.get_sample_value("ledgerway_call_log_lost_total") or 0.0


async def test_beyond_a_bound_the_oldest_entries_are_lost_and_counted(
    calls: CallLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WAITING_MAX", 5)
    before = _lost()
    for number in range(7):
        calls.record(_entry(number))
    assert _lost() - before == 2

    transaction = database.transaction

    @asynccontextmanager
    async def slow() -> AsyncIterator[AsyncConnection]:
        for number in range(7, 10):  # While a batch is under way, calls go on.
            calls.record(_entry(number))
        async with transaction():
            raise sqlite3.OperationalError("private-words")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(database, "transaction", slow)
        with pytest.raises(sqlite3.OperationalError):
            await calls.write()
    await calls.write()

    assert await _kept(database) == [5, 6, 7, 8, 9]
    assert _lost() - before == 5


async def test_what_cannot_be_written_at_the_end_is_told(
    calls: CallLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _lost()
    calls.record(_entry(1))

    with _away(database, monkeypatch):
        await calls.close()

    assert _lost() - before == 1


async def test_old_entries_are_dropped_in_batches_and_no_other(
    calls: CallLog, database: Database, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PRUNE_SIZE", 3)
    for number in range(10):
        calls.record(_entry(number))
    await calls.write()
    clock.advance(KEPT.total_seconds() + 8)

    await calls.prune()

    assert await _kept(database) == [8, 9]


async def test_pruning_reads_no_more_than_it_drops(calls: CallLog, database: Database, clock: VirtualClock) -> None:
    for number in range(10):
        calls.record(_entry(number))
    await calls.write()

    await calls.prune()

    async with database.engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(call_log))).scalar_one() == 10
