"""Sales and purchase invoices of Brightpearl as unified invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.invoices import changed_at, reference_of
from providers.brightpearl.mappers.journal import account_of, contact_of, currency_of
from providers.brightpearl.mappers.order import CUSTOMER_SIGNS, SUPPLIER_SIGNS, amount_paid, custom_fields
from providers.brightpearl.mappers.order_parts import addresses, contact, lines, tracking
from providers.brightpearl.mappers.settling import left_open
from providers.brightpearl.mappers.transaction import line_item
from providers.brightpearl.site import Site
from providers.brightpearl.wire import Assigned, Order, Payment, TotalValue
from providers.brightpearl.wire_invoices import InvoiceRecord
from providers.brightpearl.wire_journals import Change, Journal, JournalLine
from providers.kit.exact import exact
from unified_models.invoice import Invoice, InvoiceStatus, InvoiceType
from unified_models.parts import LineItem

TYPES: dict[str, InvoiceType] = {"SI": "invoice", "PI": "bill"}
PAID: dict[str, InvoiceStatus] = {"PAID": "paid", "PARTIALLY_PAID": "partially_paid"}


def to_unified(record: InvoiceRecord, site: Site) -> Invoice:
    """An invoice or bill. Lines, tax and payments are its order's, where the journal books the whole of it."""
    journal, order = record.journal, record.order
    kind = TYPES[journal.journalTypeCode or ""]
    control = _control(record)
    currency = currency_of(journal, site)
    whole = order if order is not None and control is not None and _is_whole(control, order) else None
    whole = whole if whole is not None and currency in (None, _currency_of(whole)) else None
    totals = (whole.totalValue if whole else None) or TotalValue()
    total = exact(control.transactionAmount) if control else None
    balance = _balance(record, total, currency) if whole else None
    return Invoice(
        id=str(journal.id),
        remote_id=str(journal.id),
        created_at=instant(journal.createdOn),
        updated_at=changed_at(record),
        custom_fields=custom_fields(order) if order else {},
        type=kind,
        number=reference_of(journal),
        reference=order.reference or None if order else None,
        status=PAID.get(whole.orderPaymentStatus or "", "authorised") if whole else None,
        remote_status=order.orderStatus.name if order and order.orderStatus else None,
        is_overdue=_is_overdue(balance, calendar_date(journal.dueDate), site.today),
        is_credit_note=False,
        contact=contact(order) if order else contact_of(journal),
        account=account_of(control, site) if control else None,
        issue_date=calendar_date(journal.taxDate),
        due_date=calendar_date(journal.dueDate),
        paid_on_date=_paid_on(record.payments) if balance == 0 and total else None,
        memo=journal.description or None,
        currency=currency,
        exchange_rate=exact(journal.exchangeRate),
        sub_total=exact(totals.net),
        total_tax_amount=exact(totals.taxAmount),
        total_amount=total,
        base_total_amount=exact((control.change or Change()).value) if control else None,
        balance=balance,
        balance_currency=currency if balance is not None else None,
        payments=[_payment_id(kind, payment) for payment in record.payments or ()] if whole else [],
        line_items=lines(whole) if whole else _journal_lines(journal, control, site, kind),
        addresses=addresses(order) if order else [],
        tracking_categories=tracking(
            (order.assignment.current if order and order.assignment else None) or Assigned()
        ),
    )


def _control(record: InvoiceRecord) -> JournalLine | None:
    """The line that says what is to be paid: the one on its side, or the one of the order's total."""
    side = record.journal.debits if record.journal.journalTypeCode == "SI" else record.journal.credits
    if len(side) == 1:
        return side[0]
    alike = [line for line in side if record.order is not None and _is_whole(line, record.order)]
    return alike[0] if len(alike) == 1 else None


def _currency_of(order: Order) -> str | None:
    return order.currency.orderCurrencyCode if order.currency else None


def _is_whole(line: JournalLine, order: Order) -> bool:
    total = (order.totalValue or TotalValue()).total
    return total is not None and line.transactionAmount == total


def _balance(record: InvoiceRecord, total: Decimal | None, currency: str | None) -> Decimal | None:
    signs = CUSTOMER_SIGNS if record.journal.journalTypeCode == "SI" else SUPPLIER_SIGNS
    status = record.order.orderPaymentStatus if record.order else None
    return left_open(total, amount_paid(record.payments, signs, currency), status)


def _is_overdue(balance: Decimal | None, due: date | None, today: date | None) -> bool | None:
    if balance is None or due is None or today is None:
        return None
    return balance > 0 and due < today


def _paid_on(payments: Sequence[Payment] | None) -> date | None:
    """The day of the last payment, where all of them tell theirs."""
    days = [calendar_date(payment.paymentDate) for payment in payments or ()]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _payment_id(kind: InvoiceType, payment: Payment) -> str:
    return f"{'customer' if kind == 'invoice' else 'supplier'}:{payment.paymentId}"


def _journal_lines(journal: Journal, control: JournalLine | None, site: Site, kind: InvoiceType) -> list[LineItem]:
    """What the journal books beside the control account, tax among it: which accounts are tax, it does not say."""
    sign = -1 if kind == "invoice" else 1
    signed = [*((sign, line) for line in journal.debits), *((-sign, line) for line in journal.credits)]
    return [line_item(each, line, journal, site) for each, line in signed if line is not control]
