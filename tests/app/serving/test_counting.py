"""Whichever worker of a socket is asked tells what all of them count, also those that were replaced."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx2

from tests.app.readings import Sample, read, summed
from tests.app.serving.processes import Served, serving
from tests.world import settings_in

SCRAPES = 6


async def _call(served: Served, path: str) -> None:
    async with httpx2.AsyncClient(base_url=served.url) as http:  # A connection of its own, for any worker to take.
        await http.get(path)


async def _scrape(served: Served) -> dict[Sample, float]:
    async with httpx2.AsyncClient(base_url=served.url) as http:
        return await read(http)


def _refused(samples: dict[Sample, float]) -> float:
    return summed(samples, "ledgerway_refusals_total", {"route": "proxy", "code": "unauthenticated"})


def _processes(samples: dict[Sample, float]) -> float:
    return summed(samples, "ledgerway_processes", {})


async def test_each_scrape_tells_what_all_workers_count(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path), "--workers", "2") as served:
        await served.until_told("all workers serve")
        for _ in range(20):
            await _call(served, "/proxy/x")

        scrapes = [await _scrape(served) for _ in range(SCRAPES)]

        assert [_refused(scrape) for scrape in scrapes] == [20] * SCRAPES
        assert [_processes(scrape) for scrape in scrapes] == [2] * SCRAPES
        assert {summed(scrape, "ledgerway_upstream_connections_max", {}) for scrape in scrapes} != {0}

        served.process.send_signal(signal.SIGHUP)
        await served.until_told("the workers were replaced")
        await _call(served, "/proxy/x")
        replaced = await _scrape(served)

        assert (_refused(replaced), _processes(replaced)) == (21, 2)
