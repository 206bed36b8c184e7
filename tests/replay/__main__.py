"""Writes the list of expected outcomes anew: `python -m tests.replay`. Read the difference before committing it."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from tests.replay import brightpearl
from tests.replay.run import EXPECTED, replay_brightpearl, replay_erpnext
from tests.world import gateway, settings_in

CAUSES = {
    "not_found:addresses": "the contact names addresses by id; no recording holds them",
}


def _cause(outcome: dict[str, object]) -> str:
    warnings = outcome.get("warnings") or []
    assert isinstance(warnings, list)
    causes = [
        CAUSES.get(warning, "the search names this record, and no recording holds it") for warning in warnings
    ]
    return "; ".join(dict.fromkeys(causes)) or "see outcome"


async def main() -> None:
    """Replay, and write what was not clean."""
    with tempfile.TemporaryDirectory() as folder:
        async with gateway(settings_in(Path(folder))) as world:
            found = {**await replay_erpnext(world), **await replay_brightpearl(world)}
    odd = {
        label: {"outcome": outcome, "cause": _cause(outcome)}
        for label, outcome in found.items()
        if outcome.get("warnings") or "missing" in outcome or "status" in outcome
    }
    listed = {"left_out": brightpearl.left_out(), "outcomes": odd}
    EXPECTED.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


asyncio.run(main())
