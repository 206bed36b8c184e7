"""Frappe's lists: always an order, pages by key, and fields that are refused left out.

A list without `order_by` has no order at all; a page is found by the last row's key, `(field, name)`, with
`filters` and `or_filters` (which Frappe joins by AND), so rows that change during a walk are never skipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from providers.erpnext.decode import Read, field_names, read_rows, with_custom
from providers.erpnext.questions import Asked, Condition, ask
from providers.erpnext.rights import REFUSED_MAX, refuse, refused_field, refused_fields
from providers.erpnext.wire import Document
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Rejected
from providers.kit.pages import Query, Sort
from providers.kit.resource import Wire

W = TypeVar("W", bound=Wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Where a walk stands: the last row's value of the order's field, and its name.

    A site that leaves the order's field out of its rows is walked by offset, `start`, instead.
    """

    value: str
    name: str
    start: int = 0


def order_of(sort: Sort | None, fields: Mapping[str, str]) -> tuple[str, bool]:
    """The field a list is ordered by, and whether downwards. Unasked, the oldest change comes first."""
    return (fields[sort.name], sort.descending) if sort else ("modified", False)


def page_of(
    doctype: str,
    query: Query,
    order: tuple[str, bool],
    filters: Sequence[Condition],
    after: Key | None,
    more: tuple[tuple[str, str], ...] = (),
) -> Asked:
    """The question for one page of a walk that stands at `after`."""
    field, descending = order
    way, direction = ("<", "desc") if descending else (">", "asc")
    keys: list[Condition] = []
    or_filters: list[Condition] = []
    if after is not None and not after.start:
        keys = [[field, f"{way}=", after.value]]
        or_filters = [[field, way, after.value], ["name", way, after.name]]
    return Asked(
        doctype=doctype,
        described_by=doctype,
        filters=[*filters, *keys],
        or_filters=or_filters,
        order_by=f"{field} {direction}, name {direction}",
        limit=query.limit,
        start=after.start if after is not None else 0,
        more=more,
        last_keys=(field, "name"),
        with_raw=query.remote_data,
    )


def next_key(read: Read[Any], asked: Asked, after: Key | None) -> Key | None:
    """Where the next page starts; None after a short page. A list that does not move is refused."""
    if read.count < asked.limit:
        return None
    value, name = (read.last.get(key) for key in asked.last_keys)
    key = _key(value, name, asked.start + read.count)
    if key == after:
        raise BadAnswer("ERPNext's list does not move: the same page came twice")
    return key


def key_of(record: Document, field: str, start: int) -> Key:
    """Where a walk stands after this record, the `start`-th of the list."""
    value = getattr(record, field)
    return _key(None if value is None else str(value), record.name, start)


def _key(value: object, name: object, start: int) -> Key:
    """By the last row's key, or by offset where the site leaves the order's field out."""
    if isinstance(value, str) and isinstance(name, str) and value != "None":
        return Key(value=value, name=name)
    return Key(value="", name="", start=start)


async def read_list(client: Client, asked: Asked, wire: type[W], custom: tuple[str, ...]) -> Read[W]:
    """The rows of one page. A field that the site or the user's rights refuse is left out, and named."""
    wire = with_custom(wire, custom)
    wanted = field_names(wire)
    refused = await refused_fields(client, asked, wanted)
    for _ in range(REFUSED_MAX):
        names = [name for name in wanted if name not in refused or name in _walked_by(asked)]
        try:
            body = await ask(client, asked, ["*"] if asked.with_raw else names)
        except Rejected as error:
            name = refused_field(error)
            if name is None or name not in names or name in _walked_by(asked):
                raise
            refused = {**refused, name: True}
            await refuse(client, asked, refused)
            continue
        return replace(
            read_rows(body, wire, asked.last_keys, with_raw=asked.with_raw),
            refused=tuple(name for name in wanted if name in refused),
        )
    raise BadAnswer("ERPNext refuses one field after the other")


def _walked_by(asked: Asked) -> tuple[str, ...]:
    """The fields that paging rests on: asked for whatever is known of the user's rights."""
    return ("name", *asked.last_keys)


async def read_children(
    client: Client,
    doctype: str,
    parent: str,
    names: Sequence[str],
    wire: type[W],
    custom: tuple[str, ...] = (),
    parent_field: str | None = None,
) -> Read[W]:
    """Every row of a child table of these parents, in one call, in the order of each parent."""
    asked = Asked(
        doctype=doctype,
        parent=parent,
        described_by=parent,
        filters=[
            ["parent", "in", list(names)],
            ["parenttype", "=", parent],
            *([["parentfield", "=", parent_field]] if parent_field else []),
        ],
        order_by="parent asc, idx asc",
        limit=0,
    )
    return await read_list(client, asked, wire, custom)
