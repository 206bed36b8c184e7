"""Rounds come to medians of ratios, bounds are told in words, and the figures are written flat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import bounds, report
from benchmarks.cpu import ratio
from benchmarks.million import growth

GOOD = {**dict.fromkeys(bounds.FIGURES + bounds.OF_FLEETS, 1.0), **bounds.BOUNDS}


def test_a_ratio_is_the_median_of_each_rounds_own() -> None:
    rounds = {"ours": [100.0, 900.0, 330.0], "theirs": [10.0, 90.0, 30.0]}

    assert ratio(rounds, "ours", "theirs") == 10.0


def test_rounds_of_unlike_number_are_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        ratio({"ours": [1.0], "theirs": [1.0, 2.0]}, "ours", "theirs")


def test_figures_at_their_bounds_hold() -> None:
    assert bounds.broken(GOOD) == []


@pytest.mark.parametrize("name", bounds.BOUNDS)
def test_each_bound_that_is_broken_is_told(name: str) -> None:
    told = bounds.broken({**GOOD, name: bounds.BOUNDS[name] + 0.5})

    assert len(told) == 1
    assert told[0].startswith(f"{name} is ")


def test_a_missing_figure_breaks_its_bound() -> None:
    figures = {name: value for name, value in GOOD.items() if name != "rss_mb"}

    assert bounds.broken(figures) == ["rss_mb is missing"]


def test_a_wait_may_be_a_third_longer_than_what_was_committed_and_no_more() -> None:
    name, committed = next(iter(bounds.baseline().items()))

    assert bounds.broken({**GOOD, name: committed * 1.29}) == []
    assert len(bounds.broken({**GOOD, name: committed * 1.31})) == 1


def test_a_baseline_holds_the_waits_of_a_run_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"

    bounds.keep_baseline({**GOOD, **dict.fromkeys(bounds.baseline(), 5.5)}, path)

    assert json.loads(path.read_text(encoding="utf-8")) == {"figures": dict.fromkeys(bounds.baseline(), 5.5)}


def test_memory_that_comes_and_goes_is_no_growth() -> None:
    level = [100, 100, 100, 180, 100, 100, 100, 100, 100, 100]

    assert growth(level) == 0


def test_memory_that_rises_to_the_end_is_growth() -> None:
    assert growth(list(range(0, 1000, 10))) == pytest.approx(700, rel=0.05)


def test_every_bounded_figure_is_one_that_a_benchmark_has() -> None:
    assert set(bounds.BOUNDS) <= {*bounds.FIGURES, *bounds.OF_FLEETS}


def test_the_file_holds_flat_names_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "var" / "bench.json"

    report.write({"rss_mb": 99.5, "sql_per_warm_call": 0.0}, path)

    assert json.loads(path.read_text(encoding="utf-8")) == {"figures": {"rss_mb": 99.5, "sql_per_warm_call": 0.0}}


def test_the_table_shows_what_is_allowed_beside_what_was_measured() -> None:
    lines = report.table({**GOOD, "provider_calls_per_1000_erpnext_items": 7.69}).splitlines()

    assert len(lines) == len(GOOD) + 2
    assert next(line for line in lines if line.startswith("rss_mb")).endswith("≤ 120")
    assert lines[-1].split() == ["provider_calls_per_1000_erpnext_items", "7.69"]
