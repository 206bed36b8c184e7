"""Sales and purchase invoices of ERPNext as unified invoices."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.decode import custom_fields
from providers.erpnext.site import Site
from providers.erpnext.wire import (
    Invoice as Head,
)
from providers.erpnext.wire import (
    InvoiceLine,
    InvoiceRecord,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseTaxRow,
    SalesInvoice,
    SalesInvoiceLine,
    ScheduleRow,
    TaxRow,
)
from providers.kit.exact import exact
from unified_models.invoice import Invoice, InvoiceStatus, InvoiceType
from unified_models.parts import (
    Address,
    AddressType,
    ContactReference,
    LineItem,
    PaymentTerm,
    Tax,
    TrackingCategoryReference,
)

TYPES: dict[str, InvoiceType] = {"invoice": "invoice", "bill": "bill"}
# For submitted documents; drafts and cancelled ones are told by `docstatus`, which is never stale.
STATUSES: dict[str, InvoiceStatus] = {
    "Submitted": "authorised",
    "Unpaid": "authorised",
    "Unpaid and Discounted": "authorised",
    "Overdue": "authorised",
    "Overdue and Discounted": "authorised",
    "Return": "authorised",
    "Internal Transfer": "authorised",
    # Measured: a credit note made and submitted in one call may stay stored as a draft.
    "Draft": "authorised",
    "Partly Paid": "partially_paid",
    "Partly Paid and Discounted": "partially_paid",
    "Paid": "paid",
    "Credit Note Issued": "credited",
    "Debit Note Issued": "credited",
}


def to_unified(record: InvoiceRecord, site: Site) -> Invoice:
    """An invoice or bill, its credit notes included."""
    head = record.head
    return Invoice(
        id=f"{record.kind}:{head.name}",
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        type=TYPES[record.kind],
        number=head.name,
        reference=_reference(head),
        status=status_of(head),
        remote_status=head.status,
        is_overdue=_is_overdue(head, site),
        is_credit_note=None if head.is_return is None else bool(head.is_return),
        credited_invoice=f"{record.kind}:{head.return_against}" if head.return_against else None,
        contact=_contact(head),
        company=head.company,
        account=_control_account(head),
        issue_date=head.posting_date,
        due_date=head.due_date,
        memo=_text(head.remarks) if head.remarks != "No Remarks" else None,
        currency=head.currency,
        exchange_rate=exact(head.conversion_rate),
        sub_total=exact(head.net_total),
        total_discount=exact(head.discount_amount),
        total_tax_amount=exact(head.total_taxes_and_charges),
        total_amount=exact(payable(head)),
        unrounded_total_amount=exact(head.grand_total),
        base_total_amount=exact(head.base_grand_total),
        balance=exact(head.outstanding_amount) if head.docstatus == 1 else None,
        balance_currency=head.party_account_currency,
        payments=record.payments,
        line_items=[_line(line) for line in record.lines],
        taxes=[_tax(row) for row in record.taxes],
        payment_terms=[_term(row) for row in record.schedule],
        addresses=_addresses(head),
        tracking_categories=_tracking(head),
    )


def payable(head: Head) -> Decimal | None:
    """What is to be paid: the rounded total where the site rounds (0 where it does not), else the grand total."""
    if head.disable_rounded_total or not head.rounded_total:
        return head.grand_total
    return head.rounded_total


def status_of(head: Head) -> InvoiceStatus | None:
    """Our status: by `docstatus` first, since the stored status may be stale."""
    if head.docstatus == 0:
        return "draft"
    if head.docstatus == 2:
        return "voided"
    status = STATUSES.get(head.status or "")
    return "partially_paid" if status == "authorised" and _is_part_paid(head) else status


def _is_part_paid(head: Head) -> bool:
    """Overdue hides that a part was paid. Only told where both amounts are in one currency."""
    total, left = payable(head), head.outstanding_amount
    if head.is_return or total is None or left is None or head.party_account_currency != head.currency:
        return False
    return 0 < left < total


def _is_overdue(head: Head, site: Site) -> bool | None:
    if head.docstatus is None or head.due_date is None or head.outstanding_amount is None:
        return None
    return head.docstatus == 1 and head.outstanding_amount > 0 and head.due_date < site.today


def _text(written: str | None) -> str | None:
    # Frappe keeps an empty text and none alike: both mean that nothing was entered.
    return written or None


def _reference(head: Head) -> str | None:
    if isinstance(head, SalesInvoice):
        return _text(head.po_no)
    return _text(head.bill_no) if isinstance(head, PurchaseInvoice) else None


def _contact(head: Head) -> ContactReference | None:
    if isinstance(head, SalesInvoice) and head.customer:
        return ContactReference(id=f"customer:{head.customer}", name=_text(head.customer_name), type="customer")
    if isinstance(head, PurchaseInvoice) and head.supplier:
        return ContactReference(id=f"supplier:{head.supplier}", name=_text(head.supplier_name), type="vendor")
    return None


def _control_account(head: Head) -> str | None:
    if isinstance(head, SalesInvoice):
        return _text(head.debit_to)
    return _text(head.credit_to) if isinstance(head, PurchaseInvoice) else None


def _line(line: InvoiceLine) -> LineItem:
    account, order_id, order_line_id = _booked(line)
    return LineItem(
        id=line.name,
        sequence=line.idx,
        item=_text(line.item_code),
        sku=_text(line.item_code),
        name=_text(line.item_name),
        description=_text(line.description),
        account=_text(account),
        quantity=exact(line.qty),
        unit=_text(line.uom),
        unit_price=exact(line.rate),
        discount_rate=exact(line.discount_percentage),
        discount_amount=exact(line.discount_amount),
        net_amount=exact(line.net_amount),
        total_line_amount=exact(line.amount),
        tax_rate=_text(line.item_tax_template),
        type="item" if line.item_code else "text",
        tracking_categories=_tracking(line),
        order_id=_text(order_id),
        order_line_id=_text(order_line_id),
        custom_fields=custom_fields(line),
    )


def _booked(line: InvoiceLine) -> tuple[str | None, str | None, str | None]:
    """The account, and the order and its line, which each DocType names its own way."""
    if isinstance(line, SalesInvoiceLine):
        return line.income_account, line.sales_order, line.so_detail
    if isinstance(line, PurchaseInvoiceLine):
        return line.expense_account, line.purchase_order, line.po_detail
    return None, None, None


def _tracking(record: Head | InvoiceLine) -> list[TrackingCategoryReference]:
    pairs = (("cost_center", record.cost_center), ("project", record.project))
    return [
        TrackingCategoryReference(id=f"{kind}:{name}", name=name if kind == "cost_center" else None)
        for kind, name in pairs
        if name
    ]


def _tax(row: TaxRow) -> Tax:
    return Tax(
        id=row.name,
        name=_text(row.description),
        account=_text(row.account_head),
        rate=exact(row.rate),
        tax_amount=exact(_charged(row)),
        total_amount=exact(row.total),
        calculation=_text(row.charge_type),
        is_included_in_price=None if row.included_in_print_rate is None else bool(row.included_in_print_rate),
        is_deducted=row.add_deduct_tax == "Deduct" if isinstance(row, PurchaseTaxRow) else None,
    )


def _charged(row: TaxRow) -> Decimal | None:
    """The tax that is booked: `tax_amount` is what it would be without the document's discount."""
    return row.tax_amount if row.tax_amount_after_discount_amount is None else row.tax_amount_after_discount_amount


def _term(row: ScheduleRow) -> PaymentTerm:
    return PaymentTerm(
        due_date=row.due_date,
        amount=exact(row.payment_amount),
        outstanding=exact(row.outstanding),
        portion=exact(row.invoice_portion),
    )


def _addresses(head: Head) -> list[Address]:
    """Addresses as the document shows them: text of several lines, kept whole in `street_1`."""
    pairs: tuple[tuple[AddressType, str | None, str | None], ...]
    if isinstance(head, SalesInvoice):
        pairs = (
            ("billing", head.customer_address, head.address_display),
            ("shipping", head.shipping_address_name, head.shipping_address),
        )
    else:
        own = head.supplier_address if isinstance(head, PurchaseInvoice) else None
        pairs = (("billing", own, head.address_display), ("shipping", None, head.shipping_address))
    return [
        Address(id=_text(name), type=kind, street_1=_text(shown)) for kind, name, shown in pairs if name or shown
    ]
