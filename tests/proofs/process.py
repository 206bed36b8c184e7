"""A gateway in a process of its own, as its owner would run it, for proofs."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

START_SECONDS_MAX = 30.0


@dataclass(slots=True)
class Running:
    """A served gateway: where it is, a client with a token of every scope, its process and what it wrote."""

    base_url: str
    environment_id: str
    token: str
    http: httpx2.AsyncClient
    process: psutil.Process
    var_dir: Path
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


async def command(var_dir: Path, *arguments: str) -> Any:
    """What a `ledgerway` command printed, read as JSON."""
    process = await asyncio.create_subprocess_exec(
        *_python(), *arguments, env=_environment(var_dir), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, f"ledgerway {' '.join(arguments[:2])} failed"
    return json.loads(printed)


@asynccontextmanager
async def running_gateway(var_dir: Path) -> AsyncIterator[Running]:
    """A gateway with an environment that may reach loopback; ended by its id at the end."""
    port = free_port()
    output = var_dir / "output.log"
    with output.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *_python(), "serve", "--port", str(port), env=_environment(var_dir), stdout=log, stderr=log
        )
    try:
        base_url = f"http://127.0.0.1:{port}"
        await _until_up(base_url, process)
        environment = await command(var_dir, "env", "create", "proof", "--allow-private-hosts")
        token = (await command(var_dir, "token", "create", "--environment", environment["id"]))["token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=120.0) as http:
            watched = psutil.Process(process.pid)
            yield Running(base_url, environment["id"], token, http, watched, var_dir, output)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _python() -> tuple[str, ...]:
    return (sys.executable, "-c", "from app.cli import main; main()")


def _environment(var_dir: Path) -> dict[str, str]:
    return {
        **os.environ,
        "LEDGERWAY_VAR_DIR": str(var_dir),
        "LEDGERWAY_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
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
