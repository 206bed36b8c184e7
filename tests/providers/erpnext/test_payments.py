"""Payment Entries: which way the money went, what it settles, and in which currency each amount is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.rows.payments import PAYMENT_METHODS, PAYMENTS
from tests.providers.erpnext.asking import cautions, one, records, where
from tests.providers.erpnext.frappe import Frappe
from unified_models.parts import ContactReference
from unified_models.payment import Allocation, Deduction, PaidDocument, Payment

STAMP = "2026-11-21 10:00:0{}.000000"
ACCOUNTS = {
    "paid_from": "Debtors USD",
    "paid_from_account_currency": "USD",
    "paid_to": "HSBC",
    "paid_to_account_currency": "GBP",
}


def reference(number: int, doctype: str, name: str, **more: Any) -> dict[str, Any]:
    """A row of what a payment settles."""
    return {
        "name": f"R{number}",
        "idx": number,
        "parent": "P1",
        "parenttype": "Payment Entry",
        "doctype": "Payment Entry Reference",
        "reference_doctype": doctype,
        "reference_name": name,
        "allocated_amount": Decimal("40.0"),
        **more,
    }


def site_with(*rows: dict[str, Any], **fields: Any) -> Frappe:
    """A site with one payment, of these rows and fields."""
    site = Frappe()
    head = {"name": "P1", "modified": STAMP.format(1), "docstatus": 1, "payment_type": "Receive", **ACCOUNTS}
    site.add("Payment Entry", [{**head, "references": list(rows), "deductions": [], **fields}])
    return site


async def payment(*rows: dict[str, Any], **fields: Any) -> Payment:
    """The payment as the list tells it; a get must tell the same."""
    site = site_with(*rows, **fields)
    [listed] = await records(site, PAYMENTS)
    assert await one(site, PAYMENTS, "P1") == listed
    assert isinstance(listed, Payment)
    return listed


@pytest.mark.parametrize(
    ("kind", "direction", "account", "account_to", "control", "party_currency"),
    [
        ("Receive", "in", "HSBC", None, "Debtors USD", "USD"),
        ("Pay", "out", "Debtors USD", None, "HSBC", "GBP"),
        ("Internal Transfer", "transfer", "Debtors USD", "HSBC", None, None),
        ("Barter", None, None, None, None, None),
    ],
)
async def test_the_kind_of_payment_says_which_account_is_the_banks(
    kind: str,
    direction: str | None,
    account: str | None,
    account_to: str | None,
    control: str | None,
    party_currency: str | None,
) -> None:
    record = await payment(payment_type=kind)

    assert (record.direction, record.remote_type) == (direction, kind)
    assert (record.account, record.account_to, record.control_account) == (account, account_to, control)
    assert record.unallocated_currency == party_currency


async def test_what_was_paid_and_what_arrived_are_each_in_their_accounts_currency() -> None:
    record = await payment(
        paid_amount=Decimal("100.0"),
        source_exchange_rate=Decimal("0.79"),
        base_paid_amount=Decimal("79.0"),
        received_amount=Decimal("78.5"),
        party_type="Customer",
        unallocated_amount=Decimal("60.0"),
    )

    assert (record.total_amount, record.currency, record.exchange_rate) == (100, "USD", Decimal("0.79"))
    assert (record.received_amount, record.received_currency) == (Decimal("78.5"), "GBP")
    assert (record.base_total_amount, record.unallocated_amount) == (79, 60)


@pytest.mark.parametrize(("docstatus", "status"), [(0, "draft"), (1, "posted"), (2, "voided")])
async def test_only_a_posted_payment_has_something_left(docstatus: int, status: str) -> None:
    record = await payment(docstatus=docstatus, party_type="Customer", unallocated_amount=Decimal("60.0"))

    assert record.status == status
    assert record.unallocated_amount == (60 if docstatus == 1 else None)


@pytest.mark.parametrize(
    ("doctype", "document", "resource"),
    [
        ("Sales Invoice", "invoice:X", "invoices"),
        ("Purchase Invoice", "bill:X", "invoices"),
        ("Sales Order", "X", "sales_orders"),
        ("Purchase Order", "X", "purchase_orders"),
        ("Journal Entry", "X", "journal_entries"),
        ("Payment Entry", "X", "payments"),
        ("Dunning", None, None),
    ],
)
async def test_an_allocation_names_its_document_by_the_id_it_has_in_its_own_resource(
    doctype: str, document: str | None, resource: str | None
) -> None:
    row = reference(
        1,
        doctype,
        "X",
        total_amount=Decimal("58.1"),
        outstanding_amount=Decimal("18.1"),
        due_date="2026-12-01",
    )

    record = await payment(row)

    assert record.allocations == [
        Allocation(
            id="R1",
            document=document,
            document_type=resource,
            remote_document=f"{doctype}:X",
            amount=Decimal("40.0"),
            currency="USD",
            document_total=Decimal("58.1"),
            document_outstanding=Decimal("18.1"),
            due_date=date(2026, 12, 1),
        )
    ]
    kind = "bill" if doctype == "Purchase Invoice" else "invoice"
    assert record.invoice == (PaidDocument(id=document, type=kind) if resource == "invoices" else None)
    assert record.order == (document if "Order" in doctype else None)


async def test_several_instalments_of_one_invoice_are_one_document_and_two_invoices_are_none() -> None:
    twice = [reference(1, "Sales Invoice", "X"), reference(2, "Sales Invoice", "X")]
    two = [reference(1, "Sales Invoice", "X"), reference(2, "Sales Invoice", "Y")]

    assert (await payment(*twice)).invoice == PaidDocument(id="invoice:X", type="invoice")
    assert len((await payment(*twice)).allocations) == 2
    assert (await payment(*two)).invoice is None


@pytest.mark.parametrize(
    ("kind", "party", "is_refund"),
    [
        ("Pay", "Customer", True),
        ("Receive", "Supplier", True),
        ("Receive", "Customer", False),
        ("Pay", "Supplier", False),
        ("Pay", "Employee", None),
        ("Internal Transfer", None, False),
    ],
)
async def test_money_that_goes_the_other_way_is_a_refund(
    kind: str, party: str | None, is_refund: bool | None
) -> None:
    record = await payment(payment_type=kind, party_type=party, party="X" if party else None)

    assert record.is_refund is is_refund
    assert record.payment_for == {"Customer": "invoice", "Supplier": "bill"}.get(party or "")


@pytest.mark.parametrize(
    ("party_type", "contact"),
    [
        ("Customer", ContactReference(id="customer:A", name="Ann", type="customer")),
        ("Supplier", ContactReference(id="supplier:A", name="Ann", type="vendor")),
        ("Employee", ContactReference(id=None, name="Ann", type="employee")),
        ("Shareholder", ContactReference(id=None, name="Ann", type=None)),
    ],
)
async def test_a_party_that_is_no_contact_of_ours_has_a_name_and_no_id(
    party_type: str, contact: ContactReference
) -> None:
    assert (await payment(party_type=party_type, party="A", party_name="Ann")).contact == contact


async def test_fees_within_a_payment_are_told() -> None:
    row = {
        "name": "D1",
        "parent": "P1",
        "parenttype": "Payment Entry",
        "doctype": "Payment Entry Deduction",
        "account": "Bank Charges",
        "amount": Decimal("-1.5"),
        "description": "",
    }

    record = await payment(deductions=[row])

    assert record.deductions == [Deduction(account="Bank Charges", amount=Decimal("-1.5"), description=None)]


@pytest.mark.parametrize(("cleared", "is_reconciled"), [("2026-11-20", True), (None, False)])
async def test_a_payment_that_was_cleared_is_reconciled(cleared: str | None, is_reconciled: bool) -> None:
    site = site_with(clearance_date=cleared)

    [record] = await records(site, PAYMENTS)

    assert record.is_reconciled is is_reconciled
    for asked in (True, False):
        found = await records(site, PAYMENTS, **where("is_reconciled", asked))
        assert len(found) == (asked is is_reconciled)


async def test_allocations_that_may_not_be_read_are_a_warning_and_no_guess() -> None:
    site = site_with(reference(1, "Sales Invoice", "X"))
    site.forbidden = {"Payment Entry Reference"}

    [record] = await records(site, PAYMENTS)

    assert (record.allocations, record.invoice) == ([], None)
    assert [(each.code, each.field) for each in await cautions(site, PAYMENTS)] == [
        ("not_permitted", "allocations")
    ]


@pytest.mark.parametrize(
    ("name", "value", "conditions"),
    [
        ("status", "voided", [["docstatus", "in", [2]]]),
        ("direction", "transfer", [["payment_type", "in", ["Internal Transfer"]]]),
        ("payment_for", "bill", [["party_type", "in", ["Supplier"]]]),
        ("contact", "supplier:A:B", [["party_type", "=", "Supplier"], ["party", "=", "A:B"]]),
        ("contact", "A:B", [["party", "=", "A:B"]]),
        ("transaction_date", date(2026, 1, 1), [["posting_date", "=", "2026-01-01"]]),
    ],
)
async def test_a_filter_is_asked_of_erpnext(name: str, value: Any, conditions: list[list[Any]]) -> None:
    site = site_with()

    await records(site, PAYMENTS, **where(name, value))

    [call] = site.lists("Payment Entry")
    assert call.argument("filters") == conditions


async def test_several_statuses_can_be_asked_for() -> None:
    site = site_with()

    await records(site, PAYMENTS, **where("status", ("draft", "posted"), "in"))

    [call] = site.lists("Payment Entry")
    assert call.argument("filters") == [["docstatus", "in", [0, 1]]]


async def test_a_way_to_pay_has_an_account_for_each_company() -> None:
    site = Frappe()
    row = {"parent": "Cash", "parenttype": "Mode of Payment", "doctype": "Mode of Payment Account"}
    accounts = [
        {**row, "name": f"A{n}", "idx": n, "company": f"C{n}", "default_account": f"Till {n}"} for n in (1, 2)
    ]
    head = {"name": "Cash", "modified": STAMP.format(1), "mode_of_payment": "Cash", "enabled": 0, "type": "Cash"}
    site.add("Mode of Payment", [{**head, "accounts": accounts}])

    [record] = await records(site, PAYMENT_METHODS)

    assert record == await one(site, PAYMENT_METHODS, "Cash")
    assert (record.code, record.status, record.type, record.remote_type) == ("Cash", "archived", None, "Cash")
    assert [(each.account, each.company) for each in record.accounts] == [("Till 1", "C1"), ("Till 2", "C2")]
    assert await records(site, PAYMENT_METHODS, **where("status", "active")) == []
