"""Every attack on links, callbacks and pages, each against a gateway of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.app.connect.attacks import ATTACKS
from tests.app.connect.conftest import shop_on
from tests.world import settings_in

DESCRIPTION = "forged, replayed and mixed-up callbacks, open redirects, reuse, framing: each is refused"


async def prove(scale: float) -> dict[str, float | int | str]:
    """All of them, whatever the scale; each against a gateway of its own."""
    del scale
    for attack in ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            async with shop_on(settings_in(Path(folder))) as shop:
                await attack(shop)
    return {"attacks_refused": len(ATTACKS)}
