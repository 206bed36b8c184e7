"""The two DocTypes of orders: what each is joined with, and what they are filtered by."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.mappers.order_status import WHOLE, status_of
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Conditions, Source
from providers.erpnext.sources.advances import ADVANCES, JOURNALS, REPORTED
from providers.erpnext.sources.trade import (
    PURCHASE_TAXES,
    SALES_TAXES,
    SCHEDULE,
    asked_statuses,
    by_docstatus,
    lines_table,
    party_filter,
)
from providers.erpnext.wire_orders import (
    Order,
    PurchaseOrder,
    PurchaseOrderLine,
    SalesOrder,
    SalesOrderLine,
)
from providers.kit.pages import Filter, Query

_BY_BILLING: Mapping[frozenset[str], list[Condition]] = {
    frozenset({"authorised"}): [["per_billed", "<=", 0]],
    frozenset({"partially_billed"}): [["per_billed", ">", 0], ["per_billed", "<", WHOLE]],
    frozenset({"billed"}): [["per_billed", ">=", WHOLE]],
    frozenset({"authorised", "partially_billed"}): [["per_billed", "<", WHOLE]],
    frozenset({"partially_billed", "billed"}): [["per_billed", ">", 0]],
}


def _by_status(_site: Site, query: Query, _item: Filter) -> list[Condition]:
    """What ERPNext can narrow by itself; the rest is told apart by `status_of`."""
    asked = asked_statuses(query) or frozenset()
    docstatus, narrowed = by_docstatus(asked)
    conditions: list[Condition] = [narrowed]
    if docstatus == {1}:
        if asked == {"closed"}:
            conditions.append(["status", "=", "Closed"])
        elif "closed" not in asked:
            conditions += [["status", "!=", "Closed"], *_BY_BILLING.get(asked, [])]
    return conditions


def _is_of_status(query: Query, head: Order, unread: frozenset[str]) -> bool:
    asked = asked_statuses(query)
    return asked is None or status_of(head, unread) in asked


def _filters(party: str, ours: str, reference: str, delivery_date: str) -> Mapping[str, str | Conditions]:
    return {
        **STAMPS,
        "status": _by_status,
        "issue_date": "transaction_date",
        "delivery_date": delivery_date,
        "number": "name",
        "reference": reference,
        "contact": party_filter(party),
        ours: party_filter(party),
        "currency": "currency",
        "company": "company",
    }


_SORTS = {**STAMPS, "issue_date": "transaction_date"}
_JOINS = (ADVANCES, JOURNALS, REPORTED)

PURCHASE_ORDERS = Source(
    doctype="Purchase Order",
    wire=PurchaseOrder,
    tables=(lines_table("Purchase Order Item", PurchaseOrderLine), PURCHASE_TAXES, SCHEDULE),
    joins=_JOINS,
    company="company",
    filters=_filters("supplier", "vendor", "order_confirmation_no", "schedule_date"),
    sorts=_SORTS,
    keeps=_is_of_status,
)
SALES_ORDERS = Source(
    doctype="Sales Order",
    wire=SalesOrder,
    tables=(lines_table("Sales Order Item", SalesOrderLine), SALES_TAXES, SCHEDULE),
    joins=_JOINS,
    company="company",
    filters=_filters("customer", "customer", "po_no", "delivery_date"),
    sorts=_SORTS,
    keeps=_is_of_status,
)
