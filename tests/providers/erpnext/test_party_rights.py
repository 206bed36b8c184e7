"""Contacts of a user who may not read all of what belongs to them."""

from __future__ import annotations

import pytest

from providers.kit.errors import Forbidden
from providers.kit.pages import Query
from tests.providers.erpnext.parties import ALL, Parties, emails, ids_of, mapped, one, read, said, within


async def test_a_user_without_the_right_to_contacts_gets_the_party_and_its_own_copy() -> None:
    books = Parties()
    held = books.party("customer", "C", 10, email_id="main@x.example", mobile_no="7")
    books.linked("Contact", "A", 20, [held], email_id="main@x.example")
    books.linked("Address", "at", 5, [held], city="Leeds")
    books.site.forbidden = {"Contact"}

    contact = await one(books)

    assert await said(books.site) == {("not_permitted", "people")}
    assert [(each.email, each.type) for each in contact.emails] == [("main@x.example", "primary")]
    assert [(each.number, each.type) for each in contact.phones] == [("7", "mobile")]
    assert contact.people == []
    assert contact.addresses[0].city == "Leeds"
    # What may not be read cannot be told to have changed.
    assert await mapped(books.site, within(15)) == []
    assert await mapped(books.site, within(10)) == [contact]
    assert ("not_permitted", "people") in await said(books.site, within(15))


async def test_addresses_that_a_user_sees_none_of_are_not_taken_for_none() -> None:
    books = Parties()
    held = books.party("customer", "C", 10)
    books.linked("Address", "at", 20, [held])
    books.linked("Contact", "A", 20, [held], email_ids=emails("A", "a@x.example"))
    books.site.unlisted = {"Address"}

    contact = await one(books)

    assert contact.addresses == []
    assert len(contact.people) == 1
    assert await said(books.site) == {("not_permitted", "addresses")}


async def test_the_rows_of_a_contact_that_the_user_may_not_see_are_not_asked_for() -> None:
    books = Parties()
    held = books.party("customer", "C", 10)
    books.linked("Contact", "A", 20, [held], email_ids=emails("A", "secret@x.example"))
    books.site.unlisted = {"Contact"}

    contact = await one(books)

    assert contact.emails == []
    assert books.site.lists("Contact Email") == []


@pytest.mark.parametrize("query", [ALL, within(0)])
async def test_a_user_without_the_right_to_suppliers_gets_the_customers_and_is_told(query: Query) -> None:
    books = Parties()
    books.party("customer", "C", 10)
    books.party("supplier", "S", 10)
    books.site.forbidden = {"Supplier"}

    assert ids_of(await read(books.site, query)) == ["customer:C"]
    assert await said(books.site, query) == {("not_permitted", "type")}
    books.site.forbidden = {"Supplier", "Customer"}
    with pytest.raises(Forbidden):
        await read(books.site, query)


async def test_what_a_reference_does_not_tell_is_said_only_of_records_that_name_it() -> None:
    books = Parties()
    books.party("customer", "C", 10)
    books.site.forbidden = {"Payment Terms Template", "Country", "Company"}
    assert await said(books.site) == set()

    books.party("customer", "D", 10, payment_terms="30 days")

    assert await said(books.site) == {("reference_unknown", "credit_term_days")}
