"""Reads ERPNext's items: one DocType, one call a page."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

import msgspec

from providers.erpnext.decode import field_names, read_document, read_one, with_custom
from providers.erpnext.invoice_filters import OPERATORS, value_of
from providers.erpnext.lists import Key, next_key, page_of, read_list
from providers.erpnext.metadata import custom_of
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.remote_query import remote_query
from providers.erpnext.rights import field_cautions, refused_fields, without
from providers.erpnext.site import Site
from providers.erpnext.wire import Item
from providers.kit.client import Client
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows

DOCTYPE = "Item"
_FIELDS = {"updated_at": "modified", "created_at": "creation", "sku": "item_code", "name": "item_name"}
_UNKNOWN = Caution(code="custom_fields_unknown", field="custom_fields")
_NO_ZONE = Caution(code="time_zone_unknown", field="updated_at")
_DOCUMENT = Asked(doctype=DOCTYPE, described_by=DOCTYPE, filters=(), order_by="name asc", limit=1)


async def list_items(client: Client, site: Site, query: Query) -> Rows[Item]:
    """One page, ordered by the change that came first."""
    after = msgspec.json.decode(query.position, type=tuple[str, str, int]) if query.position else None
    key = Key(value=after[0], name=after[1], start=after[2]) if after else None
    asked = page_of(DOCTYPE, query, _conditions(site, query), key, remote_query(query))
    customs = await custom_of(client, DOCTYPE)
    read = await read_list(client, asked, Item, customs[0] if customs else ())
    following = next_key(read, asked, key)
    return Rows(
        records=read.records,
        remote_data=read.raws if query.remote_data else (),
        next=msgspec.json.encode((following.value, following.name, following.start)).decode()
        if following
        else None,
        cautions=(*read.cautions, *_unknowns(site, customs, read.refused)),
    )


async def get_item(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Item]:
    """One item by its name."""
    del expand
    raw = read_document(await client.get(f"api/resource/{DOCTYPE}/{quote(record_id, safe='')}"))
    customs = await custom_of(client, DOCTYPE)
    wire = with_custom(Item, customs[0] if customs else ())
    refused = await refused_fields(client, _DOCUMENT, field_names(wire))
    return Record(
        wire=read_one(without(raw, refused), wire),
        remote_data=raw,
        cautions=_unknowns(site, customs, refused),
    )


def _unknowns(site: Site, customs: object, refused: Collection[str]) -> tuple[Caution, ...]:
    unknown = (*((_UNKNOWN,) if customs is None else ()), *((_NO_ZONE,) if site.zone is None else ()))
    return (*field_cautions(refused), *unknown)


def _conditions(site: Site, query: Query) -> list[Condition]:
    conditions: list[Condition] = []
    for item in query.filters:
        if item.name == "status":
            conditions.append(["disabled", "=", int(item.value == "archived")])
        else:
            conditions.append([_FIELDS[item.name], OPERATORS[item.operator], value_of(site, item)])
    return conditions
