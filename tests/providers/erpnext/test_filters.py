"""Each unified filter as the conditions Frappe gets, and statuses told apart where ERPNext cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.erpnext.conditions import conditions_of
from providers.erpnext.mappers.invoice_status import status_of
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.erpnext.site import Site
from providers.erpnext.sources.invoices import PURCHASES, SALES
from providers.erpnext.wire_invoices import SalesInvoice
from providers.kit.errors import Rejected, UnsupportedFilter
from providers.kit.pages import Filter, Query
from tests.providers.erpnext.frappe import Frappe
from tests.providers.fake_send import walk

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
KOLKATA_NOON = "2026-11-21 17:30:00.123456"
STAMP = "2026-11-21 10:00:00.000000"

INVOICE_CASES: list[tuple[str, str, Any, list[Any]]] = [
    ("updated_at", "gt", NOON, ["modified", ">", KOLKATA_NOON]),
    ("updated_at", "gte", NOON, ["modified", ">=", KOLKATA_NOON]),
    ("updated_at", "lt", NOON, ["modified", "<", KOLKATA_NOON]),
    ("updated_at", "lte", NOON, ["modified", "<=", KOLKATA_NOON]),
    ("created_at", "gte", NOON, ["creation", ">=", KOLKATA_NOON]),
    ("issue_date", "eq", date(2026, 1, 31), ["posting_date", "=", "2026-01-31"]),
    ("issue_date", "gte", date(2026, 1, 31), ["posting_date", ">=", "2026-01-31"]),
    ("due_date", "lt", date(2026, 1, 31), ["due_date", "<", "2026-01-31"]),
    ("number", "eq", "ACC-SINV-1", ["name", "=", "ACC-SINV-1"]),
    ("reference", "eq", "PO/12", ["po_no", "=", "PO/12"]),
    ("contact", "eq", "customer:ACME", ["customer", "=", "ACME"]),
    ("contact", "eq", "ACME", ["customer", "=", "ACME"]),
    ("currency", "eq", "USD", ["currency", "=", "USD"]),
    ("company", "eq", "Acme", ["company", "=", "Acme"]),
    ("is_credit_note", "eq", True, ["is_return", "=", 1]),
    ("is_credit_note", "eq", False, ["is_return", "=", 0]),
]
STATUS_CASES: list[tuple[Any, list[Any]]] = [
    ("draft", [["docstatus", "in", [0]]]),
    ("voided", [["docstatus", "in", [2]]]),
    (
        "paid",
        [
            ["docstatus", "in", [1]],
            ["status", "in", ["Submitted", "Return", "Internal Transfer", "Draft", "Paid"]],
        ],
    ),
    ("credited", [["docstatus", "in", [1]], ["status", "in", ["Credit Note Issued", "Debit Note Issued"]]]),
    (("draft", "paid"), [["docstatus", "in", [0, 1]]]),
]


async def asked(site: Frappe, resource: Any, *filters: Filter) -> list[list[Any]]:
    """The conditions of the first list that the filters lead to."""
    await walk(site.client(), resource, Query(limit=10, filters=filters))
    doctype = "Item" if resource is ITEMS else "Sales Invoice"
    conditions: list[list[Any]] = site.lists(doctype)[0].argument("filters") or []
    return conditions


def site_of_one(**settings_of_account: Any) -> Frappe:
    site = Frappe(settings=settings_of_account)
    for doctype in ("Sales Invoice", "Purchase Invoice", "Item"):
        site.add(doctype, [])
    return site


@pytest.mark.parametrize(("name", "operator", "value", "condition"), INVOICE_CASES)
async def test_each_filter_of_invoices_becomes_one_condition(
    name: str, operator: Any, value: Any, condition: list[Any]
) -> None:
    filters = Filter(name=name, operator=operator, value=value)

    assert await asked(site_of_one(), INVOICES, filters) == [condition]


@pytest.mark.parametrize(("value", "conditions"), STATUS_CASES)
async def test_a_status_narrows_by_docstatus_first_since_the_stored_status_may_be_stale(
    value: Any, conditions: list[Any]
) -> None:
    operator: Any = "in" if isinstance(value, tuple) else "eq"

    assert await asked(site_of_one(), INVOICES, Filter(name="status", operator=operator, value=value)) == conditions


@pytest.mark.parametrize(
    ("name", "operator", "value", "condition"),
    [
        ("updated_at", "gt", NOON, ["modified", ">", KOLKATA_NOON]),
        ("created_at", "lte", NOON, ["creation", "<=", KOLKATA_NOON]),
        ("sku", "eq", "A/1", ["item_code", "=", "A/1"]),
        ("name", "eq", "Tea", ["item_name", "=", "Tea"]),
        ("status", "eq", "archived", ["disabled", "=", 1]),
        ("status", "eq", "active", ["disabled", "=", 0]),
    ],
)
async def test_each_filter_of_items_becomes_one_condition(
    name: str, operator: Any, value: Any, condition: list[Any]
) -> None:
    assert await asked(site_of_one(), ITEMS, Filter(name=name, operator=operator, value=value)) == [condition]


def test_every_filter_that_is_published_has_a_case_here() -> None:
    tested = {name for name, *_ in INVOICE_CASES} | {"status", "type"}

    assert tested == set(INVOICES.list_rules.filters)


def test_the_reference_and_the_contact_of_a_bill_are_its_own_fields() -> None:
    query = Query(
        limit=1,
        filters=(
            Filter(name="reference", operator="eq", value="B1"),
            Filter(name="contact", operator="eq", value="supplier:S"),
        ),
    )
    site = Site(None, NOON.date())

    conditions = conditions_of(Frappe().client(), site, query, PURCHASES)

    assert conditions == [["bill_no", "=", "B1"], ["supplier", "=", "S"]]


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ({}, ["invoice", "bill"]),
        ({"type": "bill"}, ["bill"]),
        ({"contact": "customer:X"}, ["invoice"]),
        ({"contact": "supplier:X"}, ["bill"]),
        ({"contact": "Odd:Name"}, ["invoice", "bill"]),
        ({"contact": "supplier:X", "type": "invoice"}, []),
    ],
)
async def test_type_and_contact_choose_the_doctypes_that_are_asked(
    filters: dict[str, str], kinds: list[str]
) -> None:
    query = Query(
        limit=5, filters=tuple(Filter(name=name, operator="eq", value=value) for name, value in filters.items())
    )

    assert [each.kind for each in (SALES, PURCHASES) if each.reaches(each, query)] == kinds
    assert await walk(site_of_one().client(), INVOICES, query) == []


async def test_the_company_of_the_account_narrows_every_list_of_invoices() -> None:
    site = site_of_one(company="Acme Trading Ltd")

    await walk(site.client(), INVOICES, Query(limit=5))

    for doctype in ("Sales Invoice", "Purchase Invoice"):
        assert site.lists(doctype)[0].argument("filters") == [["company", "=", "Acme Trading Ltd"]]


@pytest.mark.parametrize("name", ["number", "currency", "company", "reference", "contact"])
async def test_an_empty_value_is_refused_since_it_would_match_null_too(name: str) -> None:
    with pytest.raises(UnsupportedFilter, match="empty"):
        await asked(site_of_one(), INVOICES, Filter(name=name, operator="eq", value=""))


async def test_a_site_without_a_known_zone_cannot_be_filtered_by_time() -> None:
    site = site_of_one()
    site.zone = None

    with pytest.raises(Rejected, match="time zone"):
        await asked(site, ITEMS, Filter(name="updated_at", operator="gte", value=NOON))


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York"])
async def test_the_ends_of_time_can_be_filtered_by(zone: str, moment: datetime) -> None:
    site = site_of_one()
    site.zone = zone

    [condition] = await asked(site, ITEMS, Filter(name="updated_at", operator="gte", value=moment))

    assert condition[2][:4] in ("0001", "9999")


THEIRS = ["Unpaid", "Overdue", "Partly Paid", "Paid", "Return", "Credit Note Issued", "Draft", "Cancelled", "New"]
OURS = INVOICES.list_rules.filters["status"].values
DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2]), st.sampled_from(THEIRS), st.sampled_from(["0", "40", "100"]), st.booleans()
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    documents=DOCUMENTS, wanted=st.sets(st.sampled_from(INVOICES.list_rules.filters["status"].values), min_size=1)
)
async def test_a_status_filter_gives_exactly_the_documents_of_that_unified_status(
    documents: list[tuple[int, str, str, bool]], wanted: set[str]
) -> None:
    site = site_of_one()
    rows = [
        {
            "name": f"S{number}",
            "modified": STAMP,
            "docstatus": docstatus,
            "status": status,
            "currency": "GBP",
            "party_account_currency": "GBP",
            "grand_total": 100,
            "outstanding_amount": int(left),
            "is_return": int(is_return),
        }
        for number, (docstatus, status, left, is_return) in enumerate(documents)
    ]
    site.add("Sales Invoice", rows)
    filters = (Filter(name="status", operator="in", value=tuple(sorted(wanted))),)

    ids = await walk(site.client(), INVOICES, Query(limit=2, filters=filters))

    heads = [msgspec.convert(row, SalesInvoice) for row in rows]
    assert ids == [f"invoice:{head.name}" for head in heads if status_of(head) in wanted]
