"""Several workers on one socket share what comes, are replaced without losing a call, and are started again."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import psutil
import pytest

from app.settings import Settings
from tests.app.commands import ledgerway
from tests.app.serving.processes import Served, serving
from tests.world import settings_in

CONNECTIONS = 24


@asynccontextmanager
async def _calling(url: str) -> AsyncIterator[list[int | str]]:
    """Callers who keep their connection and callers who do not, one call after another; what came of each."""
    came: list[int | str] = []
    is_over = asyncio.Event()

    async def call(connections_kept: int) -> None:
        limits = httpx2.Limits(max_keepalive_connections=connections_kept)
        async with httpx2.AsyncClient(base_url=url, limits=limits, timeout=30) as http:
            while not is_over.is_set():
                try:
                    # A write, which no client repeats by itself.
                    came.append((await http.post("/api-token", json={})).status_code)
                except httpx2.TransportError as error:
                    came.append(type(error).__name__)

    callers = [asyncio.create_task(call(kept)) for kept in (1, 1, 1, 0, 0)]
    try:
        yield came
    finally:
        is_over.set()
        await asyncio.gather(*callers)


async def _held(served: Served) -> list[int]:
    """How many connections each worker holds."""
    port = urlsplit(served.url).port
    return [
        sum(each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port for each in worker.net_connections())
        for worker in served.workers()
    ]


async def test_connections_are_shared_about_equally(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path), "--workers", "2") as served:
        await served.until_told("all workers serve")
        place = urlsplit(served.url)
        kept = [socket.create_connection((str(place.hostname), int(place.port or 0))) for _ in range(CONNECTIONS)]
        async with asyncio.timeout(10):
            while sum(held := await _held(served)) < CONNECTIONS:  # noqa: ASYNC110 - of other processes
                await asyncio.sleep(0.02)
        for connection in kept:
            connection.close()

    assert len(held) == 2
    assert min(held) >= 0.35 * CONNECTIONS


async def test_workers_are_replaced_without_losing_a_call(settings: Settings) -> None:
    async with serving(settings, "--workers", "2") as served:
        await served.until_told("all workers serve")
        before = {worker.pid for worker in served.workers()}

        async with _calling(served.url) as came:
            served.process.send_signal(signal.SIGHUP)
            await served.until_told("the workers were replaced")

        after = {worker.pid for worker in served.workers()}
    assert len(before) == 2
    assert len(after) == 2
    assert not before & after
    assert set(came) == {401}


async def test_a_worker_that_is_killed_is_started_again_and_the_others_go_on(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path), "--workers", "2") as served:
        await served.until_told("all workers serve")
        killed, other = served.workers()

        killed.kill()
        await served.until_told("a worker has died")

        async with httpx2.AsyncClient(base_url=served.url) as http:
            meanwhile = await http.get("/healthz")
        await served.until_told("a worker was started again")
        pids = {worker.pid for worker in served.workers()}
    assert meanwhile.status_code == 200
    assert other.pid in pids
    assert len(pids) == 2
    assert killed.pid not in pids


async def test_workers_end_when_their_supervisor_is_gone(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path), "--workers", "2") as served:
        await served.until_told("all workers serve")
        workers = served.workers()

        served.process.kill()
        _, alive = await asyncio.to_thread(psutil.wait_procs, workers, timeout=30)

    assert alive == []


async def test_all_workers_end_with_the_supervisor_and_its_end_is_a_success(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path), "--workers", "2") as served:
        await served.until_told("all workers serve")
        workers = served.workers()

        served.process.terminate()
        code = await served.process.wait()

        alive = [worker for worker in workers if worker.is_running()]
    assert (code, alive) == (0, [])


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_refused_start_says_why_and_shows_no_trace(tmp_path: Path, workers: str) -> None:
    settings = settings_in(tmp_path, encryption_keys="k1:not-a-key")

    ran = await ledgerway(settings, "serve", "--port", "0", "--workers", workers)

    assert ran.code == 1
    assert ran.err.count("ledgerway: ") == 1
    assert "Traceback" not in ran.out + ran.err
    assert "not-a-key" not in ran.out + ran.err


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ran = await ledgerway(settings_in(tmp_path), "serve", "--port", port, "--workers", "2")

    assert ran.code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in ran.err


async def test_a_setting_that_is_not_valid_is_named_and_not_repeated(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    ran = await ledgerway(settings, "serve", "--workers", "2", more={"LEDGERWAY_LOG_RETENTION_DAYS": "private"})

    assert ran.code == 1
    assert "LEDGERWAY_LOG_RETENTION_DAYS" in ran.err
    assert "private" not in ran.out + ran.err
    assert "Traceback" not in ran.err
