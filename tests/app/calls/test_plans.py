"""Each way to ask the call log reads an index, not the table, however long the log is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from app.calls.store import CallLog, CallsWanted
from app.db.engine import Database
from app.settings import Settings
from tests.app.clock import START, VirtualClock

ENTRIES = 20_000
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)",
    "postgresql": "WITH numbers AS (SELECT n FROM generate_series(1, :count) AS n)",
}
MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-03-01 12:00:00', n || ' seconds')",
    "postgresql": "timestamptz '2026-03-01 12:00:00+00' + n * interval '1 second'",
}
FILL = """
INSERT INTO call_log (at, environment_id, account_id, integration, method, path, status, code,
                      duration_ms, provider_calls, provider_ms, added_ms, waited_ms, request_id)
SELECT {moment}, 'environment-' || (n % 3), 'account-' || (n % 200), 'erpnext', 'GET', '/proxy/{{path}}',
       CASE WHEN n % 50 = 0 THEN 429 WHEN n % 70 = 0 THEN 502 ELSE 200 END,
       CASE WHEN n % 50 = 0 THEN 'rate_limited' WHEN n % 70 = 0 THEN 'provider_unavailable' END,
       1.0, 1, 0.5, 0.5, 0.0, 'request-' || n
FROM numbers
"""
SINCE = START + timedelta(seconds=ENTRIES // 2)
UNTIL = SINCE + timedelta(minutes=5)
ASKED = {
    "time": ({}, "call_log_by_time"),
    "account": ({"account_id": "account-7"}, "call_log_of_account"),
    "status": ({"statuses": (502, 502)}, "call_log_by_status"),
    "kind": ({"statuses": (400, 499)}, "call_log_by_status"),
    "code": ({"code": "provider_unavailable"}, "call_log_by_code"),
    "request": ({"request_id": "request-778"}, "call_log_by_request"),
    "integration": ({"integration": "erpnext"}, "call_log_by_time"),
    "method": ({"method": "GET"}, "call_log_by_time"),
    "path": ({"path": "/proxy/{path}"}, "call_log_by_time"),
    "success": ({"statuses": (200, 200)}, "call_log_by_time"),
}


@pytest.fixture
async def filled(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database)
    await database.migrate()
    kind = database.engine.dialect.name
    async with database.transaction() as connection:
        fill = FILL.format(moment=MOMENT[kind])
        # SQLite wants what is counted behind INSERT, PostgreSQL takes it there too.
        head, _, rows = fill.partition("\nSELECT")
        await connection.execute(text(f"{head}\n{NUMBERS[kind]}\nSELECT{rows}"), {"count": ENTRIES})
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE call_log"))
    yield database
    await database.close()


async def _plan(database: Database, asked: dict[str, Any], *, timed: bool) -> str:
    """How the database would find a page of what is asked."""
    ran: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        ran.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        wanted = CallsWanted(**asked, **({"since": SINCE, "until": UNTIL} if timed else {}))
        place = (UNTIL, ENTRIES) if timed else None
        calls = CallLog(database, VirtualClock(), timedelta(days=30))
        found = await calls.page("environment-1", wanted, place, 51)
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    assert found or timed
    ((statement, parameters),) = ran
    explain = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    async with database.engine.connect() as connection:
        rows = (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("timed", [False, True], ids=["", "timed"])
async def test_each_filter_reads_an_index(filled: Database, timed: bool) -> None:
    for name, (asked, index) in ASKED.items():
        plan = await _plan(filled, asked, timed=timed)

        assert index in plan or (timed and "call_log_by_" in plan), f"{name}: {plan}"
        assert "SCAN call_log" not in plan, name
        assert "Seq Scan" not in plan, name
