"""Runs `ledgerway` commands as processes of their own, against the store of a test."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """Its answer, read as JSON."""
        assert self.code == 0, self.err[-2000:]
        return json.loads(self.out)


NOTHING: Mapping[str, str] = {}
ROOT = Path(__file__).parent.parent.parent


async def ledgerway(
    settings: Settings, *arguments: str, stdin: str = "", folder: Path = ROOT, more: Mapping[str, str] = NOTHING
) -> Ran:
    """Run the command to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        *arguments,
        cwd=folder,
        env={**environment(settings), **more},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate(stdin.encode())
    return Ran(process.returncode or 0, out.decode(), err.decode())


def environment(settings: Settings) -> dict[str, str]:
    """What a process on that store is told, and nothing of the gateway that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGERWAY_")}
    kept["PYTHONPATH"] = str(ROOT)
    kept["LEDGERWAY_VAR_DIR"] = str(settings.var_dir)
    kept["LEDGERWAY_ALLOW_PRIVATE_HOSTS"] = settings.allow_private_hosts
    for name, secret in (
        ("DATABASE_URL", settings.database_url),
        ("REDIS_URL", settings.redis_url),
        ("ENCRYPTION_KEYS", settings.encryption_keys),
    ):
        if secret is not None:
            kept[f"LEDGERWAY_{name}"] = secret.get_secret_value()
    return kept
