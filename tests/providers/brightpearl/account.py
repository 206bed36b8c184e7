"""A Brightpearl account in memory: searches, records by id set, whole lists, payments. Only what is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from app.connections.references import KeptReferences
from app.gateway import Gateway, Page
from providers.brightpearl import provider
from providers.kit.client import Client
from providers.kit.pages import Query
from providers.kit.resource import AnyResource
from tests.providers.brightpearl.lines import JOURNAL_COLUMNS
from tests.providers.fake_send import RECORDINGS, Call, FakeClock, FakeSend, Reply, client_for, exact_json

ROOT = "https://euw1.brightpearlconnect.com/public-api/acme/"
SETTINGS = {"account_code": "acme", "api_domain": "euw1.brightpearlconnect.com", "app_ref": "acme_app"}
Row = dict[str, Any]

COLUMNS = {
    "order": (
        "orderId",
        "orderTypeId",
        "contactId",
        "createdOn",
        "customerRef",
        "updatedOn",
        "taxDate",
        "deliveryDate",
    ),
    "contact": ("contactId", "isSupplier", "isCustomer", "isStaff", "createdOn", "updatedOn"),
    "payment": (
        *("paymentId", "transactionRef", "paymentMethodCode", "paymentType", "orderId", "currencyCode"),
        *("amountAuthorized", "amountPaid", "paymentDate", "createdOn", "journalId"),
    ),
}
PERIODS = (
    *("journalDate", "journalDateEntered", "journalDueDate", "paymentDate"),
    *("createdOn", "updatedOn", "taxDate", "deliveryDate"),
)


def recorded(name: str) -> Any:
    """A recorded body, digits kept."""
    return exact_json((RECORDINGS / "brightpearl" / f"{name}.json").read_text())


def expanded(id_set: str) -> list[int]:
    """The ids of a set such as `1-3,7`; refuses one that is not ascending."""
    numbers: list[int] = []
    for part in id_set.split(","):
        low, _, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1)
    assert all(one < other for one, other in pairwise(numbers)), "CMNC-006: not ascending"
    return numbers


def refusal(code: str, message: str, status: int) -> Reply:
    return Reply({"errors": [{"code": code, "message": message}]}, status)


@dataclass
class Account:
    """The account. `poisoned` ids fail the whole set they are in; `hidden` ones are found but not given."""

    orders: dict[int, Row] = field(default_factory=dict)
    contacts: dict[int, Row] = field(default_factory=dict)
    addresses: dict[int, Row] = field(default_factory=dict)
    customer_payments: list[Row] = field(default_factory=list)
    supplier_payments: list[Row] = field(default_factory=list)
    journals: dict[int, Row] = field(default_factory=dict)
    lists: dict[str, list[Row]] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    search_rows: dict[str, list[Row]] = field(default_factory=dict)
    poisoned: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    forbidden: tuple[str, ...] = ()
    has_old_metadata: bool = False
    are_bounds_inside: bool = True
    send: FakeSend = field(default_factory=lambda: FakeSend(ROOT))
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self._references = KeptReferences(self.clock)
        on = self.send.on
        on("", self.plain)
        on("integration-service/account-configuration", Reply(recorded("account_configuration_get")))
        on("order-service/order-status", Reply(recorded("order_status_get_one")))
        on("accounting-service/currency-search", Reply(recorded("currency_search")))
        on("order-service/order-search", lambda call: self._search(call, "order"))
        on("contact-service/contact-search", lambda call: self._search(call, "contact"))
        on("accounting-service/journal-search", self._journal_search)
        on("accounting-service/journal/", self._journals_by_id)
        on("order-service/order/", lambda call: self.by_ids(call, self.orders, None))
        on("contact-service/contact/", lambda call: self.by_ids(call, self.contacts, "No Contact Found"))
        on("contact-service/postal-address/", lambda call: self.by_ids(call, self.addresses, "No Address Found"))
        on("accounting-service/customer-payment-search", lambda call: self._payments(call, self.customer_payments))
        on("accounting-service/supplier-payment-search", lambda call: self._payments(call, self.supplier_payments))
        on("accounting-service/purchase-payment-total", Reply(recorded("purchase_payment_total_get")))
        on("accounting-service/sale-payment-total", Reply(recorded("sale_payment_total_get")))

    def add_recorded(self, *names: str) -> None:
        """Put recorded orders and contacts in."""
        for name in names:
            response = recorded(name)["response"]
            record = response[0] if isinstance(response, list) else response
            if "orderTypeCode" in record:
                self.orders[record["id"]] = record
            else:
                self.contacts[record["contactId"]] = record

    def add_lists(self, *names: str) -> None:
        """Put recorded lists in, each under the path it was read from."""
        for entry in json.loads((RECORDINGS / "brightpearl" / "index.json").read_text()):
            name = entry["file"].removesuffix(".json")
            if name in names:
                path = "/".join(part for part in entry["path"].split("/") if part and not part[0].isdigit())
                response = recorded(name)["response"]
                self.lists.setdefault(path, []).extend(rows_of(response))

    def client(self) -> Client:
        """A client of the account."""
        return client_for(provider, self.send, SETTINGS, clock=self.clock, references=self._references)

    async def listed(self, resource: AnyResource, **asked: Any) -> Page:
        """One page through the gateway."""
        return await Gateway(60.0).list(self.client(), resource, Query(**{"limit": 500, **asked}))

    async def got(self, resource: AnyResource, record_id: str, **asked: Any) -> Any:
        """One record through the gateway, and its cautions."""
        return await Gateway(60.0).get(self.client(), resource, record_id, Query(limit=1, **asked))

    def calls_to(self, path: str) -> list[Call]:
        return [call for call in self.send.calls if call.path.startswith(path)]

    def _is_forbidden(self, call: Call) -> bool:
        return any(call.path.startswith(path) for path in self.forbidden)

    def plain(self, call: Call) -> Reply:
        """A whole list, one of its records by id, the members of a group, or a search over given rows."""
        if self._is_forbidden(call):
            return Reply({"errors": [{"code": "CMNC-403", "message": "no"}]}, 403)
        path, _, last = call.path.rpartition("/")
        if last == "member":
            return Reply({"response": {"contactMemberIds": self.members[int(path.rpartition("/")[2])]}})
        if call.path.endswith("-search"):
            rows = [row for row in self.lists.get(call.path, []) if self._is_wanted(row, call.params)]
            return self._page(call, rows, tuple(rows[0]) if rows else ("id",))
        if call.path in self.lists:
            return Reply({"response": self.lists[call.path]})
        if last[0].isdigit():
            records = {row["id"]: row for row in self.lists.get(path, [])}
            return self.by_ids(call, records, "Nothing Found")
        return refusal("CMNC-404", "Nothing Found", 404)

    def by_ids(self, call: Call, records: Mapping[int, Row], nothing: str | None) -> Reply:
        if self._is_forbidden(call):
            return Reply({"errors": [{"code": "CMNC-403", "message": "no"}]}, 403)
        numbers = expanded(call.path.rpartition("/")[2])
        if len(numbers) > 200 or self.poisoned & set(numbers):
            return refusal("CMNC-008", "bad id set", 400)
        # Answers come in any order, and what is missing is left out.
        found = [records[number] for number in reversed(numbers) if number in records and number not in self.hidden]
        return refusal("CMNC-404", nothing, 404) if nothing and not found else Reply({"response": found})

    def _search(self, call: Call, kind: str) -> Reply:
        rows = [row for row in self._rows(kind) if self._is_wanted(row, call.params)]
        return self._page(call, rows, COLUMNS[kind])

    def _journals_by_id(self, call: Call) -> Reply:
        reply = self.by_ids(call, self.journals, "No Journals Found")
        return Reply({"response": {"journals": reply.body["response"]}}) if reply.status == 200 else reply

    def _journal_search(self, call: Call) -> Reply:
        """One row a line. Old accounts know ten columns, and pass over filters on others."""
        columns = JOURNAL_COLUMNS[:10] if self.has_old_metadata else JOURNAL_COLUMNS
        asked = {name: value for name, value in call.params.items() if name in columns}
        rows = [
            {
                "journalId": number,
                "journalType": journal["journalTypeCode"],
                "nominalCode": line.get("nominalCode"),
                "journalDate": journal["taxDate"],
                "contactId": journal.get("contactId"),
                "orderId": line.get("orderId", 0),
                "invoiceReference": line.get("invoiceReference", ""),
                "journalDueDate": journal.get("dueDate"),
                "journalDateEntered": journal["createdOn"],
            }
            for number, journal in self.journals.items()
            for line in (*journal["debits"], *journal["credits"])
        ]
        orders = asked.pop("orderId", None)
        reference = asked.pop("invoiceReference", "")
        rows = [row for row in rows if orders is None or row["orderId"] in expanded(orders)]
        rows = [row for row in rows if reference in row["invoiceReference"] and self._is_wanted(row, asked)]
        return self._page(call, rows, columns)

    def _rows(self, kind: str) -> Iterable[Row]:
        if kind in self.search_rows:
            return self.search_rows[kind]
        if kind == "order":
            types = {"SO": 1, "PO": 2, "SC": 3, "PC": 4}
            return [
                {"orderId": o["id"], "orderTypeId": types[o["orderTypeCode"]], "customerRef": o.get("reference")}
                | {name: o.get(name) for name in ("createdOn", "updatedOn")}
                | {"taxDate": (o.get("invoices") or [{}])[0].get("taxDate")}
                for o in self.orders.values()
            ]
        return [
            {"contactId": c["contactId"], **{name: c.get(name) for name in ("createdOn", "updatedOn")}}
            for c in self.contacts.values()
        ]

    def _is_wanted(self, row: Row, params: Mapping[str, str]) -> bool:
        for name, asked in params.items():
            if name in PERIODS:
                if not self._is_within(row.get(name), asked):
                    return False
            elif name in row and json.dumps(row[name]).strip('"') != asked:
                return False
        return True

    def _is_within(self, moment: str | None, period: str) -> bool:
        lower, upper = (datetime.fromisoformat(bound) if bound else None for bound in period.split("/"))
        if moment is None:
            return False
        mine = datetime.fromisoformat(moment)
        if self.are_bounds_inside:
            return (lower is None or lower <= mine) and (upper is None or mine <= upper)
        return (lower is None or lower < mine) and (upper is None or mine < upper)

    def _payments(self, call: Call, payments: list[Row]) -> Reply:
        if self._is_forbidden(call):
            return Reply({"errors": [{"code": "CMNC-403", "message": "no"}]}, 403)
        asked = {name: value for name, value in call.params.items() if name != "orderId"}
        if "supplier" in call.path:
            asked.pop("paymentId", None)  # It passes over this filter.
        orders = set(expanded(call.params["orderId"])) if call.params.get("orderId", "")[:1].isdigit() else None
        rows = [row for row in payments if orders is None or row["orderId"] in orders]
        rows = [row for row in rows if self._is_wanted(row, asked)]
        reply = self._page(call, rows, COLUMNS["payment"])
        if "supplier" in call.path:
            # It always claims 500 results and no further pages.
            reply.body["response"]["metaData"] |= {"resultsAvailable": 500, "morePagesAvailable": False}
        return reply

    def _page(self, call: Call, rows: list[Row], columns: tuple[str, ...]) -> Reply:
        for part in reversed(call.params.get("sort", f"{columns[0]}.ASC").split(",")):
            name, _, way = part.partition(".")
            rows.sort(key=lambda row: (row.get(name) is not None, row.get(name)), reverse=way == "DESC")
        first, size = int(call.params["firstResult"]), int(call.params["pageSize"])
        assert 1 <= size <= 500
        shown = rows[first - 1 : first - 1 + size]
        meta: Row = {"resultsAvailable": len(rows), "resultsReturned": len(shown)}
        if not self.has_old_metadata:
            meta["morePagesAvailable"] = first - 1 + size < len(rows)
        if shown:
            meta |= {"firstResult": first, "lastResult": first - 1 + len(shown)}
        meta["columns"] = [{"name": name, "sortable": True, "filterable": True} for name in reversed(columns)]
        results = [[row.get(name) for name in reversed(columns)] for row in shown]
        return Reply({"response": {"results": results, "metaData": meta}, "reference": {}})


def rows_of(response: Any) -> list[Row]:
    """A list's rows, or those of a search by column."""
    if isinstance(response, list):
        return response
    if "metaData" not in response:
        return []
    names = [column["name"] for column in response["metaData"]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in response["results"]]


def nominal(number: int, code: str, **more: Any) -> Row:
    """A nominal code in the shape of the recorded one."""
    [row] = recorded("nominal_code_get_one")["response"]
    return row | {"id": number, "code": code, "name": f"Nominal {code}", **more}


def payment(
    number: int, order_id: int, kind: str, amount: str | None, currency: str | None = "USD", **more: Any
) -> Row:
    """A row of a payment search."""
    return {
        "paymentId": number,
        "paymentType": kind,
        "orderId": order_id,
        "currencyCode": currency,
        "amountPaid": amount,
        "createdOn": "2026-03-01T12:00:00.000Z",
        **more,
    }
