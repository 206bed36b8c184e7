"""Purchase and sales orders under ERPNext's own names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from providers.erpnext.wire import Child
from providers.erpnext.wire_trade import Trade, TradeLine


class Order(Trade, frozen=True, kw_only=True, gc=False):
    """What purchase and sales orders have in common."""

    transaction_date: date | None = None
    advance_paid: Decimal | None = None
    per_billed: Decimal | None = None
    set_warehouse: str | None = None
    amended_from: str | None = None
    terms: str | None = None


class PurchaseOrder(Order, frozen=True, kw_only=True, gc=False):
    """A Purchase Order."""

    supplier: str | None = None
    supplier_name: str | None = None
    order_confirmation_no: str | None = None
    schedule_date: date | None = None
    per_received: Decimal | None = None
    supplier_address: str | None = None
    # The name here, where a Sales Order has the text under it.
    shipping_address: str | None = None
    shipping_address_display: str | None = None


class SalesOrder(Order, frozen=True, kw_only=True, gc=False):
    """A Sales Order."""

    customer: str | None = None
    customer_name: str | None = None
    po_no: str | None = None
    delivery_date: date | None = None
    per_delivered: Decimal | None = None
    delivery_status: str | None = None
    skip_delivery_note: int | None = None
    customer_address: str | None = None
    shipping_address_name: str | None = None
    shipping_address: str | None = None


class PurchaseOrderLine(TradeLine, frozen=True, kw_only=True, gc=False):
    """A Purchase Order Item."""

    expense_account: str | None = None
    schedule_date: date | None = None
    received_qty: Decimal | None = None


class SalesOrderLine(TradeLine, frozen=True, kw_only=True, gc=False):
    """A Sales Order Item."""

    delivery_date: date | None = None
    delivered_qty: Decimal | None = None


class Advance(Child, frozen=True, kw_only=True, gc=False):
    """A row that pays on an order, or on the invoice that took the order's advance over."""

    reference_name: str | None = None
    advance_voucher_type: str | None = None
    advance_voucher_no: str | None = None

    @property
    def document_type(self) -> str | None:
        """The DocType of `reference_name`."""
        return None


class OrderPayment(Advance, frozen=True, kw_only=True, gc=False):
    """What a Payment Entry allocates."""

    reference_doctype: str | None = None
    allocated_amount: Decimal | None = None

    @property
    def document_type(self) -> str | None:
        """The DocType of `reference_name`."""
        return self.reference_doctype


class OrderJournal(Advance, frozen=True, kw_only=True, gc=False):
    """What a Journal Entry books."""

    reference_type: str | None = None
    account_currency: str | None = None
    debit_in_account_currency: Decimal | None = None
    credit_in_account_currency: Decimal | None = None

    @property
    def document_type(self) -> str | None:
        """The DocType of `reference_name`."""
        return self.reference_type
