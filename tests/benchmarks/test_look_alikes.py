"""The look-alikes that the benchmark asks answer as their providers do, and cheaply."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from benchmarks.books import item, write_books
from benchmarks.endless import Endless
from benchmarks.metered import GRANTED, Metered

RECORDS = 1_234


def _page(endless: Endless, limit: int, after: str | None = None) -> list[dict[str, Any]]:
    asked = f"/api/resource/Item?limit_start=0&limit_page_length={limit}"
    if after is not None:
        asked += "&or_filters=" + quote(json.dumps([["modified", ">", "2026"], ["name", ">", after]]), safe="")
    _, body = endless.answer(f"GET {asked} HTTP/1.1".encode())
    rows: list[dict[str, Any]] = json.loads(body)["data"]
    return rows


@pytest.fixture
def endless(tmp_path: Path) -> Endless:
    write_books(tmp_path)
    return Endless(tmp_path, RECORDS)


def test_a_walk_by_keys_gets_every_item_once_and_in_order(endless: Endless) -> None:
    walked: list[dict[str, Any]] = []
    while page := _page(endless, 500, walked[-1]["name"] if walked else None):
        walked += page

    assert len({row["name"] for row in walked}) == RECORDS
    assert [(row["modified"], row["name"]) for row in walked] == sorted(
        (row["modified"], row["name"]) for row in walked
    )


def test_an_item_of_the_endless_site_has_every_field_that_one_of_the_books_has(endless: Endless) -> None:
    (row,) = _page(endless, 1)

    assert set(row) == set(item(0, ""))


def test_a_metered_answer_tells_what_is_left_and_when_the_minute_ends() -> None:
    metered = Metered(b"{}")

    heads = [metered.answer(b"GET / HTTP/1.1")[0] for _ in range(2)]

    told = [dict(line.split(b": ") for line in head.splitlines()) for head in heads]
    left = [int(each[b"brightpearl-requests-remaining"]) for each in told]
    # A new minute may begin between the two.
    assert left in ([GRANTED - 1, GRANTED - 2], [GRANTED - 1, GRANTED - 1])
    assert all(0 < int(each[b"brightpearl-next-throttle-period"]) <= 60_000 for each in told)
