"""`python -m benchmarks`: measures the gateway beside nginx; not 0 where a bound is broken."""

from __future__ import annotations

import argparse
import asyncio
import sys

from benchmarks import bounds, report
from benchmarks.profiles import profiled
from benchmarks.run import ROUNDS, SECONDS, run, worst_waits
from benchmarks.tools import ToolsMissing


def main() -> int:
    """Run, write `var/bench.json`, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures the gateway beside nginx.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="interleaved rounds of the CPU figures")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="seconds of load for each thing in a round")
    parser.add_argument("--profile", action="store_true", help="show where the gateway's time goes instead")
    parser.add_argument("--baseline", action="store_true", help="measure waits alone, and hold later ones to them")
    asked = parser.parse_args()
    if asked.rounds < 1 or asked.seconds < 1:
        parser.error("at least one round of one second")
    try:
        if asked.profile:
            print(asyncio.run(profiled(seconds=max(asked.seconds, 5.0))))
            return 0
        if asked.baseline:
            kept = bounds.keep_baseline(asyncio.run(worst_waits(rounds=asked.rounds, seconds=asked.seconds)))
            print(report.table(kept))
            return 0
        figures = asyncio.run(run(rounds=asked.rounds, seconds=asked.seconds))
    except ToolsMissing as error:
        print(error, file=sys.stderr)
        return 2
    report.write(figures)
    print(report.table(figures))
    told = bounds.broken(figures)
    for line in told:
        print(f"BROKEN: {line}", file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
