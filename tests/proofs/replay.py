"""Every recorded list and get comes out of the unified API, with no warning but those that are listed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.proofs.store import store_in
from tests.replay import brightpearl
from tests.replay.run import replay_brightpearl, replay_erpnext, unexpected
from tests.world import gateway

DESCRIPTION = "every recording through the unified API, warnings against the committed list"


async def prove(scale: float) -> dict[str, float | int | str]:
    """Replay all of it, whatever the scale: it takes seconds."""
    del scale
    with tempfile.TemporaryDirectory() as folder:
        async with store_in(Path(folder)) as settings, gateway(settings) as world:
            exchanges = await replay_erpnext(world)
            others = await replay_brightpearl(world)
    odd = unexpected({**exchanges, **others})
    assert not odd, odd
    assert len(exchanges) > 430
    assert len(others) >= 11
    return {
        "erpnext_exchanges": len(exchanges),
        "brightpearl_examples": len(others),
        "records": sum(int(outcome.get("records", 0)) for outcome in (*exchanges.values(), *others.values())),
        "brightpearl_left_out_by_name": len(brightpearl.left_out()),
    }
