"""Reads contacts: customers and suppliers with their people and addresses, whose changes count as theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from providers.erpnext.documents import get_of
from providers.erpnext.party_changes import UPDATED, read_changed
from providers.erpnext.party_emails import narrowed
from providers.erpnext.party_site import PartySite, met
from providers.erpnext.reads import read_page
from providers.erpnext.source import Joined
from providers.erpnext.sources.contacts import CUSTOMERS, SUPPLIERS
from providers.kit.client import Client
from providers.kit.pages import Query
from providers.kit.resource import Record, Rows

SOURCES = (CUSTOMERS, SUPPLIERS)
_get = get_of(*SOURCES)


async def list_contacts(client: Client, site: PartySite, query: Query) -> Rows[Joined[Any]]:
    """One page: all, customers first, or those that changed in a window of time."""
    sources = tuple(await narrowed(client, SOURCES, query))
    is_window = any(item.name == UPDATED for item in query.filters)
    rows = await (read_changed if is_window else read_page)(client, site, sources, query)
    more = await met(client, site, rows.records)
    return replace(rows, cautions=(*rows.cautions, *more))


async def get_contact(
    client: Client, site: PartySite, record_id: str, expand: frozenset[str]
) -> Record[Joined[Any]]:
    """One customer or supplier."""
    record = await _get(client, site, record_id, expand)
    more = await met(client, site, [record.wire])
    return replace(record, cautions=(*record.cautions, *more))
