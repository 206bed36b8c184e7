"""The first ten minutes of a new user: clone, `make run`, paste what it prints, `make test`."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from providers.kit.registry import all_providers

DESCRIPTION = "a clean clone: make run to the first 200 in <= 120 s, each printed line works, make test passes"

ROOT = Path(__file__).parents[2]
FIRST_ANSWER_SECONDS_MAX = 120.0
START_SECONDS_MAX = 600.0
TEST_SECONDS_MAX = 1_500.0
# A whole run begins with a clone; a small one starts what `make run` starts, from this checkout.
WHOLE = 1.0


async def prove(scale: float) -> dict[str, float | int | str]:
    """All of it from scale 1; below, the demo on free ports and its printed lines."""
    with tempfile.TemporaryDirectory() as folder:
        if scale < WHOLE:
            first = _free_run_of_ports(5)
            command = (sys.executable, "-c", "from app.cli import main; main()", "demo")
            ports = ("--port", str(first), "--sandboxes-port", str(first + 1))
            return await _started((*command, *ports), ROOT, {"LEDGERWAY_VAR_DIR": folder}, Path(folder))
        clone = Path(folder) / "ledgerway"
        cloned = _clone(clone)
        figures = await _started(("make", "run"), clone, {}, clone / "var")
        assert cloned + float(figures["first_answer_s"]) <= FIRST_ANSWER_SECONDS_MAX, figures
        return {"clone_s": round(cloned, 1), **figures, **_suite(clone)}


def _clone(folder: Path) -> float:
    """What is committed, in a new folder; the seconds it took."""
    began = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(folder)], check=True)
    return time.monotonic() - began


def _clean() -> dict[str, str]:
    """The machine's environment without any of our settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LEDGERWAY_")}


async def _started(
    command: Sequence[str], cwd: Path, more: Mapping[str, str], var_dir: Path
) -> dict[str, float | int | str]:
    """Start it, paste each line it prints, and stop it."""
    began = time.monotonic()
    async with _running(command, cwd, more) as printed:
        export, *calls = printed
        answers = [_paste(export, calls[0])]
        first = time.monotonic() - began
        answers += [_paste(export, line) for line in calls[1:]]
        told = json.loads((var_dir / "demo.json").read_text())
        assert {"base_url", "token", "admin_token", "accounts", "sandboxes"} <= told.keys()
        assert len(calls) == 2 * len(told["accounts"]) >= 4
    records = sum(len(answer["result"]) for answer in answers if "result" in answer)
    assert records >= 5 * len(told["accounts"]), "the printed calls gave no records"
    return {"first_answer_s": round(first, 1), "pasted_lines": len(calls), "records": records}


def _paste(export: str, line: str) -> Any:
    """What a shell makes of the line; fails on any status but 200."""
    ran = subprocess.run(
        ["bash", "-c", f"{export}\n{line} --silent --show-error --write-out '\\n%{{http_code}}'"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    body, _, status = ran.stdout.rpartition("\n")
    assert status == "200", f"{line.partition('?')[0]}: {status} {body[:300]}"
    return json.loads(body)


@asynccontextmanager
async def _running(command: Sequence[str], cwd: Path, more: Mapping[str, str]) -> AsyncIterator[list[str]]:
    """The command while it runs, once it has printed its lines; gives them."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env={**_clean(), **more},
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        async with asyncio.timeout(START_SECONDS_MAX):
            while len(lines) < 1 + 2 * len(all_providers()):
                line = (await process.stdout.readline()).decode()
                assert line, "it ended before it printed its calls"
                if line.startswith(("export TOKEN=", "curl ")):
                    lines.append(line.strip())
        yield lines
    finally:
        # Its own session: the make, the shell below it and the gateway, and nothing else.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        async with asyncio.timeout(60):
            await process.wait()


def _free_run_of_ports(length: int) -> int:
    """The first of some ports in a row that nobody listens on, below those that connections are given."""
    for first in random.sample(range(20_000, 32_000, length), 100):
        with ExitStack() as held, suppress(OSError):
            for port in range(first, first + length):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first
    raise AssertionError("there are no free ports")


def _suite(clone: Path) -> dict[str, float | int | str]:
    """`make test` in the clone."""
    began = time.monotonic()
    ran = subprocess.run(
        ["make", "test"],
        cwd=clone,
        env=_clean(),
        capture_output=True,
        text=True,
        check=False,
        timeout=TEST_SECONDS_MAX,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
    summary = next(line for line in reversed(ran.stdout.splitlines()) if " passed" in line)
    assert "skipped" not in summary, summary
    return {"test_s": round(time.monotonic() - began, 1), "suite": summary.strip("= ")}
