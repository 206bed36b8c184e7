"""The sandbox's books add up: vouchers, taxes, payments, what parties owe, whatever number they are made from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.sandbox import ErpnextSandbox, create_sandbox
from providers.erpnext.sandbox.balances import money
from providers.erpnext.sandbox.totals import base_payable, payable

Row = dict[str, Any]
INVOICES = ("Sales Invoice", "Purchase Invoice")
ZERO = Decimal(0)


@pytest.fixture(scope="module", params=[("small", 1), ("small", 2), ("small", 77), ("full", 1)], ids=str)
def box(request: pytest.FixtureRequest) -> ErpnextSandbox:
    """Books of each size, and from several numbers."""
    size, seed = request.param
    return create_sandbox(size=size, seed=seed)


def _rows(box: ErpnextSandbox, *doctypes: str) -> Iterator[tuple[str, Row]]:
    for doctype in doctypes:
        for row in box.store.documents[doctype].values():
            yield doctype, row


def _asked(row: Row) -> Decimal:
    """What an invoice asks for, in its party account's currency."""
    return payable(row) if row["party_account_currency"] == row["currency"] else base_payable(row)


def test_every_voucher_balances(box: ErpnextSandbox) -> None:
    sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for _, row in _rows(box, "GL Entry"):
        key = (row["voucher_type"], row["voucher_no"], row["is_cancelled"])
        sums[key] += money(row["debit"]) - money(row["credit"])

    assert {key: value for key, value in sums.items() if value} == {}
    submitted = [
        (doctype, row["name"], 0 if row["docstatus"] == 1 else 1)
        for doctype, row in _rows(box, *INVOICES, "Payment Entry", "Journal Entry")
        if row["docstatus"] in (1, 2)
    ]
    assert set(sums) == set(submitted)


def test_an_account_in_the_companys_currency_has_the_same_amount_twice(box: ErpnextSandbox) -> None:
    accounts, companies = box.store.documents["Account"], box.store.documents["Company"]
    for _, row in _rows(box, "GL Entry"):
        assert row["account_currency"] == accounts[row["account"]]["account_currency"]
        system_made = row["voucher_subtype"] == "Exchange Gain Or Loss"
        if row["account_currency"] == companies[row["company"]]["default_currency"] and not system_made:
            assert (row["debit"], row["credit"]) == (
                row["debit_in_account_currency"],
                row["credit_in_account_currency"],
            )


def test_the_trial_balance_of_each_company_comes_to_nothing(box: ErpnextSandbox) -> None:
    for company in box.store.documents["Company"]:
        balances = box.trial_balance(company).values()

        assert sum((balance.net for balance in balances), ZERO) == ZERO
        assert len({balance.account_currency for balance in balances}) == 3


def test_lines_taxes_and_dates_add_up_to_the_cent(box: ErpnextSandbox) -> None:
    for doctype, row in _rows(box, *INVOICES, "Sales Order", "Purchase Order"):
        net = sum((money(line["net_amount"]) for line in row["items"]), ZERO)
        tax = sum((money(each["tax_amount"]) for each in row["taxes"]), ZERO)
        dates = sum((money(each["payment_amount"]) for each in row["payment_schedule"]), ZERO)
        told = (money(row["net_total"]), money(row["total_taxes_and_charges"]), money(row["grand_total"]))
        assert told == (net, tax, net + tax), (doctype, row["name"])
        for each in row["taxes"]:
            if each["charge_type"] == "On Net Total":
                detail = json.loads(each["item_wise_tax_detail"]).values()
                base = sum((money(share) for _, share in detail), ZERO)
                assert abs(money(each["base_tax_amount"]) - base) <= Decimal("0.012")
                assert {percent for percent, _ in detail} <= {each["rate"], 5.0}
                if {percent for percent, _ in detail} == {each["rate"]}:
                    exact = net * money(each["rate"]) / 100
                    assert abs(money(each["tax_amount"]) - exact) <= Decimal("0.005")
        if row["taxes"]:
            assert money(row["taxes"][-1]["total"]) == net + tax
        if row["payment_schedule"]:
            assert dates == payable(row), (doctype, row["name"])


def test_no_payment_is_above_its_document_and_each_invoice_tells_what_is_left(box: ErpnextSandbox) -> None:
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for _, row in _rows(box, "Payment Entry"):
        assert row["unallocated_amount"] >= 0
        for reference in row["references"] if row["docstatus"] == 1 else ():
            paid[reference["reference_doctype"], reference["reference_name"]] += money(
                reference["allocated_amount"]
            )

    for doctype, row in _rows(box, *INVOICES):
        settled = paid.pop((doctype, row["name"]), ZERO)
        assert abs(settled) <= abs(_asked(row)), row["name"]
        if row["docstatus"] != 1 or row["status"] in ("Credit Note Issued", "Debit Note Issued"):
            continue
        if row["update_outstanding_for_self"]:
            assert money(row["outstanding_amount"]) == _asked(row) - settled, row["name"]
    for (doctype, name), settled in paid.items():
        order = box.store.documents[doctype][name]
        assert settled <= payable(order)
        assert money(order["advance_paid"]) == settled


def test_what_parties_owe_is_what_their_invoices_ask_for(box: ErpnextSandbox) -> None:
    owed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for _, row in _rows(box, "Payment Ledger Entry"):
        if not row["delinked"]:
            key = (row["against_voucher_type"], row["against_voucher_no"])
            owed[key] += money(row["amount_in_account_currency"])

    for doctype, row in _rows(box, *INVOICES):
        if row["docstatus"] == 1:
            assert owed[doctype, row["name"]] == money(row["outstanding_amount"]), row["name"]


def test_a_cancelled_voucher_keeps_its_rows_and_as_many_that_say_the_opposite(box: ErpnextSandbox) -> None:
    cancelled = [(doctype, row) for doctype, row in _rows(box, *INVOICES) if row["docstatus"] == 2]
    assert cancelled
    ledger: dict[str, list[Row]] = defaultdict(list)
    for _, row in _rows(box, "GL Entry"):
        ledger[row["voucher_no"]].append(row)

    for _, document in cancelled[:20]:
        rows = ledger[document["name"]]
        assert {row["is_cancelled"] for row in rows} == {1}
        assert {row["posting_date"] for row in rows} == {document["posting_date"]}
        sides = sorted((row["account"], row["debit"], row["credit"]) for row in rows)
        assert sides == sorted((row["account"], row["credit"], row["debit"]) for row in rows)


def test_no_two_rows_of_the_ledger_were_made_at_one_moment(box: ErpnextSandbox) -> None:
    rows = box.store.documents["GL Entry"].values()

    assert len({row["creation"] for row in rows}) == len(rows)


def test_an_exchange_difference_is_nothing_in_the_partys_currency(box: ErpnextSandbox) -> None:
    made = [row for _, row in _rows(box, "Journal Entry") if row["is_system_generated"]]

    assert made
    for row in made:
        assert row["voucher_type"] == "Exchange Gain Or Loss"
        assert {each["debit_in_account_currency"] for each in row["accounts"]} == {0.0}
        assert {each["credit_in_account_currency"] for each in row["accounts"]} == {0.0}
        assert row["total_debit"] == row["total_credit"] > 0
        assert [each["reference_type"] for each in row["accounts"]][1] == "Payment Entry"
