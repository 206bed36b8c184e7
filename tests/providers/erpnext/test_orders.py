"""Orders: where they stand, how far they are paid, and what of that can be told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app.gateway import Gateway
from providers.erpnext.mappers.order import to_purchase_order, to_sales_order
from providers.erpnext.mappers.order_status import fulfilment_of, status_of
from providers.erpnext.rows.orders import PURCHASE_ORDERS, SALES_ORDERS
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.sources.advances import by_order
from providers.erpnext.wire_orders import (
    OrderJournal,
    OrderPayment,
    PurchaseOrder,
    SalesOrder,
    SalesOrderLine,
)
from providers.erpnext.wire_trade import TaxRow
from providers.kit.pages import Query
from tests.providers.erpnext.frappe import recorded_rows, recorded_site, refusal
from tests.providers.fake_send import Call, Reply, walk

SITE = Site(ZoneInfo("Asia/Kolkata"), date(2026, 11, 24))
GBP = {"currency": "GBP", "party_account_currency": "GBP"}


def sale(**fields: Any) -> SalesOrder:
    """A posted order over 100 GBP, nothing billed."""
    given: dict[str, Any] = {
        "docstatus": 1,
        "status": "To Deliver and Bill",
        "per_billed": Decimal("0.0"),
        "grand_total": Decimal("100.0"),
        "rounded_total": Decimal("0.0"),
        **GBP,
        **fields,
    }
    return SalesOrder(name="SO", **given)


def payment(amount: str | None, parent: str = "PE", **fields: Any) -> OrderPayment:
    allocated = None if amount is None else Decimal(amount)
    return OrderPayment(name="R", parent=parent, allocated_amount=allocated, **fields)


def journal(debit: str, credit: str, currency: str = "GBP") -> OrderJournal:
    return OrderJournal(
        name="J",
        account_currency=currency,
        debit_in_account_currency=Decimal(debit),
        credit_in_account_currency=Decimal(credit),
    )


def paid(head: Any, payments: list[Any] | None, journals: list[Any] | None, *unread: str) -> Joined[Any]:
    told = {"payments": payments, "journals": journals}
    rows = {name: each for name, each in told.items() if each is not None}
    return Joined(kind="", head=head, rows=rows, unread=frozenset(unread))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "authorised"),
        ({"per_billed": Decimal("0.01")}, "partially_billed"),
        ({"per_billed": Decimal("100.0")}, "billed"),
        ({"per_billed": Decimal("120.0")}, "billed"),
        ({"status": "On Hold"}, "authorised"),
        ({"status": "On Hold", "per_billed": Decimal(50)}, "partially_billed"),
        ({"status": "Closed", "per_billed": Decimal(50)}, "closed"),
        # A stored status may be stale; `docstatus` never is.
        ({"status": "Draft"}, "authorised"),
        ({"docstatus": 0, "status": "Closed"}, "draft"),
        ({"docstatus": 2, "status": "Closed"}, "cancelled"),
        ({"per_billed": None}, None),
        ({"per_billed": None, "status": "To Deliver"}, "billed"),
        ({"per_billed": None, "status": "Completed"}, "billed"),
    ],
)
def test_an_order_stands_where_its_step_and_its_billing_say(fields: dict[str, Any], status: str | None) -> None:
    assert status_of(sale(**fields)) == status


def test_an_order_whose_status_may_not_be_read_may_be_closed() -> None:
    assert status_of(sale(status=None), frozenset({"status"})) is None
    assert status_of(sale(status=None, docstatus=0), frozenset({"status"})) == "draft"


@pytest.mark.parametrize(
    ("head", "fulfilment"),
    [
        (sale(), None),
        (sale(per_delivered=Decimal(0)), "none"),
        (sale(per_delivered=Decimal("99.9")), "partial"),
        (sale(per_delivered=Decimal(100)), "complete"),
        (sale(per_delivered=Decimal(0), skip_delivery_note=1), "not_applicable"),
        (PurchaseOrder(name="P", per_received=Decimal(50)), "partial"),
        (PurchaseOrder(name="P"), None),
    ],
)
def test_an_order_is_fulfilled_as_far_as_goods_moved(head: Any, fulfilment: str | None) -> None:
    assert fulfilment_of(head) == fulfilment


@pytest.mark.parametrize(
    ("payments", "journals", "fields", "amount", "status"),
    [
        ([], [], {}, "0", "unpaid"),
        ([payment("30.0")], [], {}, "30.0", "partially_paid"),
        ([payment("30.0"), payment("60.5")], [journal("0.0", "9.5")], {}, "100.0", "paid"),
        ([payment("30.0")], [journal("7.0", "0.0")], {}, "23.0", "partially_paid"),
        # What a site rounds to is what is paid.
        ([payment("99.0")], [], {"rounded_total": Decimal("99.0")}, "99.0", "paid"),
        # Once it is billed, its invoices may be paid: only a whole advance tells.
        ([], [], {"per_billed": Decimal(50)}, "0", None),
        ([payment("30.0")], [], {"per_billed": Decimal(50)}, "30.0", None),
        ([payment("100.0")], [], {"per_billed": Decimal(50)}, "100.0", "paid"),
        ([], [], {"docstatus": 2}, "0", None),
        # In the currency of the party's account, which is not the order's.
        (
            [payment("80.4")],
            [],
            {"currency": "USD", "base_grand_total": Decimal("80.4"), "disable_rounded_total": 1},
            None,
            "paid",
        ),
        ([payment("30.0")], [journal("0.0", "7.0", "USD")], {}, None, None),
        ([payment(None)], [], {}, None, None),
        (None, [], {}, None, None),
        ([], None, {}, None, None),
    ],
)
def test_what_was_paid_is_the_sum_of_the_payments_where_all_of_them_tell(
    payments: Any, journals: Any, fields: dict[str, Any], amount: str | None, status: str | None
) -> None:
    unified = to_sales_order(paid(sale(**fields), payments, journals), SITE)

    assert unified.amount_paid == (None if amount is None else Decimal(amount))
    assert unified.payment_status == status


def test_a_supplier_is_paid_by_the_debits_of_journals() -> None:
    head = PurchaseOrder(name="P", docstatus=1, **GBP)

    assert to_purchase_order(paid(head, [], [journal("7.0", "2.0")]), SITE).amount_paid == Decimal("5.0")


def test_an_older_version_does_not_tell_what_invoices_took_over() -> None:
    unread = ("payments.advance_voucher_no",)

    billed = to_sales_order(paid(sale(per_billed=Decimal(50)), [], [], *unread), SITE)
    unbilled = to_sales_order(paid(sale(), [], [], *unread), SITE)

    assert (billed.amount_paid, unbilled.amount_paid) == (None, Decimal(0))


async def test_recorded_advances_count_once_though_an_invoice_took_one_over() -> None:
    client = recorded_site().client()
    site = await SALES_ORDERS.site(client)
    assert SALES_ORDERS.get is not None

    record = await SALES_ORDERS.get(client, site, "SAL-ORD-2026-00045", frozenset({"remote_amount_paid"}))
    unified = to_sales_order(record.wire, site)

    assert unified.amount_paid == Decimal(30) + 10 + 7
    assert unified.payments == ["ACC-PAY-2026-00157", "ACC-PAY-2026-00158"]
    assert unified.remote_amount_paid == Decimal("77.0")


def test_a_row_is_for_the_order_of_its_own_doctype() -> None:
    rows = [
        payment("1", "A", reference_doctype="Sales Order", reference_name="X"),
        payment("2", "B", reference_doctype="Purchase Order", reference_name="X"),
        payment("3", "C", reference_doctype="Sales Invoice", reference_name="X"),
        payment(
            "4",
            "D",
            reference_doctype="Sales Invoice",
            reference_name="I",
            advance_voucher_type="Sales Order",
            advance_voucher_no="X",
        ),
        payment("5", "E", reference_doctype="Sales Order", reference_name="Y"),
    ]

    grouped = by_order("Sales Order", ["X"], rows)

    assert {name: [row.parent for row in found] for name, found in grouped.items()} == {"X": ["A", "D"]}


@pytest.mark.parametrize("resource", [PURCHASE_ORDERS, SALES_ORDERS])
async def test_what_the_provider_reports_is_told_only_where_it_is_asked_for(resource: Any) -> None:
    site = recorded_site()
    client = site.client()
    ids = await walk(client, resource, Query(limit=500))

    plain = await Gateway(60.0).list(client, resource, Query(limit=500))
    asked = await Gateway(60.0).list(client, resource, Query(limit=500, expand=frozenset({"remote_amount_paid"})))

    assert len(plain.records) == len(asked.records) == len(ids) > 0
    assert all(record.remote_amount_paid is msgspec.UNSET for record in plain.records)
    assert all(isinstance(record.remote_amount_paid, Decimal) for record in asked.records)


@pytest.mark.parametrize(
    ("doctype", "field"), [("Payment Entry Reference", "payments"), ("Journal Entry Account", "amount_paid")]
)
async def test_without_a_right_to_the_payments_nothing_is_said_of_them(doctype: str, field: str) -> None:
    site = recorded_site()
    site.forbidden = {doctype}

    page = await Gateway(60.0).list(site.client(), SALES_ORDERS, Query(limit=500))

    assert [(each.code, each.field) for each in page.cautions] == [("not_permitted", field)]
    assert {(record.amount_paid, record.payment_status) for record in page.records} == {(None, None)}


async def test_a_version_without_taken_over_advances_is_asked_for_them_once_an_hour() -> None:
    site = recorded_site()
    asked: list[Call] = []

    def older(call: Call) -> Reply:
        asked.append(call)
        names = {name for name in call.argument("fields") if name.startswith("advance_voucher")}
        names |= {name for name, *_ in call.argument("or_filters") or [] if name.startswith("advance_voucher")}
        return refusal(min(names)) if names else Reply({"data": []})

    site.send.on("api/resource/Payment Entry Reference", older)
    client = site.client()
    await Gateway(60.0).list(client, SALES_ORDERS, Query(limit=500))
    first = len(asked)

    page = await Gateway(60.0).list(client, SALES_ORDERS, Query(limit=500))

    assert len(asked) == first + 1
    assert asked[-1].argument("or_filters") is None
    assert asked[-1].argument("filters")[-1][0] == "reference_name"
    amounts = {record.status: record.amount_paid for record in page.records}
    assert amounts["partially_billed"] is None


def test_prices_hold_a_tax_where_one_of_the_rates_says_so() -> None:
    def included(*rows: tuple[str, int | None]) -> bool | None:
        taxes = [TaxRow(name="T", charge_type=kind, included_in_print_rate=check) for kind, check in rows]
        return to_sales_order(Joined(kind="", head=sale(), rows={"taxes": taxes}), SITE).is_price_including_tax

    assert included(("On Net Total", 1), ("Actual", 0)) is True
    assert included(("On Net Total", 0), ("Actual", 0)) is False
    assert included(("On Net Total", None)) is None
    assert included(("Actual", 0)) is None
    assert to_sales_order(Joined(kind="", head=sale(), rows={}), SITE).is_price_including_tax is None


def test_a_line_says_how_many_were_delivered_and_its_tax_rates_id() -> None:
    line = SalesOrderLine(name="L", delivered_qty=Decimal("2.0"), item_tax_template="Reduced 5%")
    record = Joined(kind="", head=sale(), rows={"items": [line]})

    [unified] = to_sales_order(record, SITE).line_items

    assert (unified.quantity_received, unified.tax_rate) == (Decimal("2.0"), "item:Reduced 5%")


def test_the_recording_holds_a_payment_that_an_invoice_took_over() -> None:
    rows = [row for row in recorded_rows("order_advances") if row.get("advance_voucher_no")]

    assert {(row["reference_doctype"], row["advance_voucher_type"]) for row in rows} == {
        ("Sales Invoice", "Sales Order")
    }
