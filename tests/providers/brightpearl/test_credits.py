"""Credits are orders to Brightpearl: told apart by type, positive whatever their sign, and used up by refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from providers.brightpearl.resources import CREDIT_NOTES, PURCHASE_ORDERS, VENDOR_CREDITS
from providers.kit.errors import NotFound
from providers.kit.pages import Filter
from tests.providers.brightpearl.account import Account, payment
from tests.providers.brightpearl.test_idsets import order


def credit(number: int, kind: str = "SC", sign: str = "", **more: Any) -> dict[str, Any]:
    """An invoiced credit of 11.00, 1.00 of it tax, on one row."""
    amounts = {"currencyCode": "USD"}
    row = {
        "quantity": {"magnitude": f"{sign}2.0000"},
        "itemCost": {**amounts, "value": "5.0000"},
        "productPrice": {**amounts, "value": "5.0000"},
        "rowValue": {
            "rowNet": {**amounts, "value": f"{sign}10.0000"},
            "rowTax": {**amounts, "value": f"{sign}1.00"},
        },
    }
    totals = {
        "net": f"{sign}10.00",
        "taxAmount": f"{sign}1.00",
        "total": f"{sign}11.00",
        "baseTotal": f"{sign}8.00",
    }
    given = {
        "state": {"tax": "INVOICED"},
        "orderPaymentStatus": "UNPAID",
        "invoices": [{"invoiceReference": "SC-7", "taxDate": "2026-01-02T00:00:00.000Z"}],
        "currency": {"orderCurrencyCode": "USD", "accountingCurrencyCode": "GBP", "exchangeRate": "1.375000"},
        "totalValue": totals,
        "orderRows": {"5": row},
        "parties": {
            "customer" if kind == "SC" else "supplier": {
                "contactId": 7,
                "companyName": "Acme",
                "addressFullName": "A",
            }
        },
    }
    return order(number, kind, **{**given, **more})


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("kind", "resource"), [("SC", CREDIT_NOTES), ("PC", VENDOR_CREDITS)])
async def test_amounts_of_a_credit_are_positive_whatever_their_sign_there(
    kind: str, resource: Any, sign: str
) -> None:
    record, cautions = await Account(orders={1: credit(1, kind, sign)}).got(resource, "1")

    assert list(cautions) == []
    assert [str(amount) for amount in (record.sub_total, record.total_tax_amount, record.total_amount)] == [
        *("10.00", "1.00", "11.00"),
    ]
    assert (record.base_total_amount, record.remaining_credit) == (Decimal("8.00"), Decimal("11.00"))
    [line] = record.line_items
    assert (line.quantity, line.unit_price, line.net_amount, line.tax_amount) == (2, 5, 10, 1)


async def test_a_credit_names_its_party_by_the_side_it_is_on() -> None:
    account = Account(orders={1: credit(1), 2: credit(2, "PC")})

    note, _ = await account.got(CREDIT_NOTES, "1")
    vendor, _ = await account.got(VENDOR_CREDITS, "2")

    assert (note.contact, note.contact_name, note.number) == ("7", "Acme", "SC-7")
    assert (vendor.vendor, vendor.vendor_name) == ("7", "Acme")


async def test_each_type_of_order_is_in_one_resource_only() -> None:
    account = Account(orders={1: credit(1), 2: credit(2, "PC"), 3: order(3, "PO"), 4: order(4, "SO")})

    assert [record.id for record in (await account.listed(CREDIT_NOTES)).records] == ["1"]
    assert [record.id for record in (await account.listed(VENDOR_CREDITS)).records] == ["2"]
    for resource, other in ((CREDIT_NOTES, "2"), (VENDOR_CREDITS, "1"), (PURCHASE_ORDERS, "2")):
        with pytest.raises(NotFound):
            await account.got(resource, other)


@pytest.mark.parametrize(
    ("status", "rows", "expected", "left"),
    [
        ("UNPAID", [], "authorised", "11.00"),
        ("PARTIALLY_PAID", [("PAYMENT", "4.00")], "partially_paid", "7.00"),
        ("PARTIALLY_PAID", [("PAYMENT", "4.00"), ("RECEIPT", "1.00"), ("AUTH", "9.00")], "partially_paid", "8.00"),
        ("PAID", [("PAYMENT", "11.00")], "paid", "0.00"),
        ("PAID", [], "paid", None),  # Set against an invoice: no payment tells.
        ("PARTIALLY_PAID", [], "partially_paid", None),
        ("UNPAID", [("PAYMENT", "4.00")], "authorised", None),
        ("SOMETHING_NEW", [], "authorised", "11.00"),
    ],
)
async def test_what_is_left_of_a_credit_is_told_only_where_its_refunds_explain_its_status(
    status: str, rows: list[tuple[str, str]], expected: str, left: str | None
) -> None:
    payments = [payment(number, 1, kind, amount) for number, (kind, amount) in enumerate(rows, 1)]
    account = Account(orders={1: credit(1, orderPaymentStatus=status)}, customer_payments=payments)

    record, _ = await account.got(CREDIT_NOTES, "1")

    assert record.status == expected
    assert record.remaining_credit == (None if left is None else Decimal(left))
    assert record.payments == [f"customer:{number}" for number in range(1, len(rows) + 1)]


async def test_a_supplier_gives_back_by_receipts() -> None:
    payments = [payment(1, 1, "RECEIPT", "3.00")]
    orders = {1: credit(1, "PC", orderPaymentStatus="PARTIALLY_PAID")}

    record, _ = await Account(orders=orders, supplier_payments=payments).got(VENDOR_CREDITS, "1")

    assert (record.remaining_credit, record.payments) == (Decimal("8.00"), ["supplier:1"])


async def test_a_credit_that_is_not_posted_has_nothing_left_yet() -> None:
    record, _ = await Account(orders={1: credit(1, state={"tax": "READY"}, invoices=[])}).got(CREDIT_NOTES, "1")

    assert (record.status, record.remaining_credit, record.number) == (None, None, "1")


@pytest.mark.parametrize(("resource", "name"), [(CREDIT_NOTES, "contact"), (VENDOR_CREDITS, "vendor")])
async def test_credits_are_found_by_their_party(resource: Any, name: str) -> None:
    account = Account()

    await account.listed(resource, filters=(Filter(name=name, operator="eq", value="7"),))

    [call] = account.calls_to("order-service/order-search")
    assert call.params["contactId"] == "7"
