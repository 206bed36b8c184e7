"""Journals of Brightpearl as unified journal entries."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.journal_kinds import KINDS
from providers.brightpearl.mappers.order_parts import tracking
from providers.brightpearl.site import Site
from providers.brightpearl.wire import Assigned
from providers.brightpearl.wire_journals import Change, Journal, JournalLine, TaxReconciliation
from providers.kit.exact import exact
from unified_models.journal_entry import JournalEntry
from unified_models.journal_entry import JournalLine as UnifiedLine
from unified_models.parts import ContactReference


def to_unified(source: Journal, site: Site) -> JournalEntry:
    """A journal entry. Journals are booked when they are made, and never change."""
    kind = KINDS.get(source.journalTypeCode or "")
    return JournalEntry(
        id=str(source.id),
        remote_id=str(source.id),
        created_at=instant(source.createdOn),
        updated_at=instant(source.createdOn),
        number=str(source.id),
        type=kind.type if kind else None,
        remote_type=source.journalTypeCode,
        status="posted",
        transaction_date=calendar_date(source.taxDate),
        due_date=calendar_date(source.dueDate),
        memo=source.description or None,
        currency=currency_of(source, site),
        base_currency=site.base_currency,
        exchange_rate=exact(source.exchangeRate),
        total_debit=_sum(source.debits),
        total_credit=_sum(source.credits),
        contact=contact_of(source),
        tax_reconciled_on=calendar_date((source.taxReconciliation or TaxReconciliation()).date),
        is_opening_balance=source.journalTypeCode == "OB" if source.journalTypeCode else None,
        lines=[
            *(_line(line, source, site, is_debit=True) for line in source.debits),
            *(_line(line, source, site, is_debit=False) for line in source.credits),
        ],
    )


def currency_of(journal: Journal, site: Site) -> str | None:
    """The currency of its transaction amounts."""
    return site.currencies.get(journal.currencyId) if journal.currencyId else None


def contact_of(journal: Journal) -> ContactReference | None:
    """Whom the whole journal is with; 0 and absent say nobody."""
    kind = KINDS.get(journal.journalTypeCode or "")
    if not journal.contactId:
        return None
    return ContactReference(id=str(journal.contactId), type=kind.contact if kind else None)


def account_of(line: JournalLine, site: Site) -> str | None:
    """The id of the account whose code the line carries."""
    nominal = site.nominals.get(line.nominalCode or "")
    return nominal.id if nominal else None


def is_bank(line: JournalLine, site: Site) -> bool:
    """Whether the line is on a bank account."""
    nominal = site.nominals.get(line.nominalCode or "")
    return nominal is not None and nominal.is_bank


def _sum(lines: Iterable[JournalLine]) -> Decimal | None:
    """The sum in the books' currency; None where a line does not tell."""
    amounts = [exact((line.change or Change()).value) for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _line(line: JournalLine, journal: Journal, site: Site, *, is_debit: bool) -> UnifiedLine:
    base, own = exact((line.change or Change()).value), exact(line.transactionAmount)
    kind = KINDS.get(journal.journalTypeCode or "")
    has_document = bool(line.orderId and kind and kind.orders)
    return UnifiedLine(
        account=account_of(line, site),
        account_code=line.nominalCode or None,
        debit=base if is_debit else None,
        credit=None if is_debit else base,
        debit_in_currency=own if is_debit else None,
        credit_in_currency=None if is_debit else own,
        total_line_amount=base if is_debit or base is None else -base,
        currency=currency_of(journal, site),
        tax_rate=site.tax_codes.get(line.taxCode or ""),
        tax_code=line.taxCode or None,
        document=str(line.orderId) if has_document else None,
        document_type=kind.orders if has_document and kind else None,
        # 0 says none, as an empty reference does.
        remote_document=f"order:{line.orderId}" if line.orderId else None,
        reference=line.invoiceReference or None,
        tracking_categories=tracking(line.assignment or Assigned()),
    )
