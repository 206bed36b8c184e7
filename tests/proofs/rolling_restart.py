"""Two workers on PostgreSQL and Redis, replaced and killed under load; a migration while the old version serves."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import httpx2
import psutil

from app.db import migrating
from app.db.engine import Database
from app.parts import build_parts
from app.settings import Settings
from app.tokens.tokens import SCOPES
from providers.erpnext import sandbox as erpnext
from providers.kit.clock import SystemClock
from tests.proofs.frame import Figures
from tests.proofs.ports import free_port
from tests.proofs.postgres import has_postgres
from tests.proofs.process import _environment, _python, _until_up
from tests.proofs.redis import has_redis
from tests.proofs.rolling_load import FRESH, KEPT, RollingLoad
from tests.proofs.store import FLEET, servers, store_in, variables
from tests.world import new_environment, served

DESCRIPTION = "two workers of one socket replaced and killed under load, a migration while the old version serves"

REPLACEMENTS = 6
CALLS_BETWEEN = 2_000
WAIT_SECONDS_MAX = 120.0
WORKERS = 2

_MIGRATION = '''
"""What a later version might add."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    for table in ("integrated_account", "call_log", "api_token"):
        op.add_column(table, sa.Column("of_tomorrow", sa.Integer, nullable=False, server_default="0"))
        op.create_index(f"tomorrow_of_{{table}}", table, ["of_tomorrow"])
'''


@dataclass(frozen=True, slots=True)
class _Fleet:
    """The supervisor of the workers, and what they have written."""

    url: str
    process: psutil.Process
    output: Path

    def workers(self) -> list[psutil.Process]:
        return self.process.children()

    async def until_told(self, event: str, times: int) -> None:
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            while self.output.read_text(encoding="utf-8").count(event) < times:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def prove(scale: float) -> Figures:
    """Whatever the scale, each step once at least."""
    if not (has_postgres() and has_redis()):
        return {"postgres_and_redis": "not here"}
    async with servers(FLEET):
        with tempfile.TemporaryDirectory() as folder:
            async with store_in(Path(folder)) as settings:
                return await _on(settings, scale)


async def _on(settings: Settings, scale: float) -> Figures:
    calls = max(round(CALLS_BETWEEN * scale), 50)
    async with served(erpnext.create_sandbox().app) as site, _fleet(settings) as fleet:
        load = await _load(settings, fleet.url, site)
        async with load.going_on():
            await load.some_more(calls)
            replaced = await _replace(fleet, load, max(round(REPLACEMENTS * scale), 1), calls)
            while_replaced = load.answered
            _assert_none_failed(load, "while workers were replaced")
            migration_seconds = await _migrate(settings)
            await load.some_more(calls)
            _assert_none_failed(load, "while the database was migrated")
            killed_at = await _kill(fleet)
            await load.some_more(calls)
    in_hand = len(load.failed)
    late = [failed for failed in load.failed if failed.began > killed_at]
    assert not late, f"calls failed that the killed worker never had: {late[:3]}"
    assert in_hand <= KEPT + FRESH, f"{in_hand} calls failed with one worker"
    return {
        "workers_replaced": replaced,
        "calls": load.answered,
        "calls_while_replaced": while_replaced,
        "failed_by_replacing": 0,
        "failed_by_migrating": 0,
        "migration_seconds": round(migration_seconds, 2),
        "in_hand_of_a_killed_worker": in_hand,
    }


def _assert_none_failed(load: RollingLoad, when: str) -> None:
    assert not load.failed, f"{len(load.failed)} calls failed {when}: {load.failed[:3]}"


async def _replace(fleet: _Fleet, load: RollingLoad, times: int, calls: int) -> int:
    """Replace all workers so many times; how many processes that were."""
    seen = {worker.pid for worker in fleet.workers()}
    for turn in range(times):
        fleet.process.send_signal(signal.SIGHUP)
        await fleet.until_told("the workers were replaced", turn + 1)
        await load.some_more(calls)
        now = {worker.pid for worker in fleet.workers()}
        assert len(now - seen) == WORKERS, "a worker was not replaced"
        seen |= now
    return len(seen) - WORKERS


async def _migrate(settings: Settings) -> float:
    """Bring the database to a version that the workers do not know; how long it took."""
    newest = max(path.name for path in (migrating.MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]
    with tempfile.TemporaryDirectory() as folder:
        later = Path(folder) / "migrations"
        shutil.copytree(migrating.MIGRATIONS, later)
        (later / "versions" / "9999_later.py").write_text(_MIGRATION.format(newest=newest), encoding="utf-8")
        database = Database(settings.database)
        began = time.monotonic()
        with patch.object(migrating, "MIGRATIONS", later):
            await database.migrate()
        await database.close()
    return time.monotonic() - began


async def _kill(fleet: _Fleet) -> float:
    """Kill one of the workers; when it was gone."""
    worker = fleet.workers()[0]
    worker.kill()
    await fleet.until_told("a worker has died", 1)
    killed_at = time.monotonic()
    await fleet.until_told("a worker was started again", 1)
    return killed_at


async def _load(settings: Settings, url: str, site: str) -> RollingLoad:
    parts = await build_parts(settings, SystemClock())
    try:
        environment_id = await new_environment(parts)
        _, token = await parts.tokens.create(environment_id, SCOPES, "proof")
    finally:
        await parts.close()
    headers = {"Authorization": f"Bearer {token}"}
    body = {"tenant_id": "proof", "integration": "erpnext", "context": erpnext.context(site), "validate": False}
    async with httpx2.AsyncClient(headers=headers, timeout=60.0) as http:
        made = await http.post(f"{url}/integrated-account", json=body)
    assert made.status_code == 201, made.text
    return RollingLoad(url, headers, made.json()["result"]["id"])


@asynccontextmanager
async def _fleet(settings: Settings) -> AsyncIterator[_Fleet]:
    port = free_port()
    output = settings.var_dir / "output.log"
    more = {**variables(settings), "LEDGERWAY_LOG_LEVEL": "INFO"}
    with output.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(*_python(), "serve", "--port", str(port), "--workers", str(WORKERS)),
            env=_environment(settings.var_dir, more),
            stdout=log,
            stderr=log,
        )
    try:
        await _until_up(f"http://127.0.0.1:{port}", process)
        fleet = _Fleet(f"http://127.0.0.1:{port}", psutil.Process(process.pid), output)
        await fleet.until_told("all workers serve", 1)
        yield fleet
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
