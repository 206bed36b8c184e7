"""Sales and purchase invoices of ERPNext as unified invoices."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.address import addresses
from providers.erpnext.mappers.invoice_status import is_overdue, payable, status_of
from providers.erpnext.mappers.parts import customer, flag, supplier, text, tracking
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_invoices import (
    Invoice as Head,
)
from providers.erpnext.wire_invoices import (
    InvoiceLine,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseTaxRow,
    SalesInvoice,
    SalesInvoiceLine,
    ScheduleRow,
    TaxRow,
)
from providers.kit.exact import exact
from unified_models.invoice import Invoice, InvoiceType
from unified_models.parts import (
    ContactReference,
    LineItem,
    LineType,
    PaymentTerm,
    Tax,
)

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
        reference=_reference(head),
        status=status_of(head, record.unread),
        remote_status=head.status,
        is_overdue=is_overdue(record, site.today),
        is_credit_note=flag(head.is_return),
        credited_invoice=f"{record.kind}:{head.return_against}" if head.return_against else None,
        contact=_contact(head),
        company=head.company,
        account=_control_account(head),
        issue_date=head.posting_date,
        due_date=head.due_date,
        memo=text(head.remarks) if head.remarks != "No Remarks" else None,
        currency=head.currency,
        exchange_rate=exact(head.conversion_rate),
        sub_total=exact(head.net_total),
        total_discount=exact(head.discount_amount),
        total_tax_amount=exact(head.total_taxes_and_charges),
        total_amount=exact(payable(head, record.unread)),
        unrounded_total_amount=exact(head.grand_total),
        base_total_amount=exact(head.base_grand_total),
        balance=exact(head.outstanding_amount) if head.docstatus == 1 else None,
        balance_currency=head.party_account_currency,
        payments=record.table("payments"),
        line_items=[_line(line, record.unread) for line in record.table("items")],
        taxes=[_tax(row, record.unread) for row in record.table("taxes")],
        payment_terms=[_term(row) for row in record.table("payment_schedule")],
        addresses=addresses(head),
        tracking_categories=tracking(head),
    )


def _reference(head: Head) -> str | None:
    if isinstance(head, SalesInvoice):
        return text(head.po_no)
    return text(head.bill_no) if isinstance(head, PurchaseInvoice) else None


def _contact(head: Head) -> ContactReference | None:
    if isinstance(head, SalesInvoice):
        return customer(head.customer, head.customer_name)
    return supplier(head.supplier, head.supplier_name) if isinstance(head, PurchaseInvoice) else None


def _control_account(head: Head) -> str | None:
    if isinstance(head, SalesInvoice):
        return text(head.debit_to)
    return text(head.credit_to) if isinstance(head, PurchaseInvoice) else None


def _line(line: InvoiceLine, unread: frozenset[str]) -> LineItem:
    account, order_id, order_line_id = _booked(line)
    return LineItem(
        id=line.name,
        sequence=line.idx,
        item=text(line.item_code),
        sku=text(line.item_code),
        name=text(line.item_name),
        description=text(line.description),
        account=text(account),
        quantity=exact(line.qty),
        unit=text(line.uom),
        unit_price=exact(line.rate),
        discount_rate=exact(line.discount_percentage),
        discount_amount=exact(line.discount_amount),
        net_amount=exact(line.net_amount),
        total_line_amount=exact(line.amount),
        tax_rate=text(line.item_tax_template),
        type=_line_type(line, unread),
        tracking_categories=tracking(line),
        order_id=text(order_id),
        order_line_id=text(order_line_id),
        custom_fields=custom_fields(line),
    )


def _line_type(line: InvoiceLine, unread: frozenset[str]) -> LineType | None:
    if "items.item_code" in unread:
        return None
    return "item" if line.item_code else "text"


def _booked(line: InvoiceLine) -> tuple[str | None, str | None, str | None]:
    """The account, and the order and its line, which each DocType names its own way."""
    if isinstance(line, SalesInvoiceLine):
        return line.income_account, line.sales_order, line.so_detail
    if isinstance(line, PurchaseInvoiceLine):
        return line.expense_account, line.purchase_order, line.po_detail
    return None, None, None


def _tax(row: TaxRow, unread: frozenset[str]) -> Tax:
    return Tax(
        id=row.name,
        name=text(row.description),
        account=text(row.account_head),
        rate=exact(row.rate),
        tax_amount=exact(_charged(row, unread)),
        total_amount=exact(row.total),
        calculation=text(row.charge_type),
        is_included_in_price=flag(row.included_in_print_rate),
        is_deducted=_is_deducted(row),
    )


def _is_deducted(row: TaxRow) -> bool | None:
    if not isinstance(row, PurchaseTaxRow) or row.add_deduct_tax is None:
        return None
    return row.add_deduct_tax == "Deduct"


def _charged(row: TaxRow, unread: frozenset[str]) -> Decimal | None:
    """The tax that is booked: `tax_amount` is what it would be without the document's discount."""
    if row.tax_amount_after_discount_amount is None and "taxes.tax_amount_after_discount_amount" not in unread:
        return row.tax_amount
    return row.tax_amount_after_discount_amount


def _term(row: ScheduleRow) -> PaymentTerm:
    return PaymentTerm(
        due_date=row.due_date,
        amount=exact(row.payment_amount),
        portion=exact(row.invoice_portion),
    )
