"""A profile is told in time per call, the dearest function first and our own after it."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from types import FrameType

from benchmarks.profiles import Profile
from benchmarks.sampler import Samples


def test_shares_of_samples_become_time_per_call() -> None:
    profile = Profile(
        title="proxied 1 kB",
        call_us=200.0,
        samples=100,
        own={"uvicorn/server.py:1 send": 25, "app/proxy.py:9 passed": 5},
        below={"uvicorn/server.py:1 send": 30, "app/proxy.py:9 passed": 80, "app/api/hot.py:3 door": 90},
    )

    lines = str(profile).splitlines()

    assert lines[2].split() == ["50.0", "25.0", "60.0", "uvicorn/server.py:1", "send"]
    assert lines[3].split() == ["10.0", "5.0", "160.0", "app/proxy.py:9", "passed"]
    assert lines[4].split() == ["0.0", "0.0", "180.0", "app/api/hot.py:3", "door"]


def test_the_sampler_counts_the_function_at_work_and_its_callers(tmp_path: Path) -> None:
    samples = Samples()

    def work() -> None:
        signal.raise_signal(signal.SIGPROF)

    before = signal.signal(signal.SIGPROF, samples.take)
    try:
        work()
    finally:
        signal.signal(signal.SIGPROF, before)
    samples.write(tmp_path / "samples.json")

    counts = json.loads((tmp_path / "samples.json").read_text(encoding="utf-8"))
    assert counts["total"] == 1
    assert [name.rpartition(".")[2] for name in counts["own"]] == ["work"]
    assert any(name.endswith("_the_function_at_work_and_its_callers") for name in counts["below"])


def test_a_reset_begins_anew() -> None:
    samples = Samples()
    frame: FrameType | None = None
    samples.take(signal.SIGPROF, frame)

    samples.reset()

    assert (samples.total, samples.own, samples.below) == (0, {}, {})
