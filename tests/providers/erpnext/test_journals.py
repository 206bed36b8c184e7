"""Journal Entries: their lines, and those that ERPNext made by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.rows.journals import JOURNAL_ENTRIES
from tests.providers.erpnext.asking import one, records, where
from tests.providers.erpnext.frappe import Frappe

STAMP = "2026-11-21 10:00:0{}.000000"


def line(journal: str, number: int, **fields: Any) -> dict[str, Any]:
    """A row of a journal."""
    usual = {"parenttype": "Journal Entry", "doctype": "Journal Entry Account"}
    return {"name": f"{journal}-{number}", "idx": number, "parent": journal, **usual, **fields}


def journal(number: int, **fields: Any) -> dict[str, Any]:
    """A posted journal of Acme's, whose books are in pounds."""
    usual = {"company": "Acme", "docstatus": 1, "voucher_type": "Journal Entry", "is_system_generated": 0}
    return {"name": f"J{number}", "modified": STAMP.format(number), "accounts": [], **usual, **fields}


def site_with(*journals: dict[str, Any]) -> Frappe:
    site = Frappe()
    site.add("Company", [{"name": "Acme", "default_currency": "GBP"}])
    site.add("Journal Entry", journals)
    return site


async def test_a_line_tells_its_amounts_in_both_currencies_and_its_sign() -> None:
    rows = [
        line(
            "J1",
            1,
            account="Wise",
            account_currency="USD",
            exchange_rate=Decimal("0.8"),
            debit=Decimal("80.0"),
            credit=Decimal("0.0"),
            debit_in_account_currency=Decimal("100.0"),
            credit_in_account_currency=Decimal("0.0"),
        ),
        line("J1", 2, account="Sales", debit=Decimal("0.0"), credit=Decimal("80.0")),
        line("J1", 3, account="Unknown", debit=Decimal("1.0")),
    ]
    site = site_with(journal(1, accounts=rows, multi_currency=1))

    record = await one(site, JOURNAL_ENTRIES, "J1")

    first, second, third = record.lines
    assert (first.debit, first.debit_in_currency, first.currency, first.exchange_rate) == (
        80,
        100,
        "USD",
        Decimal("0.8"),
    )
    assert (first.total_line_amount, second.total_line_amount) == (80, -80)
    assert third.total_line_amount is None
    assert [each.sequence for each in record.lines] == [1, 2, 3]
    assert [record] == await records(site, JOURNAL_ENTRIES)


@pytest.mark.parametrize(("multi", "currency"), [(0, "GBP"), (1, None), (None, None)])
async def test_a_journal_in_several_currencies_has_none_of_its_own(multi: int | None, currency: str | None) -> None:
    record = await one(site_with(journal(1, multi_currency=multi)), JOURNAL_ENTRIES, "J1")

    assert (record.currency, record.base_currency) == (currency, "GBP")


async def test_a_line_names_its_party_its_document_and_what_it_is_booked_on() -> None:
    fields = {
        "party_type": "Supplier",
        "party": "Ann",
        "reference_type": "Purchase Invoice",
        "reference_name": "PINV-1",
        "cost_center": "Main",
        "project": "PROJ-1",
        "branch": "Leeds",
        "colour": "red",
    }
    site = site_with(journal(1, accounts=[line("J1", 1, **fields)]))
    site.dimensions = {"branch": "Branch"}
    site.metadata = {"Journal Entry": {"Journal Entry": [], "Journal Entry Account": ["branch", "colour"]}}

    [told] = (await one(site, JOURNAL_ENTRIES, "J1")).lines

    assert told.contact.id == "supplier:Ann"
    assert (told.document, told.document_type) == ("bill:PINV-1", "invoices")
    assert told.remote_document == "Purchase Invoice:PINV-1"
    assert [each.id for each in told.tracking_categories] == [
        "cost_center:Main",
        "project:PROJ-1",
        "dimension:branch:Leeds",
    ]
    assert told.custom_fields == {"branch": "Leeds", "colour": "red"}


BY_FLAG = journal(1, is_system_generated=1)
BY_TYPE = journal(2, voucher_type="Exchange Gain Or Loss")
BY_HAND = journal(3)


async def test_what_erpnext_made_is_flagged_by_its_own_word_or_its_type() -> None:
    found = await records(site_with(BY_FLAG, BY_TYPE, BY_HAND), JOURNAL_ENTRIES)

    assert [(each.id, each.is_system_generated) for each in found] == [("J1", True), ("J2", True), ("J3", False)]


@pytest.mark.parametrize(("asked", "ids"), [(True, ["J1", "J2"]), (False, ["J3"])])
@pytest.mark.parametrize("limit", [1, 2, 500])
async def test_what_erpnext_made_can_be_asked_for_and_left_out(asked: bool, ids: list[str], limit: int) -> None:
    site = site_with(BY_FLAG, BY_TYPE, BY_HAND)

    found = await records(site, JOURNAL_ENTRIES, limit=limit, **where("is_system_generated", asked))

    assert [each.id for each in found] == ids


@pytest.mark.parametrize(
    ("voucher_type", "kind"),
    [
        ("Journal Entry", "GENERAL"),
        ("Debit Note", "ACCOUNTS_PAYABLE"),
        ("Credit Note", "ACCOUNTS_RECEIVABLE"),
        ("Theirs", None),
    ],
)
async def test_a_journal_has_a_type_of_ours_where_it_is_a_known_one(voucher_type: str, kind: str | None) -> None:
    site = site_with(journal(1, voucher_type=voucher_type))

    [record] = await records(site, JOURNAL_ENTRIES)

    assert (record.type, record.remote_type) == (kind, voucher_type)
    for each in ("GENERAL", "ACCOUNTS_PAYABLE", "ACCOUNTS_RECEIVABLE"):
        assert len(await records(site, JOURNAL_ENTRIES, **where("type", each))) == (each == kind)


async def test_the_head_of_a_journal_is_told() -> None:
    site = site_with(
        journal(
            1,
            docstatus=2,
            cheque_no="C5",
            cheque_date="2026-02-15",
            remark="Note: theirs\nReference #C5",
            user_remark="",
            reversal_of="J0",
            is_opening="Yes",
        )
    )

    record = await one(site, JOURNAL_ENTRIES, "J1")

    assert (record.status, record.reference, str(record.reference_date)) == ("voided", "C5", "2026-02-15")
    assert (record.memo, record.reverses, record.is_opening_balance) == ("Note: theirs\nReference #C5", "J0", True)
