"""Every attack on links, callbacks and pages, each against a gateway of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.app.connect.attacks import ATTACKS
from tests.app.connect.conftest import shop_on
from tests.proofs.store import store_in

DESCRIPTION = "forged, replayed and mixed-up callbacks, open redirects, reuse, framing: each is refused"


async def prove(scale: float) -> dict[str, float | int | str]:
    """All of them, whatever the scale; each against a gateway of its own."""
    del scale
    for attack in ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            async with store_in(Path(folder)) as settings, shop_on(settings) as shop:
                await attack(shop)
    return {"attacks_refused": len(ATTACKS)}
