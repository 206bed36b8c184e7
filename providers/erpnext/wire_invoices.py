"""Sales and purchase invoices under ERPNext's own names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from providers.erpnext.wire import Child, Document


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
