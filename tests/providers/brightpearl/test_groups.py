"""Groups with their members, the three kinds of dimension, and contacts found by a part of a text."""

from __future__ import annotations

import msgspec
import pytest

from providers.brightpearl.resources import CONTACT_GROUPS, CONTACTS, TRACKING_CATEGORIES
from providers.kit.errors import Forbidden, NotFound
from tests.providers.brightpearl.account import Account
from tests.providers.brightpearl.test_golden import account
from tests.providers.brightpearl.test_lists import GROUPS, MEMBERS, ids


def grouped() -> Account:
    books = account()
    books.lists[GROUPS].append(books.lists[GROUPS][0] | {"id": 2, "name": "Trade"})
    books.lists[MEMBERS] = [
        {"contactId": contact, "contactGroupId": group} for group in (2, 1) for contact in range(group, 1200, 2)
    ]
    books.members = {1: list(range(1199, 0, -2)), 2: list(range(2, 1200, 2))}
    return books


async def test_members_come_in_bulk_and_only_where_they_are_asked_for() -> None:
    books, expand = grouped(), frozenset({"members"})

    plain = await books.listed(CONTACT_GROUPS)
    with_members = await books.listed(CONTACT_GROUPS, expand=expand)

    assert [record.members for record in plain.records] == [msgspec.UNSET] * 2  # type: ignore[attr-defined]
    assert [len(record.members) for record in with_members.records] == [600, 599]  # type: ignore[attr-defined]
    assert len(books.calls_to(MEMBERS)) == 3
    for record in with_members.records:
        got, _ = await books.got(CONTACT_GROUPS, record.id, expand=expand)
        assert got == record


async def test_numbers_of_members_that_may_not_be_read_are_null() -> None:
    books = grouped()
    books.forbidden = ("contact-service/contact-group-search",)

    page = await books.listed(CONTACT_GROUPS)

    assert [record.member_count for record in page.records] == [None, None]  # type: ignore[attr-defined]
    assert [(caution.code, caution.field) for caution in page.cautions] == [("not_permitted", "member_count")]


async def test_a_dimension_is_found_by_its_bare_id_only_where_one_kind_has_it() -> None:
    books = account()
    books.lists["contact-service/project"].append({"id": 8, "name": "Project Eight"})

    record, _ = await books.got(TRACKING_CATEGORIES, "8")

    assert record.id == "project:8"
    with pytest.raises(NotFound, match="kind"):
        await books.got(TRACKING_CATEGORIES, "3")


async def test_lead_sources_name_the_one_above_them() -> None:
    books = account()
    books.lists["contact-service/lead-source"][1]["parentId"] = 1

    record, _ = await books.got(TRACKING_CATEGORIES, "lead_source:3")

    assert (record.parent_category, record.status) == ("lead_source:1", "active")


async def test_a_kind_that_may_not_be_read_is_told_and_the_others_are_given() -> None:
    books = account()
    books.forbidden = ("contact-service/project",)

    page = await books.listed(TRACKING_CATEGORIES)

    assert [record.id for record in page.records] == ["channel:3", "lead_source:1", "lead_source:3"]
    assert [(caution.code, caution.field) for caution in page.cautions] == [("not_permitted", "project")]
    books.forbidden = ("contact-service", "product-service")
    with pytest.raises(Forbidden):
        await books.listed(TRACKING_CATEGORIES)


async def test_what_a_walk_has_passed_is_not_read_again() -> None:
    books = account()

    await books.listed(TRACKING_CATEGORIES, limit=2, position="project:1")

    assert books.send.paths() == ["contact-service/project", "contact-service/lead-source"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("email", "A.B@example.com", ["1"]),
        ("email", "b@example.com", []),
        ("company_name", "Acme", ["1"]),
        ("company_name", "Ac", []),
        ("first_name", "Al", ["2"]),
        ("last_name", "Sample", ["1", "2"]),
    ],
)
async def test_contacts_searched_by_part_of_a_text_are_compared_whole_here(
    name: str, value: str, expected: list[str]
) -> None:
    emails = {"SEC": {"email": "a.b@example.com"}}
    people = [
        {
            "firstName": "Alex",
            "organisation": {"organisationId": 1, "name": "Acme"},
            "communication": {"emails": emails},
        },
        {"firstName": "Al", "organisation": {"organisationId": 2, "name": "Acme Ltd"}},
    ]
    books = Account(
        contacts={
            number: {"contactId": number, "lastName": "Sample", **person} for number, person in enumerate(people, 1)
        }
    )

    assert await ids(books, CONTACTS, (name, "eq", value)) == expected
    column = {
        "email": "allEmail",
        "company_name": "companyName",
        "first_name": "firstName",
        "last_name": "lastName",
    }
    assert books.calls_to("contact-service/contact-search")[0].params[column[name]] == value
