"""Transactions: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.entries import get_entry, list_entries
from providers.erpnext.mappers import transaction
from providers.erpnext.rows.common import (
    COMMON,
    DATE,
    DIMENSION_IDS,
    DIMENSIONS,
    FLAG,
    INSTANT,
    NO_LINES,
    TEXT,
    WORD,
)
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.wire_entries import Entry
from providers.kit.resource import ListRules, Resource
from unified_models.transaction import Transaction

TRANSACTIONS: Resource[Joined[Entry], Site, Transaction] = Resource(
    model=Transaction,
    site=read_site,
    to_unified=transaction.to_unified,
    id_of=transaction.id_of,
    list=list_entries,
    get=get_entry,
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "transaction_date": DATE,
            "account": WORD,
            "contact": TEXT,
            "company": WORD,
            "document": TEXT,
            "remote_type": WORD,
            "fiscal_year": WORD,
            "is_cancelled": FLAG,
            "is_opening": FLAG,
        },
        sorts=("created_at", "updated_at"),
        calls=(
            "1, in the order of creation; 1 more, to tell rows of one moment apart, in the order of change, which "
            "a filter on `updated_at` implies, and with filters other than company, document, created_at and "
            "is_cancelled; 1 more on a page that is all of one moment"
        ),
    ),
    get_calls="1; 2 by its name in ERPNext",
    unstamped=("another name of an account or party", "changes of the document that leave the ledger as it is"),
    sources={
        "id": "voucher_no, creation, and the place among rows of both",
        **COMMON,
        "remote_id": "name, which an hourly job changes once",
        "kind": "always ledger_entry",
        "number": "voucher_no",
        "transaction_type": None,
        "remote_type": "voucher_type",
        "transaction_date": "posting_date",
        "due_date": "due_date",
        "account": "account",
        "account_from": None,
        "against_account": "against: names, parted by commas",
        "contact": "party_type, party",
        "contact.id": "`customer:` or `supplier:`, and party; null of any other party_type",
        "contact.name": "party, of any other party_type",
        "contact.type": "party_type: Customer, Supplier or Employee",
        "debit": "debit",
        "credit": "credit",
        "debit_in_currency": "debit_in_account_currency",
        "credit_in_currency": "credit_in_account_currency",
        "total_amount": "debit_in_account_currency − credit_in_account_currency",
        "currency": "account_currency",
        "exchange_rate": None,
        "company": "company",
        "fiscal_year": "fiscal_year",
        "memo": "remarks",
        "reference": None,
        "document": "voucher_type, voucher_no",
        "document_type": "voucher_type",
        "remote_document": "voucher_type, `:` and voucher_no",
        "settles": "against_voucher_type, `:` and against_voucher",
        "is_cancelled": "is_cancelled",
        "is_opening": "is_opening",
        "line_items": None,
        **NO_LINES,
        "tracking_categories": DIMENSIONS,
        "tracking_categories.id": DIMENSION_IDS,
        "tracking_categories.name": "cost_center",
        "tracking_categories.option": None,
    },
)
