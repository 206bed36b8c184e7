"""An empty PostgreSQL database for proofs: on the server that the tests were given, else on a private one."""

from __future__ import annotations

import asyncio
import os
import pwd
import secrets
import shutil
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psutil

from tests.proofs.ports import free_port

GIVEN = "LEDGERWAY_TEST_DATABASE_URL"
STOP_SECONDS_MAX = 10.0
# A proof's database need not survive a power cut.
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")


def has_postgres() -> bool:
    """Whether there is a server, or what it takes to start one."""
    return GIVEN in os.environ or _binaries() is not None


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """A server's address, as of its database `postgres`; a private server ends with the block."""
    given = os.environ.get(GIVEN)
    if given is not None:
        yield given
        return
    binaries = _binaries()
    assert binaries is not None, "there is no PostgreSQL here: sudo apt-get install -y postgresql"
    home = Path(tempfile.mkdtemp(prefix="ledgerway-postgres."))
    try:
        url = await _start(binaries, home)
        try:
            yield url
        finally:
            await _stop(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def empty_database(server: str, template: str = "template1") -> AsyncIterator[str]:
    """A database of its own on the server, a copy of the template, gone after the block."""
    name = f"ledgerway_proof_{uuid.uuid4().hex}"
    await administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield database_at(server, name)
    finally:
        await administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def database_at(server: str, name: str) -> str:
    """The address of another database of the server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def administer(server: str, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _binaries() -> Path | None:
    """Where `initdb` and its kin are, the newest first; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(versions, key=lambda path: float(path.parent.name), default=None)


async def _start(binaries: Path, home: Path) -> str:
    port, password = free_port(), secrets.token_hex(16)
    (home / "password").write_text(f"{password}\n", encoding="ascii")
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
        owner = pwd.getpwnam("postgres")
        for path in (home, home / "password"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    cluster = str(home / "cluster")
    await _run(
        home,
        str(binaries / "initdb"),
        *("-D", cluster, "-U", "ledgerway", "--auth=scram-sha-256", f"--pwfile={home / 'password'}"),
        *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    options = " ".join((f"-h 127.0.0.1 -p {port} -k {home}", *(f"-c {option}" for option in _OPTIONS)))
    await _run(
        home,
        str(binaries / "pg_ctl"),
        *("-D", cluster, "-l", str(home / "server.log"), "-w", "-t", "60", "start", "-o", options),
    )
    return f"postgresql://ledgerway:{password}@127.0.0.1:{port}/postgres"


async def _run(home: Path, *command: str) -> None:
    as_owner = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    # Not a pipe: the server would keep it open for as long as it lives.
    with (home.parent / f"{home.name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*as_owner, *command, cwd=home, stdout=log, stderr=log)
        code = await process.wait()
    told = (home.parent / f"{home.name}.log").read_text(errors="replace")
    (home.parent / f"{home.name}.log").unlink()
    assert code == 0, f"{Path(command[0]).name} failed: {told[-2000:]}"


async def _stop(home: Path) -> None:
    """End the server by its id: fast, without waiting for those who are connected."""
    pid = int((home / "cluster" / "postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    server.send_signal(signal.SIGINT)
    await asyncio.to_thread(psutil.wait_procs, [server], timeout=STOP_SECONDS_MAX)
