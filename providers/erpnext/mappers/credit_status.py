"""What is left of a credit, and where it stands. ERPNext's own word for all of them is Return."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.mappers.totals import NONE, TOTALS, party_total
from providers.erpnext.wire_invoices import Invoice
from providers.kit.exact import exact
from unified_models.credit_note import CreditStatus


def negated(amount: Decimal | None) -> Decimal | None:
    """The amount turned round, digit by digit; a zero has no sign."""
    found = exact(amount)
    if found is None:
        return None
    return found.copy_abs() if found.is_zero() else found.copy_negate()


def status_of(head: Invoice, unread: frozenset[str] = NONE) -> CreditStatus | None:
    """Our status: by `docstatus`, then by how much of the total is left."""
    if head.docstatus == 0:
        return "draft"
    if head.docstatus == 2:
        return "voided"
    left, total = head.outstanding_amount, party_total(head, unread)
    if head.docstatus is None or left is None:
        return None
    if left >= 0:
        return "paid"
    if total is None:
        return None if unread & TOTALS else "authorised"
    return "partially_paid" if left > total else "authorised"


def remaining(head: Invoice) -> Decimal | None:
    """What is not used up, of posted credits: others keep an amount that says nothing."""
    return negated(head.outstanding_amount) if head.docstatus == 1 else None
