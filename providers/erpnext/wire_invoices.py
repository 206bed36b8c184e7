"""Sales and purchase invoices under ERPNext's own names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from providers.erpnext.wire import Child
from providers.erpnext.wire_trade import Trade, TradeLine


class Invoice(Trade, frozen=True, kw_only=True, gc=False):
    """What sales and purchase invoices have in common."""

    title: str | None = None
    posting_date: date | None = None
    due_date: date | None = None
    is_return: int | None = None
    return_against: str | None = None
    outstanding_amount: Decimal | None = None
    remarks: str | None = None


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


class SalesInvoiceLine(TradeLine, frozen=True, kw_only=True, gc=False):
    """A Sales Invoice Item."""

    income_account: str | None = None
    sales_order: str | None = None
    so_detail: str | None = None


class PurchaseInvoiceLine(TradeLine, frozen=True, kw_only=True, gc=False):
    """A Purchase Invoice Item."""

    expense_account: str | None = None
    purchase_order: str | None = None
    po_detail: str | None = None


class PaymentReference(Child, frozen=True, kw_only=True, gc=False):
    """What a Payment Entry allocates to a document."""

    reference_name: str | None = None
