"""A Frappe site in memory: lists with filters, orders and pages; documents; metadata. Only what is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from providers.erpnext import provider
from providers.kit.client import Client
from tests.providers.erpnext.frappe_rows import is_wanted, sortable, summed
from tests.providers.fake_send import RECORDINGS, Call, FakeClock, FakeSend, Reply, client_for, exact_json

DIMENSIONS = "erpnext.accounts.doctype.accounting_dimension.accounting_dimension.get_dimensions"
ROOT = "https://books.example.com/"
Row = dict[str, Any]
RECORDED = (
    *(
        "Sales Invoice",
        "Purchase Invoice",
        "Sales Order",
        "Purchase Order",
        "Item",
        "Payment Entry",
        "Journal Entry",
        "GL Entry",
        "Company",
        "Account",
        "Currency",
        "Currency Exchange",
        "Mode of Payment",
        "Cost Center",
        "Project",
    ),
    *("Sales Taxes and Charges Template", "Purchase Taxes and Charges Template", "Item Tax Template"),
    "Payment Ledger Entry",
)


def recorded(name: str) -> list[dict[str, Any]]:
    """The exchanges of a recording, digits kept."""
    exchanges: list[dict[str, Any]] = exact_json((RECORDINGS / "erpnext" / f"{name}.json").read_text())["exchanges"]
    return exchanges


def recorded_documents(doctype: str) -> Iterator[Row]:
    """Every document of the DocType that was recorded whole."""
    seen: set[str] = set()
    # The site of most recordings has no sales orders.
    name = "sales_orders" if doctype == "Sales Order" else f"get_{doctype.lower().replace(' ', '_')}"
    for exchange in recorded(name):
        body = exchange["response"]["body"]
        found = body.get("data") if exchange["response"]["status"] == 200 else None
        if isinstance(found, dict) and found["name"] not in seen:
            seen.add(found["name"])
            yield found


def recorded_rows(name: str) -> Iterator[Row]:
    """The rows of the lists of a recording, each with the DocType it is of."""
    for exchange in recorded(name):
        doctype = exchange["request"]["path"].removeprefix("/api/resource/")
        for row in exchange["response"]["body"]["data"]:
            yield {"doctype": doctype, **row}


def refusal(field_name: str) -> Reply:
    """Frappe's refusal of a field, as recorded."""
    message = json.dumps({"message": f"Field not permitted in query: {field_name}", "title": "Message"})
    return Reply({"exc_type": "DataError", "_server_messages": json.dumps([message])}, 417)


FORBIDDEN = Reply({"exc_type": "PermissionError", "exception": "frappe.exceptions.PermissionError"}, 403)


@dataclass
class Frappe:
    """The site. `refused` are fields nobody may ask for, `forbidden` are DocTypes nobody may read.

    `guarded` are fields of a higher level by DocType; those in `hidden` this user may not read. `unlisted` are
    DocTypes that the user may list and sees none of, as where a role may read only its own.
    """

    documents: dict[str, dict[str, Row]] = field(default_factory=dict)
    metadata: dict[str, dict[str, list[str]]] | None = field(default_factory=dict)
    zone: str | None = "Asia/Kolkata"
    settings: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    guarded: dict[str, set[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    user_zone: str | None = None
    dimensions: dict[str, str] | None = field(default_factory=dict)
    send: FakeSend = field(default_factory=lambda: FakeSend(ROOT))
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.send.on("api/resource/", self._resource)
        self.send.on("api/resource/DefaultValue", self._defaults)
        self.send.on("api/method/frappe.client.get_list", lambda call: self._listed(call.body["doctype"], call))
        self.send.on("api/method/frappe.client.get_time_zone", self._zone)
        self.send.on(f"api/method/{DIMENSIONS}", self._dimensions)
        self.send.on("api/method/frappe.desk.form.load.getdoctype", self._doctype)

    def add(self, doctype: str, rows: Iterable[Row]) -> None:
        """Put documents in."""
        self.documents.setdefault(doctype, {}).update({row["name"]: row for row in rows})

    def client(self) -> Client:
        """A client of the site."""
        self._references = getattr(self, "_references", None) or self._new_references()
        settings = {"site_url": ROOT.rstrip("/"), **self.settings}
        return client_for(provider, self.send, settings, clock=self.clock, references=self._references)

    def _new_references(self) -> Any:
        from app.connections.references import KeptReferences

        return KeptReferences(self.clock)

    def lists(self, doctype: str) -> list[Call]:
        """The lists asked of a DocType."""
        return [call for call in self.send.calls if self._list_of(call) == doctype]

    @staticmethod
    def _list_of(call: Call) -> str | None:
        if call.path == "api/method/frappe.client.get_list":
            return str(call.body["doctype"])
        doctype, slash, _ = call.path.removeprefix("api/resource/").partition("/")
        return None if slash else doctype

    def _defaults(self, call: Call) -> Reply:
        assert call.params["parent"] == "User"
        assert call.argument("filters") == [["parent", "=", "__default"], ["defkey", "=", "time_zone"]]
        return Reply({"data": [{"defvalue": self.zone}]}) if self.zone else FORBIDDEN

    def _dimensions(self, call: Call) -> Reply:
        if self.dimensions is None:
            return Reply({"exc_type": "ValidationError"}, 417)
        named = [{"fieldname": each, "document_type": of} for each, of in self.dimensions.items()]
        return Reply({"message": [named, {}]})

    def _zone(self, call: Call) -> Reply:
        zone = self.user_zone or self.zone
        return Reply({"message": {"time_zone": zone}}) if zone else FORBIDDEN

    def _doctype(self, call: Call) -> Reply:
        if self.metadata is None:
            return FORBIDDEN
        name = call.params["doctype"]
        custom: Mapping[str, list[str]] = self.metadata.get(name, {name: []})
        docs = [
            {
                "name": doctype,
                "fields": [
                    *({"fieldname": each, "fieldtype": "Data", "is_custom_field": 1} for each in names),
                    *(
                        {"fieldname": each, "fieldtype": "Currency", "permlevel": 1}
                        for each in sorted(self.guarded.get(doctype, ()))
                    ),
                ],
            }
            for doctype, names in custom.items()
        ]
        return Reply({"docs": docs})

    def _resource(self, call: Call) -> Reply:
        doctype, slash, name = call.path.removeprefix("api/resource/").partition("/")
        if doctype in self.forbidden:
            return FORBIDDEN
        if not slash:
            return self._listed(doctype, call)
        found = self.documents.get(doctype, {}).get(name)
        if found is None:
            return Reply({"exc_type": "DoesNotExistError"}, 404)
        return Reply({"data": self._shown(doctype, found)})

    def _shown(self, doctype: str, found: Row) -> Row:
        """A document: nulls left out, what may not be read as 0.0 where it is an amount (measured)."""
        shown: Row = {}
        for key, value in found.items():
            if _is_table(value):
                shown[key] = [self._shown(str(row.get("doctype")), row) for row in value]
            elif key in self.guarded.get(doctype, set()) & self.hidden:
                shown |= {key: 0.0} if isinstance(value, int | float | Decimal) else {}
            elif value is not None:
                shown[key] = value
        return shown

    def _listed(self, doctype: str, call: Call) -> Reply:
        # A child table's rights are its parent's.
        if doctype in self.forbidden or _parent_of(call) in self.forbidden:
            return FORBIDDEN
        fields = call.argument("fields")
        for name in fields:
            if name in self.refused:
                return refusal(name)
        rows = [row for row in self._rows(doctype) if is_wanted(row, call) and doctype not in self.unlisted]
        if call.params.get("group_by") or call.argument("group_by") is not None:
            return summed(rows, call)
        for part in reversed((call.params.get("order_by") or call.argument("order_by")).split(", ")):
            name, direction = part.split(" ")
            rows.sort(key=lambda row: sortable(row.get(name)), reverse=direction == "desc")
        start, limit = int(call.argument("limit_start") or 0), int(call.argument("limit_page_length"))
        rows = rows[start : start + limit] if limit else rows
        columns = sorted({key for row in rows for key in row}) if fields == ["*"] else fields
        left_out = self.unnamed | (self.guarded.get(doctype, set()) & self.hidden)
        shown = [
            {name: row.get(name) for name in columns if name not in left_out and not _is_table(row.get(name))}
            for row in rows
        ]
        return Reply({"message" if call.body is not None else "data": shown})

    def _rows(self, doctype: str) -> list[Row]:
        if doctype in self.documents:
            return list(self.documents[doctype].values())
        return [
            row
            for documents in self.documents.values()
            for document in documents.values()
            for table in document.values()
            if _is_table(table)
            for row in table
            if row.get("doctype") == doctype
        ]


def _parent_of(call: Call) -> str | None:
    return call.params.get("parent") if call.body is None else call.body.get("parent")


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def linked_documents() -> Iterator[Row]:
    """Every document of the recordings of parties that are linked to each other, and of files."""
    for name in ("linked_parties", "files"):
        for exchange in recorded(name):
            found = exchange["response"]["body"].get("data")
            if exchange["response"]["status"] == 200 and isinstance(found, dict):
                yield found


def recorded_site() -> Frappe:
    """A site that holds every recorded document of these DocTypes, and parties with all that belongs to them."""
    site = Frappe()
    for document in linked_documents():
        site.add(document["doctype"], [document])
    for doctype in (*RECORDED, "Customer", "Supplier", "Contact", "Address", "Company"):
        site.add(doctype, recorded_documents(doctype))
    site.add("Recorded rows", [{"name": "order_advances", "rows": list(recorded_rows("order_advances"))}])
    site.metadata = recorded_metadata()
    return site


def recorded_metadata() -> dict[str, dict[str, list[str]]]:
    """The customer's own fields as the recorded metadata names them."""
    found: dict[str, dict[str, list[str]]] = {}
    for exchange in recorded("meta_custom_fields"):
        request, body = exchange["request"], exchange["response"]["body"]
        if "getdoctype" not in request["path"] or exchange["response"]["status"] != 200:
            continue
        found[request["query"]["doctype"]] = {
            doc["name"]: [each["fieldname"] for each in doc["fields"] if each.get("is_custom_field")]
            for doc in body["docs"]
        }
    return found
