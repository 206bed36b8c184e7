"""Notes on orders: read order by order, added, searched through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from providers.brightpearl.sandbox import orders
from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.idsets import within
from providers.brightpearl.sandbox.journal_posts import moment, required
from providers.brightpearl.sandbox.orders import order_of
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.seed_notes import new_note
from providers.brightpearl.sandbox.store import Store


def get_notes(call: Call) -> Reply:
    """An order's notes, all or some."""
    order, parts = order_of(call), call.id_set(None, 1)
    found = [
        {name: value for name, value in note.items() if name != "orderId"}
        for number, note in call.store.notes.items()
        if note["orderId"] == order["id"] and (parts is None or within(number, parts))
    ]
    if parts is not None and not found:
        raise nothing_found("No Order Notes Found")
    return Reply({"response": found})


def post_note(call: Call) -> Reply:
    """One more."""
    order = order_of(call)
    return Reply({"response": add_note(call.store, order, call.given())})


def add_note(store: Store, order: Row, given: Row) -> int:
    """Add a note as it was given; its number."""
    added = moment(store, given["addedOn"]) if "addedOn" in given else store.stamp()
    is_public = bool(given.get("isPublic", False))
    text = str(required(given, "text"))
    note = new_note(store, order, text, datetime.fromisoformat(added), is_public=is_public)
    file = {"fileId": given["fileId"]} if given.get("fileId") else {}
    store.notes[note["noteId"]] = {"orderId": order["id"], **note, **file}
    return int(note["noteId"])


def put_status(call: Call) -> Reply:
    """Move an order to another status, with a note if one came along."""
    reply = orders.put_status(call)
    note = call.given().get("orderNote")
    if note:
        add_note(call.store, order_of(call), note)
    return reply


def _rows(store: Store) -> Iterator[Row]:
    for note in store.notes.values():
        yield {
            "orderId": note["orderId"],
            "noteId": note["noteId"],
            "contactId": note["contactId"],
            "noteText": note["text"],
            "isPublic": note["isPublic"],
            "dateAdded": note["addedOn"],
            "addedBy": note["addedBy"],
            "orderStatusId": note["orderStatusId"],
        }


NOTES = Search(
    columns=columns(
        Column("orderId", "IDSET"),
        Column("noteId", "IDSET"),
        Column("contactId", "IDSET"),
        Column("noteText", "SEARCH_STRING"),
        Column("isPublic", "BOOLEAN"),
        Column("dateAdded", "PERIOD"),
        Column("addedBy", "IDSET"),
        Column("orderStatusId", "IDSET"),
    ),
    rows=_rows,
    sorted_by="noteId",
)
_PATH = "order-service/order/*/note"
ROUTES: Routes = (
    ("GET", _PATH, get_notes, "get-order-note"),
    ("GET", f"{_PATH}/*", get_notes, "get-order-note"),
    ("POST", _PATH, post_note, "post-order-note"),
    ("PUT", "order-service/order/*/status", put_status, "put-order-status"),
)
