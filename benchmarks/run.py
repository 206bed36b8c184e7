"""One run of the benchmark: starts all it needs, measures, and gives the figures."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import nginx
from benchmarks.books import ROWS, write_books
from benchmarks.cores import cores
from benchmarks.cpu import CONNECTIONS, Measured, Rounds, interleaved, ratio
from benchmarks.gateway import LEDGERWAY, Gateway, running
from benchmarks.load import Load, Target, load
from benchmarks.tools import Tools, find_tools
from benchmarks.walks import calls_per_thousand

ROUNDS = 5
SECONDS = 2.0
WARM_CALLS = 200
# A page of invoices asks for its four joined tables at once: four pages fill the account's gate of sixteen.
INVOICE_PAGES = 4
# What was changed by making the account is noticed once a second, and makes the gateway read it again.
NOTICED_SECONDS = 1.5

DOCUMENT = "api/resource/Item/HINGE-00001"
LIST = f"api/resource/Item?limit_page_length={ROWS}"
ITEMS = f"/unified/accounting/items?limit={ROWS}"
INVOICES = f"/unified/accounting/invoices?type=invoice&limit={ROWS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs while it is measured."""

    tools: Tools
    upstream: nginx.Nginx
    proxy: nginx.Nginx
    gateway: Gateway
    account_id: str
    other_core: int | None

    async def load(self, target: Target, connections: int, seconds: float) -> Load:
        """The load of so many connections, from the other core."""
        return await load(self.tools.wrk, target, connections=connections, seconds=seconds, core=self.other_core)

    def proxied(self, path: str) -> Target:
        """A call through the gateway's proxy."""
        return self.gateway.target(f"/proxy/{path}", self.account_id)

    def unified(self, path: str) -> Target:
        """A unified call."""
        return self.gateway.target(path, self.account_id)


async def run(*, rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, float]:
    """The figures; each of `rounds` asks each thing for `seconds`. Below one second, times say little."""
    async with stage() as on:
        await _check(on)
        figures = {"sql_per_warm_call": await _sql_per_warm_call(on)}
        for measured in _all_measured(on):
            await on.load(measured.target, measured.connections, min(seconds, 1.0))
        _tell(f"{rounds} interleaved rounds of {seconds:g} s each")
        measured_rounds = await interleaved(
            _all_measured(on), wrk=on.tools.wrk, rounds=rounds, seconds=seconds, core=on.other_core
        )
        figures |= _figures_of(measured_rounds)
        _tell("latency and rates")
        figures |= await _latency(on, seconds)
        figures["rss_mb"] = on.gateway.process.memory_info().rss / 1e6
        _tell("walks through the sandboxes")
        figures |= await calls_per_thousand(on.gateway, is_warm=seconds >= 1)
    return {name: round(value, 4) for name, value in figures.items()}


@asynccontextmanager
async def stage(serve: Sequence[str] = LEDGERWAY) -> AsyncIterator[Stage]:
    """Starts the upstream, the reverse proxy and the gateway with its account; ends them all."""
    tools = find_tools()
    measured_core, other_core = cores()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ledgerway-bench-")))
        _prepare(folder)
        _tell("starting nginx, nginx and the gateway")
        upstream = await stack.enter_async_context(
            nginx.upstream(tools.nginx, folder / "upstream", folder / "books", other_core)
        )
        proxy = await stack.enter_async_context(
            nginx.reverse_proxy(tools.nginx, folder / "proxy", upstream.port, measured_core)
        )
        gateway = await stack.enter_async_context(running(folder / "var", measured_core, serve))
        context = {"site_url": upstream.url, "api_key": "bench-key", "api_secret": "bench-secret"}
        account_id = await gateway.account("erpnext", context)
        yield Stage(
            tools=tools,
            upstream=upstream,
            proxy=proxy,
            gateway=gateway,
            account_id=account_id,
            other_core=other_core,
        )


def _prepare(folder: Path) -> None:
    write_books(folder / "books")
    # nginx gives up its rights, and must still get at its files.
    folder.chmod(0o755)


def _all_measured(on: Stage) -> list[Measured]:
    def plain(name: str, path: str) -> Measured:
        target = Target(url=f"{on.proxy.url}/{path}")
        return Measured(name=name, target=target, process=on.proxy.worker, has_late_work=False)

    def ours(name: str, target: Target, connections: int = CONNECTIONS) -> Measured:
        process = on.gateway.process
        return Measured(name=name, target=target, process=process, has_late_work=True, connections=connections)

    return [
        plain("nginx_cpu_us_1k", DOCUMENT),
        ours("proxy_cpu_us_1k", on.proxied(DOCUMENT)),
        plain("nginx_cpu_us_66k", LIST),
        ours("proxy_cpu_us_66k", on.proxied(LIST)),
        ours("unified_page_100_cpu_us", on.unified(ITEMS)),
        ours("unified_page_100_invoices_cpu_us", on.unified(INVOICES), INVOICE_PAGES),
    ]


def _figures_of(rounds: Rounds) -> dict[str, float]:
    return {
        **{name: median(values) for name, values in rounds.items()},
        "proxy_1k_x_nginx": ratio(rounds, "proxy_cpu_us_1k", "nginx_cpu_us_1k"),
        "proxy_66k_x_nginx": ratio(rounds, "proxy_cpu_us_66k", "nginx_cpu_us_66k"),
        "unified_page_100_x_nginx": ratio(rounds, "unified_page_100_cpu_us", "nginx_cpu_us_66k"),
    }


async def _check(on: Stage) -> None:
    """Refuse to measure answers that are not what they are meant to be."""
    for resource, children in (("items", ()), ("invoices", ("line_items", "taxes", "payment_terms"))):
        body: Any = await on.gateway.unified(resource, on.account_id, limit=ROWS)
        if body["result_count"] != ROWS or body["warnings"]:
            raise RuntimeError(f"the page of {resource} is not whole: {body['warnings'][:3]}")
        for name in children:
            if not all(record[name] for record in body["result"]):
                raise RuntimeError(f"the page of {resource} lacks its {name}")


async def _sql_per_warm_call(on: Stage) -> float:
    """SQL statements that calls of each kind cause once the account and the token are in memory."""
    await asyncio.sleep(NOTICED_SECONDS)
    http, headers = on.gateway.http, {"X-Integrated-Account-Id": on.account_id}
    paths = (f"/proxy/{DOCUMENT}", f"/proxy/{LIST}", ITEMS, INVOICES)
    for path in paths:
        await http.get(path, headers=headers)
    before = await on.gateway.statements()
    for number in range(WARM_CALLS):
        answer = await http.get(paths[number % len(paths)], headers=headers)
        answer.raise_for_status()
    return (await on.gateway.statements() - before) / WARM_CALLS


async def _latency(on: Stage, seconds: float) -> dict[str, float]:
    direct = await on.load(Target(url=f"{on.upstream.url}/{DOCUMENT}"), 1, seconds)
    alone = await on.load(on.proxied(DOCUMENT), 1, seconds)
    many = await on.load(on.proxied(DOCUMENT), 32, seconds)
    plain = await on.load(Target(url=f"{on.proxy.url}/{DOCUMENT}"), 32, seconds)
    return {
        "proxy_added_p50_ms_c1": alone.percentiles_ms[50] - direct.percentiles_ms[50],
        "proxy_rps_c32": many.per_second,
        "nginx_rps_c32": plain.per_second,
        "proxy_p99_ms_c32": many.percentiles_ms[99],
    }


def _tell(step: str) -> None:
    print(step, file=sys.stderr, flush=True)
