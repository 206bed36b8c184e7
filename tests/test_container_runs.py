"""The container files' contents at work: what is copied serves, and nginx passes calls as the entrance has it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tests.proofs.ports import free_port
from tests.test_container_files import COMPOSE, ROOT, copied
from tests.world import served

START_SECONDS_MAX = 30.0


@asynccontextmanager
async def _running(*command: str, asked: str, **more: str) -> AsyncIterator[None]:
    """The command, once that address answers; ended by its id."""
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **more}, cwd="/")
    try:
        async with asyncio.timeout(START_SECONDS_MAX), httpx2.AsyncClient() as http:
            while True:
                assert process.returncode is None, "it did not start"
                try:
                    if (await http.get(asked)).status_code == 200:
                        break
                except httpx2.TransportError:
                    await asyncio.sleep(0.05)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def test_the_gateway_serves_from_nothing_but_what_is_copied(tmp_path: Path) -> None:
    image = tmp_path / "image"
    for source in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, image / source, ignore=shutil.ignore_patterns("__pycache__"))
    port = free_port()
    serve = (sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port))
    settings = {"PYTHONPATH": str(image), "LEDGERWAY_VAR_DIR": str(tmp_path), "PYTHONSAFEPATH": "1"}

    async with _running(*serve, asked=f"http://127.0.0.1:{port}/readyz", **settings), httpx2.AsyncClient() as http:
        page = await http.get(f"http://127.0.0.1:{port}/link-page.css")
        script = await http.get(f"http://127.0.0.1:{port}/link-sdk.js")

    assert (page.status_code, script.status_code) == (200, 200)


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the path as it came, and how long the body was."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    host = dict(scope["headers"])[b"host"]
    told = b"%s %s?%s %d %s" % (scope["method"].encode(), scope["raw_path"], scope["query_string"], size, host)
    await PlainTextResponse(told)(scope, receive, send)


@asynccontextmanager
async def _entrance(folder: Path, *gateways: int) -> AsyncIterator[int]:
    """The entrance's nginx before gateways on loopback; only where things are is changed."""
    port = free_port()
    written = COMPOSE["configs"]["entrance"]["content"].replace("$$", "$").replace("/tmp/", f"{folder}/")  # noqa: S108
    written = written.replace("listen 8080", f"listen 127.0.0.1:{port}")
    for number, gateway in enumerate(gateways, 1):
        # Names are asked for again and again by an nginx as new as the entrance's only.
        written = written.replace(f"gateway-{number}:8000 resolve", f"127.0.0.1:{gateway}")
    (folder / "nginx.conf").write_text(written)
    nginx = ("nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;")
    async with _running(*nginx, asked=f"http://127.0.0.1:{port}/readyz"):
        yield port


@pytest.fixture
async def entrance(tmp_path: Path) -> AsyncIterator[int]:
    """An entrance whose first gateway is away."""
    if shutil.which("nginx") is None:
        pytest.skip("there is no nginx here")
    async with served(_echo) as url, _entrance(tmp_path, free_port(), int(url.rpartition(":")[2])) as port:
        yield port


@pytest.mark.parametrize(
    "target", ["/proxy/a%2Fb//c/%7E?x=%20&y=%5B1%5D", "/proxy/%2e%2e/x", "/unified/accounting/items?limit=1;a"]
)
async def test_the_entrance_passes_paths_byte_for_byte_round_a_gateway_that_is_away(
    entrance: int, target: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", entrance)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: books.example.com\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()

    asked = target if "?" in target else f"{target}?"
    assert answer.endswith(f"\r\n\r\nGET {asked} 0 books.example.com".encode())


async def test_the_entrance_passes_writes_of_any_size_and_keeps_the_numbers_inside(entrance: int) -> None:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{entrance}") as http:
        written = [await http.post("/proxy/x", content=b"x" * size) for size in (1, 3 * 1024 * 1024)]
        numbers = await http.get("/metrics")

    assert [each.text.split()[2] for each in written] == ["1", "3145728"]
    assert numbers.status_code == 404
