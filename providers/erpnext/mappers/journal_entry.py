"""Journal Entries of ERPNext as unified journal entries."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, text, tracking
from providers.erpnext.mappers.references import document, party
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_ledger import JournalEntry as Head
from providers.erpnext.wire_ledger import JournalRow
from providers.kit.exact import exact
from unified_models.journal_entry import JournalEntry, JournalLine, JournalStatus, JournalType

TYPES: dict[str, JournalType] = {
    "Journal Entry": "GENERAL",
    "Inter Company Journal Entry": "GENERAL",
    "Bank Entry": "GENERAL",
    "Cash Entry": "GENERAL",
    "Credit Card Entry": "GENERAL",
    # Given by a supplier, or to a customer.
    "Debit Note": "ACCOUNTS_PAYABLE",
    "Credit Note": "ACCOUNTS_RECEIVABLE",
    "Contra Entry": "GENERAL",
    "Excise Entry": "GENERAL",
    "Write Off Entry": "GENERAL",
    "Opening Entry": "GENERAL",
    "Depreciation Entry": "GENERAL",
    "Exchange Rate Revaluation": "GENERAL",
    "Exchange Gain Or Loss": "GENERAL",
    "Deferred Revenue": "GENERAL",
    "Deferred Expense": "GENERAL",
}
STATES: dict[int, JournalStatus] = {0: "draft", 1: "posted", 2: "voided"}
# Of its own accord ERPNext books this when a foreign document is paid at another rate.
EXCHANGE_DIFFERENCE = "Exchange Gain Or Loss"


def to_unified(record: Joined[Head], site: Site) -> JournalEntry:
    """A journal entry with its lines."""
    head = record.head
    base_currency = site.base_currency(head.company)
    return JournalEntry(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        number=head.name,
        type=TYPES.get(head.voucher_type or ""),
        remote_type=text(head.voucher_type),
        status=None if head.docstatus is None else STATES.get(head.docstatus),
        transaction_date=head.posting_date,
        due_date=head.due_date,
        memo=text(head.user_remark) or text(head.remark),
        reference=text(head.cheque_no),
        reference_date=head.cheque_date,
        company=head.company,
        # One in several currencies has none of its own.
        currency=base_currency if head.multi_currency == 0 else None,
        base_currency=base_currency,
        total_debit=exact(head.total_debit),
        total_credit=exact(head.total_credit),
        reverses=text(head.reversal_of),
        is_system_generated=is_system_generated(head),
        is_multi_currency=flag(head.multi_currency),
        is_opening_balance=None if head.is_opening is None else head.is_opening == "Yes",
        lines=[_line(row, site) for row in record.table("accounts")],
    )


def is_system_generated(head: Head) -> bool | None:
    """Whether ERPNext made it by itself: it says so, or it is of the type that it makes."""
    if head.voucher_type == EXCHANGE_DIFFERENCE:
        return True
    return flag(head.is_system_generated)


def _line(row: JournalRow, site: Site) -> JournalLine:
    settled = document(row.reference_type, row.reference_name)
    return JournalLine(
        id=row.name,
        sequence=row.idx,
        account=text(row.account),
        description=text(row.user_remark),
        debit=exact(row.debit),
        credit=exact(row.credit),
        debit_in_currency=exact(row.debit_in_account_currency),
        credit_in_currency=exact(row.credit_in_account_currency),
        total_line_amount=exact(less(row.debit, row.credit)),
        currency=text(row.account_currency),
        exchange_rate=exact(row.exchange_rate),
        contact=party(row.party_type, row.party),
        document=settled.id,
        document_type=settled.resource,
        remote_document=settled.remote,
        reference=text(row.reference_name),
        tracking_categories=tracking(row, site),
        custom_fields=custom_fields(row),
    )


def less(debit: Decimal | None, credit: Decimal | None) -> Decimal | None:
    """Debit less credit; None where either is not told, since neither alone says the sign."""
    return None if debit is None or credit is None else debit - credit
