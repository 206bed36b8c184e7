"""Credits, given and received: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import credit
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, DATE, INSTANT, TEXT, WORD
from providers.erpnext.rows.trade import ADDRESSES, PARTY_RECORD, TRACKING, line_sources, tax_sources
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources import credits
from providers.erpnext.wire_invoices import PurchaseInvoice, SalesInvoice
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.credit_note import CreditNote, VendorCredit

_TURNED = ", turned round"
_LEDGER = "Payment Ledger Entry"
_GET_CALLS = "1 + 2 (payment references, ledger rows); 1 more where a journal used the credit"


def _rules(ours: str) -> ListRules:
    return ListRules(
        filters={
            "status": FilterRule(
                operators=("eq", "in"), values=("draft", "authorised", "partially_paid", "paid", "voided")
            ),
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "transaction_date": DATE,
            "number": WORD,
            "reference": TEXT,
            ours: TEXT,
            "currency": WORD,
            "company": WORD,
            "credited_invoice": TEXT,
        },
        sorts=("updated_at", "created_at", "transaction_date"),
        calls=(
            "1 list + 4 joined (lines, taxes, payment references, ledger rows), and 1 more where journals used "
            "some of the credits; none joined to an empty page"
        ),
    )


def _sources(party: str, ours: str, kind: str, side: Mapping[str, str]) -> Mapping[str, str | None]:
    return {
        "id": "name",
        **COMMON,
        "number": "name",
        "reference": side["reference"],
        "status": "docstatus, then outstanding_amount beside the total in the party account's currency",
        "remote_status": "status",
        "transaction_date": "posting_date",
        "due_date": "due_date",
        "company": "company",
        "account": side["control_account"],
        "memo": "remarks",
        "currency": "currency",
        "exchange_rate": "conversion_rate (company units per credit unit)",
        "sub_total": f"net_total{_TURNED}",
        "total_discount": f"discount_amount{_TURNED}",
        "total_tax_amount": f"total_taxes_and_charges{_TURNED}",
        "total_amount": f"rounded_total, or grand_total where rounding is off{_TURNED}",
        "unrounded_total_amount": f"grand_total{_TURNED}",
        "base_total_amount": f"base_rounded_total, or base_grand_total where rounding is off{_TURNED}",
        "remaining_credit": f"outstanding_amount of submitted documents{_TURNED}",
        "remaining_credit_currency": "party_account_currency",
        "credited_invoice": f"`{kind}:` return_against",
        "allocations": f"{_LEDGER}: the credit's own, and those of Journal Entries that use it, where they tell",
        "allocations.id": f"`{kind}:` {_LEDGER}.against_voucher_no",
        "allocations.amount": f"{_LEDGER}.amount_in_account_currency, without its sign",
        "allocations.currency": f"{_LEDGER}.account_currency",
        "payments": "Payment Entry Reference.parent of submitted payments",
        "is_price_including_tax": "taxes.included_in_print_rate",
        **line_sources(
            account=side["account"], order_id=side["order"], order_line_id=side["order_line"], sign=_TURNED
        ),
        **tax_sources(_TURNED),
        **ADDRESSES,
        **TRACKING,
        ours: f"`{party}:` {party}",
        f"{ours}_name": f"{party}_name",
    }


_UNSTAMPED = (PARTY_RECORD,)

CREDIT_NOTES: Resource[Joined[SalesInvoice], Site, CreditNote] = Resource(
    model=CreditNote,
    site=read_site,
    to_unified=credit.to_credit_note,
    id_of=lambda record: record.id,
    list=list_of(credits.CREDIT_NOTES),
    get=get_of(credits.CREDIT_NOTES),
    list_rules=_rules("contact"),
    get_calls=_GET_CALLS,
    unstamped=_UNSTAMPED,
    sources=_sources(
        "customer",
        "contact",
        "invoice",
        {
            "reference": "po_no",
            "control_account": "debit_to",
            "account": "income_account",
            "order": "sales_order",
            "order_line": "so_detail",
        },
    ),
)

VENDOR_CREDITS: Resource[Joined[PurchaseInvoice], Site, VendorCredit] = Resource(
    model=VendorCredit,
    site=read_site,
    to_unified=credit.to_vendor_credit,
    id_of=lambda record: record.id,
    list=list_of(credits.VENDOR_CREDITS),
    get=get_of(credits.VENDOR_CREDITS),
    list_rules=_rules("vendor"),
    get_calls=_GET_CALLS,
    unstamped=_UNSTAMPED,
    sources=_sources(
        "supplier",
        "vendor",
        "bill",
        {
            "reference": "bill_no",
            "control_account": "credit_to",
            "account": "expense_account",
            "order": "purchase_order",
            "order_line": "po_detail",
        },
    ),
)
