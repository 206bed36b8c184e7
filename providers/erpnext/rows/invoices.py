"""Invoices: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import invoice
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, DATE, FLAG, INSTANT, TEXT, WORD
from providers.erpnext.rows.trade import ADDRESSES, PARTY_RECORD, TAXES, TERMS, TRACKING, line_sources
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources.invoices import PURCHASES, SALES
from providers.erpnext.wire_invoices import Invoice as Head
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.invoice import Invoice

INVOICES: Resource[Joined[Head], Site, Invoice] = Resource(
    model=Invoice,
    site=read_site,
    to_unified=invoice.to_unified,
    id_of=lambda record: record.id,
    list=list_of(SALES, PURCHASES),
    get=get_of(SALES, PURCHASES),
    list_rules=ListRules(
        filters={
            "type": FilterRule(values=("invoice", "bill")),
            "status": FilterRule(
                operators=("eq", "in"),
                values=("draft", "authorised", "partially_paid", "paid", "credited", "voided"),
            ),
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "issue_date": DATE,
            "due_date": DATE,
            "number": WORD,
            "reference": TEXT,
            "contact": TEXT,
            "currency": WORD,
            "company": WORD,
            "is_credit_note": FLAG,
        },
        sorts=("updated_at", "created_at", "issue_date"),
        calls=(
            "1 list + 4 joined (lines, taxes, instalments, payment references) for each DocType that the page "
            "holds; a page holds one DocType unless `sort_by` is given without `type`; none joined to an empty page"
        ),
    ),
    get_calls="1 + 1 (payment references); 1 more for an id without its kind, 2 for a name that holds a kind",
    unstamped=(
        "the daily job that turns Unpaid into Overdue (`is_overdue` is computed instead)",
        "an unallocated credit note on the invoice it takes back",
        PARTY_RECORD,
    ),
    sources={
        "id": "`invoice:` or `bill:` and name",
        **COMMON,
        "type": "the DocType: Sales Invoice or Purchase Invoice",
        "number": "name",
        "reference": "po_no / bill_no",
        "status": (
            "docstatus, then status; partially_paid, and paid of returns, from outstanding_amount and the total "
            "in the party account's currency"
        ),
        "remote_status": "status",
        "is_overdue": "docstatus, outstanding_amount, due_date, payment_schedule and today in the site's zone",
        "is_credit_note": "is_return",
        "credited_invoice": "return_against",
        "contact": "customer / supplier",
        "contact.id": "`customer:` customer / `supplier:` supplier",
        "contact.name": "customer_name / supplier_name",
        "contact.type": "the DocType",
        "company": "company",
        "account": "debit_to / credit_to",
        "issue_date": "posting_date",
        "due_date": "due_date",
        "paid_on_date": None,
        "memo": "remarks",
        "currency": "currency",
        "exchange_rate": "conversion_rate (company units per invoice unit)",
        "sub_total": "net_total",
        "total_discount": "discount_amount",
        "total_tax_amount": "total_taxes_and_charges",
        "total_amount": "rounded_total, or grand_total where rounding is off",
        "unrounded_total_amount": "grand_total",
        "base_total_amount": "base_rounded_total, or base_grand_total where rounding is off",
        "balance": "outstanding_amount of submitted documents",
        "balance_currency": "party_account_currency",
        "payments": "Payment Entry Reference.parent of submitted payments",
        **line_sources(
            account="income_account / expense_account",
            order_id="sales_order / purchase_order",
            order_line_id="so_detail / po_detail",
        ),
        **TAXES,
        **TERMS,
        **ADDRESSES,
        **TRACKING,
    },
)
