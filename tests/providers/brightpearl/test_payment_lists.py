"""Payments of both sides: walked one side after the other, found by id, joined with their orders and journals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from providers.brightpearl.resources import PAYMENTS
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.pages import Filter, Query
from tests.providers.brightpearl.account import Account, nominal, payment, recorded
from tests.providers.brightpearl.lines import journal, line
from tests.providers.brightpearl.test_idsets import order
from tests.providers.brightpearl.test_walk import written
from tests.providers.fake_send import Reply, walk

SUPPLIERS = "accounting-service/supplier-payment-search"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def books(customers: int, suppliers: int, **more: Any) -> Account:
    """So many payments of each side, each made on its number's own minute."""

    def rows(count: int) -> list[dict[str, Any]]:
        return [
            payment(number, number, "RECEIPT", "1.00", createdOn=written(START + timedelta(minutes=number)))
            for number in range(1, count + 1)
        ]

    return Account(customer_payments=rows(customers), supplier_payments=rows(suppliers), **more)


async def ids(account: Account, *filters: tuple[str, str, Any], limit: int = 2) -> list[str]:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]
    return await walk(account.client(), PAYMENTS, Query(limit=limit, filters=wanted))


@pytest.mark.parametrize("old_metadata", [False, True])
@pytest.mark.parametrize(("customers", "suppliers"), [(0, 0), (3, 0), (0, 4), (4, 2), (5, 5)])
async def test_a_walk_gives_each_payment_of_either_side_once(
    customers: int, suppliers: int, old_metadata: bool
) -> None:
    account = books(customers, suppliers, has_old_metadata=old_metadata)

    assert await ids(account) == [
        *(f"customer:{number}" for number in range(1, customers + 1)),
        *(f"supplier:{number}" for number in range(1, suppliers + 1)),
    ]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([("payment_for", "eq", "bill")], "supplier:1 supplier:2 supplier:3"),
        ([("payment_for", "eq", "invoice"), ("created_at", "gt", START + timedelta(minutes=2))], "customer:3"),
        ([("updated_at", "gte", START + timedelta(minutes=3))], "customer:3 supplier:3"),
        ([("transaction_date", "eq", date(2026, 2, 28))], "customer:2"),
        ([("order", "eq", "2")], "customer:2 supplier:2"),
        ([("order", "eq", "1-3")], ""),
        ([("reference", "eq", "REF")], "customer:1"),
    ],
)
async def test_payments_are_found_by_side_day_order_and_reference(
    filters: list[tuple[str, str, Any]], expected: str
) -> None:
    account = books(3, 3)
    account.customer_payments[0]["transactionRef"] = "REF"
    account.customer_payments[1]["paymentDate"] = "2026-02-28T00:00:00.000Z"

    assert await ids(account, *filters) == expected.split()


@pytest.mark.parametrize(
    ("side", "kind", "direction", "status", "is_refund"),
    [
        ("customer", "RECEIPT", "in", "posted", False),
        ("customer", "CAPTURE", "in", "posted", False),
        ("customer", "PAYMENT", "out", "posted", True),
        ("customer", "AUTH", "none", "authorised", False),
        ("customer", "VOID", "none", "voided", False),
        ("customer", "SOMETHING_NEW", None, "posted", None),
        ("supplier", "PAYMENT", "out", "posted", False),
        ("supplier", "RECEIPT", "in", "posted", True),
    ],
)
async def test_which_way_money_went_is_told_by_the_side_and_the_kind(
    side: str, kind: str, direction: str | None, status: str, is_refund: bool | None
) -> None:
    account = Account(**{f"{side}_payments": [payment(1, 9, kind, "5.00", journalId=3)]})

    record, _ = await account.got(PAYMENTS, f"{side}:1")

    assert (record.direction, record.status, record.is_refund) == (direction, status, is_refund)
    assert record.payment_for == {"customer": "invoice", "supplier": "bill"}[side]
    assert len(record.allocations) == (direction in ("in", "out"))


async def test_a_payment_that_is_not_booked_has_no_status_of_ours() -> None:
    record, _ = await Account(customer_payments=[payment(1, 9, "RECEIPT", "5.00")]).got(PAYMENTS, "customer:1")

    assert (record.status, record.journal_entry, record.account) == (None, None, None)


@pytest.mark.parametrize(
    ("code", "party", "resource", "contact_type"),
    [
        ("SO", "customer", "sales_orders", "customer"),
        ("SC", "customer", "credit_notes", "customer"),
        ("PO", "supplier", "purchase_orders", "vendor"),
        ("PC", "supplier", "vendor_credits", "vendor"),
    ],
)
async def test_the_order_names_the_contact_and_where_the_document_is(
    code: str, party: str, resource: str, contact_type: str
) -> None:
    parties = {party: {"contactId": 7, "companyName": "Acme"}}
    account = Account(
        orders={9: order(9, code, parties=parties, totalValue={"total": "-12.00" if code == "SC" else "12.00"})},
        **{f"{party}_payments": [payment(1, 9, "RECEIPT", "5.00")]},
    )

    record, _ = await account.got(PAYMENTS, f"{party}:1")

    assert (record.contact.id, record.contact.name, record.contact.type) == ("7", "Acme", contact_type)
    [allocation] = record.allocations
    assert (allocation.document, allocation.document_type, allocation.amount) == ("9", resource, Decimal("5.00"))
    assert (record.order, allocation.document_total) == ("9", Decimal("12.00"))


def booked(amount: str) -> Account:
    """A receipt of 5.00, and its journal of so much."""
    account = Account(
        customer_payments=[payment(1, 9, "RECEIPT", "5.00", journalId=3, paymentMethodCode="ACME_PAY")]
    )
    account.lists = {
        "accounting-service/nominal-code": [nominal(1, "1200", bank=True), nominal(2, "1100")],
        "accounting-service/payment-method": recorded("payment_method_get")["response"],
    }
    debit = line("1200", "3.83", transactionAmount=amount)
    credit = line("1100", "3.83", transactionAmount=amount)
    account.journals[3] = journal(3, "SR", debits=[debit], credits=[credit], exchangeRate="1.307000")
    return account


async def test_the_journal_names_the_bank_account_the_rate_and_what_it_was_in_the_books() -> None:
    record, _ = await booked("5.00").got(PAYMENTS, "customer:1")

    assert (record.account, record.control_account, record.payment_method) == ("1", "2", "2")
    assert (record.base_total_amount, str(record.exchange_rate)) == (Decimal("3.83"), "1.307000")
    assert record.journal_entry == "3"


async def test_a_journal_of_several_payments_says_nothing_of_one() -> None:
    record, _ = await booked("50.00").got(PAYMENTS, "customer:1")

    assert (record.account, record.base_total_amount, record.exchange_rate) == (None, None, None)
    assert record.journal_entry == "3"


@pytest.mark.parametrize("number", [1, 499, 500, 501, 733, 1500, 2600])
async def test_a_suppliers_payment_is_found_though_its_search_cannot_be_asked_for_it(number: int) -> None:
    account = books(0, 2600)

    record, _ = await account.got(PAYMENTS, f"supplier:{number}")

    assert record.remote_id == str(number)
    assert len(account.calls_to(SUPPLIERS)) <= 1 + 12


async def test_a_suppliers_payment_among_gaps_is_found_and_one_in_a_gap_is_not() -> None:
    account = books(0, 0)
    account.supplier_payments = [payment(number * 7, 1, "PAYMENT", "1.00") for number in range(1, 1400)]

    record, _ = await account.got(PAYMENTS, "supplier:8400")

    assert record.remote_id == "8400"
    for missing in (8401, 9_999_999_999, 3):
        with pytest.raises(NotFound):
            await account.got(PAYMENTS, f"supplier:{missing}")


async def test_a_bare_id_is_good_where_one_side_alone_has_it() -> None:
    account = books(2, 1)

    record, _ = await account.got(PAYMENTS, "2")

    assert record.id == "customer:2"
    with pytest.raises(NotFound, match="side"):
        await account.got(PAYMENTS, "1")


@pytest.mark.parametrize("record_id", ["customer:9", "staff:1", "customer:", "customer:x", "0", "customer:0"])
async def test_a_payment_that_is_not_there_is_not_found(record_id: str) -> None:
    with pytest.raises(NotFound):
        await books(2, 2).got(PAYMENTS, record_id)


async def test_a_search_that_repeats_itself_is_an_error_and_not_an_endless_walk() -> None:
    account = books(0, 2)
    rows = [[number, "PAYMENT", None] for number in (1, 2)]
    columns = [{"name": name} for name in ("paymentId", "paymentType", "orderId")]
    account.send.on(SUPPLIERS, Reply({"response": {"results": rows, "metaData": {"columns": columns}}}))

    with pytest.raises(BadAnswer, match="repeats"):
        await ids(account, ("payment_for", "eq", "bill"))


async def test_a_row_that_cannot_be_read_is_told_and_the_others_go_on() -> None:
    account = books(2, 0)
    account.customer_payments[0]["amountPaid"] = "private words"

    page = await account.listed(PAYMENTS)

    assert [record.id for record in page.records] == ["customer:2"]
    [caution] = page.cautions
    assert (caution.code, caution.id, caution.field) == ("wrong_type", "1", "amountPaid")


async def test_orders_and_journals_that_may_not_be_read_leave_their_fields_null() -> None:
    account = booked("5.00")
    account.forbidden = ("order-service/order", "accounting-service/journal")

    page = await account.listed(PAYMENTS)

    assert [(caution.code, caution.field) for caution in page.cautions] == [
        ("not_permitted", "contact"),
        ("not_permitted", "account"),
    ]
    record: Any = page.records[0]
    assert (record.contact, record.account, record.order) == (None, None, "9")


async def test_a_page_is_joined_two_hundred_at_a_time() -> None:
    account = books(401, 0)

    await account.listed(PAYMENTS, limit=500)

    assert len(account.calls_to("accounting-service/customer-payment-search")) == 1
    assert len(account.calls_to("order-service/order/")) == 3
