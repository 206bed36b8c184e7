"""The row of invoices, sold and bought."""

from __future__ import annotations

from providers.brightpearl.invoices import CODES, get_invoice, invoice_site, list_invoices
from providers.brightpearl.mappers import invoice
from providers.brightpearl.rows.common import (
    ADDRESS,
    DATE,
    INSTANT,
    NO_TAXES,
    NO_TERMS,
    RATE,
    TEXT,
    TRACKING,
    line_sources,
)
from providers.brightpearl.site import Site
from providers.brightpearl.wire_invoices import InvoiceRecord
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.invoice import Invoice

_CONTROL = "the one line on the journal's debits (SI) or credits (PI), or the one of the order's total"
_WHOLE = "null unless the journal's total is the order's"

INVOICES: Resource[InvoiceRecord, Site, Invoice] = Resource(
    model=Invoice,
    site=invoice_site,
    to_unified=invoice.to_unified,
    id_of=lambda record: str(record.journal.id),
    list=list_invoices,
    get=get_invoice,
    list_rules=ListRules(
        filters={
            "type": FilterRule(values=tuple(CODES)),
            "created_at": INSTANT,
            "updated_at": INSTANT,
            "issue_date": DATE,
            "due_date": DATE,
            "contact": TEXT,
            "number": TEXT,
        },
        calls=(
            "1 journal-search + ceil(n/200) journals + ceil(n/200) orders + ceil(n/200) payment searches, for n "
            "invoices on the page: those of 500 lines, so that it may be short; invoices come first, then bills. "
            "`updated_at[gte]` then walks orders changed since, up to 100 a page: 1 order-search more"
        ),
    ),
    get_calls="1 journal + 1 order + 1 payment search",
    unstamped=(
        "payments, unless they change the order's payment status",
        "falling due (`is_overdue` is computed)",
        "changes of custom fields may not move updatedOn",
    ),
    sources={
        "id": "the journal's id, of types SI and PI: an order may have none, and a journal no order",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": "createdOn, or the order's updatedOn where that is later",
        "deleted_at": None,
        "custom_fields": "order: customFields; nullCustomFields as null",
        "type": "journalTypeCode: SI invoice, PI bill",
        "number": "invoiceReference of its lines",
        "reference": "order: reference",
        "status": f"order: orderPaymentStatus, else authorised; {_WHOLE}",
        "remote_status": "order: orderStatus.name",
        "is_overdue": "balance, dueDate and today in the account's time zone",
        "is_credit_note": "never: SC and PC are in `credit_notes` and `vendor_credits`",
        "credited_invoice": None,
        "contact": "order: parties.customer or supplier; contactId without an order",
        "contact.id": "order: parties.customer or supplier.contactId; contactId without an order",
        "contact.name": "order: companyName, else addressFullName",
        "contact.type": "which of the order's parties; journalTypeCode without an order",
        "company": None,
        "account": f"{_CONTROL}: nominalCode by nominal-code",
        "issue_date": "taxDate",
        "due_date": "dueDate",
        "paid_on_date": "the last paymentDate, where the payments come to the total",
        "memo": "description",
        "currency": "currencyId by currency-search",
        "exchange_rate": f"exchangeRate ({RATE})",
        "sub_total": f"order: totalValue.net; {_WHOLE}",
        "total_discount": None,
        "total_tax_amount": f"order: totalValue.taxAmount; {_WHOLE}",
        "total_amount": f"{_CONTROL}: transactionAmount",
        "unrounded_total_amount": None,
        "base_total_amount": f"{_CONTROL}: change.value",
        "balance": (
            "total less payments of the order, where that explains orderPaymentStatus; null after a credit was set "
            f"against it; {_WHOLE}"
        ),
        "balance_currency": "currencyId by currency-search",
        "payments": "payment searches by the order: `customer:` or `supplier:`, and paymentId",
        "line_items": (
            "order: orderRows; where the totals differ, the journal's lines beside its control line, tax among them"
        ),
        **line_sources("productPrice (invoices), itemCost (bills)"),
        **NO_TAXES,
        **NO_TERMS,
        "addresses": "order: parties",
        "addresses.id": None,
        "addresses.type": "which of the parties",
        "addresses.name": "addressFullName",
        "addresses.company_name": "companyName",
        **{f"addresses.{name}": source for name, source in ADDRESS.items()},
        "addresses.country": "countryIsoCode, else country",
        **TRACKING,
    },
)
