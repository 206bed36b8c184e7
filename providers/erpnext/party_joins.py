"""What belongs to customers and suppliers, and to companies: their Contacts, Addresses and the other side's record.

Both hang on a party by a Dynamic Link of their own, so a page costs the links and what they lead to, however many
parties it holds. Child rows are listed without the user's permissions: only those of documents that the user's own
lists gave are asked for or shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from providers.erpnext.decode import Read
from providers.erpnext.joins import by_parent, names_of
from providers.erpnext.lists import read_children, read_list
from providers.erpnext.questions import Asked
from providers.erpnext.site import Site
from providers.erpnext.source import Join, Joining, Source
from providers.erpnext.wire import Child, Document
from providers.erpnext.wire_contacts import (
    Address,
    Contact,
    ContactEmail,
    ContactPhone,
    DynamicLink,
    PartyLink,
    Reachable,
)
from providers.kit.client import Client
from providers.kit.pages import Caution

B = TypeVar("B")
C = TypeVar("C", bound=Child)
D = TypeVar("D", bound=Document)
OTHER_SIDES = {"Customer": ("Supplier", "supplier"), "Supplier": ("Customer", "customer")}


async def _read_people(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """The Contacts of each party, with their e-mail addresses and telephone numbers."""
    del site
    links = await links_to(client, "Contact", source.doctype, names_of(heads))
    read = await read_named(client, "Contact", _parents(links), Contact)
    names = [contact.name for contact in read.records]
    emails, phones = await asyncio.gather(
        _rows_of(client, "Contact Email", names, ContactEmail),
        _rows_of(client, "Contact Phone", names, ContactPhone),
    )
    emails_of, phones_of = by_parent(emails.records), by_parent(phones.records)
    people = {
        contact.name: Reachable(
            contact=contact, emails=emails_of.get(contact.name, []), phones=phones_of.get(contact.name, [])
        )
        for contact in read.records
    }
    return Joining(
        rows=by_party(heads, links, people),
        refused=(
            *read.refused,
            *(f"email_ids.{name}" for name in emails.refused),
            *(f"phone_nos.{name}" for name in phones.refused),
        ),
        cautions=(*_cautions("people", links, read), *_unreadable("people", emails, phones)),
    )


async def _read_addresses(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """The Addresses of each party."""
    del site
    links = await links_to(client, "Address", source.doctype, names_of(heads))
    read = await read_named(client, "Address", _parents(links), Address)
    return Joining(
        rows=by_party(heads, links, {address.name: address for address in read.records}),
        refused=read.refused,
        cautions=_cautions("addresses", links, read),
    )


async def _read_other_side(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """Our id of the record that a Party Link ties to each party."""
    del site
    names = names_of(heads)
    asked = Asked(
        doctype="Party Link",
        filters=(),
        or_filters=[["primary_party", "in", names], ["secondary_party", "in", names]],
        order_by="name asc",
        limit=0,
    )
    read = await read_list(client, asked, PartyLink, ())
    _, kind = OTHER_SIDES[source.doctype]
    found: dict[str, list[str]] = {}
    spelled = _spelled(heads)
    for link in read.records:
        for mine, other in _both_ways(link, source.doctype):
            if (name := spelled.get(mine.casefold())) is not None:
                found.setdefault(name, []).append(f"{kind}:{other}")
    return Joining(rows=found, refused=read.refused, cautions=_unreadable("linked_contact", read))


def _both_ways(link: PartyLink, doctype: str) -> list[tuple[str, str]]:
    """The party of this DocType and the other one, whichever of them the link calls primary."""
    other, _ = OTHER_SIDES[doctype]
    ends = ((link.primary_role, link.primary_party), (link.secondary_role, link.secondary_party))
    return [
        (mine, theirs)
        for (my_role, mine), (their_role, theirs) in (ends, ends[::-1])
        if my_role == doctype and their_role == other and mine and theirs
    ]


PEOPLE = Join(field="contacts", ours="people", read=_read_people)
ADDRESSES = Join(field="addresses", ours="addresses", read=_read_addresses)
OTHER_SIDE = Join(field="party_links", ours="linked_contact", read=_read_other_side)


async def links_to(client: Client, doctype: str, party_type: str, parties: Sequence[str]) -> Read[DynamicLink]:
    """Which documents of this DocType are linked to these parties."""
    return await _links(client, doctype, party_type, ["link_name", "in", list(parties)])


async def links_from(client: Client, doctype: str, party_type: str, names: Sequence[str]) -> Read[DynamicLink]:
    """Which parties these documents are linked to."""
    return await _links(client, doctype, party_type, ["parent", "in", list(names)])


async def _links(client: Client, doctype: str, party_type: str, which: list[object]) -> Read[DynamicLink]:
    asked = Asked(
        doctype="Dynamic Link",
        parent=doctype,
        described_by=doctype,
        filters=[["parenttype", "=", doctype], ["link_doctype", "=", party_type], which],
        order_by="parent asc, idx asc",
        limit=0,
    )
    return await read_list(client, asked, DynamicLink, ())


async def read_named(client: Client, doctype: str, names: Sequence[str], wire: type[D]) -> Read[D]:
    """The documents of these names that the user may see; no call where there are none."""
    if not names:
        return Read([], 0, {}, [])
    asked = Asked(
        doctype=doctype,
        described_by=doctype,
        filters=[["name", "in", list(names)]],
        order_by="name asc",
        limit=0,
    )
    return await read_list(client, asked, wire, ())


async def _rows_of(client: Client, doctype: str, names: Sequence[str], wire: type[C]) -> Read[C]:
    if not names:
        return Read([], 0, {}, [])
    return await read_children(client, doctype, "Contact", names, wire)


def by_party(heads: Sequence[Document], links: Read[DynamicLink], found: Mapping[str, B]) -> dict[str, list[B]]:
    """What was found by the party it is linked to, in the order of its names; twice linked is there once."""
    spelled = _spelled(heads)
    grouped: dict[str, dict[str, B]] = {}
    for link in links.records:
        party = spelled.get((link.link_name or "").casefold())
        if party is not None and link.parent is not None and link.parent in found:
            grouped.setdefault(party, {})[link.parent] = found[link.parent]
    return {party: [mine[name] for name in sorted(mine)] for party, mine in grouped.items()}


def _spelled(heads: Sequence[Document]) -> dict[str, str]:
    """Names as their documents spell them, by how they compare: a link may be written otherwise."""
    return {head.name.casefold(): head.name for head in heads}


def _parents(links: Read[DynamicLink]) -> list[str]:
    return list(dict.fromkeys(link.parent for link in links.records if link.parent))


def _cautions(ours: str, links: Read[DynamicLink], read: Read[D]) -> tuple[Caution, ...]:
    """What cannot be read, and whether something is linked that the user may not see.

    Some roles may list a DocType and see only their own documents of it, or none: nothing says so but the links.
    """
    odd = _unreadable(ours, links, read)
    seen = {document.name for document in read.records} | {caution.id for caution in read.cautions}
    is_hidden = any(name not in seen for name in _parents(links))
    return (*odd, Caution(code="not_permitted", field=ours)) if is_hidden else odd


def _unreadable(ours: str, *reads: Read[Any]) -> tuple[Caution, ...]:
    """Rows that are not as they should be. They are of another document than the record, whose raw they are not."""
    return tuple(
        replace(caution, field=f"{ours}.{caution.field}" if caution.field else ours, remote_data=None)
        for read in reads
        for caution in read.cautions
    )
