"""Id sets: ascending, two hundred at a time, answered in any order, with what is missing left out."""

import pytest

from tests.providers.brightpearl.sandbox.conftest import Talk


@pytest.mark.parametrize(
    ("ids", "code"),
    [("3,1", "CMNC-006"), ("9-7", "CMNC-006"), ("1,1", "CMNC-006"), ("1-5,4", "CMNC-006")]
    + [(ids, "CMNC-008") for ids in ("one", "1,,2", "1-", "-1", "1.5", "1-201")],
)
async def test_a_set_that_is_unordered_malformed_or_too_large_is_refused(talk: Talk, ids: str, code: str) -> None:
    assert await talk.refused(f"order-service/order/{ids}") == (400, code)


async def test_orders_do_not_come_in_the_order_of_the_set_and_missing_ones_are_left_out(talk: Talk) -> None:
    first, last = min(talk.store.orders), min(talk.store.orders) + 199

    found = [order["id"] for order in await talk.get(f"order-service/order/{first}-{last}")]

    assert sorted(found) == sorted(number for number in talk.store.orders if number <= last)
    assert found != sorted(found)
    assert len(found) < 200


async def test_no_order_is_an_empty_list_and_no_contact_is_not_found(talk: Talk) -> None:
    assert await talk.get("order-service/order/999999") == []
    assert await talk.refused("contact-service/contact/999999") == (404, "CMNC-404")
    assert await talk.refused("contact-service/postal-address/999999") == (404, "CMNC-404")


async def test_contacts_are_paged_beside_the_response_two_hundred_at_most(talk: Talk) -> None:
    answers = [(await talk.ask(f"contact-service/contact?firstResult={first}")).json() for first in (1, 201)]

    numbers = [contact["contactId"] for answer in answers for contact in answer["response"]]
    assert numbers == sorted(talk.store.contacts)
    assert answers[0]["pagination"] == {
        "morePagesAvailable": True,
        "resultsReturned": 200,
        "firstResult": 1,
        "lastResult": 200,
    }
    assert answers[1]["pagination"]["morePagesAvailable"] is False
    assert answers[1]["sorting"] == [{"field": "contactId", "direction": "ASC"}]


async def test_options_tells_the_existing_ids_two_hundred_to_an_address(talk: Talk) -> None:
    answer = await talk.ask("order-service/order", "OPTIONS")

    addresses = answer.json()["response"]["getUris"]
    assert len(addresses) == -(-len(talk.store.orders) // 200)
    found = [order["id"] for address in addresses for order in await talk.get(f"order-service{address}")]
    assert sorted(found) == sorted(talk.store.orders)


async def test_optional_parts_come_only_when_asked_for(talk: Talk) -> None:
    number = next(key for key, order in talk.store.orders.items() if len(order.get("customFields", {})) == 1)
    contact = next(key for key, each in talk.store.contacts.items() if "customFields" in each)

    (plain,) = await talk.get(f"order-service/order/{number}")
    (whole,) = await talk.get(f"order-service/order/{number}?includeOptional=customFields,nullCustomFields")
    (bare,) = await talk.get(f"contact-service/contact/{contact}")
    (full,) = await talk.get(f"contact-service/contact/{contact}?includeOptional=customFields,postalAddresses")

    assert plain.keys() == whole.keys() - {"customFields", "nullCustomFields"}
    assert len(whole["customFields"]) + len(whole["nullCustomFields"]) == 3
    assert bare.keys() == full.keys() - {"customFields", "postalAddresses"}
    assert {each["addressId"] for each in full["postalAddresses"]} == set(full["postAddressIds"].values())
