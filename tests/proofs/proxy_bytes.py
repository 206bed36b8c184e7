"""The proxy passes bytes as they are, both ways, in little memory, and stops when the caller leaves."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2

from tests.proofs.process import Running, running_gateway

DESCRIPTION = "200 MB each way in < 30 MB, hostile paths byte for byte, a caller that leaves, a 401 with the token"

MEGABYTE = 1_000_000
PIECE = bytes(range(256)) * 256
PATHS = (
    "a%2Fb/c%20d+e;f='g'",
    "%E6%9D%B1%E4%BA%AC/%F0%9F%9A%80?x=1&x=2&x=&y%5B%5D=%2B+%20&z=a%26b;c'd\"e",
    "api/resource/Sales%20Invoice/ACC%2F1?filters=%5B%5B%22a%22%2C%22%3D%22%2C%22%25%22%5D%5D",
    "x//y/?a",
    "~tilde/%7Etilde/:colon/@at?a=b=c&&d",
)
SECRET = "proof-secret-4f9a"


class Provider:
    """A provider that speaks raw HTTP: keeps request lines, counts bytes, streams as asked."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.received = hashlib.sha256()
        self.sent_bytes = 0
        self.stopped = asyncio.Event()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.stopped.set()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _, rest = head.partition(b"\r\n")
        self.lines.append(line)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (each.partition(b":") for each in rest.split(b"\r\n"))
        }
        left = int(headers.get(b"content-length", b"0"))
        while left:
            piece = await reader.read(min(left, 65_536))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            self.received.update(piece)
            left -= len(piece)
        if b"/stream/" in line:
            await self._stream(int(line.split(b"/stream/")[1].split()[0]), writer)
        elif b"/refuse" in line or b"get_logged_user" in line:
            body = b'{"response":"Invalid instance token: ' + SECRET.encode() + b'"}'
            writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()

    async def _stream(self, size: int, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while self.sent_bytes < size:
            piece = PIECE[: size - self.sent_bytes]
            writer.write(piece)
            await writer.drain()
            self.sent_bytes += len(piece)


async def prove(scale: float) -> dict[str, float | int | str]:
    """At scale 1, 200 MB each way."""
    provider = Provider()
    server = await asyncio.start_server(provider.handle, "127.0.0.1", 0, limit=65_536)
    site = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    size = max(int(200 * MEGABYTE * scale), 10 * MEGABYTE)
    with tempfile.TemporaryDirectory() as folder:
        async with running_gateway(Path(folder)) as gateway:
            context = {"site_url": site, "api_key": "key", "api_secret": SECRET}
            account_id = await gateway.account("erpnext", context)
            gateway.http.headers["X-Integrated-Account-Id"] = account_id
            await _paths(gateway, provider)
            down = await _download(gateway, provider, size)
            up = await _upload(gateway, provider, size)
            left = await _leaving(gateway, provider)
            await _refused(gateway)
    server.close()
    return {
        "megabytes_each_way": size // MEGABYTE,
        "extra_mb_down": down,
        "extra_mb_up": up,
        "mb_after_caller_left": left,
        "paths": len(PATHS),
    }


async def _paths(gateway: Running, provider: Provider) -> None:
    """Request lines as the provider sees them; sent raw, since clients rewrite paths."""
    host, port = gateway.base_url.removeprefix("http://").split(":")
    for path in PATHS:
        reader, writer = await asyncio.open_connection(host, int(port))
        account_id = gateway.http.headers["X-Integrated-Account-Id"]
        writer.write(
            f"GET /proxy/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.token}\r\n"
            f"X-Integrated-Account-Id: {account_id}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        assert provider.lines[-1] == f"GET /{path} HTTP/1.1".encode(), (path, provider.lines[-1])


async def _watched(gateway: Running, work: Any) -> float:
    """How many megabytes above the start the process grew while the work ran."""
    before = peak = gateway.resident_bytes()
    task = asyncio.ensure_future(work)
    while not task.done():
        peak = max(peak, gateway.resident_bytes())
        await asyncio.wait([task], timeout=0.05)
    await task
    return round((peak - before) / MEGABYTE, 1)


async def _download(gateway: Running, provider: Provider, size: int) -> float:
    provider.sent_bytes = 0
    digest, got = hashlib.sha256(), 0

    async def read() -> None:
        nonlocal got
        async with gateway.http.stream("GET", f"/proxy/stream/{size}") as answer:
            assert answer.status_code == 200
            async for piece in answer.aiter_raw():
                digest.update(piece)
                got += len(piece)

    extra = await _watched(gateway, read())
    whole = hashlib.sha256((PIECE * (size // len(PIECE) + 1))[:size])
    assert got == size
    assert digest.hexdigest() == whole.hexdigest(), "the bytes changed on their way"
    assert extra < 30, f"{extra} MB more while passing {size} bytes down"
    return extra


async def _upload(gateway: Running, provider: Provider, size: int) -> float:
    provider.received = hashlib.sha256()
    sent = hashlib.sha256()

    async def pieces() -> AsyncIterator[bytes]:
        left = size
        while left:
            piece = PIECE[:left]
            sent.update(piece)
            left -= len(piece)
            yield piece

    async def write() -> None:
        answer = await gateway.http.put("/proxy/keep", content=pieces(), headers={"Content-Length": str(size)})
        assert answer.status_code == 200, answer.text[:200]

    extra = await _watched(gateway, write())
    assert provider.received.hexdigest() == sent.hexdigest(), "the bytes changed on their way"
    assert extra < 30, f"{extra} MB more while passing {size} bytes up"
    return extra


async def _leaving(gateway: Running, provider: Provider) -> float:
    """A caller that reads a little of 100 MB and hangs up."""
    provider.sent_bytes, provider.stopped = 0, asyncio.Event()
    headers = dict(gateway.http.headers)
    async with (
        httpx2.AsyncClient(base_url=gateway.base_url, headers=headers) as http,
        http.stream("GET", f"/proxy/stream/{100 * MEGABYTE}") as answer,
    ):
        got = 0
        async for piece in answer.aiter_raw():
            got += len(piece)
            if got > 500_000:
                break
        # What is on its way by now, the sockets between the three of us hold.
        at_leaving = provider.sent_bytes
    async with asyncio.timeout(20):
        await provider.stopped.wait()
    passed = (provider.sent_bytes - at_leaving) / MEGABYTE
    assert passed <= 4, f"the provider sent {passed} MB more after the caller had left"
    return round(passed, 1)


async def _refused(gateway: Running) -> None:
    answer = await gateway.http.get("/proxy/refuse")
    assert answer.status_code == 409, answer.text
    assert answer.json()["code"] == "needs_reauth"
    assert SECRET not in answer.text
