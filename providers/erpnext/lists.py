"""Frappe's lists: named fields, always an order, pages by key, and long questions sent as a body.

A list without `order_by` has no order at all; a page is found by the last row's key, `(field, name)`, with
`filters` and `or_filters` (which Frappe joins by AND), so rows that change during a walk are never skipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from providers.erpnext.decode import Read, field_names, read_rows, with_custom
from providers.erpnext.errors import FIELD_REFUSED
from providers.erpnext.site import DOCTYPE_SECONDS, doctypes
from providers.erpnext.wire import Document
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Rejected, UnsupportedFilter
from providers.kit.pages import Caution, Query, Sort
from providers.kit.resource import Wire

# gunicorn refuses a request line above 4,094 bytes, proxies in front of it above 4 to 8 kB.
QUERY_SIZE_MAX = 3_500
REFUSED_MAX = 20

W = TypeVar("W", bound=Wire)
Condition = list[Any]

_OURS = frozenset(
    {
        "doctype",
        "fields",
        "filters",
        "or_filters",
        "order_by",
        "limit",
        "limit_start",
        "limit_page_length",
        "start",
        "group_by",
        "as_dict",
        "parent",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question to one DocType's list."""

    doctype: str
    filters: Sequence[Condition]
    or_filters: Sequence[Condition] = ()
    order_by: str
    limit: int
    start: int = 0
    parent: str | None = None
    more: tuple[tuple[str, str], ...] = ()
    last_keys: tuple[str, ...] = ()
    with_raw: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Where a walk stands: the last row's value of the order's field, and its name.

    A site that leaves the order's field out of its rows is walked by offset, `start`, instead.
    """

    value: str
    name: str
    start: int = 0


SORT_FIELDS: Mapping[str, str] = {
    "updated_at": "modified",
    "created_at": "creation",
    "issue_date": "posting_date",
}


def order_of(sort: Sort | None) -> tuple[str, bool]:
    """The field a list is ordered by, and whether downwards. Unasked, the oldest change comes first."""
    return (SORT_FIELDS[sort.name], sort.descending) if sort else ("modified", False)


def page_of(
    doctype: str,
    query: Query,
    filters: Sequence[Condition],
    after: Key | None,
    more: tuple[tuple[str, str], ...] = (),
) -> Asked:
    """The question for one page of a walk that stands at `after`."""
    field, descending = order_of(query.sort)
    way, direction = ("<", "desc") if descending else (">", "asc")
    keys: list[Condition] = []
    or_filters: list[Condition] = []
    if after is not None and not after.start:
        keys = [[field, f"{way}=", after.value]]
        or_filters = [[field, way, after.value], ["name", way, after.name]]
    return Asked(
        doctype=doctype,
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


def remote_query(query: Query) -> tuple[tuple[str, str], ...]:
    """What the caller adds to the list call, which may not touch what paging rests on."""
    for name, _ in query.remote_query:
        if name in _OURS:
            raise UnsupportedFilter(f"remote_query may not set {name}")
    return query.remote_query


async def read_list(client: Client, asked: Asked, wire: type[W], custom: tuple[str, ...]) -> Read[W]:
    """The rows of one page. A field that the site or the user's rights refuse is left out, with a caution."""
    wire = with_custom(wire, custom)
    refused = await _refused(client, asked.doctype)
    for _ in range(REFUSED_MAX):
        names = [name for name in field_names(wire) if name not in refused]
        try:
            body = await _ask(client, asked, ["*"] if asked.with_raw else names)
        except Rejected as error:
            name = _refused_field(error)
            if name is None or name not in names or name in ("name", *asked.last_keys):
                raise
            refused = {**refused, name: True}
            await _keep_refused(client, asked.doctype, refused)
            continue
        read = read_rows(body, wire, asked.last_keys, with_raw=asked.with_raw)
        return _with_cautions(read, [] if asked.with_raw else list(refused))
    raise BadAnswer("ERPNext refuses one field after the other")


async def read_children(
    client: Client, doctype: str, parent: str, names: Sequence[str], wire: type[W], custom: tuple[str, ...]
) -> Read[W]:
    """Every row of a child table of these parents, in one call, in the order of each parent."""
    asked = Asked(
        doctype=doctype,
        parent=parent,
        filters=[["parent", "in", list(names)], ["parenttype", "=", parent]],
        order_by="parent asc, idx asc",
        limit=0,
    )
    return await read_list(client, asked, wire, custom)


async def custom_of(client: Client, doctype: str, *children: str) -> tuple[tuple[str, ...], ...] | None:
    """The custom fields of a DocType and its child tables; None where the site would not tell."""
    found = await doctypes(client, doctype)
    if doctype not in found:
        return None
    return tuple(found[name].custom if name in found else () for name in (doctype, *children))


async def _ask(client: Client, asked: Asked, fields: Sequence[str]) -> bytes:
    arguments: dict[str, Any] = {
        "fields": list(fields),
        "filters": list(asked.filters),
        "order_by": asked.order_by,
        "limit_start": asked.start,
        "limit_page_length": asked.limit,
    }
    if asked.or_filters:
        arguments["or_filters"] = list(asked.or_filters)
    if asked.parent is not None:
        arguments["parent"] = asked.parent
    params = [
        (name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
        for name, value in arguments.items()
        if value != []
    ]
    params += asked.more
    path = f"api/resource/{quote(asked.doctype, safe='')}"
    # Quoting only makes it longer: a question that is too long unquoted need not be quoted to know it.
    is_short = sum(len(value) for _, value in params) <= QUERY_SIZE_MAX
    if is_short and len(path) + len(urlencode(params, quote_via=quote)) <= QUERY_SIZE_MAX:
        return await client.get(path, params)
    body = msgspec.json.encode({"doctype": asked.doctype, **arguments, **dict(asked.more)})
    return await client.read("POST", "api/method/frappe.client.get_list", body=body)


def _refused_field(error: Rejected) -> str | None:
    """The field that ERPNext names when it refuses one: unknown on this version, or beyond the user's rights."""
    found = FIELD_REFUSED.search(error.provider_message or "")
    return found.group(1).strip().strip("`").rpartition(".")[2].strip("`") if found else None


async def _refused(client: Client, doctype: str) -> Mapping[str, bool]:
    async def none() -> Mapping[str, bool]:
        return {}

    return await client.references.get(f"refused:{doctype}", DOCTYPE_SECONDS, none)


async def _keep_refused(client: Client, doctype: str, refused: Mapping[str, bool]) -> None:
    async def kept() -> Mapping[str, bool]:
        return refused

    client.references.forget(f"refused:{doctype}")
    await client.references.get(f"refused:{doctype}", DOCTYPE_SECONDS, kept)


def _with_cautions(read: Read[W], refused: Sequence[str]) -> Read[W]:
    if not refused:
        return read
    more = tuple(Caution(code="field_not_permitted", field=name) for name in refused)
    return Read(read.records, read.count, read.last, read.raws, (*read.cautions, *more))
