"""`python -m benchmarks.sampler FILE serve …`: runs `ledgerway` and notes where its CPU time goes.

A timer that runs on CPU time interrupts it and the functions then at work are counted. Unlike a profile of
every call, it costs next to nothing, so small functions are not made to look dear. Time inside C code falls
to the function that called it; time of the event loop itself, when no function of ours runs, to the next one.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

INTERVAL_SECONDS = 0.001
DEPTH_MAX = 200
ROOT = Path(__file__).parent.parent


class Samples:
    """Counts, for each function, how often it was at work itself and how often anything below it was."""

    def __init__(self) -> None:
        self.total = 0
        self.own: Counter[str] = Counter()
        self.below: Counter[str] = Counter()

    def take(self, _: int, frame: FrameType | None) -> None:
        """A signal handler: count the functions at work."""
        self.total += 1
        seen: set[str] = set()
        top = frame
        for _depth in range(DEPTH_MAX):
            if frame is None:
                break
            seen.add(_named(frame.f_code))
            frame = frame.f_back
        if top is not None:
            self.own[_named(top.f_code)] += 1
        self.below.update(seen)

    def reset(self, *_: object) -> None:
        """A signal handler: what is measured begins now."""
        self.total = 0
        self.own.clear()
        self.below.clear()

    def write(self, path: Path) -> None:
        """Write the counts down."""
        path.write_text(json.dumps({"total": self.total, "own": self.own, "below": self.below}), encoding="utf-8")


@cache
def _named(code: CodeType) -> str:
    path = Path(code.co_filename)
    is_ours = any(path.is_relative_to(ROOT / tree) for tree in ("app", "providers"))
    shown = path.relative_to(ROOT) if is_ours else Path(*path.parts[-2:])
    return f"{shown.as_posix()}:{code.co_firstlineno} {code.co_qualname}"


def main() -> None:
    """Run the command under the timer; SIGUSR1 begins anew, SIGUSR2 writes the counts."""
    path = Path(sys.argv[1])
    sys.argv = ["ledgerway", *sys.argv[2:]]
    samples = Samples()
    signal.signal(signal.SIGPROF, samples.take)
    signal.signal(signal.SIGUSR1, samples.reset)
    signal.signal(signal.SIGUSR2, lambda *_: samples.write(path))
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)

    from app.cli import main as command  # noqa: PLC0415 - the timer runs before what it watches

    command()


if __name__ == "__main__":
    main()
