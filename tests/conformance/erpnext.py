"""Holds ERPNext's sandbox against the recordings: the same questions must give answers of the same shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2

from providers.erpnext.sandbox import API_KEY, API_SECRET, create_sandbox
from providers.erpnext.sandbox.store import COLUMNS, TABLES

RECORDINGS = Path(__file__).parent.parent / "recordings" / "erpnext"
FILES = (
    "list_sales_invoice",
    "get_sales_invoice",
    "list_purchase_invoice",
    "get_purchase_invoice",
    "list_item",
    "get_item",
)
DOCTYPES = ("Sales Invoice", "Purchase Invoice", "Item")


def _recorded() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for name in FILES:
        for index, exchange in enumerate(json.loads((RECORDINGS / f"{name}.json").read_text())["exchanges"]):
            yield f"{name}[{index}]", exchange["request"], exchange["response"]


def recorded_documents() -> dict[str, list[dict[str, Any]]]:
    """Every document of these DocTypes that a list or a get shows, put together from all that is told of it."""
    found: dict[str, dict[str, dict[str, Any]]] = {doctype: {} for doctype in DOCTYPES}
    for _, request, response in _recorded():
        doctype = next((name for name in DOCTYPES if f"/{name}" in request["path"]), None)
        body = response["body"].get("data") if isinstance(response["body"], dict) else None
        if doctype is None or response["status"] != 200 or body is None or "/count" in request["path"]:
            continue
        for row in body if isinstance(body, list) else [body]:
            if "name" in row:
                found[doctype].setdefault(row["name"], {}).update(row)
    return {doctype: _completed(list(rows.values())) for doctype, rows in found.items()}


def _completed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Documents that only lists of a few fields showed, with what no whole document is ever without."""
    whole = [row for row in rows if "owner" in row]
    always = {
        field: value
        for field, value in whole[0].items()
        if not isinstance(value, list) and all(row.get(field) is not None for row in whole)
    }
    return [row if "owner" in row else {**always, **row} for row in rows]


def is_asked(request: Mapping[str, Any]) -> bool:
    """Lists and gets; counts are neither."""
    return request["method"] == "GET" and ("/resource/" in request["path"] or "/document/" in request["path"])


async def disagreements() -> list[str]:
    """Where a sandbox seeded with the recorded documents answers in another shape than the real site did."""
    sandbox = create_sandbox(documents=recorded_documents())
    kinds = _kinds_seen()
    found: list[str] = []
    transport = httpx2.ASGITransport(app=sandbox.app)  # type: ignore[arg-type]  # it is an ASGI app
    async with httpx2.AsyncClient(transport=transport, base_url="http://site") as http:
        for label, request, response in _recorded():
            if not is_asked(request):
                continue
            headers = {"Authorization": f"token {API_KEY}:{API_SECRET}"}
            mine = await http.get(request["url"], headers=headers)
            if mine.status_code != response["status"]:
                found.append(f"{label}: status {mine.status_code} for {response['status']}")
                continue
            found += [f"{label}: {text}" for text in _differences(response["body"], mine.json(), kinds)]
    return found


def _kinds_seen() -> dict[str, set[str]]:
    """The JSON kinds that each field was ever recorded with."""
    seen: dict[str, set[str]] = {}
    for _, _, response in _recorded():
        for row in _rows(response["body"]):
            for field, value in row.items():
                seen.setdefault(field, set()).add(_kind(value))
            # A document leaves its nulls out: what it lacks was null.
            for field in COLUMNS.get(str(row.get("doctype")), {}).keys() - row.keys():
                seen.setdefault(field, set()).add("null")
    return seen


def _rows(body: Any) -> list[dict[str, Any]]:
    data = body.get("data") if isinstance(body, dict) else None
    rows = data if isinstance(data, list) else [data] if isinstance(data, dict) else []
    children = [child for row in rows for value in row.values() if isinstance(value, list) for child in value]
    return [row for row in [*rows, *children] if isinstance(row, dict)]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return {int: "int", float: "float", str: "text", list: "list", type(None): "null"}.get(type(value), "object")


def _differences(theirs: Any, mine: Any, kinds: Mapping[str, set[str]]) -> Iterator[str]:
    if not isinstance(theirs, dict) or "data" not in theirs:
        if set(theirs) != set(mine):
            yield f"keys {sorted(set(theirs) ^ set(mine))}"
        return
    if isinstance(theirs["data"], dict):
        yield from _row_differences(theirs["data"], mine["data"], kinds)
        return
    if bool(theirs["data"]) != bool(mine["data"]):
        yield f"{len(mine['data'])} rows for {len(theirs['data'])}"
    by_name = {row["name"]: row for row in theirs["data"]}
    for row in mine["data"]:
        like = by_name.get(row["name"], theirs["data"][0])
        if set(row) != set(like):
            yield f"{row['name']}: keys {sorted(set(row) ^ set(like))}"
            continue
        yield from _kind_differences(row, kinds)
        if row["name"] in by_name:
            yield from (
                f"{row['name']}.{field}: null on one side"
                for field in row
                if (row[field] is None) != (like[field] is None) and field not in _MOVED
            )


# Recorded at different moments of one document's life; the last one known is what the sandbox holds.
_MOVED = frozenset({"status", "outstanding_amount", "modified", "docstatus"})


def _row_differences(theirs: dict[str, Any], mine: dict[str, Any], kinds: Mapping[str, set[str]]) -> Iterator[str]:
    if set(theirs) != set(mine):
        yield f"{theirs.get('name')}: keys {sorted(set(theirs) ^ set(mine))}"
        return
    yield from _kind_differences(mine, kinds)
    for table in TABLES.get(str(theirs.get("doctype")), {}):
        if len(theirs[table]) != len(mine[table]):
            yield f"{table}: {len(mine[table])} rows for {len(theirs[table])}"
        for one, other in zip(theirs[table], mine[table], strict=False):
            yield from _row_differences(one, other, kinds)


def _kind_differences(row: Mapping[str, Any], kinds: Mapping[str, set[str]]) -> Iterator[str]:
    for field, value in row.items():
        if field in kinds and _kind(value) not in kinds[field]:
            yield f"{field}: {_kind(value)} for {'/'.join(sorted(kinds[field]))}"
