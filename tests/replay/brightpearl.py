"""Brightpearl's recorded and documented records and lists, served back by a server made only of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

EXAMPLES = Path(__file__).parent.parent / "recordings" / "brightpearl"
ROOT = "/public-api/acme/"
TYPES = {"PO": "purchase_orders", "SO": "sales_orders"}
LISTS = {
    "accounting-service/nominal-code": "accounts",
    "accounting-service/tax-code": "tax_rates",
    "accounting-service/payment-method": "payment_method",
    "accounting-service/currency-search": "currencies",
    "accounting-service/exchange-rate": "exchange_rates",
    "contact-service/contact-group": "contact_groups",
    "contact-service/lead-source": "tracking_categories",
    "contact-service/project": "tracking_categories",
    "product-service/channel": "tracking_categories",
    "integration-service/account-configuration": "company_info",
}
"""Lists that are read whole, with the resource each feeds."""
SUPPORTS = {
    "integration-service/account-configuration": "account_configuration_get.json",
    "order-service/order-status": "order_status_get_one.json",
    "accounting-service/currency-search": "currency_search.json",
    "contact-service/contact-group-search": "contact_group_search.json",
    "accounting-service/supplier-payment-search": "supplier_payment_search.json",
    "accounting-service/customer-payment-search": "customer_payment_search.json",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One body that holds records, or a search for them. `rows` must come of it, where their number is sure."""

    file: str
    path: str
    body: bytes
    resources: tuple[str, ...]
    id: str | None
    rows: int | None

    @property
    def is_search(self) -> bool:
        """A search, or records by id."""
        return self.id is None


def left_out() -> dict[str, str]:
    """Examples of what is read here that hold no record, by name, with the reason."""
    return {file: reason for file, reason, _ in _sorted() if reason}


def examples() -> Iterator[Example]:
    """Every recorded, client-made, documented or composed example of what is read here."""
    for _, reason, example in _sorted():
        if not reason and example is not None:
            yield example


def _sorted() -> Iterator[tuple[str, str, Example | None]]:
    for entry in json.loads((EXAMPLES / "index.json").read_text()):
        file, path = entry["file"], entry["path"].partition("?")[0].strip("/")
        service, _, rest = path.partition("/")
        if path.startswith("accounting-service/journal") and entry["method"] == "GET":
            yield file, *_read_journals(file, path)
            continue
        searched = {"product-service/product-search": "items"}.get(path, "payments")
        if (path.endswith("-payment-search") or searched == "items") and entry["status"] == 200:
            yield file, "", Example(file, path, (EXAMPLES / file).read_bytes(), (searched,), None, 1)
            continue
        base = path.rstrip("0123456789,-").rstrip("/")
        if base in LISTS and entry["method"] == "GET":
            yield file, *_read_list(entry, file, base)
            continue
        if service not in ("order-service", "contact-service"):
            continue
        if not (rest.startswith(("order", "contact")) and not rest.startswith("contact-group")):
            continue
        yield file, *_read(entry, file, path, rest)


def _read_list(entry: dict[str, Any], file: str, path: str) -> tuple[str, Example | None]:
    if entry["kind"] == "inferred":
        return "inferred: no source showed it", None
    body = (EXAMPLES / file).read_bytes()
    response = json.loads(body)["response"]
    rows = response if isinstance(response, list) else response.get("results", [response])
    return "", Example(file, path, body, (LISTS[path],), None, len(rows))


def _read_journals(file: str, path: str) -> tuple[str, Example]:
    record_id = path.partition("journal/")[2] or None
    body = (EXAMPLES / file).read_bytes()
    resources = ("journal_entries", "invoices") if record_id else ("journal_entries",)
    return "", Example(file, path, body, resources, record_id, 1 if record_id else None)


def _read(entry: dict[str, Any], file: str, path: str, rest: str) -> tuple[str, Example | None]:
    if entry["kind"] == "inferred":
        return "inferred: no source showed it", None
    if entry["status"] >= 400:
        return "an error body", None
    body = (EXAMPLES / file).read_bytes()
    response = json.loads(body).get("response")
    if rest in ("order-search", "contact-search"):
        resources = ("contacts",) if rest == "contact-search" else ("purchase_orders", "sales_orders")
        return "", Example(file, path, body, resources, None, None)
    record = response[0] if isinstance(response, list) and response else response
    if isinstance(record, dict) and "orderTypeCode" in record and "parties" in record:
        return "", Example(file, path, body, (TYPES[record["orderTypeCode"]],), str(record["id"]), 1)
    if isinstance(record, dict) and "contactId" in record and "firstName" in record:
        return "", Example(file, path, body, ("contacts",), str(record["contactId"]), 1)
    return "no record of a unified resource in it", None


class Replay:
    """The server. `current` is the example that its own path answers with."""

    def __init__(self) -> None:
        self.current: Example | None = None
        self.app = Starlette(routes=[Route("/{path:path}", self._answer)])
        self._addresses = (EXAMPLES / "postal_address_get.json").read_bytes()

    async def _answer(self, request: Request) -> Response:
        path = request.url.path.removeprefix(ROOT).strip("/")
        current = self.current
        if current is not None:
            if current.is_search and path == current.path:
                return _json(current.body)
            if path == current.path:
                return _json(_as_list(current.body))
            parent = "order-service/order/" if "order" in current.resources[0] else "contact-service/contact/"
            if not current.is_search and path == f"{parent}{current.id}":
                return _json(_as_list(current.body))
        if path in SUPPORTS:
            return _json((EXAMPLES / SUPPORTS[path]).read_bytes())
        if path.startswith("contact-service/postal-address/"):
            return _json(self._addresses)
        if path.startswith("order-service/order/"):
            return _json(b'{"response":[]}')
        return Response((EXAMPLES / "contact_get_missing_404.json").read_bytes(), 404)


def _as_list(body: bytes) -> bytes:
    """A PATCH answers the record alone; a GET of the same record answers it in a list. Digits stay as they are."""
    response = json.loads(body)["response"]
    if isinstance(response, list) or "journals" in response:
        return body
    record = body[body.index(b":") + 1 : body.rindex(b"}")]
    return b'{"response":[' + record + b"]}"


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json;charset=UTF-8")
