"""Walks over lists: each record exactly once, whatever stamps are equal and whatever changes meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.kit.errors import BadAnswer
from providers.kit.pages import Query, Sort
from tests.providers.erpnext.frappe import Frappe
from tests.providers.fake_send import Reply, walk

STAMPS = [f"2026-11-21 10:00:0{second}.000000" for second in range(4)]
NAMES = st.text(alphabet="aAbB1-", min_size=1, max_size=4)
ROWS = st.dictionaries(NAMES.map(str.casefold), st.tuples(NAMES, st.sampled_from(STAMPS)), max_size=14)
SORTS = st.sampled_from(
    [None, *(Sort(name=name, descending=way) for name in ("updated_at", "created_at") for way in (False, True))]
)
quick = settings(max_examples=60, deadline=None)


def records(found: dict[str, tuple[str, str]], prefix: str = "") -> list[dict[str, Any]]:
    """Rows whose names differ by more than case, as in a MariaDB of the usual collation."""
    return [
        {
            "name": prefix + "".join(c.upper() if i % 2 else c for i, c in enumerate(key)),
            "modified": stamp,
            "creation": stamp,
            "posting_date": stamp[:10],
        }
        for key, (_, stamp) in found.items()
    ]


def keys(rows: list[dict[str, Any]], field: str = "modified") -> dict[str, tuple[str, str]]:
    return {row["name"]: (row[field], row["name"].casefold()) for row in rows}


@quick
@given(found=ROWS, limit=st.integers(1, 5), sort=SORTS)
def test_a_walk_gives_each_item_once_in_order_though_stamps_are_equal(
    found: dict[str, tuple[str, str]], limit: int, sort: Sort | None
) -> None:
    site = Frappe()
    rows = records(found)
    site.add("Item", rows)

    ids = asyncio.run(walk(site.client(), ITEMS, Query(limit=limit, sort=sort)))

    expected = sorted(keys(rows), key=keys(rows).__getitem__, reverse=sort is not None and sort.descending)
    assert ids == expected


@quick
@given(sales=ROWS, bills=ROWS, limit=st.integers(1, 5), sort=SORTS)
def test_a_walk_over_both_kinds_gives_each_document_once_and_merged_when_sorted(
    sales: dict[str, tuple[str, str]], bills: dict[str, tuple[str, str]], limit: int, sort: Sort | None
) -> None:
    site = Frappe()
    site.add("Sales Invoice", records(sales))
    site.add("Purchase Invoice", records(bills, "P"))

    ids = asyncio.run(walk(site.client(), INVOICES, Query(limit=limit, sort=sort)))

    assert len(ids) == len(set(ids)) == len(sales) + len(bills)
    stamps = {f"invoice:{row['name']}": row["modified"] for row in site.documents["Sales Invoice"].values()}
    stamps |= {f"bill:{row['name']}": row["modified"] for row in site.documents["Purchase Invoice"].values()}
    assert set(ids) == set(stamps)
    if sort is not None:
        assert [stamps[each] for each in ids] == sorted(stamps.values(), reverse=sort.descending)


@pytest.mark.parametrize("descending", [False, True])
async def test_a_merged_walk_keeps_erpnexts_own_order_of_names_that_differ_by_case(descending: bool) -> None:
    site = Frappe()
    for doctype in ("Sales Invoice", "Purchase Invoice"):
        site.add(doctype, [{"name": name, "modified": STAMPS[0]} for name in ("a", "B", "c", "D", "e")])

    ids = await walk(site.client(), INVOICES, Query(limit=2, sort=Sort(name="updated_at", descending=descending)))

    assert sorted(ids) == sorted(f"{kind}:{name}" for kind in ("invoice", "bill") for name in "aBcDe")


async def test_a_record_that_changes_during_a_walk_is_given_again_and_none_is_skipped() -> None:
    # Arrange
    site = Frappe()
    site.add(
        "Item", [{"name": f"I{n}", "modified": f"2026-11-21 10:00:0{n}", "creation": "2026"} for n in range(8)]
    )
    client = site.client()
    zone = await ITEMS.site(client)
    assert ITEMS.list is not None

    # Act
    ids: list[str] = []
    query = Query(limit=2)
    touched = iter(["I0", "I7", "I3"])
    while True:
        rows = await ITEMS.list(client, zone, query)
        ids += [record.head.name for record in rows.records]
        if rows.next is None:
            break
        name = next(touched, None)
        if name is not None:
            site.documents["Item"][name]["modified"] = f"2026-11-21 11:00:0{len(ids)}"
        query = replace(query, position=rows.next)

    # Assert
    assert set(ids) == {f"I{n}" for n in range(8)}
    assert {name: ids.count(name) for name in set(ids) if ids.count(name) > 1} == {"I0": 2, "I3": 2}


async def test_a_page_size_may_change_between_pages() -> None:
    site = Frappe()
    site.add("Item", [{"name": f"I{n}", "modified": STAMPS[0], "creation": STAMPS[0]} for n in range(7)])
    client = site.client()
    zone = await ITEMS.site(client)
    assert ITEMS.list is not None

    first = await ITEMS.list(client, zone, Query(limit=2))
    second = await ITEMS.list(client, zone, Query(limit=500, position=first.next))

    assert [record.head.name for record in (*first.records, *second.records)] == [f"I{n}" for n in range(7)]
    assert second.next is None


@pytest.mark.parametrize("sort", [None, Sort(name="updated_at"), Sort(name="updated_at", descending=True)])
async def test_a_site_whose_rows_lack_modified_is_walked_by_offset(sort: Sort | None) -> None:
    site = Frappe(unnamed={"modified"})
    site.add("Item", [{"name": f"I{n}", "modified": STAMPS[n % 4], "creation": STAMPS[0]} for n in range(9)])

    ids = await walk(site.client(), ITEMS, Query(limit=2, sort=sort))

    assert sorted(ids) == [f"I{n}" for n in range(9)]
    assert [call.argument("limit_start") for call in site.lists("Item")] == [0, 2, 4, 6, 8]


@pytest.mark.parametrize("sort", [None, Sort(name="updated_at"), Sort(name="updated_at", descending=True)])
async def test_both_kinds_are_walked_by_offset_where_rows_lack_modified(sort: Sort | None) -> None:
    site = Frappe(unnamed={"modified"})
    for doctype, count in (("Sales Invoice", 5), ("Purchase Invoice", 4)):
        site.add(doctype, [{"name": f"{doctype[0]}{n}", "modified": STAMPS[n % 4]} for n in range(count)])

    ids = await walk(site.client(), INVOICES, Query(limit=3, sort=sort))

    assert sorted(ids) == sorted([*(f"invoice:S{n}" for n in range(5)), *(f"bill:P{n}" for n in range(4))])


async def test_a_list_that_repeats_itself_is_a_bad_answer_and_not_an_endless_walk() -> None:
    site = Frappe()
    rows = [{"name": "I1", "modified": STAMPS[0]}, {"name": "I2", "modified": STAMPS[0]}]
    site.send.on("api/resource/Item", Reply({"data": rows}))

    with pytest.raises(BadAnswer, match="does not move"):
        await walk(site.client(), ITEMS, Query(limit=2))
