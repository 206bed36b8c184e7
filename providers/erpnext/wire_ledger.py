"""What the ledger is made of, under ERPNext's own names: accounts, currencies, rates, journals."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal

from providers.erpnext.wire import Child, Document


class Account(Document, frozen=True, kw_only=True, gc=False):
    """An Account."""

    account_name: str | None = None
    account_number: str | None = None
    parent_account: str | None = None
    is_group: int | None = None
    company: str | None = None
    root_type: str | None = None
    account_type: str | None = None
    account_currency: str | None = None
    tax_rate: Decimal | None = None
    disabled: int | None = None


class Currency(Document, frozen=True, kw_only=True, gc=False):
    """A Currency."""

    currency_name: str | None = None
    symbol: str | None = None
    enabled: int | None = None
    fraction_units: int | None = None
    smallest_currency_fraction_value: Decimal | None = None


class CurrencyExchange(Document, frozen=True, kw_only=True, gc=False):
    """A Currency Exchange: one unit of `from_currency` is `exchange_rate` units of `to_currency`."""

    date: DateValue | None = None
    from_currency: str | None = None
    to_currency: str | None = None
    exchange_rate: Decimal | None = None
    for_buying: int | None = None
    for_selling: int | None = None


class JournalEntry(Document, frozen=True, kw_only=True, gc=False):
    """A Journal Entry."""

    docstatus: int | None = None
    voucher_type: str | None = None
    posting_date: DateValue | None = None
    due_date: DateValue | None = None
    company: str | None = None
    cheque_no: str | None = None
    cheque_date: DateValue | None = None
    user_remark: str | None = None
    remark: str | None = None
    total_debit: Decimal | None = None
    total_credit: Decimal | None = None
    multi_currency: int | None = None
    is_opening: str | None = None
    is_system_generated: int | None = None
    reversal_of: str | None = None


class JournalRow(Child, frozen=True, kw_only=True, gc=False):
    """A row of a Journal Entry. `debit` and `credit` are in the currency of the company's books."""

    account: str | None = None
    account_currency: str | None = None
    exchange_rate: Decimal | None = None
    debit: Decimal | None = None
    credit: Decimal | None = None
    debit_in_account_currency: Decimal | None = None
    credit_in_account_currency: Decimal | None = None
    party_type: str | None = None
    party: str | None = None
    reference_type: str | None = None
    reference_name: str | None = None
    user_remark: str | None = None
    cost_center: str | None = None
    project: str | None = None
