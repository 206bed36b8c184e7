"""Searches: filters by their kinds, order only where it is allowed, pages, and the totals not to be believed."""

from datetime import UTC, datetime

import pytest

from providers.brightpearl.sandbox import Quirks
from tests.providers.brightpearl.sandbox.conftest import Talk

ORDERS = "order-service/order-search"
CONTACTS = "contact-service/contact-search"
SUPPLIER_PAYMENTS = "accounting-service/supplier-payment-search"


@pytest.mark.parametrize(
    "query",
    ["orderId=BAD", "orderId=3,1", "contactId=1-5", "contactId=2026-01-01/", "isHistoricalOrder=1"]
    + [f"createdOn={period}" for period in ("2026-01-01", "/", "x/", "2026-13-01/", "2026-01-01T00:00:00+06:00/")],
)
async def test_a_filter_that_cannot_be_read_is_an_error_of_the_caller_with_the_status_of_the_server(
    talk: Talk, query: str
) -> None:
    # The last of them: an unencoded + arrives as a space.
    assert await talk.refused(f"{ORDERS}?{query}") == (500, "CMNC-018")


@pytest.mark.parametrize("talk", [{"quirks": Quirks(cmnc_018_status=400)}], indirect=True)
async def test_newer_accounts_say_400_of_it(talk: Talk) -> None:
    answer = await talk.ask(f"{ORDERS}?orderId=BAD%20PARAM")

    assert answer.status_code == 400
    words = "The filter orderId=BAD PARAM cannot be parsed as: IDSET"
    assert answer.json() == {"errors": [{"code": "CMNC-018", "message": words}]}


@pytest.mark.parametrize(
    ("period", "lower", "upper"),
    [
        ("2026-03-01T00:00:00.000Z/", datetime(2026, 3, 1, tzinfo=UTC), None),
        ("/2026-03-01T00:00:00Z", None, datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01/2026-03-10", datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 3, 10, 5, tzinfo=UTC)),
        ("2026-03-01T00:00:00/", datetime(2026, 3, 1, 6, tzinfo=UTC), None),
        ("2026-03-01T00:00:00%2B06:00/", datetime(2026, 2, 28, 18, tzinfo=UTC), None),
    ],
)
async def test_a_period_is_open_or_closed_with_or_without_a_zone(
    talk: Talk, period: str, lower: datetime | None, upper: datetime | None
) -> None:
    rows = await talk.rows(f"{ORDERS}?createdOn={period}&columns=orderId")

    expected = {
        number
        for number, order in talk.store.orders.items()
        if (lower is None or datetime.fromisoformat(order["createdOn"]) > lower)
        and (upper is None or datetime.fromisoformat(order["createdOn"]) < upper)
    }
    found = {row["orderId"] for row in rows}
    assert expected
    assert found <= expected
    assert len(found) == min(500, len(expected))


@pytest.mark.parametrize(("period", "count"), [("2026-03-01/", 1), ("2026-03-01T00:00:00/", 1), ("2026-03-02/", 0)])
async def test_a_bound_without_a_zone_is_the_accounts_own_time(talk: Talk, period: str, count: int) -> None:
    before, after = list(talk.store.orders.values())[:2]
    before["createdOn"], after["createdOn"] = "2026-02-28T23:59:00.000-06:00", "2026-03-01T00:01:00.000-06:00"

    rows = await talk.rows(f"{ORDERS}?orderId={before['id']},{after['id']}&createdOn={period}")

    assert len(rows) == count


@pytest.mark.parametrize(
    ("talk", "count"), [({}, 0), ({"quirks": Quirks(are_period_bounds_inside=True)}, 1)], indirect=["talk"]
)
async def test_whether_bounds_belong_to_a_period_is_a_choice(talk: Talk, count: int) -> None:
    number, order = next(iter(talk.store.orders.items()))
    moment = order["createdOn"].replace("+", "%2B")

    rows = await talk.rows(f"{ORDERS}?orderId={number}&createdOn={moment}/")

    assert len(rows) == count


async def test_never_changed_orders_have_no_updated_on_and_no_period_finds_them(talk: Talk) -> None:
    order = talk.order("PO", changed=False)

    (row,) = await talk.rows(f"{ORDERS}?orderId={order['id']}")
    (whole,) = await talk.get(f"order-service/order/{order['id']}")

    assert row["updatedOn"] is None
    assert "updatedOn" not in whole
    assert await talk.rows(f"{ORDERS}?orderId={order['id']}&updatedOn=1970-01-01/") == []


async def test_strings_are_whole_and_search_strings_are_parts_without_case(talk: Talk) -> None:
    contacts = await talk.rows(f"{CONTACTS}?companyName=DAUGHTERS")
    exact = await talk.rows(f"{CONTACTS}?exactCompanyName=Daughters")
    suppliers = await talk.rows(f"{CONTACTS}?isSupplier=true&isStaff=false")

    assert [row["companyName"] for row in contacts] == ["O'Sample & Daughters"]
    assert exact == []
    assert len(suppliers) == 124


async def test_pages_are_told_and_a_page_holds_five_hundred_at_most(talk: Talk) -> None:
    first = (await talk.get(f"{ORDERS}?orderTypeId=2&pageSize=900"))["metaData"]
    last = (await talk.get(f"{ORDERS}?orderTypeId=2&firstResult=501"))["metaData"]
    none = (await talk.get(f"{ORDERS}?orderTypeId=2&contactId=1"))["metaData"]
    count = await talk.get(f"{ORDERS}?orderTypeId=2&countOnly=true")

    told = [(meta["morePagesAvailable"], meta["firstResult"], meta["lastResult"]) for meta in (first, last)]
    assert told == [(True, 1, 500), (False, 501, 520)]
    assert none["resultsAvailable"] == 0
    assert not {"firstResult", "lastResult"} & none.keys()
    assert list(count) == ["metaData"]


async def test_columns_are_chosen_ordered_and_described(talk: Talk) -> None:
    found = await talk.get(f"{ORDERS}?columns=updatedOn,orderId&pageSize=1")
    described = await talk.get(f"{CONTACTS}/meta-data")

    assert [column["name"] for column in found["metaData"]["columns"]] == ["updatedOn", "orderId"]
    assert len(found["results"][0]) == 2
    assert len(described["metaData"]["columns"]) == 21


async def test_order_is_by_instants_and_only_where_a_column_allows_it(talk: Talk) -> None:
    # Within the hour that the clocks show twice, the earlier instant has the later text.
    earlier, later = list(talk.store.orders.values())[:2]
    earlier["createdOn"], later["createdOn"] = "2026-11-01T01:50:00.000-05:00", "2026-11-01T01:10:00.000-06:00"

    rows = await talk.rows(f"{ORDERS}?sort=createdOn.DESC,orderId.DESC")

    moments = [(datetime.fromisoformat(row["createdOn"]), row["orderId"]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert (await talk.ask(f"{CONTACTS}?sort=isSupplier.ASC")).status_code == 500
    assert (await talk.ask("accounting-service/customer-payment-search?sort=orderId.ASC")).status_code == 500


async def test_supplier_payments_claim_five_hundred_and_ignore_their_own_ids(talk: Talk) -> None:
    one = next(iter(talk.store.payments["supplier"].values()))

    found = await talk.get(f"{SUPPLIER_PAYMENTS}?orderId={one['orderId']}")
    ignored = await talk.get(f"{SUPPLIER_PAYMENTS}?paymentId={one['paymentId']}")

    assert found["metaData"]["resultsAvailable"] == 500
    assert len(found["results"]) < 500
    assert len(ignored["results"]) == 500


async def test_labels_come_beside_the_response_for_the_numbers_on_the_page(talk: Talk) -> None:
    answer = (await talk.ask(f"{ORDERS}?orderTypeId=2&orderStatusId=6&pageSize=3")).json()

    assert answer["reference"]["orderTypeNames"] == {"2": "PURCHASE_ORDER"}
    assert answer["reference"]["orderStatusNames"] == {"6": "Pending PO"}
