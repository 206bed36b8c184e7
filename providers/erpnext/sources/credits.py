"""The two DocTypes of credits: invoices that take others back. What they are filtered by."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.mappers.credit_status import status_of
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Conditions, Source
from providers.erpnext.sources.allocations import USES
from providers.erpnext.sources.trade import (
    PAYMENTS,
    PURCHASE_TAXES,
    SALES_TAXES,
    asked_statuses,
    by_docstatus,
    lines_table,
    party_filter,
)
from providers.erpnext.wire_invoices import (
    Invoice,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    SalesInvoice,
    SalesInvoiceLine,
)
from providers.kit.pages import Filter, Query

_RETURN: Mapping[str, str | int] = {"is_return": 1}


def _by_status(_site: Site, query: Query, _item: Filter) -> list[Condition]:
    """What ERPNext can narrow by itself; the rest is told apart by `status_of`."""
    asked = asked_statuses(query) or frozenset()
    docstatus, narrowed = by_docstatus(asked)
    conditions: list[Condition] = [narrowed]
    if docstatus == {1} and "paid" not in asked:
        conditions.append(["outstanding_amount", "<", 0])
    elif asked == {"paid"}:
        conditions.append(["outstanding_amount", ">=", 0])
    return conditions


def _is_of_status(query: Query, head: Invoice, unread: frozenset[str]) -> bool:
    asked = asked_statuses(query)
    return asked is None or status_of(head, unread) in asked


def _filters(party: str, ours: str, reference: str) -> Mapping[str, str | Conditions]:
    return {
        **STAMPS,
        "status": _by_status,
        "transaction_date": "posting_date",
        "number": "name",
        "reference": reference,
        ours: party_filter(party),
        "currency": "currency",
        "company": "company",
        "credited_invoice": _by_credited,
    }


def _by_credited(_site: Site, _query: Query, item: Filter) -> list[Condition]:
    """An invoice's id, or its bare name."""
    name = str(item.value)
    for kind in ("invoice:", "bill:"):
        name = name.removeprefix(kind)
    return [["return_against", "=", name]]


_SORTS = {**STAMPS, "transaction_date": "posting_date"}

CREDIT_NOTES = Source(
    doctype="Sales Invoice",
    wire=SalesInvoice,
    tables=(lines_table("Sales Invoice Item", SalesInvoiceLine), SALES_TAXES),
    joins=(PAYMENTS, USES),
    fixed=_RETURN,
    company="company",
    filters=_filters("customer", "contact", "po_no"),
    sorts=_SORTS,
    keeps=_is_of_status,
)
VENDOR_CREDITS = Source(
    doctype="Purchase Invoice",
    wire=PurchaseInvoice,
    tables=(lines_table("Purchase Invoice Item", PurchaseInvoiceLine), PURCHASE_TAXES),
    joins=(PAYMENTS, USES),
    fixed=_RETURN,
    company="company",
    filters=_filters("supplier", "vendor", "bill_no"),
    sorts=_SORTS,
    keeps=_is_of_status,
)
