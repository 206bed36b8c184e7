"""Walks over searches: every page, both generations of metadata, and changes in two phases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.brightpearl.resources import CONTACTS, PURCHASE_ORDERS, SALES_ORDERS
from providers.brightpearl.search import period
from providers.kit.errors import BadAnswer, UnsupportedFilter
from providers.kit.pages import Filter, Query, Sort
from tests.providers.brightpearl.account import Account, recorded
from tests.providers.brightpearl.test_idsets import books, order
from tests.providers.fake_send import Reply, walk

START = datetime(2026, 3, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 8).map(lambda half_seconds: START + timedelta(seconds=half_seconds / 2))
RECORDS = st.lists(st.tuples(MOMENTS, st.none() | MOMENTS), max_size=12)


def written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


@settings(max_examples=60, deadline=None)
@given(
    records=RECORDS,
    lower=st.none() | st.tuples(st.sampled_from(["gt", "gte"]), MOMENTS),
    upper=st.none() | st.tuples(st.sampled_from(["lt", "lte"]), MOMENTS),
    limit=st.integers(1, 5),
    bounds_inside=st.booleans(),
    old_metadata=st.booleans(),
)
def test_changed_since_gives_each_changed_record_exactly_once(
    records: list[tuple[datetime, datetime | None]],
    lower: Any,
    upper: Any,
    limit: int,
    bounds_inside: bool,
    old_metadata: bool,
) -> None:
    account = Account(are_bounds_inside=bounds_inside, has_old_metadata=old_metadata)
    for number, (created, updated) in enumerate(records, 1):
        stamps = {"createdOn": written(created), "updatedOn": written(updated)}
        account.orders[number] = order(number, **stamps)
        account.contacts[number] = {"contactId": number, **stamps}
    bounds = [bound for bound in (lower, upper) if bound]
    filters = tuple(Filter(name="updated_at", operator=operator, value=moment) for operator, moment in bounds)

    changed = {number: updated or created for number, (created, updated) in enumerate(records, 1)}
    tests = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
    expected = {
        str(number)
        for number, moment in changed.items()
        if all(getattr(moment, tests[operator])(bound) for operator, bound in bounds)
    }
    for resource in (PURCHASE_ORDERS, CONTACTS):
        ids = asyncio.run(walk(account.client(), resource, Query(limit=limit, filters=filters)))
        assert sorted(ids) == sorted(expected)


@pytest.mark.parametrize("old_metadata", [False, True])
@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 10])
async def test_a_walk_ends_by_either_generation_of_metadata(count: int, old_metadata: bool) -> None:
    account = books(*range(1, count + 1), has_old_metadata=old_metadata)

    ids = await walk(account.client(), PURCHASE_ORDERS, Query(limit=5))

    assert ids == [str(number) for number in range(1, count + 1)]
    assert len(account.calls_to("order-service/order-search")) == max(1, -(-count // 5))


async def test_a_recorded_search_without_results_is_an_empty_page() -> None:
    account = Account()
    account.send.on("order-service/order-search", Reply(recorded("order_search_empty_2014")))

    assert await walk(account.client(), SALES_ORDERS, Query(limit=5)) == []


async def test_columns_are_read_by_name_and_the_type_of_order_is_always_asked_for() -> None:
    account = Account(orders={1: order(1, "PO"), 2: order(2, "SO"), 3: order(3, "PC")})

    assert await walk(account.client(), PURCHASE_ORDERS, Query(limit=5)) == ["1"]
    assert await walk(account.client(), SALES_ORDERS, Query(limit=5)) == ["2"]
    assert [call.params["orderTypeId"] for call in account.calls_to("order-service/order-search")] == ["2", "1"]


@pytest.mark.parametrize(
    ("sort", "asked"),
    [
        (None, "orderId.ASC"),
        (Sort(name="created_at"), "createdOn.ASC,orderId.ASC"),
        (Sort(name="created_at", descending=True), "createdOn.DESC,orderId.DESC"),
    ],
)
async def test_a_search_always_has_a_whole_order(sort: Sort | None, asked: str) -> None:
    account = books(1, 2)

    ids = await walk(account.client(), PURCHASE_ORDERS, Query(limit=1, sort=sort))

    assert sorted(ids) == ["1", "2"]
    assert account.calls_to("order-service/order-search")[0].params["sort"] == asked


async def test_an_order_cannot_be_asked_for_where_a_walk_takes_two_searches() -> None:
    filters = (Filter(name="updated_at", operator="gte", value=START),)

    with pytest.raises(UnsupportedFilter, match="two searches"):
        await books(1).listed(PURCHASE_ORDERS, filters=filters, sort=Sort(name="created_at"))


@pytest.mark.parametrize(
    ("name", "operator", "value", "column", "asked"),
    [
        ("updated_at", "gte", START, "updatedOn", "2026-02-28T23:59:59.000Z/"),
        ("updated_at", "lte", START, "updatedOn", "/2026-03-01T00:00:01.000Z"),
        ("created_at", "gt", START, "createdOn", "2026-02-28T23:59:59.000Z/"),
        ("tax_date", "eq", date(2026, 3, 1), "taxDate", "2026-02-27T23:59:59.000Z/2026-03-02T00:00:01.000Z"),
        ("delivery_date", "lt", date(2026, 3, 1), "deliveryDate", "/2026-03-02T00:00:01.000Z"),
        ("contact", "eq", "418", "contactId", "418"),
        ("reference", "eq", "#T75 & co", "customerRef", "#T75 & co"),
    ],
)
async def test_each_filter_is_asked_a_little_wider_since_bounds_may_be_left_out(
    name: str, operator: Any, value: Any, column: str, asked: str
) -> None:
    account = Account()

    await account.listed(PURCHASE_ORDERS, filters=(Filter(name=name, operator=operator, value=value),))

    assert account.calls_to("order-service/order-search")[0].params[column] == asked


@pytest.mark.parametrize(
    ("kind", "column"), [("customer", "isCustomer"), ("vendor", "isSupplier"), ("employee", "isStaff")]
)
async def test_a_contact_type_is_one_of_the_searchs_flags(kind: str, column: str) -> None:
    account = Account()

    await account.listed(CONTACTS, filters=(Filter(name="contact_type", operator="eq", value=kind),))

    assert account.calls_to("contact-service/contact-search")[0].params[column] == "true"


async def test_dates_are_cut_exactly_though_the_search_is_wider() -> None:
    account = Account()
    days = {1: "2026-02-28", 2: "2026-03-01", 3: "2026-03-02"}
    for number, day in days.items():
        account.orders[number] = order(number, invoices=[{"taxDate": f"{day}T00:00:00.000-06:00"}])

    for operator, expected in (
        ("eq", ["2"]),
        ("gte", ["2", "3"]),
        ("gt", ["3"]),
        ("lte", ["1", "2"]),
        ("lt", ["1"]),
    ):
        filters = (Filter(name="tax_date", operator=operator, value=date(2026, 3, 1)),)  # type: ignore[arg-type]
        page = await account.listed(PURCHASE_ORDERS, filters=filters)
        assert [record.id for record in page.records] == expected


@pytest.mark.parametrize("name", ["tax_date", "delivery_date"])
@pytest.mark.parametrize("day", [date.min, date.max])
async def test_the_ends_of_time_can_be_filtered_by(name: str, day: date) -> None:
    account = Account()

    await account.listed(PURCHASE_ORDERS, filters=(Filter(name=name, operator="gte", value=day),))

    [call] = account.calls_to("order-service/order-search")
    assert call.params["taxDate" if name == "tax_date" else "deliveryDate"][:4] in ("0001", "9999")


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_period_at_the_ends_of_time_stays_writable(moment: datetime) -> None:
    assert period(moment, moment) is not None
    assert str(period(moment, None))[:4] in ("0001", "9999")


async def test_a_record_whose_date_cannot_be_read_does_not_fail_the_page() -> None:
    account = books(1, 2)
    account.orders[2]["updatedOn"] = "2026-03-01 without an offset"
    account.search_rows["order"] = [
        {"orderId": number, "orderTypeId": 2, "updatedOn": "2026-03-01T00:00:00Z", "createdOn": None}
        for number in (1, 2)
    ]
    account.orders[1]["updatedOn"] = "2026-03-01T00:00:00Z"

    page = await account.listed(PURCHASE_ORDERS, filters=(Filter(name="updated_at", operator="gte", value=START),))

    assert [record.id for record in page.records] == ["1"]
    assert [(caution.code, caution.id) for caution in page.cautions] == [("unmappable", "2")]


async def test_a_page_may_be_empty_and_still_have_a_next_one() -> None:
    account = books(1)
    query = Query(
        limit=5, filters=(Filter(name="updated_at", operator="gte", value=datetime(2025, 1, 1, tzinfo=UTC)),)
    )
    client = account.client()
    site = await PURCHASE_ORDERS.site(client)
    assert PURCHASE_ORDERS.list is not None

    first = await PURCHASE_ORDERS.list(client, site, query)
    second = await PURCHASE_ORDERS.list(client, site, replace(query, position=first.next))

    assert (first.records, second.next) == ([], None)
    assert [record.order.id for record in second.records] == [1]


@pytest.mark.parametrize(
    "name", ["columns", "sort", "pageSize", "firstResult", "countOnly", "orderTypeId", "createdOn"]
)
async def test_a_remote_query_may_not_touch_what_the_search_rests_on(name: str) -> None:
    filters = (Filter(name="created_at", operator="gte", value=START),)

    with pytest.raises(UnsupportedFilter, match=name):
        await Account().listed(PURCHASE_ORDERS, filters=filters, remote_query=((name, "1"),))


async def test_a_remote_query_goes_to_the_search_verbatim() -> None:
    account = Account()

    await account.listed(PURCHASE_ORDERS, remote_query=(("externalRef", "a b&c#1+2"),))

    [call] = account.calls_to("order-service/order-search")
    assert call.params["externalRef"] == "a b&c#1+2"
    assert "externalRef=a%20b%26c%231%2B2" in call.url


@pytest.mark.parametrize(
    "answer",
    [
        {"results": [], "metaData": {"morePagesAvailable": True, "columns": [{"name": "orderId"}]}},
        {"results": [[1, 2]], "metaData": {"columns": [{"name": "orderId"}]}},
        {"results": [[1]], "metaData": {}},
        {"results": [[1]], "metaData": {"firstResult": 2, "columns": [{"name": "orderId"}]}},
        {"results": {}, "metaData": {"columns": []}},
        [],
        None,
    ],
)
async def test_a_search_that_cannot_be_trusted_is_a_bad_answer(answer: Any) -> None:
    account = Account()
    account.send.on("order-service/order-search", Reply({"response": answer}))

    with pytest.raises(BadAnswer):
        await account.listed(PURCHASE_ORDERS)
