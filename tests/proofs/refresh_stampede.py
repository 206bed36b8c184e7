"""Many calls over several processes on one account whose token has just expired: one refresh, no failed call."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from app.connections.keys import new_key
from tests.app.site import Site
from tests.proofs.postgres import empty_database, has_postgres, postgres
from tests.proofs.process import Running, running_gateways
from tests.proofs.store import FLEET, KIND
from tests.world import encoded_key, served

DESCRIPTION = "500 calls over 4 processes on one expired token, quick and slow endpoint, on both stores"

CALLS, PROCESSES, SLOW_SECONDS = 500, 4, 15.0
CALLS_MIN, PROCESSES_MIN = 40, 2
# Longer than a gateway keeps a connection: the site must not close one that a call is just being sent on.
KEEP_ALIVE_SECONDS = 120

Figures = dict[str, float | int | str]


async def prove(scale: float) -> Figures:
    """A stampede of each kind on each store; only at full scale must there be a PostgreSQL."""
    if os.environ.get(KIND) == FLEET:
        return await _on_postgres(scale)
    if scale >= 1:
        return {**await _on_sqlite(scale), **await _on_postgres(scale)}
    if not has_postgres():
        return {**await _on_sqlite(scale), "postgres": "not here"}
    on_sqlite, on_postgres = await asyncio.gather(_on_sqlite(scale), _on_postgres(scale))
    return {**on_sqlite, **on_postgres}


async def _on_sqlite(scale: float) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return await _on_store("sqlite", Path(folder), {}, scale)


async def _on_postgres(scale: float) -> Figures:
    async with _postgres_settings() as settings:
        with tempfile.TemporaryDirectory() as folder:
            return await _on_store("postgres", Path(folder), settings, scale)


@asynccontextmanager
async def _postgres_settings() -> AsyncIterator[Mapping[str, str]]:
    async with postgres() as server, empty_database(server) as url:
        keys = encoded_key("k1", new_key())
        yield {"LEDGERWAY_DATABASE_URL": url, "LEDGERWAY_ENCRYPTION_KEYS": keys}


async def _on_store(store: str, var_dir: Path, settings: Mapping[str, str], scale: float) -> Figures:
    calls = max(round(CALLS * scale), CALLS_MIN)
    slow_seconds = SLOW_SECONDS * min(scale, 1)
    figures: Figures = {}
    async with running_gateways(var_dir, PROCESSES if scale >= 1 else PROCESSES_MIN, settings) as gateways:
        for name, seconds in (("quick", 0.0), ("slow", slow_seconds)):
            for is_told in (True, False):
                site = Site(wait_seconds=seconds)
                async with served(site, keep_alive_seconds=KEEP_ALIVE_SECONDS) as url:
                    account_id = await _expired(gateways, site, url, is_told=is_told)
                    took = await _stampede(gateways, account_id, calls)
                    how = f"{store}, {name}, expiry {'told' if is_told else 'found out'}"
                    assert (site.token_calls, site.refreshes) == (1, 1), f"{how}: {site.token_calls} refreshes"
                    await _assert_well(gateways[0], account_id)
                figures[f"{store}_{name}_{'told' if is_told else 'found_out'}_seconds"] = round(took, 2)
    return {**figures, f"{store}_calls": calls * 4, f"{store}_refreshes": 4, f"{store}_failed": 0}


async def _expired(gateways: list[Running], site: Site, url: str, *, is_told: bool) -> str:
    """An account whose access token is no longer good: every process has it open, and may know when it ended."""
    account_id = await gateways[0].account("erpnext", site.context(url, **({"expires_in": 0} if is_told else {})))
    if not is_told:
        for gateway in gateways:
            assert await _call(gateway, account_id) == 200
    site.expire()
    return account_id


async def _stampede(gateways: list[Running], account_id: str, calls: int) -> float:
    """How long it took until each call was answered, each well."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    statuses = await asyncio.gather(
        *(_call(gateways[number % len(gateways)], account_id) for number in range(calls))
    )
    failed = [status for status in statuses if status != 200]
    assert not failed, f"{len(failed)} of {calls} calls failed: {sorted(set(failed))}"
    return loop.time() - started


async def _call(gateway: Running, account_id: str) -> int:
    answer = await gateway.http.get("/proxy/api/resource/Customer", headers={"X-Integrated-Account-Id": account_id})
    return int(answer.status_code)


async def _assert_well(gateway: Running, account_id: str) -> None:
    account = (await gateway.http.get(f"/integrated-account/{account_id}")).json()["result"]
    assert (account["status"], account["reason_code"]) == ("active", None)
