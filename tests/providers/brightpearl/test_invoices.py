"""Invoices and bills: journals joined with orders and payments, and changed where their orders are."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.brightpearl.resources import INVOICES
from providers.kit.errors import NotFound
from providers.kit.pages import Filter, Query
from tests.providers.brightpearl.account import Account, nominal, payment
from tests.providers.brightpearl.lines import START, journal, line
from tests.providers.brightpearl.test_idsets import order
from tests.providers.brightpearl.test_walk import written
from tests.providers.fake_send import walk

MOMENTS = st.integers(0, 6).map(lambda days: START + timedelta(days=days))
CURRENCY = {"orderCurrencyCode": "GBP", "accountingCurrencyCode": "GBP"}


def invoice(number: int, order_id: int, code: str = "SI", total: str = "12.00", **more: Any) -> dict[str, Any]:
    """A journal that books an order: goods, tax, and what is to be paid."""
    goods = [line("4000", "10.00", orderId=order_id), line("2200", "2.00", orderId=order_id)]
    control = [line("1100", total, orderId=order_id, invoiceReference=f"{code}-{number}")]
    sides = {"debits": control, "credits": goods} if code == "SI" else {"debits": goods, "credits": control}
    return journal(number, code, contactId=7, dueDate="2026-04-01T00:00:00.000Z", **sides, **more)


def sold(number: int, kind: str = "SO", **more: Any) -> dict[str, Any]:
    """An order of 12.00, 2.00 of it tax."""
    totals = {"net": "10.00", "taxAmount": "2.00", "total": "12.00"}
    party = {"customer" if kind == "SO" else "supplier": {"contactId": 7, "companyName": "Acme"}}
    given = {"currency": CURRENCY, "totalValue": totals, "orderPaymentStatus": "UNPAID", "parties": party}
    return order(number, kind, **{"state": {"tax": "INVOICED"}, **given, **more})


def books(*journals: dict[str, Any], orders: list[dict[str, Any]] | None = None, **more: Any) -> Account:
    return Account(
        journals={row["id"]: row for row in journals},
        orders={row["id"]: row for row in orders or []},
        lists={"accounting-service/nominal-code": [nominal(1, "1100")]},
        **more,
    )


async def ids(account: Account, *filters: tuple[str, str, Any], limit: int = 2) -> list[str]:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]
    return await walk(account.client(), INVOICES, Query(limit=limit, filters=wanted))


async def test_an_invoice_has_its_journals_totals_and_its_orders_lines_and_payments() -> None:
    orders = [sold(9, orderPaymentStatus="PARTIALLY_PAID", reference="their 5")]
    account = books(invoice(1, 9), orders=orders, customer_payments=[payment(3, 9, "RECEIPT", "5.00", "GBP")])

    record, cautions = await account.got(INVOICES, "1")

    assert list(cautions) == []
    assert (record.type, record.number, record.reference, record.status) == (
        "invoice",
        "SI-1",
        "their 5",
        "partially_paid",
    )
    assert (record.contact.id, record.contact.name, record.contact.type) == ("7", "Acme", "customer")
    assert (record.issue_date, record.due_date) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (record.sub_total, record.total_tax_amount, record.total_amount) == (10, 2, 12)
    assert (record.balance, record.balance_currency, record.payments) == (Decimal("7.00"), "GBP", ["customer:3"])
    assert (record.account, record.is_overdue, record.paid_on_date) == ("1", True, None)


async def test_a_bill_is_the_same_from_the_other_side() -> None:
    paid = [payment(3, 9, "PAYMENT", "12.00", "GBP", paymentDate="2026-03-05T00:00:00.000Z")]
    account = books(invoice(1, 9, "PI"), orders=[sold(9, "PO", orderPaymentStatus="PAID")], supplier_payments=paid)

    record, _ = await account.got(INVOICES, "1")

    assert (record.type, record.number, record.status, record.contact.type) == ("bill", "PI-1", "paid", "vendor")
    assert (record.total_amount, record.balance, record.payments) == (12, 0, ["supplier:3"])
    assert (record.paid_on_date, record.is_overdue) == (date(2026, 3, 5), False)


async def test_what_a_credit_settled_has_no_balance_that_is_known() -> None:
    record, _ = await books(invoice(1, 9), orders=[sold(9, orderPaymentStatus="PAID")]).got(INVOICES, "1")

    assert (record.status, record.balance, record.is_overdue, record.paid_on_date) == ("paid", None, None, None)


@pytest.mark.parametrize(
    "orders",
    [
        [],
        [sold(9, totalValue={"net": "20.00", "taxAmount": "4.00", "total": "24.00"})],
        [sold(9, "SC")],
        [sold(9, currency={"orderCurrencyCode": "USD"})],
    ],
    ids=["no order", "another total", "another type", "another currency"],
)
async def test_a_journal_that_does_not_book_the_whole_order_stands_for_itself(orders: list[dict[str, Any]]) -> None:
    record, _ = await books(invoice(1, 9), orders=orders).got(INVOICES, "1")

    assert (record.total_amount, record.sub_total, record.status, record.balance) == (12, None, None, None)
    assert [(each.account, str(each.net_amount)) for each in record.line_items] == [
        ("4000", "10.00"),
        ("2200", "2.00"),
    ]
    assert record.contact.id == "7"


async def test_the_control_line_is_the_one_of_the_orders_total_where_there_are_several() -> None:
    debits = [line("4009", "1.00", orderId=9), line("1100", "12.00", orderId=9)]
    journals = invoice(1, 9) | {"debits": debits}

    known, _ = await books(journals, orders=[sold(9)]).got(INVOICES, "1")
    unknown, _ = await books(journals).got(INVOICES, "1")

    assert (known.total_amount, known.account) == (12, "1")
    assert (unknown.total_amount, unknown.account) == (None, None)
    assert [str(each.net_amount) for each in unknown.line_items] == ["-1.00", "-12.00", "10.00", "2.00"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], "1 4 2"),
        ([("type", "eq", "bill")], "2"),
        ([("number", "eq", "SI-4")], "4"),
        ([("number", "eq", "SI")], ""),
        ([("issue_date", "lt", date(2026, 3, 1))], "4"),
        ([("due_date", "gte", date(2026, 4, 2))], "2"),
        ([("created_at", "gte", START + timedelta(minutes=2))], "4 2"),
        ([("contact", "eq", "7")], "1 4 2"),
        ([("contact", "eq", "8")], ""),
    ],
)
async def test_invoices_are_found_by_type_number_days_and_contact(
    filters: list[tuple[str, str, Any]], expected: str
) -> None:
    account = books(invoice(1, 9), invoice(2, 9, "PI"), journal(3), invoice(4, 9))
    account.journals[2]["dueDate"] = "2026-05-01T00:00:00.000Z"
    account.journals[4]["taxDate"] = "2026-02-28T00:00:00.000Z"

    assert await ids(account, *filters, limit=1) == expected.split()


@settings(max_examples=60, deadline=None)
@given(
    invoices=st.lists(st.tuples(st.sampled_from(["SI", "PI"]), MOMENTS, st.none() | MOMENTS), max_size=8),
    lower=st.tuples(st.sampled_from(["gt", "gte"]), MOMENTS),
    upper=st.none() | st.tuples(st.sampled_from(["lt", "lte"]), MOMENTS),
    limit=st.integers(1, 4),
    is_shared=st.booleans(),
)
def test_changed_since_gives_each_invoice_once_that_it_or_its_order_changed(
    invoices: list[tuple[str, datetime, datetime | None]], lower: Any, upper: Any, limit: int, is_shared: bool
) -> None:
    account = books()
    expected = set()
    bounds = [bound for bound in (lower, upper) if bound]
    tests = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
    stamps: dict[int, datetime | None] = {}
    for number, (code, made, updated) in enumerate(invoices, 1):
        # Two journals may book one order.
        order_id = (100 if code == "SI" else 200) if is_shared and number < 3 else 300 + number
        stamp = stamps.setdefault(order_id, updated)
        account.journals[number] = invoice(number, order_id, code) | {"createdOn": written(made)}
        kind = {"SI": "SO", "PI": "PO"}[code]
        account.orders[order_id] = sold(order_id, kind, createdOn=written(START), updatedOn=written(stamp))
        changed = max(made, stamp) if stamp else made
        if all(getattr(changed, tests[operator])(moment) for operator, moment in bounds):
            expected.add(str(number))

    found = asyncio.run(ids(account, *(("updated_at", *bound) for bound in bounds), limit=limit))

    assert sorted(found) == sorted(expected)


async def test_payments_and_orders_that_may_not_be_read_leave_their_fields_null() -> None:
    account = books(invoice(1, 9), orders=[sold(9)], forbidden=("accounting-service/customer-payment-search",))
    page = await account.listed(INVOICES)
    account.forbidden = ("order-service/order",)
    other = await account.listed(INVOICES)

    assert [(caution.code, caution.field) for caution in page.cautions] == [("not_permitted", "balance")]
    assert (page.records[0].balance, page.records[0].total_amount) == (None, 12)  # type: ignore[attr-defined]
    assert [(caution.code, caution.field) for caution in other.cautions] == [("not_permitted", "line_items")]
    assert other.records[0].total_amount == 12  # type: ignore[attr-defined]


@pytest.mark.parametrize("record_id", ["0", "2", "9", "x"])
async def test_a_journal_of_another_type_is_no_invoice(record_id: str) -> None:
    with pytest.raises(NotFound):
        await books(invoice(1, 9), journal(2)).got(INVOICES, record_id)


async def test_whether_it_is_overdue_is_asked_in_the_time_zone_of_the_books() -> None:
    account = books(invoice(1, 9) | {"dueDate": "2026-11-24T00:00:00.000Z"}, orders=[sold(9)])
    account.clock.moment = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
    before, _ = await account.got(INVOICES, "1")
    account.clock.moment = datetime(2026, 11, 25, 0, 1, tzinfo=UTC)
    after, _ = await account.got(INVOICES, "1")

    assert (before.is_overdue, after.is_overdue) == (False, True)
