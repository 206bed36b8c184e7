"""What writes do to the sandbox's books: its ledger, its invoices, its messages; and the hourly rename."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.sandbox import create_sandbox
from providers.erpnext.sandbox.balances import money
from tests.providers.erpnext.sandbox.asking import Asking

Row = dict[str, Any]
INVOICE: Row = {
    "customer": "0",
    "company": "Acme Trading Ltd",
    "posting_date": "2026-03-01",
    "debit_to": "Debtors - ATL",
    "items": [{"item_name": "Advice", "qty": 2, "rate": 60.25, "income_account": "Sales - ATL"}],
    "taxes": [{"charge_type": "On Net Total", "account_head": "VAT 20% - ATL", "rate": 20}],
}


@pytest.fixture
def site() -> Asking:
    """A year of trade."""
    return Asking(create_sandbox())


async def _post(site: Asking, doctype: str, document: Row) -> Row:
    answer = await site.send("POST", f"/api/resource/{doctype}", json=document)
    assert answer.status_code == 200, answer.text
    found: Row = answer.json()["data"]
    return found


async def _put(site: Asking, doctype: str, name: str, values: Row) -> Row:
    answer = await site.send("PUT", f"/api/resource/{doctype}/{name}", json=values)
    assert answer.status_code == 200, answer.text
    body: Row = answer.json()
    return body


def _ledger(site: Asking, name: str) -> list[Row]:
    rows = site.box.store.documents["GL Entry"].values()
    return sorted((row for row in rows if row["voucher_no"] == name), key=lambda row: row["creation"])


def _payment(invoice: str, amount: float) -> Row:
    reference = {"reference_doctype": "Sales Invoice", "reference_name": invoice, "allocated_amount": amount}
    return {
        "payment_type": "Receive",
        "party_type": "Customer",
        "party": "0",
        "company": "Acme Trading Ltd",
        "posting_date": "2026-03-09",
        "paid_from": "Debtors - ATL",
        "paid_to": "Current Account - ATL",
        "paid_amount": amount,
        "received_amount": amount,
        "references": [reference],
    }


async def test_a_draft_has_no_ledger_and_its_submission_writes_it(site: Asking) -> None:
    draft = await _post(site, "Sales Invoice", INVOICE)
    assert (draft["docstatus"], draft["status"], _ledger(site, draft["name"])) == (0, "Draft", [])
    assert (draft["net_total"], draft["total_taxes_and_charges"], draft["rounded_total"]) == (120.5, 24.1, 145.0)

    body = await _put(site, "Sales Invoice", draft["name"], {"docstatus": 1})

    assert body["data"]["status"] == "Unpaid"
    rows = _ledger(site, draft["name"])
    assert [(row["account"], row["debit"], row["credit"]) for row in rows] == [
        ("Debtors - ATL", 145.0, 0.0),
        ("Sales - ATL", 0.0, 120.5),
        ("VAT 20% - ATL", 0.0, 24.1),
        ("Round Off - ATL", 0.0, 0.4),
    ]
    assert {row["to_rename"] for row in rows} == {1}
    assert all(len(row["name"]) == 10 and set(row["name"]) <= set("0123456789abcdef") for row in rows)


async def test_a_payment_settles_its_invoice_and_its_cancellation_opens_it_again(site: Asking) -> None:
    name = (await _post(site, "Sales Invoice", INVOICE | {"docstatus": 1}))["name"]
    before = site.box.store.documents["Sales Invoice"][name]["modified"]

    paid = await _post(site, "Payment Entry", _payment(name, 100.0) | {"docstatus": 1})
    part = await site.get("Sales Invoice", name)
    await _put(site, "Payment Entry", paid["name"], {"docstatus": 2})
    opened = await site.get("Sales Invoice", name)

    assert (part["outstanding_amount"], part["status"]) == (45.0, "Partly Paid")
    assert part["modified"] > before
    assert (opened["outstanding_amount"], opened["status"]) == (145.0, "Unpaid")
    rows = _ledger(site, paid["name"])
    assert [row["is_cancelled"] for row in rows] == [1, 1, 1, 1]
    assert sum((money(row["debit"]) - money(row["credit"]) for row in rows), Decimal(0)) == 0


async def test_a_cancelled_invoice_frees_what_was_paid_of_it_and_says_so(site: Asking) -> None:
    name = (await _post(site, "Sales Invoice", INVOICE | {"docstatus": 1}))["name"]
    paid = await _post(site, "Payment Entry", _payment(name, 145.0) | {"docstatus": 1})

    body = await _put(site, "Sales Invoice", name, {"docstatus": 2})

    (message,) = json.loads(body["_server_messages"])
    assert json.loads(message)["message"] == f"Payment Entries {paid['name']} are un-linked"
    freed = await site.get("Payment Entry", paid["name"])
    assert (freed["references"], freed["unallocated_amount"]) == ([], 145.0)
    assert {row["is_cancelled"] for row in _ledger(site, name)} == {1}
    assert sum(balance.net for balance in site.box.trial_balance("Acme Trading Ltd").values()) == 0


async def test_a_second_customer_of_one_name_gets_a_number_and_a_message(site: Asking) -> None:
    answer = await site.send("POST", "/api/resource/Customer", json={"customer_name": "null"})

    assert answer.json()["data"]["name"] == "null - 1"
    assert "_server_messages" in answer.json()
    again = await site.send("POST", "/api/resource/Supplier", json={"supplier_name": "null"})
    assert (again.status_code, again.json()["exc_type"]) == (409, "DuplicateEntryError")


async def test_a_stale_copy_and_a_step_back_are_refused(site: Asking) -> None:
    name = (await _post(site, "Sales Invoice", INVOICE | {"docstatus": 1}))["name"]

    for values, kind in (
        ({"po_no": "1", "modified": "2020-01-01 00:00:00"}, "TimestampMismatchError"),
        ({"docstatus": 0}, "DocstatusTransitionError"),
    ):
        answer = await site.send("PUT", f"/api/resource/Sales Invoice/{name}", json=values)
        assert (answer.status_code, answer.json()["exc_type"]) == (417, kind)
    assert (await site.send("DELETE", f"/api/resource/Sales Invoice/{name}")).status_code == 417


async def test_the_hourly_job_gives_rows_a_lasting_name_and_changes_nothing_else(site: Asking) -> None:
    entries = site.box.store.documents["GL Entry"]
    waiting = {row["creation"]: dict(row) for row in entries.values() if row["to_rename"]}
    assert waiting

    answer = await site.send("POST", "/__sandbox/rename")

    assert answer.json() == {"ok": True}
    assert not any(row["to_rename"] for row in entries.values())
    renamed = {row["creation"]: row for row in entries.values() if row["creation"] in waiting}
    for creation, before in waiting.items():
        after = renamed[creation]
        changed = {field for field in after if after[field] != before[field]}
        assert changed == {"name", "modified", "to_rename"}
        assert after["name"].startswith("ACC-GLE-")
    made = [renamed[creation]["name"] for creation in sorted(waiting)]
    assert made == sorted(made)
    gone = next(iter(waiting.values()))["name"]
    assert (await site.send("GET", f"/api/resource/GL Entry/{gone}")).status_code == 404


async def test_an_answer_that_succeeds_may_carry_a_message(site: Asking) -> None:
    await site.send("POST", "/__sandbox/message")

    first = (await site.ask("Currency")).json()
    second = (await site.ask("Currency")).json()

    assert set(first) == {"data", "_server_messages"}
    assert set(second) == {"data"}
    assert first["data"] == second["data"]


async def test_a_contact_moves_its_own_rows_and_an_address_its_party(site: Asking) -> None:
    documents = site.box.store.documents
    customer = next(row for row in documents["Customer"].values() if row["customer_primary_address"])
    link = ["Dynamic Link", "link_name", "=", customer["name"]]
    (contact, *_) = await site.list("Contact", filters=[link, ["Dynamic Link", "link_doctype", "=", "Customer"]])
    before = customer["modified"]

    await _put(site, "Contact", contact["name"], {"designation": "CFO"})
    after_contact = customer["modified"]
    changed = await site.get("Contact", contact["name"])
    await _put(site, "Address", customer["customer_primary_address"], {"city": "York"})

    assert after_contact == before
    assert {row["modified"] for row in changed["links"]} == {changed["modified"]}
    assert customer["modified"] > before
    assert "York" in customer["primary_address"]
