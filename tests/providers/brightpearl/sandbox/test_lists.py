"""The sandbox's lists: groups and who is in them, searches over nominal codes and payment methods."""

from __future__ import annotations

from tests.providers.brightpearl.sandbox.conftest import Talk
from tests.world import World, served

GROUP = "contact-service/contact-group"


async def test_a_groups_members_are_those_whose_contacts_name_it(talk: Talk) -> None:
    members = (await talk.get(f"{GROUP}/1/member"))["contactMemberIds"]
    named = [
        number
        for number, contact in talk.store.contacts.items()
        if contact["assignment"]["current"].get("contactGroupId") == 1
    ]

    assert members == sorted(named) != []
    counts = {row["contactGroupId"]: row["numberOfMembers"] for row in await talk.rows(f"{GROUP}-search")}
    assert counts == {1: len(members), 2: len(talk.store.members[2]), 4: 0}
    rows = await talk.rows(f"{GROUP}-member-search?contactGroupId=1")
    assert sorted(row["contactId"] for row in rows) == members


async def test_a_group_is_made_joined_and_joined_only_once(talk: Talk) -> None:
    number = await talk.write("POST", GROUP, {"name": "New = group", "description": ""})
    await talk.write("POST", f"{GROUP}/{number}/member", {"contactMemberIds": [7, 8, 9, 12]})

    asked = f"{GROUP}/{number}/member?includeOptional=contactMemberIdSet&excludeOptional=contactMemberIds"
    assert await talk.get(asked) == {"contactMemberIdSet": "7-9,12"}
    assert (await talk.refused(f"{GROUP}/{number}/member", "POST", {"contactMemberIds": [9]}))[0] == 400
    assert (await talk.refused(f"{GROUP}/77/member"))[0] == 404
    assert (await talk.refused(GROUP, "POST", {"name": "abc"}))[0] == 500


async def test_nominal_codes_and_methods_are_found_by_a_part_of_their_names(talk: Talk) -> None:
    banks = await talk.rows("accounting-service/nominal-code-search?bank=true&sort=code.ASC")
    methods = await talk.rows("accounting-service/payment-method-search?name=TRANSFER")

    assert [(row["code"], row["currencyId"]) for row in banks] == [("1200", 1), ("1210", 2), ("1230", 1)]
    assert {(row["id"], row["currency"], row["bank_account"]) for row in methods} == {
        (2, "USD", "1200"),
        (2, "EUR", "1210"),
    }


async def test_every_list_is_walked_through_the_gateway_and_equals_what_a_get_gives(light: World) -> None:
    from providers.brightpearl.sandbox import create_sandbox

    box = create_sandbox(requests_per_minute=None)
    lists = {
        "accounts": "nominal-code",
        "tax_rates": "tax-code",
        "payment_method": "payment-method",
        "contact_groups": "contact-group",
        "exchange_rates": "exchange-rate",
    }
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        for resource, name in lists.items():
            records = await light.walk(resource, account_id, limit=3)
            assert len(records) == len({record["id"] for record in records}) == len(box.store.lists[name])
            got = await light.unified(f"{resource}/{records[-1]['id']}", account_id)
            assert got.json()["result"] == records[-1]
        assert len(await light.walk("currencies", account_id, limit=2)) == 3
        assert len(await light.walk("tracking_categories", account_id, limit=2)) == 6
        groups = await light.walk("contact_groups", account_id, limit=1, expand="members")
    assert [len(group["members"]) for group in groups] == [group["member_count"] for group in groups]
