"""What it costs to be many: two workers at one socket, PostgreSQL and Redis in the place of the embedded store."""

from __future__ import annotations

import asyncio
import base64
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from benchmarks import limited
from benchmarks.cpu import CONNECTIONS, Measured, cpu_seconds, interleaved, ratio
from benchmarks.gateway import Gateway, running
from benchmarks.load import Target
from benchmarks.stage import CONTEXT, DOCUMENT, Stage
from tests.proofs.postgres import empty_database, postgres
from tests.proofs.redis import PrivateRedis, redis

WORKERS = 2


async def workers(on: Stage, *, rounds: int, seconds: float) -> dict[str, float]:
    """CPU per call of two workers beside one process, each as busy, and how the calls fall to them.

    All calls are alike, so a worker's share of the CPU is its share of them.
    """
    with tempfile.TemporaryDirectory(prefix="ledgerway-bench-") as folder:
        async with running(Path(folder), on.measured_core, workers=WORKERS) as pair:
            target = await _proxied(on, pair)
            await on.load(target, CONNECTIONS * WORKERS, min(seconds, 1.0))
            before = [cpu_seconds(worker) for worker in pair.serving]
            found = await interleaved(
                [
                    _measured("one", on.proxied(DOCUMENT), on.gateway),
                    _measured("two", target, pair, CONNECTIONS * WORKERS),
                ],
                wrk=on.tools.wrk,
                rounds=rounds,
                seconds=seconds,
                core=on.other_core,
            )
            used = [cpu_seconds(worker) - start for worker, start in zip(pair.serving, before, strict=True)]
    return {
        "workers_2_cpu_us": median(found["two"]),
        "workers_2_x_one": ratio(found, "two", "one"),
        "workers_2_share_max_pct": max(used) / sum(used) * 100,
    }


async def scaled_out(on: Stage, *, rounds: int, seconds: float) -> dict[str, float]:
    """A call on PostgreSQL and Redis beside the embedded default: of a provider without limits, and of one with."""
    async with _shared_stores(on) as (gateway, shared), limited.provider(on) as url:
        ways = {
            "scaled": (gateway, await _proxied(on, gateway)),
            "limited": (on.gateway, await limited.proxied(on.gateway, url)),
            "scaled_limited": (gateway, await limited.proxied(gateway, url)),
        }
        for _, target in ways.values():
            await on.load(target, CONNECTIONS, min(seconds, 1.0))
        trips = {
            name: await _redis_trips(on, shared, ways[name][1], seconds) for name in ("scaled", "scaled_limited")
        }
        found = await interleaved(
            [
                _measured("embedded", on.proxied(DOCUMENT), on.gateway),
                *(_measured(name, target, asked) for name, (asked, target) in ways.items()),
            ],
            wrk=on.tools.wrk,
            rounds=rounds,
            seconds=seconds,
            core=on.other_core,
        )
        resident = gateway.process.memory_info().rss
    return {
        "proxy_1k_scaled_out_cpu_us": median(found["scaled"]),
        "proxy_1k_scaled_out_x_embedded": ratio(found, "scaled", "embedded"),
        "redis_trips_per_unlimited_call": trips["scaled"],
        "proxy_1k_limited_cpu_us": median(found["limited"]),
        "proxy_1k_limited_x_unlimited": ratio(found, "limited", "embedded"),
        "proxy_1k_limited_redis_cpu_us": median(found["scaled_limited"]),
        "proxy_1k_limited_redis_x_unlimited": ratio(found, "scaled_limited", "embedded"),
        "redis_trips_per_limited_call": trips["scaled_limited"],
        "rss_scaled_out_mb": resident / 1e6,
    }


@asynccontextmanager
async def _shared_stores(on: Stage) -> AsyncIterator[tuple[Gateway, PrivateRedis]]:
    """A gateway on a PostgreSQL and a Redis of its own."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    with tempfile.TemporaryDirectory(prefix="ledgerway-bench-") as folder:
        async with postgres() as server, empty_database(server) as database, redis() as shared:
            settings = {"database_url": database, "redis_url": shared.url, "encryption_keys": f"bench:{key}"}
            async with running(Path(folder), on.measured_core, settings=settings) as gateway:
                yield gateway, shared


def _measured(name: str, target: Target, gateway: Gateway, connections: int = CONNECTIONS) -> Measured:
    return Measured(name=name, target=target, serving=gateway.serving, has_late_work=True, connections=connections)


async def _proxied(on: Stage, gateway: Gateway) -> Target:
    account_id = await gateway.account("erpnext", {"site_url": on.upstream.url, **CONTEXT})
    return gateway.target(f"/proxy/{DOCUMENT}", account_id)


async def _redis_trips(on: Stage, shared: PrivateRedis, target: Target, seconds: float) -> float:
    """Commands that a call causes: those counted under load, less those of as long a silence."""
    start = await _commands(shared)
    await asyncio.sleep(seconds)
    silent = await _commands(shared) - start
    start = await _commands(shared)
    found = await on.load(target, CONNECTIONS, seconds)
    return max(0, await _commands(shared) - start - silent) / found.requests


async def _commands(shared: PrivateRedis) -> int:
    from redis.asyncio import Redis  # noqa: PLC0415 - not installed where only one gateway is run

    async with Redis.from_url(shared.url) as client:
        return int((await client.info("stats"))["total_commands_processed"])
