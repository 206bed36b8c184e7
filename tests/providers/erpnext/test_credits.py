"""Credits: amounts turned round, what is left of one, and what it was set against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateway import Gateway
from providers.erpnext.conditions import conditions_of
from providers.erpnext.mappers.allocation import allocations_of
from providers.erpnext.mappers.credit import to_credit_note
from providers.erpnext.mappers.credit_status import negated, remaining, status_of
from providers.erpnext.rows.credits import CREDIT_NOTES, VENDOR_CREDITS
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.site import Site
from providers.erpnext.source import Joined, Source
from providers.erpnext.sources import credits
from providers.erpnext.wire_credits import LedgerRow
from providers.erpnext.wire_invoices import SalesInvoice
from providers.kit.errors import NotFound
from providers.kit.pages import Filter, Query
from tests.providers.erpnext.frappe import Frappe, recorded_rows, recorded_site
from tests.providers.fake_send import exact_json, written
from unified_models.credit_note import CreditNote

SITE = Site(ZoneInfo("Asia/Kolkata"), date(2026, 11, 24))
BOTH = [(CREDIT_NOTES, "Sales Invoice"), (VENDOR_CREDITS, "Purchase Invoice")]


def credit(left: str | None, **fields: Any) -> SalesInvoice:
    """A posted credit of 100 GBP."""
    given: dict[str, Any] = {
        "docstatus": 1,
        "is_return": 1,
        "status": "Return",
        "currency": "GBP",
        "party_account_currency": "GBP",
        "grand_total": Decimal("-100.0"),
        "rounded_total": Decimal("0.0"),
        **fields,
    }
    return SalesInvoice(name="C", outstanding_amount=None if left is None else Decimal(left), **given)


def ledger(voucher: str, against: str, amount: str, currency: str = "GBP") -> LedgerRow:
    """A row; a voucher that begins with J is a journal, all else is an invoice."""
    kind = {True: "Journal Entry", False: "Sales Invoice"}
    return LedgerRow(
        name="L",
        voucher_type=kind[voucher.startswith("J")],
        voucher_no=voucher,
        against_voucher_type=kind[against.startswith("J")],
        against_voucher_no=against,
        amount_in_account_currency=Decimal(amount),
        account_currency=currency,
    )


def set_against(*rows: LedgerRow) -> list[tuple[str | None, str]]:
    return [(each.id, str(each.amount)) for each in allocations_of("C", rows)]


@given(st.decimals(min_value=-(10**20), max_value=10**20, places=3))
def test_an_amount_turned_round_twice_is_itself_digit_by_digit(amount: Decimal) -> None:
    turned = negated(amount)

    assert turned is not None
    assert turned + amount == 0
    assert str(negated(turned)) == str(amount.copy_abs() if amount.is_zero() else amount)


def test_a_zero_has_no_sign_whatever_it_had_there() -> None:
    assert [str(negated(Decimal(zero))) for zero in ("0.0", "-0.0", "0")] == ["0.0", "0.0", "0"]
    assert negated(None) is None
    assert str(negated(Decimal("-1.10"))) == "1.10"


@pytest.mark.parametrize(
    ("head", "status", "left"),
    [
        (credit("-100.0"), "authorised", "100.0"),
        (credit("-99.9"), "partially_paid", "99.9"),
        (credit("0.0"), "paid", "0.0"),
        (credit("-100.0", status="Draft"), "authorised", "100.0"),
        (credit("-100.0", docstatus=0), "draft", None),
        (credit("-100.0", docstatus=2), "voided", None),
        (credit("-99.0", rounded_total=Decimal("-99.0")), "authorised", "99.0"),
        # Left in the currency of the party's account.
        (
            credit("-80.4", currency="USD", base_grand_total=Decimal("-80.4"), disable_rounded_total=1),
            "authorised",
            "80.4",
        ),
        (credit(None), None, None),
    ],
)
def test_a_credit_stands_where_what_is_left_of_it_says(
    head: SalesInvoice, status: str | None, left: str | None
) -> None:
    assert status_of(head) == status
    assert remaining(head) == (None if left is None else Decimal(left))


def test_a_status_that_rests_on_what_may_not_be_read_is_null() -> None:
    unread = frozenset({"rounded_total"})

    assert status_of(credit("-40.0", rounded_total=None), unread) is None
    assert status_of(credit("0.0", rounded_total=None), unread) == "paid"


def test_a_credit_is_set_against_its_own_invoice_or_others_by_journals() -> None:
    assert set_against(ledger("C", "C", "-100.0"), ledger("C", "S1", "-25.50")) == [("invoice:S1", "25.50")]
    # A journal that uses this credit alone.
    assert set_against(
        ledger("C", "C", "-100.0"),
        *(ledger("J1", "C", "20.0"), ledger("J1", "S1", "-15.0"), ledger("J1", "S2", "-5.0")),
        *(ledger("J2", "C", "3.0"), ledger("J2", "S1", "-3.0")),
    ) == [("invoice:S1", "15.0"), ("invoice:S2", "5.0"), ("invoice:S1", "3.0")]
    # One that uses several for one invoice.
    assert set_against(ledger("J1", "C", "20.0"), ledger("J1", "D", "5.0"), ledger("J1", "S1", "-25.0")) == [
        ("invoice:S1", "20.0")
    ]
    # A part of the invoice was paid otherwise, in the same journal.
    assert set_against(ledger("J1", "C", "20.0"), ledger("J1", "S1", "-25.0")) == [("invoice:S1", "20.0")]


@pytest.mark.parametrize(
    "rows",
    [
        # Several credits for several invoices.
        (("J1", "C", "20.0"), ("J1", "D", "5.0"), ("J1", "S1", "-10.0"), ("J1", "S2", "-15.0")),
        # More of several credits than the one invoice took: a part was given back.
        (("J1", "C", "20.0"), ("J1", "D", "5.0"), ("J1", "S1", "-10.0")),
        # More than the credit, of several invoices: cash was in it too.
        (("J1", "C", "20.0"), ("J1", "S1", "-25.0"), ("J1", "S2", "-5.0")),
        # Given back in cash.
        (("J1", "C", "20.0"),),
        # An exchange difference moves no amount of the account's currency.
        (("J1", "C", "0.0"), ("J1", "S1", "0.0")),
        # Left with the party, on no invoice.
        (("J1", "C", "20.0"), ("J1", "J1", "-20.0")),
    ],
)
def test_what_nobody_can_tell_is_not_told(rows: tuple[tuple[str, str, str], ...]) -> None:
    assert set_against(*(ledger(*row) for row in rows)) == []


async def test_recorded_credits_are_set_against_what_the_site_shows() -> None:
    site = Frappe()
    rows = {row["name"]: row for row in recorded_rows("credit_uses")}
    site.add("Payment Ledger Entry", rows.values())
    site.add("Payment Ledger Entry", [{**rows["l9lirpjufs"], "name": "undone", "delinked": 1}])
    names = ("ACC-SINV-2026-00096", "ACC-SINV-2026-00181", "ACC-SINV-2026-00215", "ACC-SINV-2026-00224")
    heads = [
        {"name": name, "modified": f"2026-11-25 10:00:0{index}", "docstatus": 1, "is_return": 1, "taxes": []}
        for index, name in enumerate(names)
    ]
    site.add("Sales Invoice", heads)

    page = await Gateway(60.0).list(site.client(), CREDIT_NOTES, Query(limit=50))

    told = {
        record.id: [(each.id, str(each.amount), each.currency) for each in record.allocations]
        for record in page.records
        if isinstance(record, CreditNote)
    }
    assert told == {
        "ACC-SINV-2026-00096": [("invoice:ACC-SINV-2026-00095", "7.34", "GBP")],
        "ACC-SINV-2026-00181": [("invoice:ACC-SINV-2026-00225", "20.0", "GBP")],
        "ACC-SINV-2026-00215": [("invoice:ACC-SINV-2026-00016", "20.0", "USD")],
        # Refunded by a payment.
        "ACC-SINV-2026-00224": [],
    }
    assert len(site.lists("Payment Ledger Entry")) == 2


@pytest.mark.parametrize(("resource", "doctype"), BOTH)
async def test_credits_are_the_returns_among_the_invoices_turned_round(resource: Any, doctype: str) -> None:
    client = recorded_site().client()
    listed = await Gateway(60.0).list(client, resource, Query(limit=500))
    side = Filter(name="type", operator="eq", value="invoice" if doctype == "Sales Invoice" else "bill")
    invoices = await Gateway(60.0).list(client, INVOICES, Query(limit=500, filters=(side,)))

    returns = {record.remote_id: record for record in invoices.records if record.is_credit_note}

    assert {record.id for record in listed.records} == set(returns) != set()
    for record in listed.records:
        theirs = returns[record.id]
        assert record.total_amount == -theirs.total_amount > 0
        assert record.remaining_credit == -theirs.balance
        assert [line.quantity for line in record.line_items] == [-line.quantity for line in theirs.line_items]
        assert [line.unit_price for line in record.line_items] == [line.unit_price for line in theirs.line_items]
        assert [tax.tax_amount for tax in record.taxes] == [-tax.tax_amount for tax in theirs.taxes]
        assert record.credited_invoice == theirs.credited_invoice


@pytest.mark.parametrize(("resource", "doctype"), BOTH)
async def test_a_list_gives_the_same_credits_as_get(resource: Any, doctype: str) -> None:
    client = recorded_site().client()
    site = await resource.site(client)
    rows = await resource.list(client, site, Query(limit=500))

    for record in rows.records:
        got = await resource.get(client, site, record.head.name, frozenset())
        assert exact_json(written(resource.to_unified(record, site))) == exact_json(
            written(resource.to_unified(got.wire, site))
        )


@pytest.mark.parametrize(
    ("resource", "name"), [(CREDIT_NOTES, "ACC-SINV-2026-00005"), (VENDOR_CREDITS, "ACC-PINV-2026-00006")]
)
async def test_an_invoice_is_no_credit(resource: Any, name: str) -> None:
    client = recorded_site().client()
    site = await resource.site(client)

    with pytest.raises(NotFound):
        await resource.get(client, site, name, frozenset())


async def test_without_a_right_to_the_partys_ledger_allocations_are_not_told() -> None:
    site = recorded_site()
    site.forbidden = {"Payment Ledger Entry"}

    page = await Gateway(60.0).list(site.client(), CREDIT_NOTES, Query(limit=500))

    assert [(each.code, each.field) for each in page.cautions] == [("not_permitted", "allocations")]
    assert len(page.records) == 2


CASES: list[tuple[Source, str, Any, list[Any]]] = [
    (credits.CREDIT_NOTES, "contact", "customer:A", ["customer", "=", "A"]),
    (credits.CREDIT_NOTES, "reference", "PO 7", ["po_no", "=", "PO 7"]),
    (credits.CREDIT_NOTES, "credited_invoice", "invoice:S1", ["return_against", "=", "S1"]),
    (credits.CREDIT_NOTES, "transaction_date", date(2026, 1, 31), ["posting_date", "=", "2026-01-31"]),
    (credits.CREDIT_NOTES, "number", "C", ["name", "=", "C"]),
    (credits.CREDIT_NOTES, "currency", "USD", ["currency", "=", "USD"]),
    (credits.CREDIT_NOTES, "company", "Acme", ["company", "=", "Acme"]),
    (credits.VENDOR_CREDITS, "vendor", "A", ["supplier", "=", "A"]),
    (credits.VENDOR_CREDITS, "reference", "B 7", ["bill_no", "=", "B 7"]),
    (credits.VENDOR_CREDITS, "credited_invoice", "bill:P1", ["return_against", "=", "P1"]),
    (credits.CREDIT_NOTES, "status", "draft", ["docstatus", "in", [0]]),
    (credits.CREDIT_NOTES, "status", "voided", ["docstatus", "in", [2]]),
]


@pytest.mark.parametrize(("source", "name", "value", "condition"), CASES)
def test_each_filter_becomes_one_condition(source: Source, name: str, value: Any, condition: list[Any]) -> None:
    query = Query(limit=1, filters=(Filter(name=name, operator="eq", value=value),))

    conditions = conditions_of(Frappe().client(), SITE, query, source)

    assert conditions == [["is_return", "=", 1], condition]


@pytest.mark.parametrize(
    ("status", "more"),
    [
        ("paid", [["outstanding_amount", ">=", 0]]),
        ("partially_paid", [["outstanding_amount", "<", 0]]),
        ("authorised", [["outstanding_amount", "<", 0]]),
    ],
)
def test_a_status_narrows_as_far_as_erpnext_can(status: str, more: list[Any]) -> None:
    query = Query(limit=1, filters=(Filter(name="status", operator="eq", value=status),))

    conditions = conditions_of(Frappe().client(), SITE, query, credits.CREDIT_NOTES)

    assert conditions == [["is_return", "=", 1], ["docstatus", "in", [1]], *more]


def test_every_filter_that_is_published_has_a_case_here() -> None:
    tested = {name for _, name, *_ in CASES} | {"updated_at", "created_at"}

    assert tested == {*CREDIT_NOTES.list_rules.filters, *VENDOR_CREDITS.list_rules.filters}


def test_the_parts_of_a_credit_keep_what_is_no_amount() -> None:
    unified = to_credit_note(Joined(kind="", head=credit("-1.0"), rows={}), SITE)

    assert (unified.id, unified.allocations, unified.payments, unified.taxes) == ("C", [], [], [])
