"""An hour of mixed calls at half of what a gateway can do, while its providers fail and its callers leave."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx2
from starlette.types import Receive, Scope, Send

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from tests.proofs.grants import Grants
from tests.proofs.ports import free_port
from tests.proofs.process import Running, running_gateway
from tests.proofs.soak_load import Counted, Kind, Load
from tests.proofs.soak_watch import Memory, at_rest, quiet
from tests.world import served

DESCRIPTION = "an hour at half capacity with faults: memory, sockets and tasks stay, the log tells of every call"

HOUR_SECONDS = 3600.0
LEAST_SECONDS = 4.0
LONG_SECONDS = 120.0
SLOPE_MB_PER_HOUR_MAX = 1.0
# A shorter run sees caches fill that are full after a while.
GROWTH_MB_MAX = 12.0
IDLE_SECONDS = 60.0
TROUBLES = ("slow", "torn", "error_500", "error_503", "html", "wrong_json", "reset", "throttled")
STREAM_SIZE, STREAM_PIECES = 32 * 1024, 24

Figures = dict[str, float | int | str]


async def prove(scale: float) -> Figures:
    """An hour at full scale, and less by the cube of it: half the scale is an eighth of the time."""
    seconds = max(HOUR_SECONDS * min(scale, 1.0) ** 3, LEAST_SECONDS)
    async with _house() as (gateway, sites, kinds):
        load = Load(gateway.base_url, gateway.token, kinds)
        is_long = seconds >= LONG_SECONDS
        resting = await at_rest(gateway)
        capacity = await load.run(max(seconds / 60, 1.0), None)
        if is_long:
            # What is opened once and kept, as the store's files, was opened by now.
            await quiet(gateway, resting, IDLE_SECONDS, is_patient=True)
            resting = await at_rest(gateway)
        memory = Memory(gateway)
        around = [
            asyncio.create_task(memory.watch(min(5.0, seconds / 60))),
            asyncio.create_task(_trouble(sites, max(seconds / 600, 0.25))),
        ]
        rate = await load.run(seconds, capacity / 2)
        for task in around:
            task.cancel()
        await asyncio.gather(*around, return_exceptions=True)
        held, waited = await quiet(gateway, resting, IDLE_SECONDS if is_long else 5.0, is_patient=is_long)
        assert held.is_within(resting, is_patient=is_long), f"it held {resting}, and now {held}"
        told, missing = await _told(gateway, load.counted.answered)
    assert not missing, f"the log does not tell of {len(missing)} calls that were answered, as {missing.pop()}"
    _assert_told(load.counted, told)
    return {
        "lasted_seconds": round(seconds),
        "calls": load.counted.kinds.total(),
        "capacity_per_second": round(capacity),
        "calls_per_second": round(rate),
        **_memory_figures(memory, seconds),
        "idle_after_seconds": round(waited, 1),
        **{f"idle_{name}": count for name, count in asdict(held).items()},
        "logged": told.total(),
        "left": told[499],
        "failed_by_provider": sum(count for status, count in told.items() if status >= 500),
    }


@asynccontextmanager
async def _house() -> AsyncIterator[tuple[Running, list[str], list[Kind]]]:
    """A gateway, sandboxes in processes of their own, a site that renews and one that streams."""
    grants = Grants()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        gateway = await stack.enter_async_context(running_gateway(folder))
        ports = [free_port(), free_port()]
        for slug, port in zip(("erpnext", "brightpearl"), ports, strict=True):
            await stack.enter_async_context(_sandbox(slug, port))
        sites = [f"http://127.0.0.1:{port}" for port in ports]
        renewing = await stack.enter_async_context(served(grants))
        streaming = await stack.enter_async_context(served(_stream))
        await asyncio.gather(*map(_until_up, sites))
        accounts = [
            await gateway.account("erpnext", erpnext.context(sites[0])),
            await gateway.account("brightpearl", brightpearl.context(sites[1])),
            await gateway.account("erpnext", grants.context(renewing, "user")),
            await gateway.account("erpnext", erpnext.context(streaming)),
        ]
        yield gateway, sites, _kinds(*accounts)
        assert (grants.renewals > 0, grants.refused) == (True, 0)


@asynccontextmanager
async def _sandbox(slug: str, port: int) -> AsyncIterator[None]:
    serve = "from app.cli import main; main()"
    arguments = ("sandbox", slug, "--port", str(port), "--size", "small")
    # Its server complains of answers that are torn on purpose.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", serve, *arguments, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def _until_up(site: str) -> None:
    async with asyncio.timeout(60), httpx2.AsyncClient() as http:
        while True:
            try:
                await http.post(f"{site}/__sandbox/reset")
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def _stream(scope: Scope, receive: Receive, send: Send) -> None:
    """A site that streams its answers; below `/late` they begin after a while."""
    if scope["type"] != "http":
        return
    if scope["path"].startswith("/late"):
        await asyncio.sleep(0.2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    for _ in range(STREAM_PIECES):
        await send({"type": "http.response.body", "body": b"x" * STREAM_SIZE, "more_body": True})
        await asyncio.sleep(0)  # Lets the server see that nobody is there any more.
    await send({"type": "http.response.body", "body": b""})


def _kinds(books: str, limited: str, renewing: str, streaming: str) -> list[Kind]:
    def named(path: str, account_id: str) -> str:
        return f"{path}{'&' if '?' in path else '?'}integrated_account_id={account_id}"

    def unified(path: str, weight: float, account_id: str = books) -> Kind:
        return Kind(name=f"unified {path}", weight=weight, path=named(f"/unified/accounting/{path}", account_id))

    body = b'{"x": 1}'
    return [
        Kind(name="small", weight=34, path=named("/proxy/api/resource/Item?limit_page_length=2", books)),
        Kind(name="renewing", weight=12, path=named("/proxy/api/resource/Item", renewing)),
        Kind(name="stream", weight=2, path=named("/proxy/books", streaming)),
        Kind(name="write", weight=4, path=named("/proxy/books", streaming), method="POST", body=body),
        Kind(name="left", weight=2, path=named("/proxy/books", streaming), leaves="in the middle"),
        Kind(name="left early", weight=2, path=named("/proxy/late", streaming), leaves="early"),
        Kind(name="left a page", weight=1, path=named("/unified/accounting/items?limit=20", books), leaves="early"),
        unified("items?limit=20", 8),
        unified("invoices?limit=5", 5),
        unified("contacts?limit=10", 5),
        unified("journal_entries?limit=5", 3),
        unified("purchase_orders?limit=5", 3),
        unified("accounts/no-such-account", 3),
        unified("no_such_resource", 2),
        unified("accounts?limit=10", 1, limited),
        Kind(name="accounts", weight=5, path=f"/integrated-account/{books}", is_logged=False),
        Kind(name="integrations", weight=3, path="/integration", is_logged=False),
        Kind(name="log", weight=3, path="/log?limit=20", is_logged=False),
        Kind(
            name="links", weight=1, path="/link-token", method="POST", body=b'{"tenant_id": "t"}', is_logged=False
        ),
    ]


async def _trouble(sites: Sequence[str], every_seconds: float) -> None:
    """Let the sandboxes fail in turn, in every way; and forget what they were asked, or they would grow."""
    draw = random.Random(7)  # noqa: S311 - repeatable
    async with httpx2.AsyncClient() as http:
        for turn in range(10**9):
            site = sites[turn % len(sites)]
            if turn % 20 < len(sites):
                await http.post(f"{site}/__sandbox/reset")
            trouble = {"kind": draw.choice(TROUBLES), "times": draw.randint(1, 3), "seconds": 0.5}
            await http.post(f"{site}/__sandbox/hardship", json=trouble)
            await asyncio.sleep(every_seconds)


async def _told(gateway: Running, answered: set[str]) -> tuple[Counter[int], set[str]]:
    """How many calls of each status the log tells of, once it has told of all; and the answered it leaves out."""
    # An entry is a second late at most.
    await asyncio.sleep(1.2)
    found: Counter[int] = Counter()
    missing = set(answered)
    after = 0
    while True:
        answer = await gateway.http.get("/log", params={"after": after, "limit": 500})
        entries: list[dict[str, Any]] = answer.json()["result"]
        if not entries:
            return found, missing
        missing.difference_update(entry["request_id"] for entry in entries)
        found.update(entry["status"] for entry in entries)
        after = int(entries[-1]["id"])


def _assert_told(counted: Counted, told: Counter[int]) -> None:
    """Every call is in the log once, under the status that its caller saw; of the others the gateway knows more."""
    assert told.total() == counted.sent, (
        f"{counted.sent} calls were sent, and the log tells of {told.total()}: {told}"
    )
    assert told[499] <= counted.unknown, f"{told[499]} callers are said to have left, and {counted.unknown} did"
    for status, count in counted.statuses.items():
        assert count <= told[status] <= count + counted.unknown, f"{status}: {count} seen, {told[status]} told"


def _memory_figures(memory: Memory, seconds: float) -> Figures:
    slope, hours = memory.slope(0.25)
    sizes = [size for _, size in memory.samples]
    figures: Figures = {
        "memory_mb_per_hour": round(slope, 2),
        "memory_mb_at_start": round(sizes[0], 1),
        "memory_mb_at_end": round(sizes[-1], 1),
        "memory_mb_max": round(max(sizes), 1),
    }
    if seconds >= HOUR_SECONDS:
        assert slope <= SLOPE_MB_PER_HOUR_MAX, figures
    assert slope * hours <= GROWTH_MB_MAX, figures
    return figures
