"""The gateway in a process of its own, as its owner runs it, and what is asked of it while it is measured."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from benchmarks.cores import pinned
from benchmarks.load import Target
from benchmarks.nginx import free_port, stop

START_SECONDS_MAX = 30.0
LEDGERWAY: Sequence[str] = (sys.executable, "-c", "from app.cli import main; main()")
_STATEMENTS = re.compile(r'^ledgerway_sql_statements_total\{origin="call"\} ([\d.e+]+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, a client with a token, and its process."""

    base_url: str
    token: str
    http: httpx2.AsyncClient
    process: psutil.Process

    def target(self, path: str, account_id: str) -> Target:
        """A call of the account, for the load."""
        headers = {"Authorization": f"Bearer {self.token}", "X-Integrated-Account-Id": account_id}
        return Target(url=f"{self.base_url}{path}", headers=headers)

    async def account(self, integration: str, context: Mapping[str, Any]) -> str:
        """An imported account's id; it is not validated."""
        body = {"tenant_id": "bench", "integration": integration, "context": context, "validate": False}
        answer = await self.http.post("/integrated-account", json=body)
        return str(_good(answer).json()["result"]["id"])

    async def unified(self, resource: str, account_id: str, **params: Any) -> Any:
        """The body of a unified call."""
        given = {"integrated_account_id": account_id, **params}
        return _good(await self.http.get(f"/unified/accounting/{resource}", params=given)).json()

    async def statements(self) -> float:
        """How many SQL statements callers have caused so far."""
        found = _STATEMENTS.search(_good(await self.http.get("/metrics")).text)
        if found is None:
            raise RuntimeError("the gateway does not count its SQL statements")
        return float(found.group(1))


@asynccontextmanager
async def running(folder: Path, core: int | None, serve: Sequence[str] = LEDGERWAY) -> AsyncIterator[Gateway]:
    """A gateway on a free port, with an environment that may reach loopback."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = await _command(folder, "env", "create", "bench", "--allow-private-hosts")
    process = await asyncio.create_subprocess_exec(
        *pinned(core), *serve, "serve", "--port", str(port), env=_environment(folder), stdout=sys.stderr
    )
    try:
        token = (await _command(folder, "token", "create", "--environment", environment["id"]))["token"]
        async with httpx2.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=120.0
        ) as http:
            await _until_up(http, process)
            yield Gateway(base_url, token, http, psutil.Process(process.pid))
    finally:
        await stop(process)


async def _command(folder: Path, *arguments: str) -> Any:
    process = await asyncio.create_subprocess_exec(
        *LEDGERWAY, *arguments, env=_environment(folder), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"ledgerway {' '.join(arguments[:2])} failed")
    return json.loads(printed)


def _environment(folder: Path) -> dict[str, str]:
    # Nothing of the caller's own gateway may be touched.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGERWAY_")}
    return {**kept, "LEDGERWAY_VAR_DIR": str(folder), "LEDGERWAY_ALLOW_PRIVATE_HOSTS": "127.0.0.1"}


async def _until_up(http: httpx2.AsyncClient, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS_MAX):
        while True:
            if process.returncode is not None:
                raise RuntimeError("the gateway did not start")
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.05)


def _good(answer: httpx2.Response) -> httpx2.Response:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.url.path} answered {answer.status_code}: {answer.text[:300]}")
    return answer
