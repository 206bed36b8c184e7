"""Writes the figures down: a file for machines and a table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks.bounds import BOUNDS, FIGURES, OF_FLEETS

PATH = Path("var") / "bench.json"


def write(figures: Mapping[str, float], path: Path = PATH) -> None:
    """`{"figures": {…}}`, flat names, numbers only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": dict(figures)}, indent=1) + "\n", encoding="utf-8")


def table(figures: Mapping[str, float]) -> str:
    """The figures in their order, with what is allowed where something is."""
    known = FIGURES + OF_FLEETS
    names = [name for name in known if name in figures]
    names += sorted(name for name in figures if name not in known)
    width = max(len(name) for name in names)
    lines = [f"{'figure':{width}}  {'measured':>12}  {'allowed':>9}"]
    for name in names:
        allowed = f"≤ {BOUNDS[name]:g}" if name in BOUNDS else ""
        lines.append(f"{name:{width}}  {figures[name]:>12,.2f}  {allowed:>9}".rstrip())
    return "\n".join(lines)
