"""Customers' and suppliers' payments of Brightpearl as unified payments."""

from __future__ import annotations

from collections.abc import Sequence

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.journal_kinds import order_resource
from providers.brightpearl.mappers.journal import account_of, is_bank
from providers.brightpearl.mappers.order_parts import contact
from providers.brightpearl.site import Site
from providers.brightpearl.wire import TotalValue
from providers.brightpearl.wire_journals import Change, Journal, JournalLine
from providers.brightpearl.wire_payments import PaymentRecord, PaymentRow
from providers.kit.exact import exact
from unified_models.parts import PaymentFor
from unified_models.payment import Allocation, Payment, PaymentDirection, PaymentState

SIDES: dict[str, PaymentFor] = {"customer": "invoice", "supplier": "bill"}
CUSTOMER_DIRECTIONS: dict[str, PaymentDirection] = {
    "RECEIPT": "in",
    "CAPTURE": "in",
    "PAYMENT": "out",
    "AUTH": "none",
    "VOID": "none",
}
SUPPLIER_DIRECTIONS: dict[str, PaymentDirection] = {"PAYMENT": "out", "RECEIPT": "in"}
STATES: dict[str, PaymentState] = {"AUTH": "authorised", "VOID": "voided"}


def to_unified(record: PaymentRecord, site: Site) -> Payment:
    """A payment of either side. What its journal tells is told where the journal is of this payment alone."""
    payment, side = record.payment, record.side
    direction = (CUSTOMER_DIRECTIONS if side == "customer" else SUPPLIER_DIRECTIONS).get(payment.paymentType or "")
    banks = _banks(record.journal, payment, site)
    others = _others(record.journal, site) if banks else []
    return Payment(
        id=f"{side}:{payment.paymentId}",
        remote_id=str(payment.paymentId),
        created_at=instant(payment.createdOn),
        updated_at=instant(payment.createdOn),
        number=str(payment.paymentId),
        payment_for=SIDES[side],
        direction=direction,
        status=STATES.get(payment.paymentType or "", "posted" if payment.journalId else None),
        remote_type=payment.paymentType,
        transaction_date=calendar_date(payment.paymentDate),
        contact=contact(record.order) if record.order else None,
        account=account_of(banks[0], site) if banks else None,
        control_account=account_of(others[0], site) if len(others) == 1 else None,
        payment_method=site.methods.get(payment.paymentMethodCode or ""),
        order=str(payment.orderId) if payment.orderId else None,
        allocations=[_allocation(record)] if payment.orderId and direction in ("in", "out") else [],
        currency=payment.currencyCode or None,
        exchange_rate=exact(record.journal.exchangeRate) if record.journal and banks else None,
        total_amount=exact(payment.amountPaid),
        authorised_amount=exact(payment.amountAuthorized),
        base_total_amount=exact((banks[0].change or Change()).value) if banks else None,
        reference=payment.transactionRef or None,
        journal_entry=str(payment.journalId) if payment.journalId else None,
        memo=record.journal.description or None if record.journal else None,
        is_refund=None if direction is None else direction == ("out" if side == "customer" else "in"),
    )


def _allocation(record: PaymentRecord) -> Allocation:
    """Each payment settles one order."""
    order = record.order
    total = exact((order.totalValue or TotalValue()).total) if order else None
    kind = order_resource(order.orderTypeCode) if order else None
    return Allocation(
        document=str(record.payment.orderId) if kind else None,
        document_type=kind,
        remote_document=f"order:{record.payment.orderId}",
        amount=exact(record.payment.amountPaid),
        currency=record.payment.currencyCode or None,
        # Credits are positive here, as in their own resource.
        document_total=abs(total) if total is not None and kind in ("credit_notes", "vendor_credits") else total,
    )


def _banks(journal: Journal | None, payment: PaymentRow, site: Site) -> Sequence[JournalLine]:
    """The bank's line of the payment's journal, where it is just this payment that it books."""
    if journal is None:
        return ()
    banks = [line for line in (*journal.debits, *journal.credits) if is_bank(line, site)]
    return banks if len(banks) == 1 and banks[0].transactionAmount == payment.amountPaid else ()


def _others(journal: Journal | None, site: Site) -> Sequence[JournalLine]:
    lines = (*journal.debits, *journal.credits) if journal else ()
    return [line for line in lines if not is_bank(line, site)]
