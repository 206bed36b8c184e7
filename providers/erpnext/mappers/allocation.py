"""What of a credit was set against which documents, as its party's ledger tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from providers.erpnext.wire_credits import JOURNAL, LedgerRow
from providers.kit.exact import exact
from unified_models.credit_note import CreditAllocation

KINDS = {"Sales Invoice": "invoice", "Purchase Invoice": "bill"}


def allocations_of(name: str, rows: Sequence[LedgerRow]) -> list[CreditAllocation]:
    """The allocations: those the credit made itself, then those of journals."""
    journals: dict[str, list[LedgerRow]] = {}
    for row in rows:
        if row.voucher_type == JOURNAL and row.voucher_no:
            journals.setdefault(row.voucher_no, []).append(row)
    own = [row for row in rows if row.voucher_type != JOURNAL and row.against_voucher_no != name]
    found = [_allocation(row, -amount) for row, amount in _told(own) if amount < 0]
    return found + [each for journal in journals.values() for each in _by_journal(name, journal)]


def _by_journal(name: str, rows: Sequence[LedgerRow]) -> Iterator[CreditAllocation]:
    """What a journal set of this credit. Where it used several for several documents, nobody can tell."""
    used = [(row, amount) for row, amount in _told(rows) if amount > 0]
    settled = [(row, -amount) for row, amount in _told(rows) if amount < 0]
    given, taken = _total(used), _total(settled)
    if len({row.against_voucher_no for row, _ in settled}) == 1 and given <= taken:
        for row, amount in used:
            if row.against_voucher_no == name:
                yield _allocation(settled[0][0], amount)
    elif len({row.against_voucher_no for row, _ in used}) == 1 and taken <= given:
        for row, amount in settled:
            yield _allocation(row, amount)


def _told(rows: Sequence[LedgerRow]) -> Iterator[tuple[LedgerRow, Decimal]]:
    """Rows that name an invoice or a bill, each with its amount."""
    for row in rows:
        if row.amount_in_account_currency is not None and row.against_voucher_type in KINDS:
            yield row, row.amount_in_account_currency


def _total(rows: Sequence[tuple[LedgerRow, Decimal]]) -> Decimal:
    return sum((amount for _, amount in rows), Decimal(0))


def _allocation(row: LedgerRow, amount: Decimal) -> CreditAllocation:
    return CreditAllocation(
        id=f"{KINDS[row.against_voucher_type or '']}:{row.against_voucher_no}",
        amount=exact(amount),
        currency=row.account_currency,
    )
