"""Holds ERPNext's sandbox against the recordings: the same questions must give answers of the same shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2

from providers.erpnext.sandbox import API_KEY, API_SECRET, create_sandbox
from providers.erpnext.sandbox.doctypes import COLUMNS, TABLES

RECORDINGS = Path(__file__).parent.parent / "recordings" / "erpnext"
FILES = sorted(path.stem for kind in ("list", "get") for path in RECORDINGS.glob(f"{kind}_*.json"))
"""Every list and every get that was recorded, whatever the DocType."""


def _recorded() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for name in FILES:
        for index, exchange in enumerate(json.loads((RECORDINGS / f"{name}.json").read_text())["exchanges"]):
            yield f"{name}[{index}]", exchange["request"], exchange["response"]


def _doctype_of(request: Mapping[str, Any]) -> str | None:
    """The DocType that a list or a get is about."""
    parts = request["path"].removeprefix("/api/").removeprefix("v2/").split("/")
    return unquote(parts[1]) if parts[0] in ("resource", "document") else None


def recorded_documents() -> dict[str, list[dict[str, Any]]]:
    """Every document that a list or a get shows, put together from all that is told of it."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for _, request, response in _recorded():
        doctype = _doctype_of(request)
        body = response["body"].get("data") if isinstance(response["body"], dict) else None
        if doctype is None or response["status"] != 200 or body is None:
            continue
        for row in body if isinstance(body, list) else [body]:
            if "name" in row:
                found.setdefault(doctype, {}).setdefault(row["name"], {}).update(row)
    return {doctype: _completed(list(rows.values())) for doctype, rows in found.items()}


def _completed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Documents that only lists of a few fields showed, with what no whole document is ever without."""
    whole = [row for row in rows if "idx" in row]
    if not whole:
        return rows
    always = {
        field: value
        for field, value in whole[0].items()
        if not isinstance(value, list) and all(row.get(field) is not None for row in whole)
    }
    return [row if "idx" in row else {**always, **row} for row in rows]


async def disagreements() -> list[str]:
    """Where a sandbox seeded with the recorded documents answers in another shape than the real site did."""
    sandbox = create_sandbox(documents=recorded_documents())
    kinds = _kinds_seen()
    found: list[str] = []
    transport = httpx2.ASGITransport(app=sandbox.app)  # type: ignore[arg-type]  # it is an ASGI app
    async with httpx2.AsyncClient(transport=transport, base_url="http://site") as http:
        for label, request, response in _recorded():
            headers = {"Authorization": f"token {API_KEY}:{API_SECRET}"}
            mine = await http.get(request["url"], headers=headers)
            if mine.status_code != response["status"]:
                found.append(f"{label}: status {mine.status_code} for {response['status']}")
                continue
            of = str(_doctype_of(request))
            found += [f"{label}: {text}" for text in _differences(of, response["body"], mine.json(), kinds)]
    return found


Kinds = Mapping[tuple[str, str], set[str]]


def _kinds_seen() -> Kinds:
    """The JSON kinds that each field of a DocType was ever recorded with."""
    seen: dict[tuple[str, str], set[str]] = {}
    for _, request, response in _recorded():
        for row in _rows(response["body"]):
            of = str(row.get("doctype") or _doctype_of(request))
            for field, value in row.items():
                seen.setdefault((of, field), set()).add(_kind(value))
            # A document leaves its nulls out: what it lacks was null.
            for field in COLUMNS[of].keys() - row.keys() if "doctype" in row else ():
                seen.setdefault((of, field), set()).add("null")
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


def _differences(of: str, theirs: Any, mine: Any, kinds: Kinds) -> Iterator[str]:
    if set(theirs) != set(mine):
        yield f"keys {sorted(set(theirs) ^ set(mine))}"
        return
    for key in ("data", "message"):
        # A count is of more documents than the recordings show.
        if _kind(theirs.get(key)) != _kind(mine.get(key)):
            yield f"{key}: {_kind(mine[key])} for {_kind(theirs[key])}"
            return
    if isinstance(theirs.get("data"), dict):
        yield from _row_differences(theirs["data"], mine["data"], kinds)
    if isinstance(theirs.get("data"), list):
        yield from _list_differences(of, theirs["data"], mine["data"], kinds)


def _list_differences(
    of: str, theirs: list[dict[str, Any]], mine: list[dict[str, Any]], kinds: Kinds
) -> Iterator[str]:
    if bool(theirs) != bool(mine):
        yield f"{len(mine)} rows for {len(theirs)}"
        return
    by_name = {row["name"]: row for row in theirs}
    for row in mine:
        like = by_name.get(row["name"], theirs[0])
        if set(row) != set(like):
            yield f"{row['name']}: keys {sorted(set(row) ^ set(like))}"
            continue
        yield from _kind_differences(of, row, kinds)
        if row["name"] in by_name:
            yield from (
                f"{row['name']}.{field}: null on one side"
                for field in row
                if (row[field] is None) != (like[field] is None) and field not in _MOVED
            )


# Recorded at different moments of one document's life; the last one known is what the sandbox holds.
_MOVED = frozenset({"status", "outstanding_amount", "modified", "docstatus"})


def _row_differences(theirs: dict[str, Any], mine: dict[str, Any], kinds: Kinds) -> Iterator[str]:
    if set(theirs) != set(mine):
        yield f"{theirs.get('name')}: keys {sorted(set(theirs) ^ set(mine))}"
        return
    of = str(theirs.get("doctype"))
    yield from _kind_differences(of, mine, kinds)
    for table in TABLES.get(of, {}):
        if len(theirs[table]) != len(mine[table]):
            yield f"{table}: {len(mine[table])} rows for {len(theirs[table])}"
        for one, other in zip(theirs[table], mine[table], strict=False):
            yield from _row_differences(one, other, kinds)


def _kind_differences(of: str, row: Mapping[str, Any], kinds: Kinds) -> Iterator[str]:
    for field, value in row.items():
        seen = kinds.get((of, field))
        if seen is not None and _kind(value) not in seen:
            yield f"{of}.{field}: {_kind(value)} for {'/'.join(sorted(seen))}"
