"""Invoices: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import invoice
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, DATE, FLAG, INSTANT, TEXT, WORD
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
        "changes of the customer's or supplier's own record",
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
        "base_total_amount": "base_grand_total",
        "balance": "outstanding_amount of submitted documents",
        "balance_currency": "party_account_currency",
        "payments": "Payment Entry Reference.parent of submitted payments",
        "line_items": "items",
        "line_items.id": "name",
        "line_items.sequence": "idx",
        "line_items.item": "item_code",
        "line_items.sku": "item_code",
        "line_items.name": "item_name",
        "line_items.description": "description (HTML)",
        "line_items.account": "income_account / expense_account",
        "line_items.quantity": "qty",
        "line_items.unit": "uom",
        "line_items.unit_price": "rate",
        "line_items.discount_rate": "discount_percentage",
        "line_items.discount_amount": "discount_amount",
        "line_items.net_amount": "net_amount",
        "line_items.tax_amount": None,
        "line_items.total_line_amount": "amount",
        "line_items.tax_rate": "item_tax_template",
        "line_items.tax_code": None,
        "line_items.tax_percentage": None,
        "line_items.type": "item_code: set or not",
        "line_items.tracking_categories": "cost_center, project",
        "line_items.tracking_categories.id": "`cost_center:` cost_center, `project:` project",
        "line_items.tracking_categories.name": "cost_center",
        "line_items.tracking_categories.option": None,
        "line_items.currency": None,
        "line_items.exchange_rate": None,
        "line_items.quantity_received": None,
        "line_items.quantity_billed": None,
        "line_items.order_id": "sales_order / purchase_order",
        "line_items.order_line_id": "so_detail / po_detail",
        "line_items.custom_fields": "fields marked is_custom_field in the child DocType's metadata",
        "taxes": "taxes",
        "taxes.id": "name",
        "taxes.name": "description",
        "taxes.account": "account_head",
        "taxes.rate": "rate",
        "taxes.tax_amount": "tax_amount_after_discount_amount",
        "taxes.total_amount": "total",
        "taxes.calculation": "charge_type",
        "taxes.is_included_in_price": "included_in_print_rate",
        "taxes.is_deducted": "add_deduct_tax (purchases)",
        "payment_terms": "payment_schedule",
        "payment_terms.due_date": "due_date",
        "payment_terms.amount": "payment_amount",
        "payment_terms.outstanding": None,
        "payment_terms.portion": "invoice_portion",
        "addresses": "customer_address / supplier_address, shipping_address_name / shipping_address",
        "addresses.id": "customer_address / supplier_address, shipping_address_name / shipping_address",
        "addresses.type": "which of them",
        "addresses.name": None,
        "addresses.company_name": None,
        "addresses.street_1": (
            "address_display, shipping_address / shipping_address_display: the whole address, as lines of text"
        ),
        "addresses.street_2": None,
        "addresses.city": None,
        "addresses.state": None,
        "addresses.postal_code": None,
        "addresses.country": None,
        "tracking_categories": "cost_center, project",
        "tracking_categories.id": "`cost_center:` cost_center, `project:` project",
        "tracking_categories.name": "cost_center",
        "tracking_categories.option": None,
    },
)
