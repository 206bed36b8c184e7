"""A gateway in a process of its own, as its owner would run it, for proofs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from app.settings import Settings
from tests.proofs.ports import free_port
from tests.proofs.store import store_in, variables

START_SECONDS_MAX = 60.0
NOTHING: Mapping[str, str] = {}


@dataclass(slots=True)
class Running:
    """A served gateway: where it is, a client with a token of every scope, its process and what it wrote."""

    base_url: str
    environment_id: str
    token: str
    http: httpx2.AsyncClient
    process: psutil.Process
    settings: Settings
    output: Path

    def resident_bytes(self) -> int:
        """The memory the process holds now."""
        return int(self.process.memory_info().rss)

    async def account(self, integration: str, context: Mapping[str, Any]) -> str:
        """An imported account's id; it is not validated."""
        body = {"tenant_id": "proof", "integration": integration, "context": context, "validate": False}
        answer = await self.http.post("/integrated-account", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["result"]["id"])


async def command(var_dir: Path, *arguments: str, more: Mapping[str, str] = NOTHING) -> Any:
    """What a `ledgerway` command printed, read as JSON."""
    process = await asyncio.create_subprocess_exec(
        *_python(), *arguments, env=_environment(var_dir, more), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, f"ledgerway {' '.join(arguments[:2])} failed"
    return json.loads(printed)


@asynccontextmanager
async def running_gateway(var_dir: Path) -> AsyncIterator[Running]:
    """A gateway with an environment that may reach loopback; ended by its id at the end."""
    async with running_gateways(var_dir, 1) as (only,):
        yield only


@asynccontextmanager
async def running_gateways(
    var_dir: Path, count: int, more: Mapping[str, str] = NOTHING
) -> AsyncIterator[list[Running]]:
    """Several gateways on one store, with one environment; `more` are settings beside those of every proof."""
    async with AsyncExitStack() as stack:
        settings = await stack.enter_async_context(store_in(var_dir))
        more = {**variables(settings), **more}
        first = await stack.enter_async_context(_served(var_dir, 0, more))
        environment = await command(var_dir, "env", "create", "proof", "--allow-private-hosts", more=more)
        made = await command(var_dir, "token", "create", "--environment", environment["id"], more=more)
        # The first has brought the store up to date for the others.
        others = [await stack.enter_async_context(_served(var_dir, n, more)) for n in range(1, count)]
        gateways = []
        for base_url, process, output in (first, *others):
            headers = {"Authorization": f"Bearer {made['token']}"}
            http = httpx2.AsyncClient(
                base_url=base_url, headers=headers, timeout=120.0, limits=httpx2.Limits(max_connections=None)
            )
            await stack.enter_async_context(http)
            watched = psutil.Process(process.pid)
            gateways.append(Running(base_url, environment["id"], made["token"], http, watched, settings, output))
        yield gateways


@asynccontextmanager
async def _served(
    var_dir: Path, number: int, more: Mapping[str, str]
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process, Path]]:
    port = free_port()
    output = var_dir / (f"output-{number}.log" if number else "output.log")
    with output.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *_python(), "serve", "--port", str(port), env=_environment(var_dir, more), stdout=log, stderr=log
        )
    try:
        base_url = f"http://127.0.0.1:{port}"
        await _until_up(base_url, process)
        yield base_url, process, output
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _python() -> tuple[str, ...]:
    return (sys.executable, "-c", "from app.cli import main; main()")


def _environment(var_dir: Path, more: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "LEDGERWAY_VAR_DIR": str(var_dir),
        "LEDGERWAY_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        **more,
    }


async def _until_up(base_url: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS_MAX), httpx2.AsyncClient() as http:
        while True:
            assert process.returncode is None, "the gateway did not start"
            try:
                if (await http.get(f"{base_url}/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
