"""What a year of trade holds: enough of everything, odd names, and moments that a clock shows twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from providers.erpnext.sandbox import ErpnextSandbox, create_sandbox
from providers.erpnext.sandbox.collation import fold
from providers.erpnext.sandbox.doctypes import COLUMNS, TABLES
from providers.erpnext.sandbox.seed import CUSTOM

EMPTY = {"Budget", "Cost Center Allocation", "Dunning", "Employee", "Item Price", "Payment Request"}
ORDERS = ("Sales Order", "Purchase Order")
INVOICES = ("Sales Invoice", "Purchase Invoice")


@pytest.fixture(scope="module")
def full() -> ErpnextSandbox:
    """The books of the demo and the proofs."""
    return create_sandbox(size="full")


def _count(box: ErpnextSandbox, *doctypes: str) -> int:
    return sum(len(box.store.documents[doctype]) for doctype in doctypes)


def test_the_full_books_are_as_large_as_promised(full: ErpnextSandbox) -> None:
    assert _count(full, "Customer", "Supplier") >= 2_000
    assert _count(full, "Contact") >= 2_000
    assert _count(full, *ORDERS, *INVOICES) >= 5_000
    assert _count(full, "Company") == 2
    for doctype in (*ORDERS, *INVOICES):
        rows = full.store.documents[doctype].values()
        assert {row["currency"] for row in rows} == {"GBP", "USD", "EUR"}
        months = {(row.get("posting_date") or row["transaction_date"])[:7] for row in rows}
        assert len(months) == 12


def test_every_doctype_but_a_few_has_documents(full: ErpnextSandbox) -> None:
    assert {doctype for doctype in TABLES if not full.store.documents[doctype]} == EMPTY


def test_the_small_books_are_of_the_size_that_tests_count_on() -> None:
    box = create_sandbox()

    assert (_count(box, "Sales Invoice"), _count(box, "Purchase Invoice"), _count(box, "Item")) == (420, 260, 130)


def test_there_are_thirty_odd_names_of_parties_and_more_of_items_and_accounts(full: ErpnextSandbox) -> None:
    def odd(doctype: str) -> set[str]:
        plain = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -")
        names = set(full.store.documents[doctype])
        return {name for name in names if not set(name) <= plain or name in ("Null", "0", "None", "true")}

    assert len(odd("Customer")) >= 30
    assert len(odd("Supplier")) >= 30
    assert len(odd("Item")) >= 10
    assert len(odd("Account")) >= 10
    everything = "".join(odd("Customer") | odd("Item") | odd("Account"))
    for character in "/%'#\"\\?&🚀東חشé":
        assert character in everything, character


def test_no_two_names_of_a_doctype_are_one_to_the_database(full: ErpnextSandbox) -> None:
    for doctype, rows in full.store.documents.items():
        twice = [name for name, count in Counter(map(fold, rows)).items() if count > 1]
        assert twice == [], doctype
        assert all(len(name) <= 140 for name in rows), doctype


def test_parties_have_contacts_and_addresses_some_of_which_are_shared(full: ErpnextSandbox) -> None:
    for doctype in ("Contact", "Address"):
        rows = full.store.documents[doctype].values()
        assert max(len(row["links"]) for row in rows) >= 2
        held = Counter((link["link_doctype"], link["link_name"]) for row in rows for link in row["links"])
        assert max(held.values()) >= 2
        for kind, name in held:
            assert name in full.store.documents[kind]
    both = set(full.store.documents["Customer"]) & set(full.store.documents["Supplier"])
    assert len(both) >= 30


def test_payments_are_of_every_sort(full: ErpnextSandbox) -> None:
    rows = list(full.store.documents["Payment Entry"].values())
    kinds = Counter((row["payment_type"], row["party_type"]) for row in rows)

    # The last two give money back.
    for kind in (
        ("Receive", "Customer"),
        ("Pay", "Supplier"),
        ("Internal Transfer", None),
        ("Pay", "Customer"),
        ("Receive", "Supplier"),
    ):
        assert kinds[kind] > 0, kind
    assert any(len(row["references"]) > 1 for row in rows)
    assert any(row["references"] and row["unallocated_amount"] > 0 for row in rows)
    assert any(not row["references"] and row["unallocated_amount"] > 0 for row in rows)
    assert any(row["deductions"] for row in rows)
    assert {row["docstatus"] for row in rows} == {0, 1, 2}


def test_invoices_and_journals_are_of_every_sort(full: ErpnextSandbox) -> None:
    for doctype in INVOICES:
        rows = full.store.documents[doctype].values()
        statuses = {row["status"] for row in rows}
        assert {"Draft", "Unpaid", "Overdue", "Partly Paid", "Paid", "Cancelled", "Return"} <= statuses
        assert any(row["party_account_currency"] != row["currency"] for row in rows)
        assert all(row["return_against"] in full.store.documents[doctype] for row in rows if row["is_return"])
    journals = full.store.documents["Journal Entry"].values()
    assert {row["docstatus"] for row in journals} == {0, 1, 2}
    kinds = {"Opening Entry", "Bank Entry", "Contra Entry", "Credit Note", "Exchange Gain Or Loss", "Journal Entry"}
    assert kinds <= {row["voucher_type"] for row in journals}


def test_the_same_number_makes_the_same_books() -> None:
    one, other = create_sandbox(seed=5).store, create_sandbox(seed=5).store

    assert one.documents == other.documents
    assert one.documents is not other.documents
    assert one.documents != create_sandbox(seed=6).store.documents


def test_a_change_to_one_sandbox_is_not_seen_by_the_next() -> None:
    row = next(iter(create_sandbox().store.documents["Sales Invoice"].values()))
    row["status"] = "Changed"
    row["items"][0]["qty"] = 99.5

    again = create_sandbox().store.documents["Sales Invoice"][row["name"]]

    assert again["status"] != "Changed"
    assert again["items"][0]["qty"] != 99.5


def test_a_value_is_of_the_kind_that_its_column_has(full: ErpnextSandbox) -> None:
    kinds: dict[str, type | tuple[type, ...]] = {"int": int, "float": float}
    for doctype, rows in full.store.documents.items():
        for row in list(rows.values())[:200]:
            for child, each in _with_children(doctype, row):
                wrong = [
                    name
                    for name, field in COLUMNS[child].items()
                    if not isinstance(each[name], kinds.get(field.kind, (str, type(None))))
                ]
                assert wrong == [], (child, wrong)


def test_a_document_has_no_field_that_its_doctype_lacks(full: ErpnextSandbox) -> None:
    for doctype, rows in full.store.documents.items():
        for row in list(rows.values())[:200]:
            for child, each in _with_children(doctype, row):
                known = {*full.store.columns(child, CUSTOM.get(child, ())), *TABLES.get(child, ()), "doctype"}
                assert set(each) <= known, (child, set(each) - known)


def _with_children(doctype: str, row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    tables = TABLES[doctype].items()
    return [(doctype, row), *((child, each) for table, child in tables for each in row[table])]


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Europe/London", "2026-10-25 01"), ("America/New_York", "2026-11-01 01"), ("Asia/Kolkata", None)],
)
def test_documents_change_in_the_hour_that_the_clock_shows_twice(zone: str, hour: str | None) -> None:
    documents = create_sandbox(time_zone=zone).store.documents

    changed = [row for name in INVOICES for row in documents[name].values() if row["modified"][:13] == hour]

    assert bool(changed) == (hour is not None)
    assert all(row["creation"] <= row["modified"] for name in INVOICES for row in documents[name].values())
