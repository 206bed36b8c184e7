"""Reading records by id set: ascending, at most 200 a call, one bad id isolated, missing ones named."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.brightpearl.idsets import IDS_MAX, id_set, missing, read_set
from providers.brightpearl.resources import CONTACTS, PURCHASE_ORDERS, SALES_ORDERS
from providers.brightpearl.wire import Order
from providers.kit.errors import BadAnswer, NotFound
from tests.providers.brightpearl.account import Account, expanded, recorded
from tests.providers.fake_send import Reply, written

IDS = st.lists(st.integers(1, 700), max_size=450)


def order(number: int, kind: str = "PO", **more: Any) -> dict[str, Any]:
    """An order with nothing but what is sure to be there."""
    return {"id": number, "orderTypeCode": kind, "createdOn": "2026-01-01T00:00:00.000Z", **more}


def books(*numbers: int, **more: Any) -> Account:
    return Account(orders={number: order(number) for number in numbers}, **more)


@given(ids=st.lists(st.integers(1, 10**12), min_size=1, max_size=50) | IDS.filter(bool))
def test_a_set_holds_exactly_its_ids_ascending_however_they_came(ids: list[int]) -> None:
    assert expanded(id_set(ids)) == sorted(set(ids))


def test_neighbours_are_joined_to_ranges() -> None:
    assert id_set([7, 3, 1, 2, 2, 4, 9, 8]) == "1-4,7-9"


@settings(max_examples=40, deadline=None)
@given(ids=IDS, there=st.sets(st.integers(1, 700)), poisoned=st.sets(st.integers(1, 700), max_size=3))
def test_each_record_is_read_once_and_what_fails_or_is_missing_is_named(
    ids: list[int], there: set[int], poisoned: set[int]
) -> None:
    account = books(*there, poisoned=poisoned)

    found = asyncio.run(
        read_set(account.client(), "order-service/order", ids, Order, lambda record: record.id, "id")
    )

    assert set(found.records) == (there - poisoned) & set(ids)
    assert found.unreadable == poisoned & set(ids)
    named = [
        (caution.code, int(caution.id or 0)) for caution in [*found.cautions, *missing(sorted(set(ids)), found)]
    ]
    assert sorted(named) == sorted(
        [("rejected", number) for number in poisoned & set(ids)]
        + [("not_found", number) for number in set(ids) - there - poisoned]
    )
    assert all(len(expanded(call.path.rpartition("/")[2])) <= IDS_MAX for call in account.send.calls)
    if not poisoned & set(ids):
        assert len(account.send.calls) == -(-len(set(ids)) // IDS_MAX)


async def test_a_list_goes_on_around_an_order_that_fails_its_set_and_one_that_is_gone() -> None:
    account = books(*range(1, 9), poisoned={5}, hidden={7})

    page = await account.listed(PURCHASE_ORDERS)

    assert [record.id for record in page.records] == ["1", "2", "3", "4", "6", "8"]
    assert [(caution.code, caution.id) for caution in page.cautions] == [("rejected", "5"), ("not_found", "7")]


async def test_records_are_in_the_searchs_order_though_answers_come_in_any() -> None:
    account = books(3, 1, 2, 500, 400)

    page = await account.listed(PURCHASE_ORDERS)

    assert [record.id for record in page.records] == ["1", "2", "3", "400", "500"]


async def test_one_order_of_a_wrong_type_becomes_a_caution_with_its_id_and_field() -> None:
    account = books(1, 2, 3)
    account.orders[2]["warehouseId"] = "private words"

    page = await account.listed(PURCHASE_ORDERS)

    assert [record.id for record in page.records] == ["1", "3"]
    [caution] = page.cautions
    assert (caution.code, caution.id, caution.field) == ("wrong_type", "2", "warehouseId")
    assert "private" not in f"{caution.code}{caution.detail}"


async def test_the_raw_records_run_beside_the_mapped_ones() -> None:
    account = books(1, 2, 3, hidden={2})

    page = await account.listed(PURCHASE_ORDERS, remote_data=True)

    assert [json.loads(written(record.remote_data))["id"] for record in page.records] == [1, 3]


@pytest.mark.parametrize("resource", [PURCHASE_ORDERS, CONTACTS], ids=["orders", "contacts"])
@pytest.mark.parametrize("record_id", ["", "0", "-1", "1.5", "abc", "٣", "1-5", "1,2", "9" * 19, "999"])
async def test_what_is_no_id_of_a_record_is_not_found(resource: Any, record_id: str) -> None:
    account = Account()

    with pytest.raises(Exception, match=r"there is no such|no id was given"):
        await account.got(resource, record_id)


async def test_an_order_of_another_type_is_not_found() -> None:
    account = Account(
        orders={number: order(number, kind) for number, kind in enumerate(["PO", "SO", "SC", "PC"], 1)}
    )

    assert (await account.got(PURCHASE_ORDERS, "1"))[0].id == "1"
    assert (await account.got(SALES_ORDERS, "2"))[0].id == "2"
    for resource, number in ((PURCHASE_ORDERS, 2), (SALES_ORDERS, 1), (SALES_ORDERS, 3), (PURCHASE_ORDERS, 4)):
        with pytest.raises(NotFound):
            await account.got(resource, str(number))


async def test_a_missing_order_is_an_empty_answer_and_a_missing_contact_a_404_and_both_are_not_found() -> None:
    account = Account()
    assert recorded("order_get_missing_200_empty") == {"response": []}

    for resource in (PURCHASE_ORDERS, CONTACTS):
        with pytest.raises(NotFound):
            await account.got(resource, "999")


@pytest.mark.parametrize("resource", [PURCHASE_ORDERS, CONTACTS], ids=["orders", "contacts"])
async def test_a_record_that_is_there_but_cannot_be_read_is_a_bad_answer_and_not_a_missing_one(
    resource: Any,
) -> None:
    account = books(7)
    account.orders[7]["warehouseId"] = "private words"
    account.contacts[7] = {"contactId": 7, "leadTime": "private words"}

    with pytest.raises(BadAnswer) as caught:
        await account.got(resource, "7")

    assert caught.value.provider_code in ("wrong_type: warehouseId", "wrong_type: leadTime")
    assert "private" not in f"{caught.value}"


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'{"response":7}', b'{"response":{"1":{}}}'])
async def test_an_answer_that_is_no_list_is_a_bad_answer(body: bytes) -> None:
    account = books(1)
    account.send.on("order-service/order/", Reply(body))

    with pytest.raises(BadAnswer):
        await account.listed(PURCHASE_ORDERS)
