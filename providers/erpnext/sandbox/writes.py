"""What a write does to the sandbox's books: documents made, changed, submitted and cancelled."""

from __future__ import annotations

from typing import Any

from providers.erpnext.sandbox.doctypes import TABLES
from providers.erpnext.sandbox.posting import cancel, submit
from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.store import Row, Store
from providers.erpnext.sandbox.totals import completed

_WITH_ITEMS = ("Sales Invoice", "Purchase Invoice", "Sales Order", "Purchase Order", "Quotation")


def create(store: Store, doctype: str, given: dict[str, Any]) -> Row:
    """A new document. One that comes as submitted is posted at once."""
    name = given.get("name")
    if name and store.find(doctype, str(name)) is not None:
        raise FrappeError("DuplicateEntryError", f"{doctype} {name} already exists")
    if doctype in _WITH_ITEMS and not given.get("items"):
        raise FrappeError("MandatoryError", "items")
    known = {name: value for name, value in given.items() if name in TABLES[doctype] or not isinstance(value, list)}
    row = store.add(doctype, completed(store, doctype, {"docstatus": 0, "status": "Draft", **known}))
    if row["docstatus"] == 1:
        submit(store, doctype, row)
    return row


def change(store: Store, doctype: str, found: Row, given: dict[str, Any]) -> Row:
    """A document changed; with its `docstatus`, it is submitted or cancelled."""
    if given.get("modified") not in (None, found["modified"]):
        raise FrappeError("TimestampMismatchError", "Document has been modified after you have opened it")
    before, after = found["docstatus"], given.get("docstatus", found["docstatus"])
    if before == 2 or after < before:
        raise FrappeError("DocstatusTransitionError", "Cannot change docstatus")
    row = store.change(doctype, found["name"], {key: value for key, value in given.items() if key != "modified"})
    if after != before:
        (submit if after == 1 else cancel)(store, doctype, row)
    return row


def delete(store: Store, doctype: str, found: Row) -> None:
    """A draft or a master goes; what was submitted stays."""
    if found["docstatus"] == 1:
        raise FrappeError("ValidationError", "Submitted Record cannot be deleted.")
    del store.documents[doctype][found["name"]]
