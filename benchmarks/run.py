"""One run of the benchmark: starts all it needs, measures, and gives the figures."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import Any

from benchmarks.accounts import ACCOUNTS, many_accounts
from benchmarks.books import ROWS
from benchmarks.cpu import CONNECTIONS, Measured, Rounds, interleaved, ratio
from benchmarks.fleet import scaled_out, workers
from benchmarks.latency import latency
from benchmarks.load import Target
from benchmarks.million import RECORDS, walk
from benchmarks.stage import DOCUMENT, INVOICE_PAGES, INVOICES, ITEMS, LIST, Stage, stage, tell
from benchmarks.walks import calls_per_thousand

ROUNDS = 5
SECONDS = 2.0
WAITS_MEASURED = 5
WARM_CALLS = 200
GLANCE_ACCOUNTS = 100
GLANCE_RECORDS = 5_000
# What was changed by making the account is noticed once a second, and makes the gateway read it again.
NOTICED_SECONDS = 1.5


async def run(*, rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, float]:
    """The figures; each of `rounds` asks each thing for `seconds`.

    Below one second it is a glance: times say little, few accounts and records are enough, and no fleet is started.
    """
    is_glance = seconds < 1
    async with stage() as on:
        await _check(on)
        figures = {"sql_per_warm_call": await _sql_per_warm_call(on)}
        for measured in _all_measured(on):
            await on.load(measured.target, measured.connections, min(seconds, 1.0))
        tell(f"{rounds} interleaved rounds of {seconds:g} s each")
        measured_rounds = await interleaved(
            _all_measured(on), wrk=on.tools.wrk, rounds=rounds, seconds=seconds, core=on.other_core
        )
        figures |= _figures_of(measured_rounds)
        tell("latency and rates")
        figures |= await latency(on, rounds=rounds, seconds=seconds)
        figures["rss_mb"] = on.gateway.process.memory_info().rss / 1e6
        tell("walks through the sandboxes")
        figures |= await calls_per_thousand(on.gateway, is_warm=not is_glance)
        tell("many accounts")
        figures |= await many_accounts(on, GLANCE_ACCOUNTS if is_glance else ACCOUNTS)
        tell("a long walk")
        figures |= await walk(on, GLANCE_RECORDS if is_glance else RECORDS)
        if not is_glance:
            tell("two workers")
            figures |= await workers(on, rounds=rounds, seconds=seconds)
            tell("PostgreSQL and Redis")
            figures |= await scaled_out(on, rounds=rounds, seconds=seconds)
    return {name: round(value, 4) for name, value in figures.items()}


async def worst_waits(*, rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, float]:
    """How long callers wait, the worst of several measurements: one alone may be half of the next."""
    async with stage() as on:
        await _check(on)
        await on.load(on.proxied(DOCUMENT), CONNECTIONS, min(seconds, 1.0))
        found = []
        for number in range(WAITS_MEASURED):
            tell(f"waits, {number + 1} of {WAITS_MEASURED}")
            found.append(await latency(on, rounds=rounds, seconds=seconds))
    return {name: round(max(figures[name] for figures in found), 2) for name in found[0]}


def _all_measured(on: Stage) -> list[Measured]:
    def plain(name: str, path: str) -> Measured:
        target = Target(url=f"{on.proxy.url}/{path}")
        return Measured(name=name, target=target, serving=(on.proxy.worker,), has_late_work=False)

    def ours(name: str, target: Target, connections: int = CONNECTIONS) -> Measured:
        serving = on.gateway.serving
        return Measured(name=name, target=target, serving=serving, has_late_work=True, connections=connections)

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
