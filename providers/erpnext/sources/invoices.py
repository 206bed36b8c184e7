"""The two DocTypes that are invoices: what each is joined with, and what they are filtered by."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.conditions import nothing
from providers.erpnext.mappers.invoice_status import RETURNED, STATUSES, status_of
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Conditions, Source
from providers.erpnext.sources.trade import (
    PAYMENTS,
    PURCHASE_TAXES,
    SALES_TAXES,
    SCHEDULE,
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


def is_on_side(query: Query, party: str) -> bool:
    """Whether the query's contact can be on that side: its id says, a bare name does not."""
    side, _, name = str(query.filter("contact") or "").partition(":")
    return not name or side not in ("customer", "supplier") or side == party


def _by_status(_site: Site, query: Query, _item: Filter) -> list[Condition]:
    """What ERPNext can narrow by itself; the rest is told apart by `status_of`."""
    asked = asked_statuses(query) or frozenset()
    docstatus, narrowed = by_docstatus(asked)
    conditions: list[Condition] = [narrowed]
    if docstatus == {1}:
        sources = {"authorised", "partially_paid"} if asked & {"authorised", "partially_paid"} else set()
        used = RETURNED if "paid" in asked else frozenset()
        theirs = [name for name, ours in STATUSES.items() if ours in asked | sources or name in used]
        conditions.append(["status", "in", theirs])
    return conditions


def _is_of_status(query: Query, head: Invoice, unread: frozenset[str]) -> bool:
    asked = asked_statuses(query)
    return asked is None or status_of(head, unread) in asked


def _filters(party: str, reference: str) -> Mapping[str, str | Conditions]:
    return {
        "type": nothing,
        "status": _by_status,
        "updated_at": "modified",
        "created_at": "creation",
        "issue_date": "posting_date",
        "due_date": "due_date",
        "number": "name",
        "reference": reference,
        "contact": party_filter(party),
        "currency": "currency",
        "company": "company",
        "is_credit_note": "is_return",
    }


def _is_reached(source: Source, query: Query) -> bool:
    party = "customer" if source.kind == "invoice" else "supplier"
    return query.filter("type") in (None, source.kind) and is_on_side(query, party)


_SORTS = {**STAMPS, "issue_date": "posting_date"}

SALES = Source(
    kind="invoice",
    doctype="Sales Invoice",
    wire=SalesInvoice,
    tables=(
        lines_table("Sales Invoice Item", SalesInvoiceLine),
        SALES_TAXES,
        SCHEDULE,
    ),
    joins=(PAYMENTS,),
    company="company",
    filters=_filters("customer", "po_no"),
    sorts=_SORTS,
    reaches=_is_reached,
    keeps=_is_of_status,
)
PURCHASES = Source(
    kind="bill",
    doctype="Purchase Invoice",
    wire=PurchaseInvoice,
    tables=(
        lines_table("Purchase Invoice Item", PurchaseInvoiceLine),
        PURCHASE_TAXES,
        SCHEDULE,
    ),
    joins=(PAYMENTS,),
    company="company",
    filters=_filters("supplier", "bill_no"),
    sorts=_SORTS,
    reaches=_is_reached,
    keeps=_is_of_status,
)
