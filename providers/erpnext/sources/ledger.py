"""The DocTypes of accounts, currencies, rates and journals, and what they are filtered by."""

from __future__ import annotations

from collections.abc import Iterable

from providers.erpnext.balances import read_balances
from providers.erpnext.conditions import DOCSTATUS, is_disabled, is_enabled, one_of
from providers.erpnext.mappers.account import CLASSIFICATIONS
from providers.erpnext.mappers.journal_entry import EXCHANGE_DIFFERENCE, TYPES, is_system_generated
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Join, Source, Table
from providers.erpnext.wire_ledger import Account, Currency, CurrencyExchange, JournalEntry, JournalRow
from providers.kit.pages import Filter, Query

BALANCE = Join(field="balance", ours="current_balance", read=read_balances, expand="balance")


def _by_classification(_site: Site, _query: Query, item: Filter) -> Iterable[Condition]:
    """A bank account is one by its type, whichever side of the books it is on."""
    if item.value == "bank":
        return [["account_type", "=", "Bank"]]
    root_type = next(theirs for theirs, ours in CLASSIFICATIONS.items() if ours == item.value)
    return [["root_type", "=", root_type], ["account_type", "!=", "Bank"]]


def _by_origin(_site: Site, _query: Query, item: Filter) -> Iterable[Condition]:
    """What people made can be asked for; what ERPNext made is told apart by `_is_of_origin`."""
    if item.value:
        return []
    return [["is_system_generated", "=", 0], ["voucher_type", "!=", EXCHANGE_DIFFERENCE]]


def _is_of_origin(query: Query, head: JournalEntry, unread: frozenset[str]) -> bool:
    asked = query.filter("is_system_generated")
    return asked is None or "is_system_generated" in unread or bool(is_system_generated(head)) is asked


ACCOUNTS = Source(
    doctype="Account",
    wire=Account,
    joins=(BALANCE,),
    company="company",
    filters={
        **STAMPS,
        "code": "account_number",
        "name": "account_name",
        "classification": _by_classification,
        "remote_type": "account_type",
        "status": is_disabled,
        "currency": "account_currency",
        "parent_account": "parent_account",
        "company": "company",
        "is_group": "is_group",
    },
)
CURRENCIES = Source(doctype="Currency", wire=Currency, filters={**STAMPS, "code": "name", "status": is_enabled})
RATES = Source(
    doctype="Currency Exchange",
    wire=CurrencyExchange,
    filters={
        **STAMPS,
        "from_currency": "from_currency",
        "to_currency": "to_currency",
        "date": "date",
    },
    sorts={**STAMPS, "date": "date"},
)
JOURNALS = Source(
    doctype="Journal Entry",
    wire=JournalEntry,
    tables=(
        Table(
            field="accounts",
            ours="lines",
            doctype="Journal Entry Account",
            wire=JournalRow,
            has_custom_fields=True,
        ),
    ),
    company="company",
    filters={
        **STAMPS,
        "transaction_date": "posting_date",
        "status": one_of("docstatus", DOCSTATUS),
        "type": one_of(
            "voucher_type",
            {each: [theirs for theirs, ours in TYPES.items() if ours == each] for each in TYPES.values()},
        ),
        "remote_type": "voucher_type",
        "number": "name",
        "reference": "cheque_no",
        "company": "company",
        "is_system_generated": _by_origin,
    },
    sorts={**STAMPS, "transaction_date": "posting_date"},
    keeps=_is_of_origin,
)
