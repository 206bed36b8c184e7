"""Accounts, currencies and rates: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.balances import AT_ONCE
from providers.erpnext.book_currencies import read_books
from providers.erpnext.documents import get_of
from providers.erpnext.mappers import account, currency
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, DATE, FLAG, INSTANT, STATE, WORD
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources import ledger
from providers.erpnext.wire_ledger import Account as AccountHead
from providers.erpnext.wire_ledger import Currency as CurrencyHead
from providers.erpnext.wire_ledger import CurrencyExchange
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.account import Account
from unified_models.currency import Currency, ExchangeRate

ACCOUNTS: Resource[Joined[AccountHead], Site, Account] = Resource(
    model=Account,
    site=read_books,
    to_unified=account.to_unified,
    id_of=lambda record: record.id,
    list=list_of(ledger.ACCOUNTS),
    get=get_of(ledger.ACCOUNTS),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "code": WORD,
            "name": WORD,
            "classification": FilterRule(
                values=("asset", "equity", "expense", "liability", "revenue", "bank"),
            ),
            "remote_type": WORD,
            "status": STATE,
            "currency": WORD,
            "parent_account": WORD,
            "company": WORD,
            "is_group": FLAG,
        },
        sorts=("updated_at", "created_at"),
        calls="1",
    ),
    get_calls="1",
    expands={
        "balance": (
            "1 sum of the ledger, and 1 of the tree where there are groups; on a site that "
            f"refuses sums 1 for each account instead, {AT_ONCE} at once"
        )
    },
    unstamped=("what is booked to it, and so `current_balance`",),
    sources={
        "id": "name",
        **COMMON,
        "name": "account_name",
        "code": "account_number",
        "description": None,
        "classification": "account_type Bank, else root_type",
        "remote_classification": "root_type",
        "type": "account_type",
        "remote_type": "account_type",
        "status": "disabled",
        "current_balance": (
            "GL Entry: the sum of debit less credit until today, of rows not cancelled; *_in_account_currency "
            "where the account is not in the company's currency; of a group, all accounts below it"
        ),
        "currency": "account_currency",
        "account_number": None,
        "parent_account": "parent_account",
        "company": "company",
        "tax_rate": None,
        "tax_percentage": "tax_rate, of account_type Tax",
        "is_group": "is_group",
        "is_bank": "account_type: Bank or not",
        "is_reconciled": None,
        "etag": None,
    },
)
CURRENCIES: Resource[Joined[CurrencyHead], Site, Currency] = Resource(
    model=Currency,
    site=read_books,
    to_unified=currency.to_unified,
    id_of=lambda record: record.id,
    list=list_of(ledger.CURRENCIES),
    get=get_of(ledger.CURRENCIES),
    list_rules=ListRules(
        filters={"updated_at": INSTANT, "created_at": INSTANT, "code": WORD, "status": STATE},
        sorts=("updated_at", "created_at"),
        calls="1",
    ),
    get_calls="1",
    sources={
        "id": "name",
        **COMMON,
        "code": "name",
        "name": "currency_name",
        "symbol": "symbol",
        "status": "enabled",
        "is_base": "Company.default_currency of any company",
        "exchange_rate": None,
        "fraction_units": "fraction_units",
        "smallest_fraction": "smallest_currency_fraction_value",
    },
)
EXCHANGE_RATES: Resource[Joined[CurrencyExchange], Site, ExchangeRate] = Resource(
    model=ExchangeRate,
    site=read_site,
    to_unified=currency.to_rate,
    id_of=lambda record: record.id,
    list=list_of(ledger.RATES),
    get=get_of(ledger.RATES),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "from_currency": WORD,
            "to_currency": WORD,
            "date": DATE,
        },
        sorts=("updated_at", "created_at", "date"),
        calls="1",
    ),
    get_calls="1",
    sources={
        "id": "name",
        **COMMON,
        "from_currency": "from_currency",
        "to_currency": "to_currency",
        "rate": "exchange_rate (units of to_currency for one of from_currency: EUR to GBP 0.777)",
        "date": "date",
        "active_from": None,
        "is_for_buying": "for_buying",
        "is_for_selling": "for_selling",
    },
)
