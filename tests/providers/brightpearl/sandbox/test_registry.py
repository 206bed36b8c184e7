"""Webhooks, companies, tags, addresses by use, and totals told by OPTIONS."""

from __future__ import annotations

import pytest

from tests.providers.brightpearl.sandbox.conftest import Talk

HOOK = "integration-service/webhook"
CONTACT = "contact-service/contact"
GIVEN = {
    "subscribeTo": "order.modified",
    "httpMethod": "POST",
    "uriTemplate": "https://example.com/in",
    "contentType": "application/json",
    "bodyTemplate": "${account-code} ${resource-type} ${resource-id} ${lifecycle-event}",
}


async def test_a_webhook_is_made_listed_and_removed(talk: Talk) -> None:
    assert await talk.get(HOOK) == []
    number = await talk.write("POST", HOOK, GIVEN)

    assert await talk.get(f"{HOOK}/{number}") == [
        {"id": number, **GIVEN, "idSetAccepted": False, "qualityOfService": 0}
    ]
    assert (await talk.ask(f"{HOOK}/{number}")).headers["Message-Type"] == "webhook-get"
    assert await talk.write("DELETE", f"{HOOK}/{number}", None) is None
    missing = await talk.ask(f"{HOOK}/{number}")
    assert (missing.status_code, missing.headers["Message-Type"]) == (404, "get-webhook")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subscribeTo": "contact.modified"}, "INTC-064"),
        ({"subscribeTo": "order.created"}, "INTC-064"),
        ({"subscribeTo": "ord"}, "INTC-064"),
        ({"bodyTemplate": "${account-code}"}, "INTC-057"),
        ({"contentType": None}, "CMNU-003"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(talk: Talk, change: dict[str, str | None], code: str) -> None:
    assert (await talk.refused(HOOK, "POST", {**GIVEN, **change}))[1] == code


@pytest.mark.parametrize("prefix", ["product", "goods-out-note", "order"])
async def test_a_prefix_subscribes_to_all_below_it(talk: Talk, prefix: str) -> None:
    assert isinstance(await talk.write("POST", HOOK, {**GIVEN, "subscribeTo": prefix}), int)


async def test_tags_are_added_and_taken_away_contact_by_contact(talk: Talk) -> None:
    number = next(number for number, each in talk.store.contacts.items() if each["contactTags"] == "9")

    done = await talk.write("POST", f"{CONTACT}/{number}/tag/1-2", None)
    partly = await talk.ask(f"{CONTACT}/{number},999999/tag/9", "DELETE")

    assert done == {"resourceErrors": {str(number): []}, "resourceStatuses": {str(number): 200}}
    assert partly.status_code == 207
    assert partly.json()["response"]["resourceStatuses"] == {str(number): 200, "999999": 404}
    assert talk.store.contacts[number]["contactTags"] == "1,2"


async def test_an_address_is_given_its_use_and_stamps_its_contact(talk: Talk) -> None:
    number = next(iter(talk.store.contacts))
    address = await talk.write("POST", "contact-service/postal-address", {"addressLine1": "1 New"})

    await talk.write("PUT", f"{CONTACT}/{number}/postal-address", [{"postalAddressId": address, "type": "DEL"}])
    await talk.write("PUT", f"contact-service/postal-address/{address}", {"addressLine1": "2 New"})

    [contact] = await talk.get(f"{CONTACT}/{number}")
    [written] = await talk.get(f"contact-service/postal-address/{address}")
    assert (contact["postAddressIds"]["DEL"], contact["updatedOn"]) == (address, talk.store.stamp())
    assert (written["contactId"], written["addressLine1"]) == (number, "2 New")


async def test_companies_are_those_that_contacts_work_in(talk: Talk) -> None:
    number = await talk.write("POST", "contact-service/company", {"name": "New = Co"})
    rows = await talk.rows("contact-service/company-search")

    worked_in = {each["companyId"] for each in talk.store.contacts.values() if each["companyId"]}
    assert {row["companyId"] for row in rows} == {*worked_in, number}
    assert (await talk.refused("contact-service/company", "POST", {"name": ""}))[0] == 500


async def test_groups_are_written_left_and_told_without_their_description(talk: Talk) -> None:
    group = "contact-service/contact-group"
    await talk.write("PUT", f"{group}/2", {"name": "VIPs = few"})
    member = min(talk.store.members[2])
    await talk.write("DELETE", f"{group}/2/member/{member}", None)

    [found] = await talk.get(f"{group}/2?excludeOptional=description")
    assert found["name"] == "VIPs = few"
    assert "description" not in found
    assert member not in (await talk.get(f"{group}/2/member"))["contactMemberIds"]


@pytest.mark.parametrize(("name", "codes"), [("sale", ("SO", "SC")), ("purchase", ("PO", "PC"))])
async def test_totals_can_be_asked_for_as_options_tells(talk: Talk, name: str, codes: tuple[str, ...]) -> None:
    path = f"accounting-service/{name}-payment-total"
    addresses = (await talk.ask(path, "OPTIONS")).json()["response"]["getUris"]

    found = [row["orderId"] for address in addresses for row in await talk.get(f"accounting-service{address}")]
    mine = [number for number, order in talk.store.orders.items() if order["orderTypeCode"] in codes]
    assert sorted(found) == sorted(mine)
