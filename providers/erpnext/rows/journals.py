"""Journal entries: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.book_currencies import read_books
from providers.erpnext.documents import get_of
from providers.erpnext.mappers import journal_entry
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import (
    COMMON,
    DATE,
    DIMENSION_IDS,
    DIMENSIONS,
    FLAG,
    INSTANT,
    TEXT,
    WORD,
)
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.sources.ledger import JOURNALS
from providers.erpnext.wire_ledger import JournalEntry as Head
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.journal_entry import JournalEntry

JOURNAL_ENTRIES: Resource[Joined[Head], Site, JournalEntry] = Resource(
    model=JournalEntry,
    site=read_books,
    to_unified=journal_entry.to_unified,
    id_of=lambda record: record.id,
    list=list_of(JOURNALS),
    get=get_of(JOURNALS),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "transaction_date": DATE,
            "status": FilterRule(operators=("eq", "in"), values=("draft", "posted", "voided")),
            "type": FilterRule(values=("GENERAL", "ACCOUNTS_PAYABLE", "ACCOUNTS_RECEIVABLE")),
            "remote_type": WORD,
            "number": WORD,
            "reference": TEXT,
            "company": WORD,
            "is_system_generated": FLAG,
        },
        sorts=("updated_at", "created_at", "transaction_date"),
        calls=(
            "1 list + 1 joined (accounts); none joined to an empty page; with `is_system_generated=true` a page "
            "may be short"
        ),
    ),
    get_calls="1",
    unstamped=("changes of the documents that its lines settle", "another name of an account or party"),
    sources={
        "id": "name",
        **COMMON,
        "number": "name",
        "type": "voucher_type: Debit Note payable, Credit Note receivable, the other known ones general",
        "remote_type": "voucher_type",
        "status": "docstatus",
        "remote_status": None,
        "transaction_date": "posting_date",
        "due_date": "due_date",
        "memo": "user_remark, else remark",
        "reference": "cheque_no",
        "reference_date": "cheque_date",
        "company": "company",
        "currency": "Company.default_currency; null where multi_currency",
        "base_currency": "Company.default_currency",
        "exchange_rate": None,
        "total_debit": "total_debit",
        "total_credit": "total_credit",
        "contact": None,
        "contact.id": None,
        "contact.name": None,
        "contact.type": None,
        "payments": None,
        "payments.id": None,
        "payments.payment_for": None,
        "payments.contact": None,
        "payments.contact.id": None,
        "payments.contact.name": None,
        "payments.contact.type": None,
        "reverses": "reversal_of",
        "tax_reconciled_on": None,
        "is_system_generated": "is_system_generated, or voucher_type Exchange Gain Or Loss",
        "is_multi_currency": "multi_currency",
        "is_opening_balance": "is_opening",
        "lines": "accounts",
        "lines.id": "name",
        "lines.sequence": "idx",
        "lines.account": "account",
        "lines.account_code": None,
        "lines.name": None,
        "lines.description": "user_remark",
        "lines.item": None,
        "lines.quantity": None,
        "lines.unit_price": None,
        "lines.type": None,
        "lines.debit": "debit",
        "lines.credit": "credit",
        "lines.debit_in_currency": "debit_in_account_currency",
        "lines.credit_in_currency": "credit_in_account_currency",
        "lines.total_line_amount": "debit − credit",
        "lines.currency": "account_currency",
        "lines.exchange_rate": "exchange_rate (company units per unit of the account's currency)",
        "lines.tax_rate": None,
        "lines.tax_code": None,
        "lines.contact": "party_type, party",
        "lines.contact.id": "`customer:` or `supplier:`, and party; null of any other party_type",
        "lines.contact.name": "party, of any other party_type",
        "lines.contact.type": "party_type: Customer, Supplier or Employee",
        "lines.document": "reference_type, reference_name",
        "lines.document_type": "reference_type",
        "lines.remote_document": "reference_type, `:` and reference_name",
        "lines.reference": "reference_name",
        "lines.tracking_categories": DIMENSIONS,
        "lines.tracking_categories.id": DIMENSION_IDS,
        "lines.tracking_categories.name": "cost_center",
        "lines.tracking_categories.option": None,
        "lines.custom_fields": "fields marked is_custom_field in the child DocType's metadata",
    },
)
