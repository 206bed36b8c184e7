"""Contacts that changed in a window: themselves, by a Contact, or by an Address; each once, none missed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from providers.erpnext import party_changes, party_streams
from providers.erpnext.party_streams import BATCH_MIN
from providers.erpnext.rows.contacts import CONTACTS
from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Filter, Query, Sort
from tests.providers.erpnext.parties import Parties, ids_of, mapped, read, stamp, tangled, within

CALLS_A_PAGE = 6 * 3 + 9


@pytest.mark.parametrize("batch", [1, 3, BATCH_MIN])
@pytest.mark.parametrize("seed", range(40))
async def test_every_contact_that_changed_in_a_window_comes_once_and_no_other(
    seed: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(party_streams, "BATCH_MIN", batch)
    monkeypatch.setattr(party_changes, "JOINED_MIN", batch)
    books, dice = tangled(seed), random.Random(seed)  # noqa: S311 - a dice that falls alike each time
    start = dice.randrange(45)
    end = dice.choice([None, start + dice.randrange(20)])

    pages = await read(books.site, within(start, end, limit=dice.choice([1, 2, 7, 500])))

    assert sorted(ids_of(pages)) == sorted(books.changed(start, end))


async def test_bounds_that_are_left_out_are_left_out() -> None:
    books = Parties()
    books.party("customer", "own", 10)
    books.linked("Contact", "c", 20, [books.party("customer", "by contact", 1)])
    books.linked("Address", "a", 30, [books.party("supplier", "by address", 1)])

    bounds = [replace(each, operator=each.operator.removesuffix("e")) for each in within(10, 30).filters]
    got = ids_of(await read(books.site, Query(limit=5, filters=tuple(bounds))))

    assert got == ["customer:by contact"]
    assert len(ids_of(await read(books.site, within(10, 30)))) == 3


async def test_the_contact_says_when_it_or_what_is_linked_to_it_last_changed() -> None:
    books = Parties()
    held = books.party("customer", "C", 10)
    books.linked("Contact", "first", 20, [held])
    books.linked("Address", "second", 30, [held])

    [contact] = await mapped(books.site, Query(limit=5))

    assert contact.updated_at is not None
    assert contact.updated_at.isoformat() == "2026-03-01T04:00:00+00:00"
    assert await mapped(books.site, within(30)) == [contact]


async def test_a_stamp_without_a_fraction_is_the_same_moment() -> None:
    books = Parties()
    books.linked("Contact", "c", 20, [books.party("customer", "C", 1)])
    assert books.site.documents["Contact"]["c"]["modified"] == "2026-03-01 09:20:00"

    # The bound has all its digits, as text above the stamp.
    assert len(await mapped(books.site, within(20, 20))) == 1


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_one_contact_of_many_parties_is_cut_where_a_page_is_full(limit: int) -> None:
    books = Parties()
    ids = [books.party("customer", f"C{number}", 1) for number in range(7)]
    books.linked("Contact", "before", 19, ids[:1])
    books.linked("Contact", "shared", 20, ids)
    books.linked("Contact", "after", 21, ids[6:])

    pages = await read(books.site, within(5, limit=limit))

    assert sorted(ids_of(pages)) == sorted(ids)
    assert [len(page.records) for page in pages][:2] == [limit, limit]


async def test_many_contacts_of_one_party_give_it_once_and_no_empty_pages() -> None:
    books = Parties()
    held = books.party("customer", "C", 1)
    for number in range(BATCH_MIN * 2 + 5):
        books.linked("Contact", f"c{number:04}", 20 + number, [held])

    pages = await read(books.site, within(5, limit=1))

    assert ids_of(pages) == [held]
    assert len(pages) <= 4


async def test_contacts_that_are_linked_to_nobody_do_not_make_empty_pages() -> None:
    books = Parties()
    for number in range(BATCH_MIN * 2):
        books.linked("Contact", f"c{number:04}", 20 + number, [])
    books.linked("Contact", "last", 2_000, [books.party("customer", "C", 1)])

    pages = await read(books.site, within(5, limit=1))

    assert ids_of(pages) == ["customer:C"]
    assert len(pages) <= 2


async def test_a_contact_changed_behind_the_window_is_left_to_the_next_one() -> None:
    books = Parties()
    own = books.party("customer", "own", 10)
    books.linked("Address", "late", 40, [own])

    assert ids_of(await read(books.site, within(5, 20))) == []
    assert ids_of(await read(books.site, within(21, 50))) == [own]


async def test_the_other_filters_narrow_every_stream() -> None:
    books = Parties()
    ids = [books.party("customer", name, minutes, disabled=1) for name, minutes in (("own", 10), ("linked", 1))]
    others = [books.party("customer", name, minutes, disabled=0) for name, minutes in (("o2", 10), ("l2", 1))]
    supplier = books.party("supplier", "S", 1, disabled=1)
    books.linked("Contact", "c", 20, [ids[1], others[1], supplier])
    archived = Filter(name="status", operator="eq", value="archived")
    customers = Filter(name="contact_type", operator="eq", value="customer")

    got = ids_of(await read(books.site, within(5, filters=(archived,))))

    assert sorted(got) == sorted([*ids, supplier])
    assert sorted(ids_of(await read(books.site, within(5, filters=(archived, customers))))) == sorted(ids)


async def test_a_party_that_changes_while_its_stream_is_over_is_not_missed() -> None:
    # Arrange
    books = Parties()
    held = books.party("customer", "held", 1)
    books.party("customer", "own", 10)
    books.linked("Contact", "c", 20, [held])
    client = books.site.client()
    known = await CONTACTS.site(client)
    assert CONTACTS.list is not None
    first = await CONTACTS.list(client, known, within(5, limit=1))
    while first.records == [] or first.records[0].id != "customer:own":
        first = await CONTACTS.list(client, known, within(5, limit=1, position=first.next))

    # Act: its own stream is over once the next page is read.
    second = await CONTACTS.list(client, known, within(5, limit=1, position=first.next))
    books.site.documents["Customer"]["held"]["modified"] = stamp(30)
    rest = await read(books.site, within(5, limit=1, position=first.next))

    # Assert
    assert [record.id for record in second.records] == ["customer:held"]
    assert "customer:held" in ids_of(rest)


@pytest.mark.parametrize("seed", range(8))
async def test_what_was_in_the_window_comes_whatever_changes_meanwhile(seed: int) -> None:
    books, dice = tangled(seed), random.Random(seed)  # noqa: S311 - a dice that falls alike each time
    was_in = books.changed(10)
    client = books.site.client()
    known = await CONTACTS.site(client)
    assert CONTACTS.list is not None
    query, seen, now = within(10, limit=2), set[str](), 100.0

    while True:
        page = await CONTACTS.list(client, known, query)
        seen |= {record.id for record in page.records}
        if page.next is None:
            break
        query = replace(query, position=page.next)
        rows = books.site.documents[dice.choice(sorted(books.site.documents))]
        if now < 120:
            now += 1
            rows[dice.choice(sorted(rows))]["modified"] = stamp(now)

    assert seen >= set(was_in)


@pytest.mark.parametrize("seed", range(10))
async def test_a_page_costs_no_more_calls_than_published(seed: int) -> None:
    books = tangled(seed)
    client = books.site.client()
    known = await CONTACTS.site(client)
    query: Query | None = within(3, limit=3)
    assert CONTACTS.list is not None
    await read(books.site, within(0))

    while query is not None:
        books.site.send.calls.clear()
        page = await CONTACTS.list(client, known, query)
        assert len(books.site.send.calls) <= CALLS_A_PAGE
        query = replace(query, position=page.next) if page.next else None


async def test_an_order_is_refused_with_a_window() -> None:
    query = within(5, sort=Sort(name="created_at"))

    with pytest.raises(UnsupportedFilter, match="sort_by cannot be combined with updated_at"):
        await read(Parties().site, query)


async def test_the_raw_records_run_beside_the_records() -> None:
    books = Parties()
    books.party("customer", "own", 10)
    books.linked("Contact", "c", 20, [books.party("customer", "linked", 1)])

    pages = await read(books.site, within(5, limit=1, remote_data=True))

    raws = [bytes(raw) for page in pages for raw in page.remote_data]
    assert [b'"own"' in raws[0], b'"linked"' in raws[1]] == [True, True]
