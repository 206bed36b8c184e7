"""What is read rather than counted, for Prometheus: pools, tasks, what waits. Read anew for each scrape."""

from __future__ import annotations

import asyncio
import os
import platform
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, generate_latest

from app import VERSION
from app.logs import lines

if TYPE_CHECKING:
    from app.parts import Parts

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes behind one socket keep what they count, for whichever of them is scraped."""


def _now(name: str, told: str, labels: tuple[str, ...] = ()) -> Gauge:
    """A gauge of what is there now, in all living processes together."""
    return Gauge(name, told, labels, multiprocess_mode="livesum")


_PROCESSES = _now("ledgerway_processes", "Processes that serve.")
_TASKS = _now("ledgerway_tasks", "Tasks of the event loop.")
_CONNECTIONS = _now(
    "ledgerway_upstream_connections",
    "Connections to providers and endpoints: `public`, `private` and `named` addresses have pools of their own.",
    ("pool", "state"),
)
_CONNECTIONS_MAX = _now("ledgerway_upstream_connections_max", "How many connections a pool may hold.", ("pool",))
_DATABASE = _now("ledgerway_database_connections", "Connections to the database.", ("state",))
_DATABASE_MAX = _now("ledgerway_database_connections_max", "How many connections to the database there may be.")
_ENTRIES = _now("ledgerway_call_log_waiting", "Calls that are not in the call log yet.")
_BACKLOG = Gauge(
    "ledgerway_webhook_backlog",
    "Deliveries that have not been taken yet, of all endpoints.",
    multiprocess_mode="mostrecent",
)
_BUILD = Gauge("ledgerway_build_info", "Always 1.", ["version", "python"], multiprocess_mode="max")
_DROPPED = Counter("ledgerway_log_lines_dropped", "Lines of the log that nobody read in time.")


class Vitals:
    """Reads a gateway's parts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._dropped = 0
        _BUILD.labels(VERSION, platform.python_version()).set(1)
        _PROCESSES.set(1)

    async def count_backlog(self) -> None:
        """Ask the database how much the courier still has to bring; too much to ask for each scrape."""
        _BACKLOG.set(await self._parts.courier.backlog())

    async def read(self) -> None:
        """Bring the gauges up to date; where processes share a socket, each does so for whoever is scraped."""
        for name, connections in self._parts.upstream.pools().items():
            _CONNECTIONS.labels(name, "in_use").set(connections.in_use)
            _CONNECTIONS.labels(name, "idle").set(connections.idle)
            _CONNECTIONS_MAX.labels(name).set(connections.limit)
        database = self._parts.database.pool()
        _DATABASE.labels("in_use").set(database.in_use)
        _DATABASE.labels("idle").set(database.idle)
        _DATABASE_MAX.set(database.limit)
        _TASKS.set(len(asyncio.all_tasks()))
        _ENTRIES.set(self._parts.calls.waiting)
        _DROPPED.inc(lines.dropped - self._dropped)
        self._dropped = lines.dropped


def exposition() -> bytes:
    """All that is counted, by this process or by those that share its socket, as Prometheus reads it."""
    if MULTIPROCESS not in os.environ:
        return generate_latest(REGISTRY)
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - only where there are several

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library does not type it
    return generate_latest(registry)
