"""Which processor core runs what: the measured process has one, the load and the upstream another."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence


def cores() -> tuple[int | None, int | None]:
    """The core of what is measured and that of the rest; None where there are not two to choose from."""
    if not hasattr(os, "sched_getaffinity") or shutil.which("taskset") is None:
        return None, None
    known = sorted(os.sched_getaffinity(0))
    return (known[0], known[1]) if len(known) > 1 else (None, None)


def pinned(core: int | None) -> Sequence[str]:
    """What to put before a command so that it, and all it starts, stays on the core."""
    return () if core is None else ("taskset", "-c", str(core))
