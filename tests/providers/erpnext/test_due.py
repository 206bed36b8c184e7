"""What is still due: by instalments, in the party's currency, of returns, and where amounts may not be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app.gateway import Gateway
from providers.erpnext.conditions import conditions_of
from providers.erpnext.mappers.invoice import to_unified
from providers.erpnext.mappers.invoice_status import RETURNED, STATUSES, status_of
from providers.erpnext.mappers.totals import party_total, payable
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.sources.invoices import SALES
from providers.erpnext.wire_invoices import PurchaseInvoice, PurchaseInvoiceLine, SalesInvoice
from providers.erpnext.wire_trade import PurchaseTaxRow, ScheduleRow
from providers.kit.pages import Filter, Query
from tests.providers.erpnext.frappe import Frappe
from tests.providers.fake_send import Reply
from unified_models.invoice import Invoice

SITE = Site(ZoneInfo("Asia/Kolkata"), date(2026, 11, 24))
PAST, TODAY, NEXT = date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 24)
FOREIGN = {"currency": "USD", "party_account_currency": "GBP", "outstanding_amount": "80.40"}
_MONEY = ("grand_total", "rounded_total", "base_grand_total", "base_rounded_total", "outstanding_amount")


def head(**fields: Any) -> SalesInvoice:
    """A posted invoice over 100.50 USD, 80.40 in GBP, nothing paid."""
    given: dict[str, Any] = {
        "docstatus": 1,
        "status": "Unpaid",
        "currency": "USD",
        "party_account_currency": "USD",
        "due_date": NEXT,
        "grand_total": "100.50",
        "rounded_total": "0",
        "base_grand_total": "80.40",
        "base_rounded_total": "0",
        "outstanding_amount": "100.50",
        **fields,
    }
    money = {name: Decimal(given[name]) for name in _MONEY if given[name] is not None}
    return SalesInvoice(name="S1", **{**given, **money})


def row(due: date | None, amount: str | None, base: str | None = None) -> ScheduleRow:
    return ScheduleRow(
        name="P",
        due_date=due,
        payment_amount=None if amount is None else Decimal(amount),
        base_payment_amount=None if base is None else Decimal(base),
    )


def unified(schedule: tuple[ScheduleRow, ...] = (), unread: tuple[str, ...] = (), **fields: Any) -> Invoice:
    rows = {"payment_schedule": list(schedule)}
    record = Joined(kind="invoice", head=head(**fields), rows=rows, unread=frozenset(unread))
    return to_unified(record, SITE)


HALVES = (row(PAST, "50.25", "40.20"), row(NEXT, "50.25", "40.20"))


@pytest.mark.parametrize(
    ("schedule", "fields", "is_overdue"),
    [
        (HALVES, {}, True),
        (HALVES, {"outstanding_amount": "60.00"}, True),
        (HALVES, {"outstanding_amount": "50.25"}, False),
        (HALVES, {"outstanding_amount": "50.26"}, True),
        (HALVES, {"outstanding_amount": "0"}, False),
        (HALVES, {"docstatus": 0}, False),
        ((row(TODAY, "50.25"), row(NEXT, "50.25")), {}, False),
        ((row(PAST, "50.25"), row(PAST, "50.25")), {"due_date": PAST, "outstanding_amount": "0.01"}, True),
        # In the currency of the party's account.
        (HALVES, FOREIGN, True),
        (HALVES, {**FOREIGN, "outstanding_amount": "40.20"}, False),
        (HALVES, {**FOREIGN, "outstanding_amount": "40.21"}, True),
        # Rounded where the site rounds.
        (HALVES, {"rounded_total": "100", "outstanding_amount": "49.75"}, False),
        (HALVES, {"rounded_total": "100", "outstanding_amount": "49.76"}, True),
        (HALVES, {"rounded_total": "100", "disable_rounded_total": 1, "outstanding_amount": "50.25"}, False),
        (HALVES, {**FOREIGN, "base_rounded_total": "80", "outstanding_amount": "39.80"}, False),
        # Without a schedule its own date decides.
        ((), {}, False),
        ((), {"due_date": PAST}, True),
        ((), {"due_date": TODAY}, False),
    ],
)
def test_overdue_is_less_paid_than_the_instalments_due_before_today(
    schedule: tuple[ScheduleRow, ...], fields: dict[str, Any], is_overdue: bool
) -> None:
    assert unified(schedule, **fields).is_overdue is is_overdue


@pytest.mark.parametrize(
    ("schedule", "unread", "fields", "is_overdue"),
    [
        ((), ("outstanding_amount",), {"outstanding_amount": None}, None),
        ((), ("due_date",), {"due_date": None}, None),
        (HALVES, ("rounded_total",), {"rounded_total": None}, None),
        (HALVES, ("rounded_total",), {"rounded_total": None, "due_date": PAST}, True),
        ((row(NEXT, None),), ("payment_schedule.payment_amount",), {}, False),
        ((row(PAST, None), row(NEXT, None)), ("payment_schedule.payment_amount",), {}, None),
        ((row(None, "50.25"), row(None, "50.25")), ("payment_schedule.due_date",), {}, None),
        ((row(PAST, "50.25"), row(NEXT, "50.25")), ("payment_schedule.base_payment_amount",), FOREIGN, None),
    ],
)
def test_what_cannot_be_told_is_not_told_but_the_last_day_tells_enough(
    schedule: tuple[ScheduleRow, ...], unread: tuple[str, ...], fields: dict[str, Any], is_overdue: bool | None
) -> None:
    assert unified(schedule, unread, **fields).is_overdue is is_overdue


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "Overdue", **FOREIGN}, "authorised"),
        ({"status": "Overdue", **FOREIGN, "outstanding_amount": "80.39"}, "partially_paid"),
        (
            {"status": "Overdue", **FOREIGN, "base_rounded_total": "80", "outstanding_amount": "80"},
            "authorised",
        ),
        ({"status": "Overdue", **FOREIGN, "base_rounded_total": None}, "authorised"),
        ({"status": "Overdue", **FOREIGN, "party_account_currency": None}, "authorised"),
        ({"status": "Return", "is_return": 1, "outstanding_amount": "0"}, "paid"),
        ({"status": "Return", "is_return": 1, "outstanding_amount": "-40"}, "authorised"),
        ({"status": "Draft", "is_return": 1, "outstanding_amount": "0"}, "paid"),
        ({"status": "Return", "is_return": 1, "outstanding_amount": "0", "docstatus": 0}, "draft"),
        ({"status": "Return", "is_return": 1, "outstanding_amount": "0", "docstatus": 2}, "voided"),
        ({"status": "Return", "is_return": 1, "outstanding_amount": None}, "authorised"),
        ({"status": "Submitted", "is_return": 0, "outstanding_amount": "0"}, "authorised"),
        ({"status": "Credit Note Issued", "outstanding_amount": "0"}, "credited"),
    ],
)
def test_a_status_is_told_in_the_partys_currency_and_a_used_return_is_paid(
    fields: dict[str, Any], status: str
) -> None:
    assert status_of(head(**fields)) == status


@pytest.mark.parametrize(
    ("unread", "fields", "status"),
    [
        ("status", {"status": None}, None),
        ("outstanding_amount", {"status": "Overdue", "outstanding_amount": None}, None),
        ("outstanding_amount", {"status": "Return", "is_return": 1, "outstanding_amount": None}, None),
        ("outstanding_amount", {"status": "Submitted", "outstanding_amount": None}, None),
        ("outstanding_amount", {"status": "Unpaid", "outstanding_amount": None}, "authorised"),
        ("outstanding_amount", {"status": "Partly Paid", "outstanding_amount": None}, "partially_paid"),
        ("outstanding_amount", {"status": "Paid", "outstanding_amount": None}, "paid"),
        ("outstanding_amount", {"docstatus": 0, "outstanding_amount": None}, "draft"),
        ("rounded_total", {"status": "Overdue", "rounded_total": None}, None),
        ("rounded_total", {"status": "Unpaid", "rounded_total": None}, "authorised"),
        ("rounded_total", {"status": "Overdue", "rounded_total": None, "disable_rounded_total": 1}, "authorised"),
        ("party_account_currency", {"status": "Overdue", "party_account_currency": None}, None),
        ("base_rounded_total", {**FOREIGN, "status": "Overdue", "base_rounded_total": None}, None),
        ("base_grand_total", {**FOREIGN, "status": "Overdue", "base_grand_total": None}, None),
        ("is_return", {"status": "Draft", "is_return": None, "outstanding_amount": "0"}, None),
        ("is_return", {"status": "Return", "is_return": None, "outstanding_amount": "0"}, "paid"),
        ("net_total", {"status": "Overdue", "outstanding_amount": "40"}, "partially_paid"),
    ],
)
def test_a_status_that_rests_on_what_may_not_be_read_is_null(
    unread: str, fields: dict[str, Any], status: str | None
) -> None:
    assert status_of(head(**fields), frozenset({unread})) == status


def test_a_total_that_may_be_rounded_is_not_told_by_the_one_that_is_not() -> None:
    unread = frozenset({"rounded_total"})

    assert payable(head(rounded_total=None)) == Decimal("100.50")
    assert payable(head(rounded_total=None), unread) is None
    assert payable(head(rounded_total=None, disable_rounded_total=1), unread) == Decimal("100.50")
    assert party_total(head(), frozenset({"currency", "party_account_currency"})) is None
    assert party_total(head(**FOREIGN, disable_rounded_total=1)) == Decimal("80.40")
    assert unified(unread=("rounded_total",), rounded_total=None).total_amount is None
    assert unified(unread=("outstanding_amount",), outstanding_amount=None).balance is None


def test_what_a_row_may_not_show_is_null_and_not_its_next_best() -> None:
    unread = ("items.item_code", "taxes.tax_amount_after_discount_amount", "taxes.add_deduct_tax")
    line = PurchaseInvoiceLine(name="L")
    tax = PurchaseTaxRow(name="T", tax_amount=Decimal(7))
    bill = Joined(kind="bill", head=PurchaseInvoice(name="P"), rows={"items": [line], "taxes": [tax]})

    hidden = to_unified(msgspec.structs.replace(bill, unread=frozenset(unread)), SITE)
    shown = to_unified(bill, SITE)

    assert (hidden.line_items[0].type, hidden.taxes[0].tax_amount, hidden.taxes[0].is_deducted) == (
        None,
        None,
        None,
    )
    assert (shown.line_items[0].type, shown.taxes[0].tax_amount) == ("text", Decimal(7))


def test_an_instalments_rest_is_not_told_since_erpnext_does_not_keep_it() -> None:
    assert [term.outstanding for term in unified(HALVES).payment_terms] == [None, None]
    assert INVOICES.sources["payment_terms.outstanding"] is None


def test_a_filter_by_paid_reaches_returns_that_may_be_used_up() -> None:
    query = Query(limit=1, filters=(Filter(name="status", operator="eq", value="paid"),))

    [_, status] = conditions_of(Frappe().client(), SITE, query, SALES)

    assert set(status[2]) == RETURNED | {"Paid"}
    assert {STATUSES[name] for name in RETURNED} == {"authorised"}


async def test_a_balance_that_is_no_number_is_named_whatever_status_is_asked_for() -> None:
    site = Frappe()
    row_of = '{{"name":"{}","modified":"2026-11-21 10:00:00","docstatus":1,"status":"Overdue","grand_total":9,{}}}'
    rows = ",".join(
        row_of.format(name, f'"outstanding_amount":{left}') for name, left in (("A", "NaN"), ("B", "4"))
    )
    site.send.on("api/resource/Sales Invoice", Reply(f'{{"data":[{rows}]}}'.encode()))
    for table in ("Sales Invoice Item", "Sales Taxes and Charges", "Payment Schedule", "Payment Entry Reference"):
        site.send.on(f"api/resource/{table}", Reply({"data": []}))
    asked = (
        Filter(name="status", operator="eq", value="partially_paid"),
        Filter(name="type", operator="eq", value="invoice"),
    )

    page = await Gateway(60.0).list(site.client(), INVOICES, Query(limit=5, filters=asked))

    assert [record.id for record in page.records] == ["invoice:B"]
    assert [(each.code, each.id, each.field) for each in page.cautions] == [
        ("not_a_number", "invoice:A", "outstanding_amount")
    ]
