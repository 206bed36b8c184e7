"""What a party's ledger says of a credit, under ERPNext's own names."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.wire import Document

JOURNAL = "Journal Entry"


class LedgerRow(Document, frozen=True, kw_only=True, gc=False):
    """A Payment Ledger Entry: what a voucher adds to what is open of a document, or takes from it."""

    voucher_type: str | None = None
    voucher_no: str | None = None
    against_voucher_type: str | None = None
    against_voucher_no: str | None = None
    account_currency: str | None = None
    amount_in_account_currency: Decimal | None = None
