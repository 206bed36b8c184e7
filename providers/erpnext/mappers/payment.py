"""Payment Entries of ERPNext as unified payments."""

from __future__ import annotations

from collections.abc import Sequence

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import text, tracking
from providers.erpnext.mappers.references import SIDES, document, party
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_payments import DeductionRow, PaymentEntry, ReferenceRow
from providers.kit.exact import exact
from unified_models.payment import (
    Allocation,
    Deduction,
    PaidDocument,
    Payment,
    PaymentDirection,
    PaymentState,
)

DIRECTIONS: dict[str, PaymentDirection] = {"Receive": "in", "Pay": "out", "Internal Transfer": "transfer"}
STATES: dict[int, PaymentState] = {0: "draft", 1: "posted", 2: "voided"}
_GIVEN_BACK = {("Customer", "out"), ("Supplier", "in")}
_ORDERS = {"sales_orders", "purchase_orders"}


def to_unified(record: Joined[PaymentEntry], site: Site) -> Payment:
    """A payment. Its bank account is where the money came from or went to, by the kind of payment."""
    head = record.head
    direction = DIRECTIONS.get(head.payment_type or "")
    bank, other = (head.paid_to, head.paid_from) if direction == "in" else (head.paid_from, head.paid_to)
    allocations = [_allocation(row, party_currency(head)) for row in record.table("references")]
    return Payment(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        number=head.name,
        payment_for=SIDES.get(head.party_type or ""),
        direction=direction,
        status=None if head.docstatus is None else STATES.get(head.docstatus),
        remote_status=head.status,
        remote_type=head.payment_type,
        transaction_date=head.posting_date,
        contact=party(head.party_type, head.party, head.party_name),
        account=text(bank) if direction else None,
        account_to=text(other) if direction == "transfer" else None,
        control_account=text(other) if direction in ("in", "out") else None,
        payment_method=text(head.mode_of_payment),
        invoice=_invoice(allocations),
        order=_order(allocations),
        allocations=allocations,
        deductions=[_deduction(row) for row in record.table("deductions")],
        currency=text(head.paid_from_account_currency),
        exchange_rate=exact(head.source_exchange_rate),
        company=head.company,
        total_amount=exact(head.paid_amount),
        received_amount=exact(head.received_amount),
        received_currency=text(head.paid_to_account_currency),
        base_total_amount=exact(head.base_paid_amount),
        unallocated_amount=exact(head.unallocated_amount) if head.docstatus == 1 and head.party_type else None,
        unallocated_currency=party_currency(head),
        reference=text(head.reference_no),
        reference_date=head.reference_date,
        memo=text(head.remarks),
        is_refund=_is_refund(head, direction),
        is_reconciled=None if "clearance_date" in record.unread else head.clearance_date is not None,
        tracking_categories=tracking(head, site),
    )


def party_currency(head: PaymentEntry) -> str | None:
    """The currency of the party's account, in which documents are settled; a transfer has no party."""
    if head.payment_type == "Receive":
        return text(head.paid_from_account_currency)
    return text(head.paid_to_account_currency) if head.payment_type == "Pay" else None


def _is_refund(head: PaymentEntry, direction: PaymentDirection | None) -> bool | None:
    if direction == "transfer":
        return False
    if direction is None or head.party_type not in SIDES:
        return None
    return (head.party_type, direction) in _GIVEN_BACK


def _allocation(row: ReferenceRow, currency: str | None) -> Allocation:
    settled = document(row.reference_doctype, row.reference_name)
    return Allocation(
        id=row.name,
        document=settled.id,
        document_type=settled.resource,
        remote_document=settled.remote,
        amount=exact(row.allocated_amount),
        currency=currency,
        document_total=exact(row.total_amount),
        document_outstanding=exact(row.outstanding_amount),
        due_date=row.due_date,
    )


def _only(allocations: Sequence[Allocation]) -> Allocation | None:
    """The one document that is settled, were it by instalments; None where there are several or none."""
    documents = {each.remote_document for each in allocations}
    return allocations[0] if len(documents) == 1 else None


def _invoice(allocations: Sequence[Allocation]) -> PaidDocument | None:
    only = _only(allocations)
    if only is None or only.document is None or only.document_type != "invoices":
        return None
    return PaidDocument(id=only.document, type="bill" if only.document.startswith("bill:") else "invoice")


def _order(allocations: Sequence[Allocation]) -> str | None:
    only = _only(allocations)
    return only.document if only is not None and only.document_type in _ORDERS else None


def _deduction(row: DeductionRow) -> Deduction:
    return Deduction(account=text(row.account), amount=exact(row.amount), description=text(row.description))
