"""What submitting and cancelling does beside the document itself: the ledger, and what invoices still ask for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from providers.erpnext.sandbox.entries import VOUCHERS
from providers.erpnext.sandbox.ledger import post, reverse, rows_of
from providers.erpnext.sandbox.sides import ORDERS, SIDES
from providers.erpnext.sandbox.store import Row, Store
from providers.erpnext.sandbox.totals import ZERO, number, payable

_SUBMITTED = {"Sales Order": "To Deliver and Bill", "Purchase Order": "To Receive and Bill"}


def submit(store: Store, doctype: str, row: Row) -> None:
    """The document is submitted: its status, its ledger, what it settles."""
    row["status"] = _status(doctype, row)
    if doctype in VOUCHERS:
        post(store, doctype, row, _now(store))
        _settle(store, doctype, row, Decimal(1))


def cancel(store: Store, doctype: str, row: Row) -> None:
    """The document is cancelled: its ledger reversed, what it settled open again."""
    row["status"] = "Cancelled"
    if doctype in VOUCHERS:
        reverse(store, rows_of(store, doctype, row["name"]), _now(store))
        _settle(store, doctype, row, Decimal(-1))


def _now(store: Store) -> datetime:
    return datetime.fromisoformat(store.now())


def _status(doctype: str, row: Row) -> str:
    if doctype in SIDES:
        return "Return" if row["is_return"] else "Unpaid"
    return _SUBMITTED[doctype] if doctype in ORDERS else "Submitted"


def _settle(store: Store, doctype: str, row: Row, sign: Decimal) -> None:
    """A payment takes what it allocates off its invoices, and moves their `modified`."""
    if doctype != "Payment Entry":
        return
    for reference in row["references"]:
        kind = str(reference["reference_doctype"])
        invoice = store.documents.get(kind, {}).get(str(reference["reference_name"]))
        if invoice is None or kind not in SIDES:
            continue
        left = number(invoice["outstanding_amount"]) - number(reference["allocated_amount"]) * sign
        values = {"outstanding_amount": float(left), "status": _paid_status(invoice, left)}
        store.change(kind, invoice["name"], values)


def _paid_status(invoice: Row, left: Decimal) -> str:
    if left == ZERO:
        return "Paid"
    return "Partly Paid" if abs(left) < abs(payable(invoice)) else "Unpaid"
