"""Sales and purchase invoices of ERPNext as unified invoices."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.address import addresses
from providers.erpnext.mappers.invoice_status import is_overdue, status_of
from providers.erpnext.mappers.parts import customer, flag, supplier, text, tracking
from providers.erpnext.mappers.totals import base_payable, payable
from providers.erpnext.mappers.trade import line_of, tax_of, term_of
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_invoices import (
    Invoice as Head,
)
from providers.erpnext.wire_invoices import (
    PurchaseInvoice,
    PurchaseInvoiceLine,
    SalesInvoice,
    SalesInvoiceLine,
)
from providers.erpnext.wire_trade import TradeLine
from providers.kit.exact import exact
from unified_models.invoice import Invoice, InvoiceType
from unified_models.parts import ContactReference, LineItem

TYPES: dict[str, InvoiceType] = {"invoice": "invoice", "bill": "bill"}


def to_unified(record: Joined[Head], site: Site) -> Invoice:
    """An invoice or bill, its credit notes included."""
    head = record.head
    return Invoice(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        type=TYPES[record.kind],
        number=head.name,
        reference=reference_of(head),
        status=status_of(head, record.unread),
        remote_status=head.status,
        is_overdue=is_overdue(record, site.today),
        is_credit_note=flag(head.is_return),
        credited_invoice=f"{record.kind}:{head.return_against}" if head.return_against else None,
        contact=contact_of(head),
        company=head.company,
        account=control_account_of(head),
        issue_date=head.posting_date,
        due_date=head.due_date,
        memo=memo_of(head),
        currency=head.currency,
        exchange_rate=exact(head.conversion_rate),
        sub_total=exact(head.net_total),
        total_discount=exact(head.discount_amount),
        total_tax_amount=exact(head.total_taxes_and_charges),
        total_amount=exact(payable(head, record.unread)),
        unrounded_total_amount=exact(head.grand_total),
        base_total_amount=exact(base_payable(head, record.unread)),
        balance=exact(head.outstanding_amount) if head.docstatus == 1 else None,
        balance_currency=head.party_account_currency,
        payments=record.table("payments"),
        line_items=[invoice_line(line, site, record.unread) for line in record.table("items")],
        taxes=[tax_of(row, record.unread) for row in record.table("taxes")],
        payment_terms=[term_of(row) for row in record.table("payment_schedule")],
        addresses=addresses(head),
        tracking_categories=tracking(head, site),
    )


def memo_of(head: Head) -> str | None:
    """The remarks; ERPNext itself writes that there are none."""
    return text(head.remarks) if head.remarks != "No Remarks" else None


def reference_of(head: Head) -> str | None:
    """The other side's number."""
    if isinstance(head, SalesInvoice):
        return text(head.po_no)
    return text(head.bill_no) if isinstance(head, PurchaseInvoice) else None


def contact_of(head: Head) -> ContactReference | None:
    """The customer or supplier."""
    if isinstance(head, SalesInvoice):
        return customer(head.customer, head.customer_name)
    return supplier(head.supplier, head.supplier_name) if isinstance(head, PurchaseInvoice) else None


def control_account_of(head: Head) -> str | None:
    """The receivable or payable account."""
    if isinstance(head, SalesInvoice):
        return text(head.debit_to)
    return text(head.credit_to) if isinstance(head, PurchaseInvoice) else None


def invoice_line(line: TradeLine, site: Site, unread: frozenset[str]) -> LineItem:
    """A line; the account, and the order and its line, each DocType names its own way."""
    if isinstance(line, SalesInvoiceLine):
        return line_of(
            line,
            site,
            unread,
            account=line.income_account,
            order_id=line.sales_order,
            order_line_id=line.so_detail,
        )
    if isinstance(line, PurchaseInvoiceLine):
        return line_of(
            line,
            site,
            unread,
            account=line.expense_account,
            order_id=line.purchase_order,
            order_line_id=line.po_detail,
        )
    return line_of(line, site, unread)
