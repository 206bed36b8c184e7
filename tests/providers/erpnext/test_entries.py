"""The ledger's rows have ids that outlive the hourly rename, and a walk that no rename disturbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.erpnext.rows.transactions import TRANSACTIONS
from providers.kit.pages import Query, Sort
from tests.providers.erpnext.asking import one, records, where
from tests.providers.erpnext.books_of_entries import BY_CHANGE, DOCTYPE, plain, rename, told, twins
from tests.providers.erpnext.frappe import Frappe
from tests.providers.fake_send import Call, Reply


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("books", [plain, twins])
async def test_an_id_is_the_same_before_and_after_the_rename(books: Callable[[], Frappe], seed: int) -> None:
    site = books()
    before = told(await records(site, TRANSACTIONS, limit=500))
    names = set(site.documents[DOCTYPE])

    rename(site, seed=seed)

    assert told(await records(site, TRANSACTIONS, limit=500)) == before
    assert not names & set(site.documents[DOCTYPE])
    for record_id, held in before.items():
        got = await one(site, TRANSACTIONS, record_id)
        assert told([got]) == {record_id: held}


@pytest.mark.parametrize("sort", [None, Sort(name="created_at", descending=True), Sort(name="updated_at")])
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 10, 11, 12, 500])
@pytest.mark.parametrize("books", [plain, twins])
async def test_a_walk_gives_each_row_once_under_the_id_that_a_get_knows(
    books: Callable[[], Frappe], limit: int, sort: Sort | None
) -> None:
    site = books()

    found = await records(site, TRANSACTIONS, limit=limit, sort=sort)

    assert {each.remote_id for each in found} == set(site.documents[DOCTYPE])
    assert len(found) == len(told(found)) == 11
    for record in found:
        assert await one(site, TRANSACTIONS, record.id) == record


@pytest.mark.parametrize("limit", [1, 2, 4, 7])
@pytest.mark.parametrize("books", [plain, twins])
@pytest.mark.parametrize("seed", range(4))
async def test_a_walk_neither_skips_nor_repeats_when_names_change_between_its_pages(
    books: Callable[[], Frappe], limit: int, seed: int
) -> None:
    site = books()
    whole = told(await records(site, TRANSACTIONS, limit=500))
    lists = 0

    def renaming(call: Call) -> Reply:
        nonlocal lists
        if call.argument("limit_page_length"):
            lists += 1
            rename(site, seed=seed * 100 + lists, share=0.3)
        return site._resource(call)

    site.send.on(f"api/resource/{DOCTYPE}", renaming)
    found = await records(site, TRANSACTIONS, limit=limit)

    assert lists > 1
    assert told(found) == whole


async def test_in_the_order_of_change_a_renamed_row_comes_again_and_none_is_missed() -> None:
    site = plain()
    whole = told(await records(site, TRANSACTIONS, limit=500))
    lists = 0

    def renaming(call: Call) -> Reply:
        nonlocal lists
        lists += 1
        if lists == 3:
            rename(site)
        return site._resource(call)

    site.send.on(f"api/resource/{DOCTYPE}", renaming)
    found = await records(site, TRANSACTIONS, limit=3, **BY_CHANGE)

    assert {each.id for each in found} == set(whole)
    assert len(found) > len(whole)


async def test_a_row_that_is_deleted_between_pages_makes_a_walk_skip_no_other() -> None:
    site = plain()
    whole = await records(site, TRANSACTIONS, limit=500)
    lists = 0

    def deleting(call: Call) -> Reply:
        nonlocal lists
        lists += 1
        if lists == 2:
            for record in whole[:4]:
                del site.documents[DOCTYPE][record.remote_id]
        return site._resource(call)

    site.send.on(f"api/resource/{DOCTYPE}", deleting)
    found = await records(site, TRANSACTIONS, limit=4)

    assert [each.id for each in found] == [each.id for each in whole]


@pytest.mark.parametrize(
    ("name", "value"), [("account", "A1"), ("company", "Acme"), ("is_cancelled", False), ("document", "V1")]
)
@pytest.mark.parametrize("books", [plain, twins])
@pytest.mark.parametrize("limit", [2, 500])
async def test_a_row_has_the_same_id_in_a_list_that_leaves_out_some_of_its_voucher(
    books: Callable[[], Frappe], name: str, value: Any, limit: int
) -> None:
    site = books()
    whole = {each.id: each for each in await records(site, TRANSACTIONS, limit=500)}

    found = await records(site, TRANSACTIONS, limit=limit, **where(name, value))

    assert found
    assert all(whole[each.id] == each for each in found)
    assert {each.id for each in found} == {each.id for each in whole.values() if {**_plain(each)}[name] == value}


def _plain(record: Any) -> dict[str, Any]:
    return {
        "account": record.account,
        "company": record.company,
        "is_cancelled": record.is_cancelled,
        "document": record.document,
    }


async def test_names_that_change_while_places_are_asked_for_are_known_by_what_rows_hold() -> None:
    site = twins()
    whole = told(await records(site, TRANSACTIONS, limit=500))
    lists = 0

    def renaming(call: Call) -> Reply:
        nonlocal lists
        lists += 1
        if lists == 2:
            rename(site)
        return site._resource(call)

    site.send.on(f"api/resource/{DOCTYPE}", renaming)
    found = await records(site, TRANSACTIONS, limit=500, **where("account", "A1"))

    assert told(found) == {record_id: held for record_id, held in whole.items() if held[1] == "A1"}


@pytest.mark.parametrize(
    ("asked", "calls"),
    [
        ({}, 1),
        (where("company", "Acme"), 1),
        (where("document", "V1"), 1),
        (where("account", "A1"), 2),
        (BY_CHANGE, 2),
    ],
)
async def test_a_page_costs_as_many_calls_as_published(asked: dict[str, Any], calls: int) -> None:
    site = plain()
    known = await TRANSACTIONS.site(site.client())
    assert TRANSACTIONS.list is not None
    query = Query(limit=500, **asked)
    await TRANSACTIONS.list(site.client(), known, query)
    site.send.calls.clear()

    await TRANSACTIONS.list(site.client(), known, query)

    assert len(site.send.calls) == calls
