"""Real Chromium drives the whole connect: both providers, each mode of the SDK, every failure's screen."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tests.browser.chromium import CHROMIUM
from tests.browser.samples import KINDS
from tests.browser.scene import VARIANTS, scene
from tests.browser.script import SCENES, SLOW

DESCRIPTION = "a customer's real browser, every scene and failure on narrow and wide screens, light and dark"

# What a small scale plays.
_SLICE = ("modes.popup", "walks.by_keys")


async def prove(scale: float) -> dict[str, float | int | str]:
    """At full scale every scene on every kind of screen; what only waits for a time-out, once."""
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "there is no Chromium"
        return {"skipped": "there is no Chromium: sudo apt-get install -y chromium"}
    names = _SLICE if scale < 1 else tuple(SCENES)
    async with scene() as stage:
        played = 0
        for variant in VARIANTS[:1] if scale < 1 else VARIANTS:
            stage.variant = variant
            for name in names:
                if name in SLOW and variant is not VARIANTS[0]:
                    continue
                stage.wrong.clear()
                try:
                    await SCENES[name](stage)
                except Exception as error:
                    raise AssertionError(f"{name} on {variant.name}: {error}") from error
                played += 1
        if scale >= 1:
            assert _missing(stage.seen) == set(), "failures that no scene came to"
        return {
            "scenes_played": played,
            "screens_looked_at": sum(stage.seen.values()),
            "kinds_of_screens": len(stage.seen),
            "accounts_connected": len(await stage.accounts()),
        }


def _missing(seen: Iterable[str]) -> set[str]:
    return {f"failure-{kind}" for kind in KINDS} - set(seen)
