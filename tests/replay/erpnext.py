"""ERPNext's recorded invoices, served back by a server that knows nothing but the recordings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

RECORDINGS = Path(__file__).parent.parent / "recordings" / "erpnext"
DOCTYPES = {"Sales Invoice": "invoice", "Purchase Invoice": "bill"}
CHILDREN = {
    "Sales Invoice Item": "items",
    "Purchase Invoice Item": "items",
    "Sales Taxes and Charges": "taxes",
    "Purchase Taxes and Charges": "taxes",
    "Payment Schedule": "payment_schedule",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded list or get of an invoice DocType that answered 200."""

    label: str
    doctype: str
    body: Any

    @property
    def is_list(self) -> bool:
        """A list, or one document."""
        return isinstance(self.body["data"], list)


def exchanges() -> Iterator[Exchange]:
    """Every recorded list and get of the two DocTypes."""
    for path in sorted(RECORDINGS.glob("*.json")):
        for index, recorded in enumerate(json.loads(path.read_text())["exchanges"]):
            request, response = recorded["request"], recorded["response"]
            parts = (request["path"] or "").split("/")
            if request["method"] != "GET" or response["status"] != 200:
                continue
            doctype = next((part for part in parts if part in DOCTYPES), None)
            if doctype is None or "data" not in (response["body"] or {}) or "count" in parts:
                continue
            if not _are_records(response["body"]["data"]):
                continue
            if ("resource" in parts or "document" in parts) and "method" not in parts:
                yield Exchange(f"{path.stem}[{index}]", doctype, response["body"])


def _are_records(found: Any) -> bool:
    """Rows of records: not sums by `group_by`, nor arrays by `as_dict=0`, which have no name."""
    return isinstance(found, dict) or all(isinstance(row, dict) and "name" in row for row in found)


class Replay:
    """The server. `current` is the exchange that lists and gets of its DocType answer with."""

    def __init__(self) -> None:
        self.current: Exchange | None = None
        self._children = _children()
        self._helpers = _helpers()
        self.app = Starlette(
            routes=[
                Route("/api/resource/{path:path}", self._resource),
                Route("/api/method/{name}", self._method, methods=["GET", "POST"]),
            ]
        )

    async def _resource(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode().removeprefix("/api/resource/").split("/", 1)
        doctype = unquote(raw[0])
        if doctype in CHILDREN or doctype == "Payment Entry Reference":
            return self._rows(doctype, json.loads(request.query_params.get("filters", "[]")))
        current = self.current
        if current is None or doctype != current.doctype or current.is_list == (len(raw) > 1):
            return JSONResponse({"data": []} if len(raw) == 1 else {"exc_type": "DoesNotExistError"}, 404)
        return JSONResponse(current.body)

    async def _method(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "frappe.client.get_list":
            asked = await request.json()
            answer = self._rows(asked["doctype"], asked["filters"])
            return JSONResponse({"message": json.loads(answer.body)["data"]})
        found = self._helpers.get((name, request.query_params.get("doctype")))
        return JSONResponse(found) if found is not None else JSONResponse({"exc_type": "ValidationError"}, 417)

    def _rows(self, doctype: str, filters: list[list[Any]]) -> JSONResponse:
        wanted = next((value for field, _, value in filters if field in ("parent", "reference_name")), [])
        rows = [row for row in self._children.get(doctype, {}).values() if row.get("parent") in wanted]
        return JSONResponse({"data": sorted(rows, key=lambda row: (row["parent"], row["idx"]))})


def _children() -> dict[str, dict[str, dict[str, Any]]]:
    """The child rows of every recorded document, by DocType and name."""
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in CHILDREN}
    for exchange in exchanges():
        if exchange.is_list:
            continue
        for table in set(CHILDREN.values()):
            for row in exchange.body["data"].get(table, ()):
                found[row["doctype"]][row["name"]] = row
    return found


def _helpers() -> dict[tuple[str, str | None], Any]:
    """Recorded answers of the methods that the gateway asks beside records."""
    found: dict[tuple[str, str | None], Any] = {}
    for name in ("datetime_timezone", "meta_custom_fields"):
        for recorded in json.loads((RECORDINGS / f"{name}.json").read_text())["exchanges"]:
            request, response = recorded["request"], recorded["response"]
            method = (request["path"] or "").rpartition("/")[2]
            if response["status"] == 200 and request["method"] == "GET":
                found.setdefault((method, (request["query"] or {}).get("doctype")), response["body"])
    return found
