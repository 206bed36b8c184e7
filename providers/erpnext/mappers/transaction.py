"""GL Entries of ERPNext as unified transactions."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.entry_ids import entry_id
from providers.erpnext.mappers.journal_entry import less
from providers.erpnext.mappers.parts import flag, text, tracking
from providers.erpnext.mappers.references import document, party
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_entries import Entry
from providers.kit.exact import exact
from unified_models.transaction import Transaction


def id_of(record: Joined[Entry]) -> str:
    """Our id, which is not the name: that is changed by an hourly job."""
    [place] = record.table("place") or [0]
    return entry_id(record.head, place)


def to_unified(record: Joined[Entry], site: Site) -> Transaction:
    """A row of the ledger."""
    head = record.head
    booked = document(head.voucher_type, head.voucher_no)
    return Transaction(
        id=id_of(record),
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        kind="ledger_entry",
        number=text(head.voucher_no),
        remote_type=text(head.voucher_type),
        transaction_date=head.posting_date,
        due_date=head.due_date,
        account=text(head.account),
        against_account=text(head.against),
        contact=party(head.party_type, head.party),
        debit=exact(head.debit),
        credit=exact(head.credit),
        debit_in_currency=exact(head.debit_in_account_currency),
        credit_in_currency=exact(head.credit_in_account_currency),
        total_amount=exact(less(head.debit_in_account_currency, head.credit_in_account_currency)),
        currency=text(head.account_currency),
        company=head.company,
        fiscal_year=text(head.fiscal_year),
        memo=text(head.remarks) if head.remarks != "No Remarks" else None,
        document=booked.id,
        document_type=booked.resource,
        remote_document=booked.remote,
        settles=document(head.against_voucher_type, head.against_voucher).remote,
        is_cancelled=flag(head.is_cancelled),
        is_opening=None if head.is_opening is None else head.is_opening == "Yes",
        tracking_categories=tracking(head, site),
    )
