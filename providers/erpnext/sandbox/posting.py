"""What submitting and cancelling does beside the document itself: the ledger, and what invoices still ask for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from providers.erpnext.sandbox.amounts import ZERO, number
from providers.erpnext.sandbox.entries import VOUCHERS
from providers.erpnext.sandbox.ledger import post, reverse, rows_of
from providers.erpnext.sandbox.sides import ORDERS, SIDES
from providers.erpnext.sandbox.store import Row, Store
from providers.erpnext.sandbox.totals import payable

_SUBMITTED = {"Sales Order": "To Deliver and Bill", "Purchase Order": "To Receive and Bill"}


def submit(store: Store, doctype: str, row: Row) -> None:
    """The document is submitted: its status, its ledger, what it settles."""
    row["status"] = _status(doctype, row)
    if doctype in VOUCHERS:
        post(store, doctype, row, _now(store))
        _settle(store, doctype, row, Decimal(1))


def cancel(store: Store, doctype: str, row: Row) -> list[str]:
    """The document is cancelled: its ledger reversed, what it settled open again. The payments it lets go."""
    row["status"] = "Cancelled"
    if doctype in VOUCHERS:
        reverse(store, rows_of(store, doctype, row["name"]), _now(store))
        _settle(store, doctype, row, Decimal(-1))
    return _unlink(store, doctype, row["name"]) if doctype in SIDES else []


def _unlink(store: Store, doctype: str, name: str) -> list[str]:
    """A cancelled invoice frees what was paid of it: the payment keeps the money, unallocated (measured)."""
    found = []
    for payment in list(store.documents["Payment Entry"].values()):
        kept = [each for each in payment["references"] if each["reference_name"] != name]
        if payment["docstatus"] != 1 or len(kept) == len(payment["references"]):
            continue
        freed = sum(
            (number(each["allocated_amount"]) for each in payment["references"] if each["reference_name"] == name),
            ZERO,
        )
        left = float(number(payment["unallocated_amount"]) + freed)
        allocated = float(number(payment["total_allocated_amount"]) - freed)
        values = {"references": kept, "unallocated_amount": left, "total_allocated_amount": allocated}
        store.change("Payment Entry", payment["name"], values)
        for row in (*store.documents["GL Entry"].values(), *store.documents["Payment Ledger Entry"].values()):
            _free(row, payment["name"], doctype, name)
        found.append(payment["name"])
    return found


def _free(row: Row, payment: str, doctype: str, name: str) -> None:
    """A ledger row of a payment no longer says what it settles."""
    if row["voucher_no"] != payment or row["against_voucher_type"] != doctype:
        return
    if row.get("against_voucher") == name:
        row.update(against_voucher_type=None, against_voucher=None)
    if row.get("against_voucher_no") == name:
        row.update(against_voucher_type="Payment Entry", against_voucher_no=payment)


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
