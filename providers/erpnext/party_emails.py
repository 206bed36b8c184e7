"""Which parties an e-mail address leads to: by their Contacts, or by their Addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from providers.erpnext.lists import read_list
from providers.erpnext.party_joins import links_from
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.site import Site
from providers.erpnext.source import Conditions, Source
from providers.erpnext.wire_contacts import ContactEmail, Stamped
from providers.kit.client import Client
from providers.kit.errors import Forbidden, UnsupportedFilter
from providers.kit.pages import Filter, Query


async def narrowed(client: Client, sources: Sequence[Source], query: Query) -> Sequence[Source]:
    """The sources, each with the names that the query's e-mail address leads to; without any, none is reached."""
    email = query.filter("email")
    if email is None:
        return sources
    if not email:
        raise UnsupportedFilter("an empty value cannot be filtered by")
    documents = {"Contact": await _contacts(client, str(email)), "Address": await _addresses(client, str(email))}
    return [_found(source, await _parties(client, source, documents)) for source in sources]


def _found(source: Source, names: Sequence[str]) -> Source:
    if not names:
        return replace(source, reaches=lambda _source, _query: False)
    return replace(source, filters={**source.filters, "email": _named(names)})


def _named(names: Sequence[str]) -> Conditions:
    def conditions(_site: Site, _query: Query, _item: Filter) -> list[Condition]:
        return [["name", "in", list(names)]]

    return conditions


async def _contacts(client: Client, email: str) -> Sequence[str]:
    """Contacts that the user may see: the rows that name them are listed to whoever may read any."""
    rows = Asked(
        doctype="Contact Email",
        parent="Contact",
        filters=[["parenttype", "=", "Contact"], ["email_id", "=", email]],
        order_by="parent asc, idx asc",
        limit=0,
    )
    read = await read_list(client, rows, ContactEmail, ())
    parents = sorted({row.parent for row in read.records if row.parent})
    named: list[Condition] = [["name", "in", parents]] if parents else []
    return await _names(client, "Contact", (), [["email_id", "=", email], *named])


async def _addresses(client: Client, email: str) -> Sequence[str]:
    """Addresses in use; none where the user may not read them, who is not shown theirs either."""
    try:
        return await _names(client, "Address", [["email_id", "=", email], ["disabled", "=", 0]], ())
    except Forbidden:
        return ()


async def _names(
    client: Client, doctype: str, filters: Sequence[Condition], or_filters: Sequence[Condition]
) -> Sequence[str]:
    asked = Asked(doctype=doctype, filters=filters, or_filters=or_filters, order_by="name asc", limit=0)
    return [row.name for row in (await read_list(client, asked, Stamped, ())).records]


async def _parties(client: Client, source: Source, documents: Mapping[str, Sequence[str]]) -> Sequence[str]:
    parties: set[str] = set()
    for doctype, names in documents.items():
        if names:
            links = await links_from(client, doctype, source.doctype, names)
            parties |= {link.link_name for link in links.records if link.link_name}
    return sorted(parties)
