"""Finds proofs and runs them: a module with a `DESCRIPTION` is one; one with `PARTS` too is a group of them.

A part may name a store: `walk@fleet` is the proof `walk` on PostgreSQL and Redis.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.proofs.store import servers

FOLDER = Path(__file__).parent

Figures = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof, or a group: what its module says in plain text. It is imported only to be run."""

    name: str
    description: str
    parts: tuple[str, ...]


def proofs() -> dict[str, Proof]:
    """Every proof and every group, by its name as it is typed: `proxy-bytes` is `proxy_bytes.py`."""
    found: dict[str, Proof] = {}
    for path in sorted(FOLDER.glob("*.py")):
        constants = _constants(path)
        if "DESCRIPTION" in constants:
            name = path.stem.replace("_", "-")
            found[name] = Proof(name, constants["DESCRIPTION"], tuple(constants.get("PARTS", ())))
    return found


def _constants(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and target.id in ("DESCRIPTION", "PARTS"):
                found[target.id] = ast.literal_eval(node.value)
    return found


async def run(name: str, scale: float) -> Figures:
    """The figures of a proof, or of each part of a group under its name. Raises where one did not hold."""
    proof = proofs()[name]
    if not proof.parts:
        return await _prove(name, scale)
    figures: Figures = {}
    failed: list[str] = []
    for part in proof.parts:
        # The other parts are worth knowing after one did not hold.
        try:
            found = await _part(part, scale)
        except Exception as error:
            failed.append(part)
            print(f"{part}: DID NOT HOLD: {type(error).__name__}: {error}", flush=True)
        else:
            print(f"{part}: held {found}", flush=True)
            figures |= {f"{re.sub('[-@]', '_', part)}_{key}": value for key, value in found.items()}
    assert not failed, f"did not hold: {', '.join(failed)}"
    return figures


async def _part(part: str, scale: float) -> Figures:
    name, _, store = part.partition("@")
    if not store:
        return await run(name, scale)
    async with servers(store):
        return await run(name, scale)


async def _prove(name: str, scale: float) -> Figures:
    module = importlib.import_module(f"tests.proofs.{name.replace('-', '_')}")
    started = time.monotonic()
    figures: Figures = await module.prove(scale)
    return {**figures, "seconds": round(time.monotonic() - started, 2)}
