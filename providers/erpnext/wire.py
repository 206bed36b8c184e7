"""ERPNext's records under its own names, as Frappe lists and documents carry them (measured on version 15).

Only `name` is sure to be there: lists hold the fields that were asked for, documents leave nulls out. Money and
quantities are JSON floats; checks are 0 or 1; instants are naive text in the site's zone.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from providers.kit.resource import Wire


class Document(Wire, frozen=True, kw_only=True, gc=False):
    """What every document has."""

    name: str
    creation: str | None = None
    modified: str | None = None


class Invoice(Document, frozen=True, kw_only=True, gc=False):
    """What sales and purchase invoices have in common."""

    docstatus: int | None = None
    status: str | None = None
    title: str | None = None
    company: str | None = None
    posting_date: date | None = None
    due_date: date | None = None
    is_return: int | None = None
    return_against: str | None = None
    currency: str | None = None
    conversion_rate: Decimal | None = None
    party_account_currency: str | None = None
    net_total: Decimal | None = None
    discount_amount: Decimal | None = None
    total_taxes_and_charges: Decimal | None = None
    grand_total: Decimal | None = None
    base_grand_total: Decimal | None = None
    rounded_total: Decimal | None = None
    base_rounded_total: Decimal | None = None
    disable_rounded_total: int | None = None
    outstanding_amount: Decimal | None = None
    remarks: str | None = None
    cost_center: str | None = None
    project: str | None = None
    address_display: str | None = None


class SalesInvoice(Invoice, frozen=True, kw_only=True, gc=False):
    """A Sales Invoice, or a credit note (`is_return`)."""

    customer: str | None = None
    customer_name: str | None = None
    debit_to: str | None = None
    po_no: str | None = None
    customer_address: str | None = None
    shipping_address_name: str | None = None
    shipping_address: str | None = None


class PurchaseInvoice(Invoice, frozen=True, kw_only=True, gc=False):
    """A Purchase Invoice, or a debit note (`is_return`)."""

    supplier: str | None = None
    supplier_name: str | None = None
    credit_to: str | None = None
    bill_no: str | None = None
    supplier_address: str | None = None
    # The name here, where a Sales Invoice has the text under it.
    shipping_address: str | None = None
    shipping_address_display: str | None = None


class Child(Wire, frozen=True, kw_only=True, gc=False):
    """A row of a child table."""

    name: str
    idx: int | None = None
    parent: str | None = None


class InvoiceLine(Child, frozen=True, kw_only=True, gc=False):
    """What the lines of both invoices have in common."""

    item_code: str | None = None
    item_name: str | None = None
    description: str | None = None
    qty: Decimal | None = None
    uom: str | None = None
    rate: Decimal | None = None
    discount_percentage: Decimal | None = None
    discount_amount: Decimal | None = None
    amount: Decimal | None = None
    net_amount: Decimal | None = None
    item_tax_template: str | None = None
    cost_center: str | None = None
    project: str | None = None


class SalesInvoiceLine(InvoiceLine, frozen=True, kw_only=True, gc=False):
    """A Sales Invoice Item."""

    income_account: str | None = None
    sales_order: str | None = None
    so_detail: str | None = None


class PurchaseInvoiceLine(InvoiceLine, frozen=True, kw_only=True, gc=False):
    """A Purchase Invoice Item."""

    expense_account: str | None = None
    purchase_order: str | None = None
    po_detail: str | None = None


class TaxRow(Child, frozen=True, kw_only=True, gc=False):
    """A row of taxes and charges."""

    charge_type: str | None = None
    account_head: str | None = None
    description: str | None = None
    rate: Decimal | None = None
    tax_amount: Decimal | None = None
    tax_amount_after_discount_amount: Decimal | None = None
    total: Decimal | None = None
    included_in_print_rate: int | None = None


class PurchaseTaxRow(TaxRow, frozen=True, kw_only=True, gc=False):
    """A row of purchase taxes, which may also be taken off."""

    add_deduct_tax: str | None = None


class ScheduleRow(Child, frozen=True, kw_only=True, gc=False):
    """An instalment."""

    due_date: date | None = None
    payment_amount: Decimal | None = None
    base_payment_amount: Decimal | None = None
    invoice_portion: Decimal | None = None


class PaymentReference(Child, frozen=True, kw_only=True, gc=False):
    """What a Payment Entry allocates to a document."""

    reference_name: str | None = None


class InvoiceRecord(
    Wire,
    frozen=True,
    kw_only=True,
    gc=False,
    # As a document holds them, so that a field that is wrong is named as ERPNext names it.
    rename={"head": "", "lines": "items", "schedule": "payment_schedule"},
):
    """An invoice with the rows that were joined to it.

    `unread` names the fields that may not be read, those of a table as `items.rate`: their null says nothing.
    """

    kind: str
    head: Invoice
    lines: list[Any] = []
    taxes: list[Any] = []
    schedule: list[ScheduleRow] = []
    payments: list[str] = []
    unread: frozenset[str] = frozenset()


class Item(Document, frozen=True, kw_only=True, gc=False):
    """An Item."""

    item_code: str | None = None
    item_name: str | None = None
    item_group: str | None = None
    stock_uom: str | None = None
    description: str | None = None
    disabled: int | None = None
    is_stock_item: int | None = None
    is_sales_item: int | None = None
    is_purchase_item: int | None = None
    has_variants: int | None = None
    variant_of: str | None = None
    brand: str | None = None
    standard_rate: Decimal | None = None
    last_purchase_rate: Decimal | None = None
