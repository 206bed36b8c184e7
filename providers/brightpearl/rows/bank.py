"""The row of transactions: movements of bank accounts that are not payments of documents."""

from __future__ import annotations

from providers.brightpearl.bank import CODES, get_movement, list_movements
from providers.brightpearl.mappers import transaction
from providers.brightpearl.rows.common import DATE, INSTANT, RATE, TEXT
from providers.brightpearl.site import Site, ledger_site
from providers.brightpearl.wire_journals import Journal
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.transaction import Transaction

_LINE = "credits[], debits[] that are not a bank's"
_NO_LINE_SOURCE = (
    *("id", "sequence", "item", "sku", "name", "description", "quantity", "unit", "unit_price", "discount_rate"),
    *("discount_amount", "tax_amount", "tax_percentage", "type", "exchange_rate", "quantity_received"),
    *("quantity_billed", "order_line_id", "custom_fields", "warehouse", "delivery_date"),
)

TRANSACTIONS: Resource[Journal, Site, Transaction] = Resource(
    model=Transaction,
    site=ledger_site,
    to_unified=transaction.to_unified,
    id_of=lambda record: str(record.id),
    list=list_movements,
    get=get_movement,
    list_rules=ListRules(
        filters={
            "created_at": INSTANT,
            "updated_at": INSTANT,
            "transaction_date": DATE,
            "transaction_type": FilterRule(values=tuple(CODES)),
            "contact": TEXT,
        },
        calls=(
            "1 journal-search + ceil(n/200) journals, for n journals on the page: those of 500 lines, so that it "
            "may be short; three searches, one for each type, are walked one after the other"
        ),
    ),
    get_calls="1 journal",
    unstamped=("reconciling the tax of a journal; nothing else of it changes",),
    sources={
        "id": "the journal's id; types BP, BR and BT only: SR and PP are in `payments`",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": "createdOn: journals do not change",
        "deleted_at": None,
        "custom_fields": None,
        "kind": "always bank",
        "number": "id",
        "transaction_type": "journalTypeCode: BP spend, BR receive, BT transfer",
        "remote_type": "journalTypeCode",
        "transaction_date": "taxDate",
        "due_date": "dueDate",
        "account": "debits[].nominalCode of a bank, by nominal-code: what received; null where several did",
        "account_from": "credits[].nominalCode of a bank, by nominal-code: what sent; null where several did",
        "against_account": None,
        "contact": "contactId",
        "contact.id": "contactId",
        "contact.name": None,
        "contact.type": None,
        "debit": "the banks' debits[].change.value",
        "credit": "the banks' credits[].change.value",
        "debit_in_currency": "the banks' debits[].transactionAmount",
        "credit_in_currency": "the banks' credits[].transactionAmount",
        "total_amount": "the banks' transactionAmount: received of a transfer, else the difference",
        "currency": "currencyId by currency-search",
        "exchange_rate": f"exchangeRate ({RATE}; may be 0 on old journals)",
        "company": None,
        "fiscal_year": None,
        "memo": "description",
        "reference": "invoiceReference, where the lines have just one",
        "document": None,
        "document_type": None,
        "remote_document": None,
        "settles": None,
        "is_cancelled": None,
        "is_opening": None,
        "line_items": _LINE,
        **{f"line_items.{name}": None for name in _NO_LINE_SOURCE},
        "line_items.account": f"{_LINE}: nominalCode",
        "line_items.net_amount": f"{_LINE}: transactionAmount, positive for what the movement was for",
        "line_items.total_line_amount": f"{_LINE}: transactionAmount, positive for what the movement was for",
        "line_items.tax_rate": f"{_LINE}: taxCode by tax-code",
        "line_items.tax_code": f"{_LINE}: taxCode",
        "line_items.tracking_categories": f"{_LINE}: assignment",
        "line_items.tracking_categories.id": "`channel:`, `project:`, `lead_source:` and the id",
        "line_items.tracking_categories.name": None,
        "line_items.tracking_categories.option": None,
        "line_items.currency": "currencyId by currency-search",
        "line_items.order_id": f"{_LINE}: orderId",
        "tracking_categories": None,
        "tracking_categories.id": None,
        "tracking_categories.name": None,
        "tracking_categories.option": None,
    },
)
