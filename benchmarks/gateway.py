"""The gateway in a process of its own, as its owner runs it, and what is asked of it while it is measured."""

from __future__ import annotations

import asyncio
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

from app.environments.service import environment_named
from app.parts import build_parts
from app.settings import Settings
from app.tokens.tokens import SCOPES
from benchmarks.cores import pinned
from benchmarks.load import Target
from benchmarks.nginx import free_port, stop
from providers.kit.clock import SystemClock

START_SECONDS_MAX = 30.0
ALL_SERVE = b"all workers serve"
NOTHING: Mapping[str, str] = {}
LEDGERWAY: Sequence[str] = (sys.executable, "-c", "from app.cli import main; main()")
_STATEMENTS = re.compile(r'^ledgerway_sql_statements_total\{origin="call"\} ([\d.e+]+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A running gateway, a client with a token, and the processes that answer: one, or its workers."""

    base_url: str
    settings: Settings
    environment_id: str
    token: str
    http: httpx2.AsyncClient
    serving: Sequence[psutil.Process]

    @property
    def process(self) -> psutil.Process:
        """The process, where there is only one."""
        (only,) = self.serving
        return only

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
async def running(
    folder: Path,
    core: int | None,
    serve: Sequence[str] = LEDGERWAY,
    *,
    workers: int = 1,
    settings: Mapping[str, str] = NOTHING,
) -> AsyncIterator[Gateway]:
    """A gateway on a free port, with an environment that may reach loopback; `settings` beside what all have."""
    given = {"var_dir": str(folder), "allow_private_hosts": "127.0.0.1", **settings}
    # Nothing of the caller's own gateway may be touched: only what is given counts.
    known = Settings(**{"_env_prefix": "LEDGERWAY_BENCH_", **given})  # type: ignore[arg-type]  # read from texts
    environment_id, token = await _environment(known)
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    more = () if workers == 1 else ("--workers", str(workers))
    # Each call is a line, as it is for the gateway's owner; nobody wants to read them beside the figures.
    with (folder / "output.log").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *pinned(core), *serve, "serve", "--port", str(port), *more, env=_variables(given), stdout=output
        )
    try:
        async with httpx2.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=120.0
        ) as http:
            await _until_up(http, process)
            serving = await _serving(psutil.Process(process.pid), workers, folder / "output.log")
            yield Gateway(
                base_url=base_url,
                settings=known,
                environment_id=environment_id,
                token=token,
                http=http,
                serving=serving,
            )
    finally:
        await stop(process)


async def _environment(settings: Settings) -> tuple[str, str]:
    """An environment's id and a token of every scope; brings the store up to date before the gateway starts."""
    clock = SystemClock()
    parts = await build_parts(settings, clock)
    try:
        found = await environment_named(parts.environments, clock, "bench", allow_private_hosts=True)
        _, token = await parts.tokens.create(found, SCOPES, "bench")
        return found, token
    finally:
        await parts.close()


def _variables(settings: Mapping[str, str]) -> dict[str, str]:

    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGERWAY_")}
    return kept | {f"LEDGERWAY_{name.upper()}": value for name, value in settings.items()}


async def _serving(process: psutil.Process, workers: int, output: Path) -> Sequence[psutil.Process]:
    if workers == 1:
        return [process]
    async with asyncio.timeout(START_SECONDS_MAX):
        # Nobody tells of a line in another's output.
        while not _do_all_serve(output):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return process.children()


def _do_all_serve(output: Path) -> bool:
    return ALL_SERVE in output.read_bytes()


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
