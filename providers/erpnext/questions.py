"""One question to one DocType's list: named fields, always an order, and long ones sent as a body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from providers.kit.client import Client

# gunicorn refuses a request line above 4,094 bytes, proxies in front of it above 4 to 8 kB.
QUERY_SIZE_MAX = 3_500

Condition = list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question to one DocType's list.

    `described_by` is the DocType whose metadata tells of this one's fields: itself, or a child table's parent.
    It is None where the metadata is not worth a call.
    """

    doctype: str
    filters: Sequence[Condition]
    or_filters: Sequence[Condition] = ()
    order_by: str
    group_by: str | None = None
    limit: int
    start: int = 0
    parent: str | None = None
    described_by: str | None = None
    more: tuple[tuple[str, str], ...] = ()
    last_keys: tuple[str, ...] = ()
    with_raw: bool = False


async def ask(client: Client, asked: Asked, fields: Sequence[str]) -> bytes:
    """The list's answer, read as a GET where that is short enough. `more` never leaves the address.

    Arguments in a body would be one with our own, and a POST commits what it changes.
    """
    arguments: dict[str, Any] = {
        "fields": list(fields),
        "filters": list(asked.filters),
        "order_by": asked.order_by,
        "limit_start": asked.start,
        "limit_page_length": asked.limit,
    }
    if asked.or_filters:
        arguments["or_filters"] = list(asked.or_filters)
    if asked.group_by is not None:
        arguments["group_by"] = asked.group_by
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
    body = msgspec.json.encode({"doctype": asked.doctype, **arguments})
    return await client.read("POST", "api/method/frappe.client.get_list", asked.more, body=body)
