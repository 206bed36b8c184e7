"""What a write does to the sandbox's books: documents made, changed, submitted and cancelled."""

from __future__ import annotations

from typing import Any

from providers.erpnext.sandbox.doctypes import TABLES
from providers.erpnext.sandbox.posting import cancel, submit
from providers.erpnext.sandbox.replies import FrappeError, messages
from providers.erpnext.sandbox.store import TITLES, Row, Store
from providers.erpnext.sandbox.totals import completed

_WITH_ITEMS = ("Sales Invoice", "Purchase Invoice", "Sales Order", "Purchase Order", "Quotation")


def create(store: Store, doctype: str, given: dict[str, Any]) -> tuple[Row, str | None]:
    """A new document, and what there is to say of it. One that comes as submitted is posted at once."""
    if doctype in TITLES and not given.get("name") and not given.get(TITLES[doctype]):
        raise FrappeError("MandatoryError", f"[{doctype}]: {TITLES[doctype]}")
    given, told = _named(store, doctype, given)
    if doctype in _WITH_ITEMS and not given.get("items"):
        raise FrappeError("MandatoryError", "items")
    known = {name: value for name, value in given.items() if name in TABLES[doctype] or not isinstance(value, list)}
    if doctype in _WITH_ITEMS or "Entry" in doctype:
        known = {"status": "Draft", **known}
    row = store.add(doctype, completed(store, doctype, {"docstatus": 0, **known}))
    if row["docstatus"] == 1:
        submit(store, doctype, row)
    return row, told


def _named(store: Store, doctype: str, given: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """A name that is sent is kept; a second customer of one name gets a number without being asked (measured)."""
    name = given.get("name") or given.get(TITLES.get(doctype, ""))
    if not name or store.find(doctype, str(name)) is None:
        return given, None
    if given.get("name") or doctype != "Customer":
        raise FrappeError("DuplicateEntryError", f"{doctype} {name} already exists")
    number = 1
    while store.find(doctype, f"{name} - {number}") is not None:
        number += 1
    words = f"Changed customer name to '{name} - {number}' as '{name}' already exists."
    told = messages({"message": words, "title": "Note", "indicator": "yellow"})
    return {**given, "name": f"{name} - {number}", "customer_name": f"{name} - {number}"}, told


def change(store: Store, doctype: str, found: Row, given: dict[str, Any]) -> str | None:
    """A document changed; with its `docstatus`, it is submitted or cancelled. What there is to say of it."""
    if given.get("modified") not in (None, found["modified"]):
        raise FrappeError("TimestampMismatchError", "Document has been modified after you have opened it")
    before, after = found["docstatus"], given.get("docstatus", found["docstatus"])
    if before == 2 or after < before:
        raise FrappeError("DocstatusTransitionError", "Cannot change docstatus")
    store.change(doctype, found["name"], {key: value for key, value in given.items() if key != "modified"})
    for table in TABLES[doctype]:
        for row in found[table]:
            row["modified"] = found["modified"]  # Measured: saved with their parent, changed or not.
    if doctype == "Address":
        _tell_parties(store, found)
    if after == before:
        return None
    if after == 1:
        submit(store, doctype, found)
        return None
    unlinked = cancel(store, doctype, found)
    return messages({"message": f"Payment Entries {', '.join(unlinked)} are un-linked"}) if unlinked else None


def _tell_parties(store: Store, address: Row) -> None:
    """A party shows its primary address, so it moves with it (measured); with a contact it does not."""
    lines = ("address_line1", "address_line2", "city", "pincode", "country")
    shown = "".join(f"{address[line]}<br>\n" for line in lines if address[line])
    for doctype in ("Customer", "Supplier"):
        for party in list(store.documents[doctype].values()):
            if party[f"{doctype.lower()}_primary_address"] == address["name"]:
                store.change(doctype, party["name"], {"primary_address": shown})


def delete(store: Store, doctype: str, found: Row) -> None:
    """A draft or a master goes; what was submitted stays."""
    if found["docstatus"] == 1:
        raise FrappeError("ValidationError", "Submitted Record cannot be deleted.")
    del store.documents[doctype][found["name"]]
