"""What an invoice's amounts and dates say of it: its status, and whether it is overdue.

`unread` are the fields that this user may not read. What rests on one of them is not told at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from providers.erpnext.mappers.totals import NONE, TOTALS, party_total
from providers.erpnext.source import Joined
from providers.erpnext.wire_invoices import Invoice
from providers.erpnext.wire_trade import ScheduleRow
from unified_models.invoice import InvoiceStatus

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
# ERPNext's own of a return, used up or not; and of what nothing was paid of, whatever the amounts say.
RETURNED = frozenset({"Return", "Internal Transfer", "Submitted", "Draft"})
_WHOLLY_OPEN = frozenset({"Unpaid", "Unpaid and Discounted"})


def status_of(head: Invoice, unread: frozenset[str] = NONE) -> InvoiceStatus | None:
    """Our status: by `docstatus` first, since the stored status may be stale."""
    if head.docstatus == 0:
        return "draft"
    if head.docstatus == 2:
        return "voided"
    status = STATUSES.get(head.status or "")
    return _open_status(head, unread) if status == "authorised" else status


def _open_status(head: Invoice, unread: frozenset[str]) -> InvoiceStatus | None:
    """Overdue hides that a part was paid, and Return that all of it was used."""
    left, total = head.outstanding_amount, party_total(head, unread)
    if left is not None and (head.is_return or head.status == "Return"):
        return "paid" if left == 0 and head.status in RETURNED else "authorised"
    if left is not None and left > 0 and total is not None:
        return "partially_paid" if left < total else "authorised"
    decides = {"outstanding_amount"} if left is None else TOTALS if left > 0 else {"is_return"}
    is_told = unread.isdisjoint(decides) or head.status in _WHOLLY_OPEN
    return "authorised" if is_told else None


def is_overdue(record: Joined[Invoice], today: date) -> bool | None:
    """Whether less was paid than was due before today: all of it, or the instalments until then."""
    head, left = record.head, record.head.outstanding_amount
    if head.docstatus is None or head.due_date is None or left is None:
        return None
    if head.docstatus != 1 or left <= 0:
        return False
    schedule = record.table("payment_schedule")
    if not schedule:
        return head.due_date < today
    late = [row for row in schedule if row.due_date is None or row.due_date < today]
    total, due = party_total(head, record.unread), _sum(late, in_base=head.party_account_currency != head.currency)
    if total is None or due is None:
        # By then the last instalment is due, whatever the instalments are.
        return True if head.due_date < today else None if late else False
    return total - left < due


def _sum(late: Sequence[ScheduleRow], *, in_base: bool) -> Decimal | None:
    """What the instalments come to; None where one of them cannot be read."""
    due = Decimal(0)
    for row in late:
        amount = row.base_payment_amount if in_base else row.payment_amount
        if amount is None or row.due_date is None:
            return None
        due += amount
    return due
