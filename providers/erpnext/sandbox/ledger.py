"""The ledger: the rows of a voucher written when it is submitted, reversed when it is cancelled, renamed hourly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from providers.erpnext.sandbox.doctypes import COLUMNS, EMPTY
from providers.erpnext.sandbox.entries import VOUCHERS
from providers.erpnext.sandbox.store import Row, Store

_APART = timedelta(microseconds=2_417)
"""Between the rows of one voucher: each is written by itself."""


def post(store: Store, doctype: str, document: Row, moment: datetime) -> list[Row]:
    """Write a voucher's rows: of the ledger, and of what parties owe."""
    common = _common(doctype, document)
    rows = []
    for index, entry in enumerate(VOUCHERS[doctype](store, document)):
        row = _keep(store, common | entry, unused(store, moment + _APART * index))
        if row["transaction_currency"] is None:
            row["transaction_currency"] = row["account_currency"]
        rows.append(row)
        if row["party"] is not None:
            _add_owed(store, row)
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
        made.append(_keep(store, opposite, unused(store, moment + _APART * (index + 1))))
        if row["party"] is not None:
            _add_owed(store, made[-1], delinked=1)
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


def _common(doctype: str, document: Row) -> Row:
    """What all rows of a voucher say."""
    posted = document.get("posting_date")
    return {
        "posting_date": posted,
        "fiscal_year": posted[:4] if posted else None,
        "voucher_type": doctype,
        "voucher_no": document["name"],
        "voucher_subtype": _subtype(doctype, document),
        "company": document.get("company"),
        "is_opening": document.get("is_opening") or "No",
        "is_advance": "No",
        "transaction_currency": document.get("currency"),
        "transaction_exchange_rate": document.get("conversion_rate") or 1.0,
        "remarks": document.get("remarks") or document.get("user_remark") or "No Remarks",
        "docstatus": 1,
        "to_rename": 1,
        "owner": document["owner"],
        "modified_by": document["modified_by"],
    }


def _keep(store: Store, given: Row, stamp: str) -> Row:
    """One row under its temporary name. By itself rather than through the store, for there are many."""
    name = hashlib.blake2b(stamp.encode(), digest_size=5).hexdigest()
    row = {**EMPTY["GL Entry"], **given, "name": name, "creation": stamp, "modified": stamp, "to_rename": 1}
    store.documents["GL Entry"][name] = row
    return row


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


def _add_owed(store: Store, row: Row, delinked: int = 0) -> None:
    """The row of the Payment Ledger beside a row of a party's account."""
    sign = 1 if row["party_type"] == "Customer" else -1
    name = _owed_name(row)
    own = row["debit_in_account_currency"] - row["credit_in_account_currency"]
    owed = {
        **EMPTY["Payment Ledger Entry"],
        **{field: row[field] for field in (*_SHARED, *store.dimensions()) if field in row},
        "name": name,
        "account_type": "Receivable" if sign == 1 else "Payable",
        "against_voucher_type": row["against_voucher_type"] or row["voucher_type"],
        "against_voucher_no": row["against_voucher"] or row["voucher_no"],
        "amount": round(sign * (row["debit"] - row["credit"]), 2),
        "amount_in_account_currency": round(sign * own, 2),
        "delinked": delinked,
    }
    store.documents["Payment Ledger Entry"][name] = owed


_SHARED = [field for field in COLUMNS["Payment Ledger Entry"] if field in COLUMNS["GL Entry"]]
"""What the two ledgers say alike."""


def _owed_name(row: Row) -> str:
    return hashlib.blake2b(f"owed {row['creation']}".encode(), digest_size=5).hexdigest()


def _owed(store: Store, row: Row) -> list[Row]:
    found = store.documents["Payment Ledger Entry"].get(_owed_name(row))
    return [found] if found else []
