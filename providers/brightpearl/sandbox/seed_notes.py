"""Notes on orders, on every ninth."""

from __future__ import annotations

from datetime import datetime, timedelta

from providers.brightpearl.sandbox.calls import STAFF_ID
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import Store

TEXTS = ("Called: to be sent = Monday", "Grüße <b>an</b> alle 🎁", "備考")


def fill_notes(store: Store) -> None:
    """Write them."""
    for number, order in store.orders.items():
        for index in range(number % 3 + 1 if number % 9 == 0 else 0):
            added = datetime.fromisoformat(order["createdOn"]) + timedelta(days=index)
            note = new_note(store, order, TEXTS[index], added, is_public=index == 1)
            store.notes[note["noteId"]] = {"orderId": number, **note}


def new_note(store: Store, order: Row, text: str, added: datetime, *, is_public: bool) -> Row:
    """A note as a GET gives it."""
    return {
        "noteId": store.next_id("note", (96,)),
        "contactId": store.party_contact(order),
        "text": text,
        "isPublic": is_public,
        "addedOn": store.written(added),
        "addedBy": STAFF_ID,
        "orderStatusId": order["orderStatus"]["orderStatusId"],
    }
