"""Orders, placed and taken: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import order
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, DATE, INSTANT, TEXT, WORD
from providers.erpnext.rows.trade import ADDRESSES, PARTY_RECORD, TAXES, TERMS, TRACKING, line_sources
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources import orders
from providers.erpnext.wire_orders import PurchaseOrder as Purchase
from providers.erpnext.wire_orders import SalesOrder as Sale
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.order import PurchaseOrder, SalesOrder

_PAID = (
    "Payment Entry Reference.allocated_amount, and Journal Entry Account of the party's side, of posted entries: "
    "those on the order, and those an invoice took over from it. Null where party_account_currency is not the "
    "order's currency"
)
_CALLS = "1 list + 5 joined (lines, taxes, instalments, payment references, journal rows); none to an empty page"
_EXPANDS = {"remote_amount_paid": "nothing"}
_UNSTAMPED = (PARTY_RECORD, "an invoice that takes the order's advance over, where it bills none of the order")


def _rules(ours: str) -> ListRules:
    return ListRules(
        filters={
            "status": FilterRule(
                operators=("eq", "in"),
                values=("draft", "authorised", "partially_billed", "billed", "closed", "cancelled"),
            ),
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "issue_date": DATE,
            "delivery_date": DATE,
            "number": WORD,
            "reference": TEXT,
            "contact": TEXT,
            ours: TEXT,
            "currency": WORD,
            "company": WORD,
        },
        sorts=("updated_at", "created_at", "issue_date"),
        calls=_CALLS,
    )


def _sources(
    *,
    party: str,
    side: str,
    reference: str,
    date: str,
    done: str,
    delivery: str,
    lines: Mapping[str, str | None],
) -> Mapping[str, str | None]:
    return {
        "id": "name",
        **COMMON,
        "number": "name",
        "reference": reference,
        "external_reference": None,
        "status": "docstatus, then status (Closed), then per_billed; what is on hold is as it was",
        "remote_status": "status",
        "payment_status": "amount_paid and the total, until the order is billed; its invoices tell from then on",
        "remote_payment_status": None,
        "fulfilment_status": done,
        "remote_fulfilment_status": "delivery_status" if party == "customer" else None,
        "issue_date": "transaction_date",
        "delivery_date": date,
        "due_date": None,
        "tax_date": None,
        "contact": party,
        "contact.id": f"`{party}:` {party}",
        "contact.name": f"{party}_name",
        "contact.type": "the DocType",
        "vendor": f"`{party}:` {party}" if side == "vendor" else None,
        "customer": f"`{party}:` {party}" if side == "customer" else None,
        "employee": None,
        "employee.id": None,
        "employee.name": None,
        "employee.email": None,
        "company": "company",
        "warehouse": "set_warehouse",
        "delivery_address": delivery,
        **ADDRESSES,
        "memo": "terms (HTML)",
        "currency": "currency",
        "base_currency": None,
        "exchange_rate": "conversion_rate (company units per order unit)",
        "sub_total": "net_total",
        "total_discount": "discount_amount",
        "total_tax_amount": "total_taxes_and_charges",
        "total_amount": "rounded_total, or grand_total where rounding is off",
        "unrounded_total_amount": "grand_total",
        "base_total_amount": "base_rounded_total, or base_grand_total where rounding is off",
        "amount_paid": _PAID,
        "remote_amount_paid": "advance_paid, in party_account_currency; counts what an invoice took over twice",
        "payments": "Payment Entry Reference.parent of submitted payments",
        "is_price_including_tax": "taxes.included_in_print_rate",
        "is_invoiced": "per_billed: 100",
        "invoice_reference": None,
        "parent_order": "amended_from",
        **lines,
        **TAXES,
        **TERMS,
        **TRACKING,
    }


PURCHASE_ORDERS: Resource[Joined[Purchase], Site, PurchaseOrder] = Resource(
    model=PurchaseOrder,
    site=read_site,
    to_unified=order.to_purchase_order,
    id_of=lambda record: record.id,
    list=list_of(orders.PURCHASE_ORDERS),
    get=get_of(orders.PURCHASE_ORDERS),
    list_rules=_rules("vendor"),
    get_calls="1 + 2 (payment references, journal rows)",
    expands=_EXPANDS,
    unstamped=_UNSTAMPED,
    sources=_sources(
        party="supplier",
        side="vendor",
        reference="order_confirmation_no",
        date="schedule_date",
        done="per_received",
        delivery="shipping_address_display, as lines of text",
        lines=line_sources(
            account="expense_account", delivery_date="schedule_date", received="received_qty, in the line's unit"
        ),
    ),
)

SALES_ORDERS: Resource[Joined[Sale], Site, SalesOrder] = Resource(
    model=SalesOrder,
    site=read_site,
    to_unified=order.to_sales_order,
    id_of=lambda record: record.id,
    list=list_of(orders.SALES_ORDERS),
    get=get_of(orders.SALES_ORDERS),
    list_rules=_rules("customer"),
    get_calls="1 + 2 (payment references, journal rows)",
    expands=_EXPANDS,
    unstamped=_UNSTAMPED,
    sources=_sources(
        party="customer",
        side="customer",
        reference="po_no",
        date="delivery_date",
        done="skip_delivery_note, then per_delivered",
        delivery="shipping_address, as lines of text",
        lines=line_sources(
            account=None, delivery_date="delivery_date", received="delivered_qty, in the line's unit"
        ),
    ),
)
