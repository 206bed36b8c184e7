"""ERPNext's recorded lists and documents, served back by a server that knows nothing but the recordings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

RECORDINGS = Path(__file__).parent.parent / "recordings" / "erpnext"
RESOURCES: Mapping[str, tuple[str, str]] = {
    "Account": ("accounts", ""),
    "Company": ("company_info", ""),
    "Cost Center": ("tracking_categories", "cost_center:"),
    "Currency": ("currencies", ""),
    "Currency Exchange": ("exchange_rates", ""),
    "Customer": ("contacts", "customer:"),
    "Customer Group": ("contact_groups", "customer_group:"),
    "File": ("attachments", ""),
    "GL Entry": ("transactions", ""),
    "Item": ("items", ""),
    "Item Tax Template": ("tax_rates", "item:"),
    "Journal Entry": ("journal_entries", ""),
    "Mode of Payment": ("payment_method", ""),
    "Payment Entry": ("payments", ""),
    "Project": ("tracking_categories", "project:"),
    "Purchase Invoice": ("invoices", "bill:"),
    "Purchase Order": ("purchase_orders", ""),
    "Purchase Taxes and Charges Template": ("tax_rates", "purchase:"),
    "Sales Invoice": ("invoices", "invoice:"),
    "Sales Order": ("sales_orders", ""),
    "Sales Taxes and Charges Template": ("tax_rates", "sales:"),
    "Supplier": ("contacts", "supplier:"),
    "Supplier Group": ("contact_groups", "supplier_group:"),
}
"""The unified resource of each covered DocType, and how its ids begin there."""
CREDITS = {"Sales Invoice": "credit_notes", "Purchase Invoice": "vendor_credits"}
"""Where returns are a second time."""
_TESTS = {
    "=": lambda mine, asked: mine == asked,
    "!=": lambda mine, asked: mine != asked,
    "in": lambda mine, asked: mine in asked,
    "is": lambda mine, asked: (mine not in (None, "")) is (asked == "set"),
    "<=": lambda mine, asked: mine is not None and mine <= asked,
    ">=": lambda mine, asked: mine is not None and mine >= asked,
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded list or get of a covered DocType that answered 200."""

    label: str
    doctype: str
    body: Any

    @property
    def is_list(self) -> bool:
        """A list, or one document."""
        return isinstance(self.body["data"], list)


def exchanges() -> Iterator[Exchange]:
    """Every recorded list and get of the covered DocTypes."""
    for label, doctype, body in _recorded():
        if doctype in RESOURCES:
            yield Exchange(label, doctype, body)


@cache
def _recorded() -> list[tuple[str, str, Any]]:
    """Every recorded list and get of any DocType, by its label."""
    found = []
    for path in sorted(RECORDINGS.glob("*.json")):
        for index, recorded in enumerate(json.loads(path.read_text())["exchanges"]):
            request, response = recorded["request"], recorded["response"]
            parts = unquote(request["path"] or "").split("/")
            if request["method"] != "GET" or response["status"] != 200 or "method" in parts or "count" in parts:
                continue
            place = next((each for each in ("resource", "document") if each in parts), None)
            body = response["body"]
            if place is None or not isinstance(body, dict) or not _are_records(body.get("data")):
                continue
            found.append((f"{path.stem}[{index}]", parts[parts.index(place) + 1], body))
    return found


def _are_records(found: Any) -> bool:
    """Rows of records: not sums by `group_by`, nor arrays by `as_dict=0`, which have no name."""
    rows = found if isinstance(found, list) else [found]
    return all(isinstance(row, dict) and "name" in row for row in rows)


class Replay:
    """The server. `current` is the exchange that lists and gets of its DocType answer with."""

    def __init__(self) -> None:
        self.current: Exchange | None = None
        self._documents = _documents()
        self._helpers = _helpers()
        self.app = Starlette(
            routes=[
                Route("/api/resource/{path:path}", self._resource),
                Route("/api/method/{name}", self._method, methods=["GET", "POST"]),
            ]
        )

    def knows_fields_of(self, exchange: Exchange) -> bool:
        """Whether the metadata of what is asked was recorded; without it custom fields are unknown.

        A list asks for each DocType of its resource.
        """
        resource, _ = RESOURCES[exchange.doctype]
        asked = [each for each, (of, _) in RESOURCES.items() if of == resource]
        wanted = asked if exchange.is_list else [exchange.doctype]
        return all(("frappe.desk.form.load.getdoctype", each) in self._helpers for each in wanted)

    async def _resource(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode().removeprefix("/api/resource/").split("/", 1)
        doctype, current = unquote(raw[0]), self.current
        if len(raw) == 1:
            if current is not None and doctype == current.doctype and current.is_list:
                return JSONResponse(current.body if _is_first(request.query_params) else {"data": []})
            return self._rows(doctype, json.loads(request.query_params.get("filters", "[]")), "data")
        if current is not None and doctype == current.doctype and not current.is_list:
            return JSONResponse(current.body)
        return JSONResponse({"exc_type": "DoesNotExistError"}, 404)

    async def _method(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "frappe.client.get_list":
            asked = await request.json()
            current = self.current
            if current is not None and asked["doctype"] == current.doctype and current.is_list:
                return JSONResponse({"message": current.body["data"] if _is_first(asked) else []})
            return self._rows(asked["doctype"], asked["filters"], "message")
        found = self._helpers.get((name, request.query_params.get("doctype")))
        return JSONResponse(found) if found is not None else JSONResponse({"exc_type": "ValidationError"}, 417)

    def _rows(self, doctype: str, filters: list[list[Any]], under: str) -> JSONResponse:
        """Rows that belong to the current records. Of the other DocTypes that feed the resource there are none."""
        if doctype in RESOURCES and not any(name == "name" for name, *_ in filters):
            return JSONResponse({under: []})
        rows = [
            row
            for row in self._documents.get(doctype, {}).values()
            if all(_TESTS[operator](row.get(name), asked) for name, operator, asked in filters)
        ]
        return JSONResponse({under: sorted(rows, key=lambda row: (row.get("parent") or "", row.get("idx") or 0))})


def _is_first(asked: Mapping[str, Any]) -> bool:
    """Whether a page is the first one: what was recorded is the whole of its list."""
    return not asked.get("or_filters") and not int(asked.get("limit_start") or 0)


def _documents() -> dict[str, dict[str, dict[str, Any]]]:
    """Every whole document, and every row of its tables, by DocType and name."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for _, doctype, body in _recorded():
        if isinstance(body["data"], list):
            continue
        for value in body["data"].values():
            for row in value if isinstance(value, list) else ():
                if isinstance(row, dict) and "doctype" in row:
                    found.setdefault(row["doctype"], {})[row["name"]] = row
        found.setdefault(doctype, {})[body["data"]["name"]] = body["data"]
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
