"""The row of journal entries."""

from __future__ import annotations

from providers.brightpearl.journal_kinds import KINDS
from providers.brightpearl.journals import get_journal, list_journals
from providers.brightpearl.mappers import journal
from providers.brightpearl.rows.common import DATE, INSTANT, RATE, TEXT
from providers.brightpearl.site import Site, ledger_site
from providers.brightpearl.wire_journals import Journal
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.journal_entry import JournalEntry

CALLS = (
    "1 journal-search + ceil(n/200) journals, for n journals on the page: those of 500 lines, so that it "
    "may be short; a filter on `type` walks one search for each of its types"
)
_LINE = "credits[], debits[]"
_DIMENSIONS = f"{_LINE}.assignment: channelId, projectId, leadSourceId"

JOURNAL_ENTRIES: Resource[Journal, Site, JournalEntry] = Resource(
    model=JournalEntry,
    site=ledger_site,
    to_unified=journal.to_unified,
    id_of=lambda record: str(record.id),
    list=list_journals,
    get=get_journal,
    list_rules=ListRules(
        filters={
            "created_at": INSTANT,
            "updated_at": INSTANT,
            "transaction_date": DATE,
            "type": FilterRule(values=tuple(dict.fromkeys(kind.type for kind in KINDS.values()))),
            "remote_type": TEXT,
            "contact": TEXT,
        },
        calls=CALLS,
    ),
    get_calls="1 journal",
    unstamped=("reconciling the tax of a journal; nothing else of it changes",),
    sources={
        "id": "id",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": "createdOn: journals do not change",
        "deleted_at": None,
        "custom_fields": None,
        "number": "id",
        "type": "journalTypeCode: SI SC SR receivable, PI PC PP payable, the other known ones general",
        "remote_type": "journalTypeCode",
        "status": "always posted: a journal is booked when it is made",
        "remote_status": None,
        "transaction_date": "taxDate",
        "due_date": "dueDate",
        "memo": "description",
        "reference": None,
        "reference_date": None,
        "company": None,
        "currency": "currencyId by currency-search",
        "base_currency": "account-configuration: baseCurrencyCode",
        "exchange_rate": f"exchangeRate ({RATE}; may be 0 on old journals)",
        "total_debit": "the sum of debits[].change.value",
        "total_credit": "the sum of credits[].change.value",
        "contact": "contactId",
        "contact.id": "contactId",
        "contact.name": None,
        "contact.type": "journalTypeCode: S… customer, P… vendor",
        "payments": None,
        "payments.id": None,
        "payments.payment_for": None,
        "payments.contact": None,
        "payments.contact.id": None,
        "payments.contact.name": None,
        "payments.contact.type": None,
        "reverses": None,
        "tax_reconciled_on": "taxReconciliation.date",
        "is_system_generated": None,
        "is_multi_currency": None,
        "is_opening_balance": "journalTypeCode: OB",
        "lines": "debits, then credits",
        "lines.id": None,
        "lines.sequence": None,
        "lines.account": f"{_LINE}.nominalCode by nominal-code",
        "lines.account_code": f"{_LINE}.nominalCode",
        "lines.name": None,
        "lines.description": None,
        "lines.item": None,
        "lines.quantity": None,
        "lines.unit_price": None,
        "lines.type": None,
        "lines.debit": "debits[].change.value",
        "lines.credit": "credits[].change.value",
        "lines.debit_in_currency": "debits[].transactionAmount",
        "lines.credit_in_currency": "credits[].transactionAmount",
        "lines.total_line_amount": "debits[].change.value, − credits[].change.value",
        "lines.currency": "currencyId by currency-search",
        "lines.exchange_rate": None,
        "lines.tax_rate": f"{_LINE}.taxCode by tax-code",
        "lines.tax_code": f"{_LINE}.taxCode",
        "lines.contact": None,
        "lines.contact.id": None,
        "lines.contact.name": None,
        "lines.contact.type": None,
        "lines.document": f"{_LINE}.orderId, of invoices and credits; receipts may be for an order or a credit",
        "lines.document_type": "journalTypeCode: SI, SC, PI, PC",
        "lines.remote_document": f"`order:` and {_LINE}.orderId; 0 is none",
        "lines.reference": f"{_LINE}.invoiceReference",
        "lines.tracking_categories": _DIMENSIONS,
        "lines.tracking_categories.id": "`channel:`, `project:`, `lead_source:` and the id",
        "lines.tracking_categories.name": None,
        "lines.tracking_categories.option": None,
        "lines.custom_fields": None,
    },
)
