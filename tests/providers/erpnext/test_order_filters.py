"""Each filter of orders as the conditions Frappe gets, and statuses told apart where ERPNext cannot."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.gateway import Gateway
from providers.erpnext.conditions import conditions_of
from providers.erpnext.rows.orders import PURCHASE_ORDERS, SALES_ORDERS
from providers.erpnext.site import Site
from providers.erpnext.source import Source
from providers.erpnext.sources import orders
from providers.kit.pages import Filter, Query
from tests.providers.erpnext.frappe import Frappe, recorded_site

SITE = Site(ZoneInfo("Asia/Kolkata"), date(2026, 11, 24))

CASES: list[tuple[Source, str, Any, list[Any]]] = [
    (orders.PURCHASE_ORDERS, "vendor", "supplier:A", ["supplier", "=", "A"]),
    (orders.PURCHASE_ORDERS, "contact", "A", ["supplier", "=", "A"]),
    (orders.PURCHASE_ORDERS, "delivery_date", date(2026, 1, 31), ["schedule_date", "=", "2026-01-31"]),
    (orders.PURCHASE_ORDERS, "reference", "C7", ["order_confirmation_no", "=", "C7"]),
    (orders.SALES_ORDERS, "customer", "customer:A", ["customer", "=", "A"]),
    (orders.SALES_ORDERS, "contact", "customer:A", ["customer", "=", "A"]),
    (orders.SALES_ORDERS, "delivery_date", date(2026, 1, 31), ["delivery_date", "=", "2026-01-31"]),
    (orders.SALES_ORDERS, "reference", "PO 7", ["po_no", "=", "PO 7"]),
    (orders.SALES_ORDERS, "issue_date", date(2026, 1, 31), ["transaction_date", "=", "2026-01-31"]),
    (orders.SALES_ORDERS, "number", "SO-1", ["name", "=", "SO-1"]),
    (orders.SALES_ORDERS, "currency", "USD", ["currency", "=", "USD"]),
    (orders.SALES_ORDERS, "company", "Acme", ["company", "=", "Acme"]),
]
STATUS_CASES: list[tuple[Any, list[Any]]] = [
    ("draft", [["docstatus", "in", [0]]]),
    ("cancelled", [["docstatus", "in", [2]]]),
    ("closed", [["docstatus", "in", [1]], ["status", "=", "Closed"]]),
    ("authorised", [["docstatus", "in", [1]], ["status", "!=", "Closed"], ["per_billed", "<=", 0]]),
    ("billed", [["docstatus", "in", [1]], ["status", "!=", "Closed"], ["per_billed", ">=", 100]]),
    (
        "partially_billed",
        [["docstatus", "in", [1]], ["status", "!=", "Closed"], ["per_billed", ">", 0], ["per_billed", "<", 100]],
    ),
    (("billed", "closed"), [["docstatus", "in", [1]]]),
    (("authorised", "billed"), [["docstatus", "in", [1]], ["status", "!=", "Closed"]]),
    (("draft", "billed"), [["docstatus", "in", [0, 1]]]),
]


@pytest.mark.parametrize(("source", "name", "value", "condition"), CASES)
def test_each_filter_becomes_one_condition(source: Source, name: str, value: Any, condition: list[Any]) -> None:
    query = Query(limit=1, filters=(Filter(name=name, operator="eq", value=value),))

    assert conditions_of(Frappe().client(), SITE, query, source) == [condition]


def test_every_filter_that_is_published_has_a_case_here() -> None:
    tested = {name for _, name, *_ in CASES} | {"status", "updated_at", "created_at"}

    assert tested == {*PURCHASE_ORDERS.list_rules.filters, *SALES_ORDERS.list_rules.filters}


@pytest.mark.parametrize(("value", "conditions"), STATUS_CASES)
def test_a_status_narrows_as_far_as_erpnext_can(value: Any, conditions: list[Any]) -> None:
    operator: Any = "in" if isinstance(value, tuple) else "eq"
    query = Query(limit=1, filters=(Filter(name="status", operator=operator, value=value),))

    assert conditions_of(Frappe().client(), SITE, query, orders.SALES_ORDERS) == conditions


@pytest.mark.parametrize(
    "statuses",
    [
        *(("draft",), ("authorised",), ("partially_billed",), ("billed",), ("closed",), ("cancelled",)),
        *(("authorised", "closed"), ("draft", "billed"), ("billed", "cancelled", "closed")),
    ],
)
async def test_statuses_find_exactly_the_recorded_orders_that_stand_there(statuses: tuple[str, ...]) -> None:
    client = recorded_site().client()
    every = await Gateway(60.0).list(client, PURCHASE_ORDERS, Query(limit=500))

    asked = (Filter(name="status", operator="in", value=statuses),)
    found = await Gateway(60.0).list(client, PURCHASE_ORDERS, Query(limit=500, filters=asked))

    assert [each.id for each in found.records] == [each.id for each in every.records if each.status in statuses]
    assert len(every.records) > 3
