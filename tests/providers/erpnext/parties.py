"""Books of parties with Contacts and Addresses, and when each changed, told apart from the walk."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from providers.erpnext.rows.contacts import CONTACTS
from providers.kit.pages import Filter, Operator, Query
from providers.kit.resource import Rows
from tests.providers.erpnext.frappe import Frappe, Row
from unified_models.contact import Contact

KINDS = {"customer": "Customer", "supplier": "Supplier"}
ZONE = ZoneInfo("Asia/Kolkata")
START = datetime(2026, 3, 1, 9, tzinfo=ZONE)


def stamp(minutes: float) -> str:
    """A stamp as ERPNext writes it, a fraction of zero left out."""
    return str((START + timedelta(minutes=minutes)).replace(tzinfo=None))


def instant(minutes: float) -> datetime:
    """The same moment as a caller writes it."""
    return START + timedelta(minutes=minutes)


@dataclass
class Parties:
    """The site, and each document's links and stamp."""

    site: Frappe = field(default_factory=Frappe)
    minutes: dict[str, float] = field(default_factory=dict)

    def party(self, kind: str, name: str, minutes: float, **more: Any) -> str:
        """A customer or supplier; gives its id."""
        self._add(KINDS[kind], {"name": name, "modified": stamp(minutes), f"{kind}_name": name, **more})
        self._changed([f"{kind}:{name}"], minutes)
        return f"{kind}:{name}"

    def linked(self, doctype: str, name: str, minutes: float, ids: Iterable[str], **more: Any) -> None:
        """A Contact or an Address of these parties."""
        links = [
            {
                "doctype": "Dynamic Link",
                "name": f"{doctype}-{name}-{place}",
                "idx": place,
                "parent": name,
                "parenttype": doctype,
                "parentfield": "links",
                "link_doctype": KINDS[each.partition(":")[0]],
                "link_name": each.partition(":")[2],
            }
            for place, each in enumerate(ids, start=1)
        ]
        self._add(doctype, {"name": name, "modified": stamp(minutes), "links": links, **more})
        self._changed(ids, minutes)

    def _add(self, doctype: str, row: Row) -> None:
        self.site.add(doctype, [{"creation": stamp(-1), "doctype": doctype, **row}])

    def _changed(self, ids: Iterable[str], minutes: float) -> None:
        for each in ids:
            self.minutes[each] = max(minutes, self.minutes.get(each, minutes))

    def changed(self, gte: float, lte: float | None = None) -> list[str]:
        """The ids of what changed in the window, in some order."""
        return [each for each, at in self.minutes.items() if gte <= at and (lte is None or at <= lte)]


def within(gte: float, lte: float | None = None, **more: Any) -> Query:
    """The query for the window."""
    bounds: list[tuple[Operator, float | None]] = [("gte", gte), ("lte", lte)]
    filters = [
        Filter(name="updated_at", operator=operator, value=instant(at)) for operator, at in bounds if at is not None
    ]
    return Query(**{"limit": 500, **more, "filters": (*filters, *more.get("filters", ()))})


async def read(site: Frappe, query: Query, known: Any = None, pages_max: int = 2_000) -> list[Rows[Any]]:
    """Every page of a walk."""
    client = site.client()
    known = known or await CONTACTS.site(client)
    pages: list[Rows[Any]] = []
    assert CONTACTS.list is not None
    for _ in range(pages_max):
        pages.append(await CONTACTS.list(client, known, query))
        assert len(pages[-1].records) <= query.limit
        if pages[-1].next is None:
            return pages
        query = replace(query, position=pages[-1].next)
    raise AssertionError("the walk does not end")


def ids_of(pages: list[Rows[Any]]) -> list[str]:
    """The ids, page after page."""
    return [record.id for page in pages for record in page.records]


async def mapped(site: Frappe, query: Query) -> list[Contact]:
    """The unified contacts of a walk."""
    known = await CONTACTS.site(site.client())
    return [
        CONTACTS.to_unified(record, known) for page in await read(site, query, known) for record in page.records
    ]


def tangled(seed: int) -> Parties:
    """Parties whose Contacts and Addresses are shared, many, few or none, with stamps that often are the same."""
    dice = random.Random(seed)  # noqa: S311 - a dice that falls alike each time
    books = Parties()
    ids = [
        books.party(kind, f"{prefix}{number}", dice.randrange(40))
        for kind in KINDS
        for number, prefix in enumerate(dice.choices(["a", "B", "c ", "Ä", "株"], k=dice.randrange(1, 9)))
    ]
    for doctype in ("Contact", "Address"):
        for number in range(dice.randrange(25)):
            some = dice.sample(ids, k=min(len(ids), dice.choice([0, 0, 1, 1, 1, 2, 5])))
            name = f"{dice.choice('aBcD')}{number}"
            books.linked(doctype, name, dice.randrange(40) + dice.choice([0, 0.5]), some)
    return books


ALL = Query(limit=5)


def child(doctype: str, parent: str, place: int, **more: Any) -> Row:
    """A row of a child table."""
    return {"doctype": doctype, "name": f"{parent}{place}", "idx": place, "parent": parent, **more}


def emails(parent: str, *addresses: str, primary: int = 0) -> list[Row]:
    """Rows of a Contact's e-mail addresses, the `primary`-th marked."""
    return [
        child(
            "Contact Email",
            parent,
            place,
            parenttype="Contact",
            email_id=email,
            is_primary=int(place == primary + 1),
        )
        for place, email in enumerate(addresses, start=1)
    ]


async def one(books: Parties) -> Contact:
    """The only contact there is, which a get gives alike."""
    [contact] = await mapped(books.site, ALL)
    client = books.site.client()
    known = await CONTACTS.site(client)
    assert CONTACTS.get is not None
    record = await CONTACTS.get(client, known, contact.id, frozenset())
    assert CONTACTS.to_unified(record.wire, known) == contact
    return contact


async def said(site: Frappe, query: Query = ALL) -> set[tuple[str, str | None]]:
    """What a walk warns of."""
    return {(caution.code, caution.field) for page in await read(site, query) for caution in page.cautions}
