"""The ledger: the rows of a voucher written when it is submitted, reversed when it is cancelled, renamed hourly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from providers.erpnext.sandbox.entries import VOUCHERS, Entry
from providers.erpnext.sandbox.store import Row, Store

_APART = timedelta(microseconds=2_417)
"""Between the rows of one voucher: each is written by itself."""


def post(store: Store, doctype: str, document: Row, moment: datetime) -> list[Row]:
    """Write a voucher's rows: of the ledger, and of what parties owe."""
    rows = [
        _row(store, doctype, document, entry, moment + _APART * index)
        for index, entry in enumerate(VOUCHERS[doctype](store, document))
    ]
    for row in rows:
        _add_owed(store, row, is_cancelled=False)
    return rows


def reverse(store: Store, rows: Sequence[Row], moment: datetime) -> list[Row]:
    """Cancel a voucher's rows: they stay, marked, and as many say the opposite on the same day."""
    stamp = written(moment)
    made = []
    for index, row in enumerate(rows):
        row.update(is_cancelled=1, modified=stamp)
        for owed in _owed(store, row):
            owed.update(delinked=1, modified=stamp)
        opposite = {
            **row,
            **{
                f"{one}{of}": row[f"{other}{of}"]
                for one, other in (("debit", "credit"), ("credit", "debit"))
                for of in ("", "_in_account_currency", "_in_transaction_currency")
            },
            "remarks": f"On cancellation of {row['voucher_no']}",
        }
        at = unused(store, moment + _APART * (index + 1))
        made.append(_keep(store, opposite, at))
        _add_owed(store, made[-1], is_cancelled=True)
    return made


def rows_of(store: Store, doctype: str, name: str) -> list[Row]:
    """The rows of a voucher that count."""
    return [
        row
        for row in store.documents["GL Entry"].values()
        if row["voucher_no"] == name and row["voucher_type"] == doctype and not row["is_cancelled"]
    ]


def rename(store: Store, moment: datetime | None = None) -> int:
    """What the hourly job does: a lasting name, and a `modified` of its own, for each row that waits for one."""
    waiting = [row for row in store.documents["GL Entry"].values() if row["to_rename"]]
    waiting.sort(key=lambda row: row["creation"])
    for index, row in enumerate(waiting):
        stamp = store.now() if moment is None else written(moment + timedelta(microseconds=613 * index))
        rename_one(store, row, stamp)
    return len(waiting)


def rename_one(store: Store, row: Row, stamp: str) -> None:
    """Give one row its lasting name. Nothing else of it changes (measured)."""
    entries = store.documents["GL Entry"]
    del entries[row["name"]]
    row.update(name=store.next_name("GL Entry", {"creation": stamp}), to_rename=0, modified=stamp)
    entries[row["name"]] = row


def written(moment: datetime) -> str:
    """An instant as the site writes it."""
    return moment.isoformat(sep=" ", timespec="microseconds")


def unused(store: Store, moment: datetime) -> str:
    """The first instant from then on that no row was made at: no two of the ledger share one (measured)."""
    while (stamp := written(moment)) in store.ledger_stamps:
        moment += timedelta(microseconds=1)
    store.ledger_stamps.add(stamp)
    return stamp


def _row(store: Store, doctype: str, document: Row, entry: Entry, moment: datetime) -> Row:
    posted = document.get("posting_date")
    given = {
        "posting_date": posted,
        "fiscal_year": posted[:4] if posted else None,
        "voucher_type": doctype,
        "voucher_no": document["name"],
        "voucher_subtype": _subtype(doctype, document),
        "company": document.get("company"),
        "is_opening": document.get("is_opening") or "No",
        "is_advance": "No",
        "transaction_currency": document.get("currency") or entry["account_currency"],
        "transaction_exchange_rate": document.get("conversion_rate") or 1.0,
        "remarks": document.get("remarks") or document.get("user_remark") or "No Remarks",
        **entry,
    }
    return _keep(store, given, unused(store, moment))


def _keep(store: Store, given: Row, stamp: str) -> Row:
    name = hashlib.blake2b(stamp.encode(), digest_size=5).hexdigest()
    more = {"name": name, "creation": stamp, "modified": stamp, "docstatus": 1, "to_rename": 1}
    return store.add("GL Entry", {**given, **more})


def _subtype(doctype: str, document: Row) -> str:
    if doctype == "Payment Entry":
        return str(document.get("payment_type"))
    if doctype == "Journal Entry":
        return str(document.get("voucher_type"))
    return (
        {"Sales Invoice": "Credit Note", "Purchase Invoice": "Debit Note"}[doctype]
        if document.get("is_return")
        else doctype
    )


def _add_owed(store: Store, row: Row, *, is_cancelled: bool) -> None:
    """The row of the Payment Ledger beside a row of a party's account."""
    if row["party"] is None:
        return
    sign = 1 if row["party_type"] == "Customer" else -1
    amount, in_account = (
        round(sign * (row[f"debit{of}"] - row[f"credit{of}"]), 2) for of in ("", "_in_account_currency")
    )
    name = hashlib.blake2b(f"owed {row['creation']}".encode(), digest_size=5).hexdigest()
    dimensions = {field: row[field] for field in store.dimensions() if row.get(field) is not None}
    store.add(
        "Payment Ledger Entry",
        {
            "name": name,
            "creation": row["creation"],
            "modified": row["modified"],
            "docstatus": 1,
            "posting_date": row["posting_date"],
            "company": row["company"],
            "account_type": "Receivable" if sign == 1 else "Payable",
            "account": row["account"],
            "account_currency": row["account_currency"],
            "party_type": row["party_type"],
            "party": row["party"],
            "due_date": row["due_date"],
            "cost_center": row["cost_center"],
            "voucher_type": row["voucher_type"],
            "voucher_no": row["voucher_no"],
            "voucher_detail_no": row["voucher_detail_no"],
            "against_voucher_type": row["against_voucher_type"] or row["voucher_type"],
            "against_voucher_no": row["against_voucher"] or row["voucher_no"],
            "amount": amount,
            "amount_in_account_currency": in_account,
            "delinked": int(is_cancelled),
            "remarks": row["remarks"],
            **dimensions,
        },
    )


def _owed(store: Store, row: Row) -> list[Row]:
    name = hashlib.blake2b(f"owed {row['creation']}".encode(), digest_size=5).hexdigest()
    found = store.documents["Payment Ledger Entry"].get(name)
    return [found] if found else []
