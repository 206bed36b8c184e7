"""Many accounts: what the first call of one costs, and what a gateway keeps of ten thousand."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import aiohttp
from sqlalchemy import insert

from app.connections.vault import Place
from app.db.tables import integrated_account
from app.parts import Parts, build_parts
from benchmarks.cpu import cpu_seconds
from benchmarks.gateway import Gateway
from benchmarks.stage import CONTEXT, DOCUMENT, Stage
from providers.kit.clock import SystemClock
from providers.kit.registry import all_providers

ACCOUNTS = 10_000
COLD_CALLS = 50
AT_ONCE = 16


async def many_accounts(on: Stage, count: int = ACCOUNTS) -> dict[str, float]:
    """Calls each account once while nothing is known of it, and once more when all are."""
    gateway = on.gateway
    ids = await _made(gateway, count, {"site_url": on.upstream.url, **CONTEXT})
    before = gateway.process.memory_info().rss
    async with aiohttp.ClientSession(gateway.base_url) as http:
        callers = _Callers(http, gateway)
        first, rest = ids[:COLD_CALLS], ids[COLD_CALLS:]
        statements = await gateway.statements()
        cold_ms = [await callers.timed_ms(account_id) for account_id in first]
        cold_statements = await gateway.statements() - statements
        await callers.each(rest)
        after, warm, cpu = (
            gateway.process.memory_info().rss,
            await gateway.statements(),
            cpu_seconds(gateway.process),
        )
        await callers.each(ids)
        warm_statements = await gateway.statements() - warm
    return {
        "cold_account_ms": median(cold_ms),
        "sql_per_cold_account": cold_statements / len(first),
        "sql_per_warm_call_10k": warm_statements / len(ids),
        "proxy_1k_10k_accounts_cpu_us": (cpu_seconds(gateway.process) - cpu) / len(ids) * 1e6,
        "rss_10k_accounts_mb": after / 1e6,
        "rss_per_account_kb": (after - before) / len(ids) / 1e3,
    }


class _Callers:
    """So many callers at once, who go through a list of accounts together."""

    def __init__(self, http: aiohttp.ClientSession, gateway: Gateway) -> None:
        self._http = http
        self._token = gateway.token

    async def timed_ms(self, account_id: str) -> float:
        """How long a call of the account takes."""
        started = time.perf_counter()
        await self._call(account_id)
        return (time.perf_counter() - started) * 1e3

    async def each(self, ids: Sequence[str]) -> None:
        """A call of each account, in their order."""
        waiting = iter(ids)
        await asyncio.gather(*(self._next(waiting) for _ in range(AT_ONCE)))

    async def _next(self, waiting: Iterator[str]) -> None:
        for account_id in waiting:
            await self._call(account_id)

    async def _call(self, account_id: str) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "X-Integrated-Account-Id": account_id}
        async with self._http.get(f"/proxy/{DOCUMENT}", headers=headers) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"a call of one of many accounts was answered {answer.status}")


async def _made(gateway: Gateway, count: int, given: Mapping[str, str]) -> list[str]:
    """The ids of so many accounts, written in one go: ten thousand imports would be a benchmark of their own."""
    parts = await build_parts(gateway.settings, SystemClock())
    try:
        rows = [await _row(parts, gateway.environment_id, number, given) for number in range(count)]
        async with parts.database.transaction() as connection:
            await connection.execute(insert(integrated_account), rows)
    finally:
        await parts.close()
    return [row["id"] for row in rows]


async def _row(parts: Parts, environment_id: str, number: int, given: Mapping[str, str]) -> dict[str, Any]:
    """An account as an import leaves it."""
    now = parts.clock.now()
    context = all_providers()["erpnext"].read_context(given, now)
    place = Place(environment_id, str(uuid.uuid4()))
    return {
        "id": place.row_id,
        "environment_id": environment_id,
        "tenant_id": f"bench-{number}",
        "integration": "erpnext",
        "status": "active",
        "settings": dict(context.settings),
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **await parts.vault.seal_afresh(context.secrets, place),
    }
