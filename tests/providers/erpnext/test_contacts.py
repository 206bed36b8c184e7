"""What a contact tells of a customer or supplier, and what finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from providers.erpnext.rows.contacts import CONTACTS
from providers.kit.errors import Conflict
from providers.kit.pages import Filter, Query, Sort
from tests.providers.erpnext.frappe import Row
from tests.providers.erpnext.parties import ALL, Parties, child, emails, ids_of, mapped, one, read, within


def limits(*amounts: tuple[str, float]) -> list[Row]:
    return [
        child("Customer Credit Limit", "C", place, parenttype="Customer", company=company, credit_limit=amount)
        for place, (company, amount) in enumerate(amounts, start=1)
    ]


async def test_the_main_person_is_whom_the_party_names_else_the_marked_else_the_only_one() -> None:
    books = Parties()
    held = books.party("customer", "C", 1, customer_primary_contact="Z")
    books.linked("Contact", "A", 1, [held], first_name="Ann", is_primary_contact=1)
    books.linked("Contact", "Z", 1, [held], first_name="Zoe")

    assert (await one(books)).first_name == "Zoe"
    books.site.documents["Customer"]["C"]["customer_primary_contact"] = None
    assert (await one(books)).first_name == "Ann"
    books.site.documents["Contact"]["A"]["is_primary_contact"] = 0
    assert (await one(books)).first_name is None
    del books.site.documents["Contact"]["A"]
    assert (await one(books)).first_name == "Zoe"


async def test_each_address_is_there_once_and_primary_is_the_main_persons_alone() -> None:
    books = Parties()
    held = books.party("customer", "C", 1, customer_primary_contact="Z", email_id="stale@x.example")
    books.linked("Contact", "A", 1, [held], email_ids=emails("A", "a@x.example", "Z@x.example"))
    books.linked("Contact", "Z", 1, [held], email_ids=emails("Z", "other@x.example", "z@x.example", primary=1))
    books.linked("Address", "at", 1, [held], email_id="A@x.example", phone="1", fax="2")

    contact = await one(books)

    assert [(each.email, each.type) for each in contact.emails] == [
        ("other@x.example", None),
        ("z@x.example", "primary"),
        ("a@x.example", None),
    ]
    assert [(each.number, each.type) for each in contact.phones] == [("1", None), ("2", "fax")]
    assert [person.id for person in contact.people] == ["Z", "A"]
    assert [person.emails[0].type for person in contact.people] == [None, "primary"]


async def test_a_disabled_address_is_none_and_counts_as_a_change() -> None:
    books = Parties()
    held = books.party("supplier", "S", 1)
    books.linked("Address", "old", 9, [held], disabled=1, email_id="old@x.example", country="Nowhere")

    contact = await one(books)

    assert (contact.addresses, contact.emails) == ([], [])
    assert await mapped(books.site, within(9)) == [contact]


async def test_a_country_is_its_code_and_without_one_its_name() -> None:
    books = Parties()
    books.site.add("Country", [{"name": "Germany", "code": "de"}, {"name": "Atlantis", "code": ""}])
    held = books.party("supplier", "S", 1)
    for name in ("Germany", "Atlantis", "Elsewhere"):
        books.linked("Address", name, 1, [held], country=name)

    countries = [address.country for address in (await one(books)).addresses]

    assert countries == ["Atlantis", "Elsewhere", "DE"]


async def test_a_country_made_since_the_list_was_read_is_learnt() -> None:
    books = Parties()
    held = books.party("supplier", "S", 1)
    books.linked("Address", "A", 1, [held], country="Newland")
    assert (await one(books)).addresses[0].country == "Newland"

    books.site.add("Country", [{"name": "Newland", "code": "nl"}, {"name": "Later", "code": "lt"}])
    books.site.documents["Address"]["A"]["country"] = "Later"

    assert (await one(books)).addresses[0].country == "LT"


@pytest.mark.parametrize(
    ("currency", "rows", "limit"),
    [
        (None, [("GB", 12.5)], 12.5),
        ("GBP", [("GB", 12.5)], 12.5),
        ("USD", [("GB", 12.5)], None),
        ("USD", [("Unknown", 12.5)], None),
        ("GBP", [("GB", 12.5), ("US", 7)], None),
        ("GBP", [("GB", 0)], None),
    ],
)
async def test_a_credit_limit_is_told_where_there_is_one_in_the_contacts_currency(
    currency: str | None, rows: list[tuple[str, float]], limit: float | None
) -> None:
    books = Parties()
    books.site.add(
        "Company", [{"name": "GB", "default_currency": "GBP"}, {"name": "US", "default_currency": "USD"}]
    )
    books.party("customer", "C", 1, default_currency=currency, credit_limits=limits(*rows))

    contact = await one(books)

    assert contact.credit_limit == limit
    assert [(each.company, each.credit_limit) for each in contact.company_terms] == rows


async def test_an_account_that_fixes_a_company_is_told_that_companys_terms() -> None:
    books = Parties()
    books.site.settings["company"] = "US"
    books.party("customer", "C", 1, credit_limits=limits(("GB", 12.5), ("US", 7)))

    contact = await one(books)

    assert contact.credit_limit == 7
    assert [each.company for each in contact.company_terms] == ["US"]


@pytest.mark.parametrize(
    ("frozen", "held", "days", "told"),
    [
        (0, 0, None, False),
        (1, 0, None, True),
        (0, 1, None, True),
        (0, 1, 0, True),
        (0, 1, -1, False),
        (1, 1, -1, True),
    ],
)
async def test_a_supplier_is_on_hold_until_the_day_it_is_released(
    frozen: int, held: int, days: int | None, told: bool
) -> None:
    books = Parties()
    today = books.site.clock.now().date()
    release = None if days is None else (today + timedelta(days=days)).isoformat()
    books.party("supplier", "S", 1, is_frozen=frozen, on_hold=held, release_date=release)

    assert (await one(books)).is_on_hold is told


async def test_an_individual_is_no_firm() -> None:
    books = Parties()
    books.party("customer", "firm", 1, customer_type="Partnership")
    books.party("supplier", "person", 1, supplier_type="Individual")

    firms = [contact.company_name for contact in await mapped(books.site, ALL)]

    assert firms == ["firm", None]


async def test_a_link_that_is_written_in_another_case_is_a_link() -> None:
    books = Parties()
    books.party("customer", "Acme", 10)
    books.linked("Contact", "A", 20, ["customer:ACME"], first_name="Ann")

    assert (await one(books)).first_name == "Ann"
    assert ids_of(await read(books.site, within(15))) == ["customer:Acme"]


async def test_a_bare_name_finds_the_one_party_that_has_it() -> None:
    books = Parties()
    books.party("supplier", "S", 10)
    client = books.site.client()
    known = await CONTACTS.site(client)
    assert CONTACTS.get is not None

    assert (await CONTACTS.get(client, known, "S", frozenset())).wire.id == "supplier:S"
    books.party("customer", "S", 10)
    with pytest.raises(Conflict, match="customer:… or supplier:…"):
        await CONTACTS.get(client, known, "S", frozenset())


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("contact_type", "vendor", ["supplier:S"]),
        ("contact_group", "customer_group:Trade", ["customer:C"]),
        ("contact_group", "supplier_group:Trade", ["supplier:S"]),
        ("contact_group", "Trade", ["customer:C", "supplier:S"]),
        ("name", "C", ["customer:C"]),
        ("company_name", "C", ["customer:C"]),
        ("company_name", "S", []),
        ("tax_number", "T1", ["supplier:S"]),
        ("currency", "EUR", ["customer:C"]),
        ("status", "archived", ["supplier:S"]),
    ],
)
async def test_each_filter_finds_what_it_names(name: str, value: str, found: list[str]) -> None:
    books = Parties()
    customer = {"customer_type": "Company", "default_currency": "EUR", "disabled": 0}
    supplier = {"supplier_type": "Individual", "tax_id": "T1", "disabled": 1}
    books.party("customer", "C", 10, customer_group="Trade", **customer)
    books.party("supplier", "S", 10, supplier_group="Trade", **supplier)

    pages = await read(books.site, Query(limit=5, filters=(Filter(name=name, operator="eq", value=value),)))

    assert ids_of(pages) == found


async def test_both_kinds_come_in_the_order_that_they_were_made() -> None:
    books = Parties()
    for number, kind in enumerate(["supplier", "customer", "supplier", "customer"]):
        books.party(kind, f"P{number}", 10, creation=f"2026-01-0{number + 1} 10:00:00.000000")
    newest = Sort(name="created_at", descending=True)

    pages = await read(books.site, Query(limit=3, sort=newest))

    assert [each.partition(":")[2] for each in ids_of(pages)] == ["P3", "P2", "P1", "P0"]


@pytest.mark.parametrize(
    ("email", "found"),
    [
        ("row@x.example", ["customer:C"]),
        ("ROW@x.example", ["customer:C"]),
        ("beside@x.example", ["customer:C"]),
        ("at@x.example", ["customer:C", "supplier:S"]),
        ("old@x.example", []),
        ("nobody@x.example", []),
    ],
)
async def test_an_email_address_finds_whom_it_is_shown_of(email: str, found: list[str]) -> None:
    books = Parties()
    customer, supplier = books.party("customer", "C", 10), books.party("supplier", "S", 10)
    books.party("customer", "other", 10)
    rows = emails("A", "row@x.example", "more@x.example")
    books.linked("Contact", "A", 20, [customer], email_id="beside@x.example", email_ids=rows)
    books.linked("Address", "at", 20, [customer, supplier], email_id="at@x.example", disabled=0)
    books.linked("Address", "old", 20, [supplier], email_id="old@x.example", disabled=1)
    by_email = Filter(name="email", operator="eq", value=email)

    contacts = await mapped(books.site, Query(limit=5, filters=(by_email,)))

    assert [contact.id for contact in contacts] == found
    assert all(email.casefold() in {each.email for each in contact.emails} for contact in contacts)
    assert ids_of(await read(books.site, within(15, filters=(by_email,)))) == found
    assert ids_of(await read(books.site, within(25, filters=(by_email,)))) == []


async def test_an_email_address_of_a_contact_that_the_user_may_not_see_finds_nobody() -> None:
    books = Parties()
    held = books.party("customer", "C", 10)
    books.linked("Contact", "A", 20, [held], email_ids=emails("A", "secret@x.example"))
    books.site.unlisted = {"Contact"}

    by_email = Filter(name="email", operator="eq", value="secret@x.example")

    assert ids_of(await read(books.site, Query(limit=5, filters=(by_email,)))) == []


async def test_a_walk_goes_on_where_the_address_leads_to_no_customer_any_more() -> None:
    books = Parties()
    ids = [books.party(kind, f"P{number}", 20) for kind in ("customer", "supplier") for number in range(2)]
    books.linked("Address", "a", 20, ids[:2], email_id="x@x.example", disabled=0)
    books.linked("Address", "b", 20, ids[2:], email_id="x@x.example", disabled=0)
    query = within(15, limit=1, filters=(Filter(name="email", operator="eq", value="x@x.example"),))
    client = books.site.client()
    known = await CONTACTS.site(client)
    assert CONTACTS.list is not None
    first = await CONTACTS.list(client, known, query)

    books.site.documents["Address"]["a"]["disabled"] = 1
    rest = await read(books.site, replace(query, position=first.next))

    assert ids_of([first, *rest]) == [ids[0], *ids[2:]]
