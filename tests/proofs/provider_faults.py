"""Whatever a provider does wrong, callers are told what the contract says, in time, and little is held."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from providers.erpnext import sandbox
from tests.app.wire import Script, Seen, answer, wired
from tests.proofs.fault_table import CUT, DOWN, ROWS, Row, Told
from tests.proofs.ports import free_port
from tests.proofs.process import Running, running_gateways

DESCRIPTION = "hostile providers: a table of faults by list, get and proxy; each named, in time, within 32 MiB"

DEADLINE_SECONDS = 3.0
SECONDS_MAX = DEADLINE_SECONDS + 1
HELD_BYTES_MAX = 32 * 1024 * 1024
AT_ONCE = 6
LOOK_SECONDS = 0.01
TARGET = b"/api/resource/Item"
CALLS = ("/unified/accounting/items", "/unified/accounting/items/7", "/proxy/api/resource/Item")
SETTINGS = {
    "LEDGERWAY_CALL_DEADLINE_SECONDS": str(DEADLINE_SECONDS),
    # Together, what a streamed answer may take.
    "LEDGERWAY_PROXY_IDLE_SECONDS": "1",
    "LEDGERWAY_PROXY_TOTAL_SECONDS": "2",
}
_MISSING = answer(b'{"exc_type": "DoesNotExistError"}', "404 Not Found")


@dataclass(slots=True)
class Found:
    """What the table showed."""

    calls: int = 0
    slowest_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


async def prove(scale: float) -> dict[str, float | int | str]:
    """Every fault, or a share of them; those that make the gateway hold much come one after the other."""
    step = max(1, round(0.5 / scale))
    rows = ROWS[::step]
    found = Found()
    with tempfile.TemporaryDirectory() as folder:
        async with running_gateways(Path(folder), 1, SETTINGS) as (gateway,):
            for row in ROWS[:2]:
                await _met(gateway, row, Found())  # What is loaded for the first call is no fault's.
            idle_bytes = gateway.resident_bytes()
            async with _highest(gateway) as highest:
                await _all_met(gateway, rows, found)
                await _no_connection(gateway, Path(folder), found)
            held_bytes = highest[0] - idle_bytes
    assert not found.wrong, "; ".join(found.wrong)
    assert found.slowest_seconds <= SECONDS_MAX, f"a call took {found.slowest_seconds:.2f} s"
    assert held_bytes <= HELD_BYTES_MAX, f"{held_bytes / 2**20:.1f} MiB above idle"
    return {
        "faults": len(rows) + len(_UNREACHED),
        "calls": found.calls,
        "slowest_seconds": round(found.slowest_seconds, 2),
        "held_mib": round(held_bytes / 2**20, 1),
    }


async def _all_met(gateway: Running, rows: tuple[Row, ...], found: Found) -> None:
    # First, while nothing else has been kept since: what they hold is to be theirs alone.
    for row in rows:
        if row.is_heavy:
            await _met(gateway, row, found)
    places = asyncio.Semaphore(AT_ONCE)

    async def meet(row: Row) -> None:
        async with places:
            await _met(gateway, row, found)

    async with asyncio.TaskGroup() as group:
        for row in rows:
            if not row.is_heavy:
                group.create_task(meet(row))


async def _met(gateway: Running, row: Row, found: Found) -> None:
    async with wired(_where_the_record_is(row.script)) as wire:
        await _asked(gateway, wire.url, row, found)


def _where_the_record_is(misbehaved: Script) -> Script:
    """Misbehave where the record is, and know nothing of the rest."""

    async def script(seen: Seen) -> None:
        if TARGET not in seen.line:
            await seen.write(_MISSING)
        elif isinstance(misbehaved, bytes):
            await seen.write(misbehaved)
        else:
            await misbehaved(seen)

    return script


async def _asked(gateway: Running, url: str, row: Row, found: Found) -> None:
    """By list, get and proxy, each with an account of its own: one that fails again and again is left alone."""
    for path, told in zip(CALLS, (row.listed, row.got, row.proxied), strict=True):
        account = await gateway.account("erpnext", sandbox.context(url))
        started = time.monotonic()
        heard = await _heard(gateway.http, path, account)
        found.slowest_seconds = max(found.slowest_seconds, time.monotonic() - started)
        found.calls += 1
        if heard != told:
            found.wrong.append(f"{row.name} by {path}: {heard} in place of {told}")


async def _heard(http: httpx2.AsyncClient, path: str, account: str) -> Told:
    async with http.stream("GET", path, headers={"X-Integrated-Account-Id": account}) as got:
        start = b""
        try:
            async for chunk in got.aiter_raw():
                start = start or chunk
        except httpx2.TransportError:
            return got.status_code, CUT
    if got.headers.get("content-type") != "application/problem+json":
        return got.status_code, None
    return got.status_code, httpx2.Response(200, content=start).json()["code"]


async def _refused(folder: Path, ask: Callable[[str], Awaitable[None]]) -> None:
    await ask(f"http://127.0.0.1:{free_port()}")


async def _without_tls(folder: Path, ask: Callable[[str], Awaitable[None]]) -> None:
    async with _listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        await ask(f"https://127.0.0.1:{port}")


async def _self_signed(folder: Path, ask: Callable[[str], Awaitable[None]]) -> None:
    async with _listening(b"", _certificate(folder)) as port:
        await ask(f"https://127.0.0.1:{port}")


async def _closed_on(folder: Path, ask: Callable[[str], Awaitable[None]]) -> None:
    async with _listening(b"") as port:
        await ask(f"http://127.0.0.1:{port}")


@asynccontextmanager
async def _listening(said: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that says this to whatever comes, and hangs up."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if said:
            await reader.read(1)
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


_UNREACHED = {
    "refused": _refused,
    "no TLS": _without_tls,
    "a certificate of its own": _self_signed,
    "closed on connect": _closed_on,
}


async def _no_connection(gateway: Running, folder: Path, found: Found) -> None:
    for name, serve in _UNREACHED.items():
        row = Row(name=name, script=b"", listed=DOWN, got=DOWN, proxied=DOWN)
        await serve(folder, lambda url, row=row: _asked(gateway, url, row, found))  # type: ignore[misc]


def _certificate(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that nobody has signed."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject)
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@asynccontextmanager
async def _highest(gateway: Running) -> AsyncIterator[list[int]]:
    """The most memory that the gateway has held since."""
    highest = [gateway.resident_bytes()]

    async def look() -> None:
        while True:
            highest[0] = max(highest[0], gateway.resident_bytes())
            await asyncio.sleep(LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield highest
    finally:
        looking.cancel()
