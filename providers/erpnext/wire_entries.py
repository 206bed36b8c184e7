"""Rows of the general ledger under ERPNext's own names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from providers.erpnext.wire import Document


class EntryKey(Document, frozen=True, kw_only=True, gc=False):
    """What one row of the ledger is known from another by: the name is changed by an hourly job."""

    voucher_type: str | None = None
    voucher_no: str | None = None
    voucher_detail_no: str | None = None
    account: str | None = None
    party_type: str | None = None
    party: str | None = None
    cost_center: str | None = None
    project: str | None = None
    debit: Decimal | None = None
    credit: Decimal | None = None
    debit_in_account_currency: Decimal | None = None
    credit_in_account_currency: Decimal | None = None


class Entry(EntryKey, frozen=True, kw_only=True, gc=False):
    """A GL Entry. `debit` and `credit` are in the currency of the company's books."""

    posting_date: date | None = None
    due_date: date | None = None
    account_currency: str | None = None
    against: str | None = None
    against_voucher_type: str | None = None
    against_voucher: str | None = None
    company: str | None = None
    fiscal_year: str | None = None
    remarks: str | None = None
    is_cancelled: int | None = None
    is_opening: str | None = None
