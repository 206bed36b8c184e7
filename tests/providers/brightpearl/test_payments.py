"""What is paid on an order: pages, sums, signs, currencies, and what may not be read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from providers.brightpearl.resources import PURCHASE_ORDERS, SALES_ORDERS
from providers.kit.errors import BadAnswer
from tests.providers.brightpearl.account import Account, expanded, payment
from tests.providers.brightpearl.test_idsets import books, order
from tests.providers.fake_send import Reply


def in_dollars(number: int, kind: str = "PO") -> dict[str, Any]:
    return order(number, kind, currency={"orderCurrencyCode": "USD", "accountingCurrencyCode": "GBP"})


@pytest.mark.parametrize(
    ("kind", "amount", "paid"),
    [
        ("PAYMENT", "50.00", "50.00"),
        ("RECEIPT", "50.00", "-50.00"),
        ("AUTH", "50.00", "0"),
        ("VOID", "50.00", "0"),
        ("SOMETHING_NEW", "50.00", "0"),
        ("PAYMENT", None, "0"),
    ],
)
async def test_a_purchase_is_paid_by_payments_and_paid_back_by_receipts(
    kind: str, amount: str | None, paid: str
) -> None:
    account = Account(orders={1: in_dollars(1)}, supplier_payments=[payment(9, 1, kind, amount)])

    record, cautions = await account.got(PURCHASE_ORDERS, "1")

    assert record.amount_paid == Decimal(paid)
    assert record.payments == ["supplier:9"]
    assert list(cautions) == []


async def test_a_sale_is_paid_by_receipts_and_captures_and_given_back_by_payments() -> None:
    rows = [("RECEIPT", "60.10"), ("CAPTURE", "40.05"), ("PAYMENT", "0.15"), ("AUTH", "999.00"), ("VOID", "999.00")]
    payments = [payment(number, 1, kind, amount) for number, (kind, amount) in enumerate(rows, 1)]
    account = Account(orders={1: in_dollars(1, "SO")}, customer_payments=payments)

    record, _ = await account.got(SALES_ORDERS, "1")

    assert record.amount_paid == Decimal("100.00")
    assert record.payments == [f"customer:{number}" for number in range(1, 6)]


@pytest.mark.parametrize("currency", ["EUR", None])
async def test_a_payment_in_another_currency_is_told_and_not_added(currency: str | None) -> None:
    payments = [payment(1, 1, "PAYMENT", "10.00"), payment(2, 1, "PAYMENT", "7.00", currency)]
    account = Account(orders={1: in_dollars(1), 2: in_dollars(2)}, supplier_payments=payments)

    page = await account.listed(PURCHASE_ORDERS)

    assert [record.amount_paid for record in page.records] == [Decimal("10.00"), 0]  # type: ignore[attr-defined]
    [caution] = page.cautions
    assert (caution.code, caution.id, caution.field) == ("payment_currency_differs", "1", "amount_paid")


async def test_payments_that_may_not_be_read_are_null_and_never_zero() -> None:
    account = Account(orders={1: in_dollars(1)}, forbidden=("accounting-service/supplier-payment-search",))

    page = await account.listed(PURCHASE_ORDERS)

    assert page.records[0].amount_paid is None  # type: ignore[attr-defined]
    assert page.records[0].payments == []  # type: ignore[attr-defined]
    assert [(caution.code, caution.field) for caution in page.cautions] == [("not_permitted", "amount_paid")]


@pytest.mark.parametrize("count", [0, 499, 500, 501, 1000, 1001])
async def test_supplier_payments_are_read_while_pages_are_full_since_their_total_is_not_true(count: int) -> None:
    payments = [payment(number, 1, "PAYMENT", "0.01") for number in range(1, count + 1)]
    account = Account(orders={1: in_dollars(1)}, supplier_payments=payments)

    record, _ = await account.got(PURCHASE_ORDERS, "1")

    assert record.amount_paid == Decimal("0.01") * count
    assert len(account.calls_to("accounting-service/")) == count // 500 + 1


@pytest.mark.parametrize("old_metadata", [False, True])
async def test_customer_payments_are_read_as_their_metadata_says(old_metadata: bool) -> None:
    payments = [payment(number, 1, "RECEIPT", "0.01") for number in range(1, 502)]
    account = Account(orders={1: in_dollars(1, "SO")}, customer_payments=payments, has_old_metadata=old_metadata)

    record, _ = await account.got(SALES_ORDERS, "1")

    assert record.amount_paid == Decimal("5.01")
    assert len(account.calls_to("accounting-service/")) == 2


async def test_a_search_that_repeats_a_full_page_ends_and_counts_no_payment_twice() -> None:
    account = Account(orders={1: in_dollars(1)})
    columns = [{"name": name} for name in ("paymentId", "paymentType", "orderId", "currencyCode", "amountPaid")]
    rows = [[number, "PAYMENT", 1, "USD", "0.01"] for number in range(1, 501)]
    answer = Reply({"response": {"results": rows, "metaData": {"columns": columns}}})
    account.send.on("accounting-service/supplier-payment-search", answer)

    record, _ = await account.got(PURCHASE_ORDERS, "1")

    assert record.amount_paid == Decimal("5.00")
    assert len(account.calls_to("accounting-service/")) == 2


async def test_payments_of_other_orders_are_left_aside_where_a_search_ignores_its_filter() -> None:
    account = Account(orders={1: in_dollars(1)})
    columns = [{"name": name} for name in ("paymentId", "paymentType", "orderId", "currencyCode", "amountPaid")]
    rows = [
        [1, "PAYMENT", 1, "USD", "2.00"],
        [2, "PAYMENT", 77, "USD", "9.00"],
        [3, "PAYMENT", None, "USD", "9.00"],
    ]
    answer = Reply({"response": {"results": rows, "metaData": {"columns": columns}}})
    account.send.on("accounting-service/supplier-payment-search", answer)

    record, _ = await account.got(PURCHASE_ORDERS, "1")

    assert (record.amount_paid, record.payments) == (Decimal("2.00"), ["supplier:1"])


async def test_a_payment_that_cannot_be_read_fails_the_call_since_the_sum_would_be_a_guess() -> None:
    account = Account(orders={1: in_dollars(1)}, supplier_payments=[payment(1, 1, "PAYMENT", "private words")])

    with pytest.raises(BadAnswer, match="what is paid is not known") as caught:
        await account.got(PURCHASE_ORDERS, "1")

    assert "private" not in str(caught.value)


async def test_payments_are_asked_for_two_hundred_orders_at_a_time() -> None:
    account = books(*range(1, 402))

    await account.listed(PURCHASE_ORDERS)

    calls = account.calls_to("accounting-service/supplier-payment-search")
    assert sorted(len(expanded(call.params["orderId"])) for call in calls) == [1, 200, 200]


async def test_what_brightpearl_reports_as_paid_is_given_only_where_asked_for() -> None:
    account = Account(orders={number: in_dollars(number) for number in (59, 60, 61)})

    plain = await account.listed(PURCHASE_ORDERS)
    expanded_page = await account.listed(PURCHASE_ORDERS, expand=frozenset({"remote_amount_paid"}))

    assert [record.remote_amount_paid for record in plain.records] == [msgspec.UNSET] * 3  # type: ignore[attr-defined]
    reported = [str(record.remote_amount_paid) for record in expanded_page.records]  # type: ignore[attr-defined]
    assert reported == ["50.00", "0.00", "None"]
    assert len(account.calls_to("accounting-service/purchase-payment-total")) == 1


async def test_sums_are_exact_in_decimals() -> None:
    payments = [payment(number, 1, "PAYMENT", "0.10") for number in range(1, 4)]
    account = Account(orders={1: in_dollars(1)}, supplier_payments=payments)

    record, _ = await account.got(PURCHASE_ORDERS, "1")

    assert str(record.amount_paid) == "0.30"
