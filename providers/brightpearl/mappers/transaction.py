"""Bank journals of Brightpearl as unified transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.mappers.journal import account_of, contact_of, currency_of, is_bank
from providers.brightpearl.mappers.order_parts import tracking
from providers.brightpearl.site import Site
from providers.brightpearl.wire import Assigned
from providers.brightpearl.wire_journals import Change, Journal, JournalLine
from providers.kit.exact import exact
from unified_models.parts import LineItem
from unified_models.transaction import Transaction, TransactionType

TYPES: dict[str, TransactionType] = {"BP": "spend", "BR": "receive", "BT": "transfer"}


def to_unified(source: Journal, site: Site) -> Transaction:
    """A movement: what the bank's lines received and sent; all other lines are what it was for."""
    received = [line for line in source.debits if is_bank(line, site)]
    sent = [line for line in source.credits if is_bank(line, site)]
    kind = TYPES[source.journalTypeCode or ""]
    return Transaction(
        id=str(source.id),
        remote_id=str(source.id),
        created_at=instant(source.createdOn),
        updated_at=instant(source.createdOn),
        kind="bank",
        number=str(source.id),
        transaction_type=kind,
        remote_type=source.journalTypeCode,
        transaction_date=calendar_date(source.taxDate),
        due_date=calendar_date(source.dueDate),
        account=_sole_account(received, site),
        account_from=_sole_account(sent, site),
        contact=contact_of(source),
        debit=_base(received),
        credit=_base(sent),
        debit_in_currency=_own(received),
        credit_in_currency=_own(sent),
        total_amount=_moved(received, sent, kind),
        currency=currency_of(source, site),
        exchange_rate=exact(source.exchangeRate),
        memo=source.description or None,
        reference=_reference(source),
        line_items=_lines(source, site, kind),
    )


def _sole_account(lines: Sequence[JournalLine], site: Site) -> str | None:
    """The account, where all these lines are of one."""
    accounts = {account_of(line, site) for line in lines}
    return accounts.pop() if len(accounts) == 1 else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None of nothing, and where one is not told."""
    known = [exact(amount) for amount in amounts]
    told = [amount for amount in known if amount is not None]
    return sum(told, Decimal(0)) if known and len(told) == len(known) else None


def _base(lines: Sequence[JournalLine]) -> Decimal | None:
    return _sum((line.change or Change()).value for line in lines)


def _own(lines: Sequence[JournalLine]) -> Decimal | None:
    return _sum(line.transactionAmount for line in lines)


def _moved(received: Sequence[JournalLine], sent: Sequence[JournalLine], kind: TransactionType) -> Decimal | None:
    """What moved: between own accounts what was received, else the difference that it made to the bank."""
    into, out = _own(received), _own(sent)
    if kind == "transfer" or out is None:
        return into
    return out if into is None else abs(into - out)


def _reference(source: Journal) -> str | None:
    references = {line.invoiceReference for line in (*source.debits, *source.credits) if line.invoiceReference}
    return references.pop() if len(references) == 1 else None


def _lines(source: Journal, site: Site, kind: TransactionType) -> list[LineItem]:
    """The lines that are not the bank's: positive where they are what the movement was for."""
    sign = -1 if kind == "receive" else 1
    signed = [*((sign, line) for line in source.debits), *((-sign, line) for line in source.credits)]
    return [line_item(each, line, source, site) for each, line in signed if not is_bank(line, site)]


def line_item(sign: int, line: JournalLine, source: Journal, site: Site) -> LineItem:
    """A line of a journal as a line of a document."""
    amount = exact(line.transactionAmount)
    net = -amount if amount is not None and sign < 0 else amount
    return LineItem(
        account=line.nominalCode or None,
        net_amount=net,
        total_line_amount=net,
        tax_rate=site.tax_codes.get(line.taxCode or ""),
        tax_code=line.taxCode or None,
        tracking_categories=tracking(line.assignment or Assigned()),
        currency=currency_of(source, site),
        order_id=str(line.orderId) if line.orderId else None,
    )
