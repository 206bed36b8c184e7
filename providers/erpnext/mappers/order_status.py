"""What an order's percentages and payments say of it: its status, how far it is fulfilled, and how far paid.

`unread` are the fields that this user may not read. What rests on one of them is not told at all.
"""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.mappers.totals import NONE, party_total
from providers.erpnext.source import Joined
from providers.erpnext.wire_orders import Order, OrderJournal, OrderPayment, PurchaseOrder, SalesOrder
from unified_models.order import FulfilmentStatus, OrderStatus, PaymentStatus

WHOLE = 100
_BILLED = frozenset({"To Receive", "To Deliver", "Completed"})


def status_of(head: Order, unread: frozenset[str] = NONE) -> OrderStatus | None:
    """Our status: by `docstatus` first, since the stored status may be stale. Holding an order changes nothing."""
    if head.docstatus == 0:
        return "draft"
    if head.docstatus == 2:
        return "cancelled"
    if head.status == "Closed":
        return "closed"
    if "status" in unread:
        return None
    if head.per_billed is None:
        return "billed" if head.status in _BILLED else None
    return "billed" if head.per_billed >= WHOLE else "partially_billed" if head.per_billed > 0 else "authorised"


def fulfilment_of(head: Order) -> FulfilmentStatus | None:
    """How much of it was received, or delivered; an order may be of what is never delivered."""
    if isinstance(head, SalesOrder) and head.skip_delivery_note:
        return "not_applicable"
    done = None
    if isinstance(head, SalesOrder):
        done = head.per_delivered
    elif isinstance(head, PurchaseOrder):
        done = head.per_received
    if done is None:
        return None
    return "complete" if done >= WHOLE else "partial" if done > 0 else "none"


def paid_on(record: Joined[Order]) -> Decimal | None:
    """The sum of what was paid on the order, in the currency of the party's account.

    None where one of the payments may not be read, or is in another currency.
    """
    payments, journals = record.rows.get("payments"), record.rows.get("journals")
    if payments is None or journals is None or _is_taken_over_unseen(record):
        return None
    amounts = [row.allocated_amount for row in payments]
    amounts += [_booked(row, record.head) for row in journals]
    return None if None in amounts else sum((each for each in amounts if each is not None), Decimal(0))


def _is_taken_over_unseen(record: Joined[Order]) -> bool:
    """Whether an invoice may have taken an advance over without a trace: so in ERPNext's older versions."""
    untold = record.unread & {"payments.advance_voucher_no", "journals.advance_voucher_no"}
    return bool(untold) and record.head.per_billed != 0


def _booked(row: OrderJournal, head: Order) -> Decimal | None:
    debit, credit = row.debit_in_account_currency, row.credit_in_account_currency
    if debit is None or credit is None or row.account_currency != head.party_account_currency:
        return None
    return credit - debit if isinstance(head, SalesOrder) else debit - credit


def amount_paid(record: Joined[Order]) -> Decimal | None:
    """The same in the order's own currency; null where the party's account is in another."""
    paid, head = paid_on(record), record.head
    if not record.table("payments") and not record.table("journals"):
        return paid
    return paid if head.currency is not None and head.currency == head.party_account_currency else None


def payment_status_of(record: Joined[Order]) -> PaymentStatus | None:
    """How far an order is paid in advance. Once it is billed, its invoices are paid, and it cannot tell."""
    head, paid = record.head, paid_on(record)
    if head.docstatus != 1 or paid is None:
        return None
    total = party_total(head, record.unread) if paid else None
    if total is not None and paid >= total:
        return "paid"
    if head.per_billed is None or head.per_billed > 0 or (paid and total is None):
        return None
    return "partially_paid" if paid else "unpaid"


def payments_of(record: Joined[Order]) -> list[str]:
    """The Payment Entries, in the order of their names; two rows of one count once."""
    rows: list[OrderPayment] = record.table("payments")
    return list(dict.fromkeys(row.parent for row in rows if row.parent))
