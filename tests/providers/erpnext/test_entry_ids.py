"""One row of the ledger: its id, what a get of it finds, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.rows.transactions import TRANSACTIONS
from providers.kit.errors import BadAnswer, NotFound, Unreadable
from tests.providers.erpnext.asking import cautions, one, records, where
from tests.providers.erpnext.books_of_entries import BY_CHANGE, DOCTYPE, entry, ledger, plain, rename, twins
from tests.providers.fake_send import Reply


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
