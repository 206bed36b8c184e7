"""The ledger's rows have ids that outlive the hourly rename, and a walk that no rename disturbs."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.rows.transactions import TRANSACTIONS
from providers.kit.errors import BadAnswer, NotFound, Unreadable
from providers.kit.pages import Query, Sort
from tests.providers.erpnext.asking import cautions, one, records, where
from tests.providers.erpnext.frappe import Frappe
from tests.providers.fake_send import Call, Reply

DOCTYPE = "GL Entry"
BY_CHANGE = {"sort": Sort(name="updated_at")}


def entry(number: int, creation: str, voucher: str = "V1", **fields: Any) -> dict[str, Any]:
    """A row under a name as ERPNext makes it."""
    name = f"{random.Random(number).getrandbits(40):010x}"  # noqa: S311
    usual = {"voucher_type": "Journal Entry", "company": "Acme", "debit": Decimal("1.0"), "credit": Decimal("0.0")}
    return {
        "name": name,
        "creation": creation,
        "modified": creation,
        "account": f"A{number % 3}",
        "voucher_no": voucher,
        "is_cancelled": 0,
        **usual,
        **fields,
    }


def moments(count: int) -> list[str]:
    """A moment of its own for each row, as ERPNext writes them."""
    return [f"2026-11-21 10:00:{n // 10:02}.{n % 10}00001" for n in range(count)]


def ledger(*rows: dict[str, Any]) -> Frappe:
    site = Frappe()
    site.add(DOCTYPE, rows)
    return site


def plain(count: int = 11) -> Frappe:
    """Rows of several vouchers, each made at its own moment."""
    return ledger(*(entry(n, at, f"V{n // 3}") for n, at in enumerate(moments(count))))


def twins(count: int = 11) -> Frappe:
    """Rows that were brought in: all of one second, some alike in all they hold."""
    return ledger(*(entry(n, "2026-11-21 10:00:00", f"V{n // 6}") for n in range(count)))


def rename(site: Frappe, *, seed: int = 0, share: float = 1.0) -> None:
    """What the hourly job does: rows get another name once, and `modified` now, each its own; nothing else changes.

    It goes by creation; how it orders rows that share theirs, nobody knows.
    """
    chance = random.Random(seed)  # noqa: S311
    rows = list(site.documents[DOCTYPE].values())
    chance.shuffle(rows)
    rows.sort(key=lambda row: row["creation"])
    site.documents[DOCTYPE] = {}
    number = sum(row["name"].startswith("ACC") for row in rows)
    for row in rows:
        if not row["name"].startswith("ACC") and chance.random() < share:
            new = {"name": f"ACC-GLE-2026-{number:05}", "modified": f"2026-11-22 11:30:00.{number:06}"}
            number += 1
        else:
            new = {}
        site.add(DOCTYPE, [{**row, **new}])


def told(found: list[Any]) -> dict[str, tuple[Any, ...]]:
    """What a row holds, by its id."""
    held = {each.id: (each.number, each.account, each.debit, each.created_at) for each in found}
    assert len(held) == len(found)
    return held


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


@pytest.mark.parametrize(
    ("creation", "record_id"),
    [
        ("2026-11-21 10:00:00.000120", "ACC/1:X:20261121T100000000120"),
        ("2026-11-21 10:00:00", "ACC/1:X:20261121T100000000000"),
    ],
)
async def test_an_id_is_the_voucher_and_the_moment(creation: str, record_id: str) -> None:
    site = ledger(entry(1, creation, "ACC/1:X"))

    [record] = await records(site, TRANSACTIONS)

    assert record.id == record_id
    assert await one(site, TRANSACTIONS, record_id) == record


async def test_a_row_can_be_had_by_the_name_it_has_at_the_time_and_no_longer() -> None:
    site = twins()
    for record in await records(site, TRANSACTIONS, limit=500):
        assert await one(site, TRANSACTIONS, record.remote_id) == record
    rename(site)

    with pytest.raises(NotFound):
        await one(site, TRANSACTIONS, record.remote_id)


@pytest.mark.parametrize("record_id", ["V0:20261121T100000100001:1", "V9:20261121T100000100001", "nothing"])
async def test_what_is_not_there_is_not_found(record_id: str) -> None:
    with pytest.raises(NotFound):
        await one(plain(), TRANSACTIONS, record_id)


async def test_another_companys_row_is_not_found() -> None:
    site = plain()
    [record, *_] = await records(site, TRANSACTIONS, limit=500)
    site.settings = {"company": "Other"}

    for record_id in (record.id, record.remote_id):
        with pytest.raises(NotFound):
            await one(site, TRANSACTIONS, record_id)
    assert await records(site, TRANSACTIONS) == []


@pytest.mark.parametrize("asked", [{}, BY_CHANGE])
@pytest.mark.parametrize("limit", [1, 2, 3, 500])
async def test_a_row_that_cannot_be_read_is_a_warning_once_and_the_walk_goes_on(
    limit: int, asked: dict[str, Any]
) -> None:
    site = plain()
    torn = sorted(site.documents[DOCTYPE].values(), key=lambda row: row["creation"])[2]
    torn["debit"] = "much"

    found = await records(site, TRANSACTIONS, limit=limit, **asked)
    said = await cautions(site, TRANSACTIONS, limit=limit, **asked)

    assert len(found) == 10
    assert [(each.code, each.id, each.field) for each in said] == [
        ("wrong_type", "V0:20261121T100000200001", "debit")
    ]
    with pytest.raises(Unreadable):
        await one(site, TRANSACTIONS, "V0:20261121T100000200001")


async def test_a_site_that_gives_the_same_page_for_ever_is_refused() -> None:
    site = plain(4)
    rows = [dict(row) for row in site.documents[DOCTYPE].values()]
    site.send.on(f"api/resource/{DOCTYPE}", Reply({"data": sorted(rows, key=lambda row: row["creation"])[:3]}))

    with pytest.raises(BadAnswer, match="does not move"):
        await records(site, TRANSACTIONS, limit=2)


@pytest.mark.parametrize(
    ("value", "conditions"),
    [
        ("invoice:X", [["voucher_type", "=", "Sales Invoice"], ["voucher_no", "=", "X"]]),
        ("bill:X:1", [["voucher_type", "=", "Purchase Invoice"], ["voucher_no", "=", "X:1"]]),
        ("ACC-JV:1", [["voucher_no", "=", "ACC-JV:1"]]),
    ],
)
async def test_a_documents_rows_are_asked_for_by_its_id(value: str, conditions: list[Any]) -> None:
    site = plain()

    await records(site, TRANSACTIONS, **where("document", value))

    [call] = site.lists(DOCTYPE)
    assert call.argument("filters") == conditions


async def test_a_row_tells_its_amounts_its_document_and_whose_balance_it_moves() -> None:
    site = ledger(
        entry(
            1,
            "2026-11-21 10:00:00.000001",
            "PINV-1",
            voucher_type="Purchase Invoice",
            account_currency="USD",
            debit=Decimal("0.0"),
            credit=Decimal("79.0"),
            debit_in_account_currency=Decimal("0.0"),
            credit_in_account_currency=Decimal("100.0"),
            against_voucher_type="Purchase Invoice",
            against_voucher="PINV-0",
            is_opening="Yes",
            remarks="No Remarks",
        )
    )

    [record] = await records(site, TRANSACTIONS)

    assert (record.debit, record.credit, record.total_amount, record.currency) == (0, 79, -100, "USD")
    assert (record.document, record.document_type, record.remote_document) == (
        "bill:PINV-1",
        "invoices",
        "Purchase Invoice:PINV-1",
    )
    assert (record.settles, record.is_opening, record.memo) == ("Purchase Invoice:PINV-0", True, None)
