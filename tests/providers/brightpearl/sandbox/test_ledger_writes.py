"""Journals and invoices posted: booked in balance or not at all, told by the trial balance, owed by contacts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from tests.providers.brightpearl.sandbox.conftest import Talk

LEDGER = "accounting-service"


def moved(talk: Talk, nominal: str, currency: str = "USD") -> Decimal:
    found = talk.store.trial_balance().get((nominal, currency))
    return found.own if found else Decimal(0)


def contact(talk: Talk, *, is_supplier: bool) -> int:
    return next(
        number
        for number, each in talk.store.contacts.items()
        if each["relationshipToAccount"] == {"isSupplier": is_supplier, "isStaff": False}
    )


def entry(rows: Iterable[dict[str, Any]], **header: Any) -> dict[str, Any]:
    return {
        "header": {"journalType": "JJ", "journalDate": "2026-06-08", "currencyId": 1, **header},
        "rows": list(rows),
    }


RENT = {"nominalCode": "7100", "debit": "10.00", "channelId": 1, "projectId": 3}
BANK = {"nominalCode": "1200", "credit": "10.00", "taxCode": "N"}


async def test_an_entry_is_booked_with_the_analysis_of_its_lines(talk: Talk) -> None:
    before = moved(talk, "7100")

    number = await talk.write("POST", f"{LEDGER}/journal-entry", entry([RENT, BANK], description="Rent = June"))

    [journal] = (await talk.get(f"{LEDGER}/journal/{number}"))["journals"]
    assert journal["debits"][0]["assignment"] == {"channelId": 1, "projectId": 3}
    assert (journal["journalTypeCode"], journal["description"]) == ("JJ", "Rent = June")
    assert moved(talk, "7100") - before == Decimal("10.00")
    lines = await talk.rows(f"{LEDGER}/journal-search?nominalCode=7100&sort=journalRowId.DESC&pageSize=1")
    assert (lines[0]["journalId"], lines[0]["journalDebit"]) == (number, "10.00")


async def test_an_entry_in_euros_stands_in_both_currencies(talk: Talk) -> None:
    rows = [{"nominalCode": "7100", "debit": "9.21"}, {"nominalCode": "1210", "credit": 9.21, "taxCode": "N"}]

    number = await talk.write("POST", f"{LEDGER}/journal-entry", entry(rows, currencyId=2, exchangeRate="0.921000"))

    journal = talk.store.journals[number]
    assert [(line["transactionAmount"], line["change"]["value"]) for line in journal["debits"]] == [
        ("9.21", "10.00")
    ]


@pytest.mark.parametrize(
    "given",
    [
        entry([RENT, {**BANK, "credit": "10.01"}]),
        entry([RENT, {**BANK, "taxCode": ""}]),
        entry([RENT, {**BANK, "nominalCode": "9998"}]),
        entry([RENT, {**BANK, "nominalCode": "0000"}]),
        entry([RENT, {**BANK, "credit": "10.001"}]),
        entry([RENT, BANK], journalDate="2024-06-08"),
        entry([RENT, BANK], journalDate="June"),
        entry([RENT, BANK], exchangeRate="1.1"),
        entry([RENT, BANK], currencyId=2),
        entry([RENT, BANK], currencyId=9),
        entry([RENT, BANK], journalType=""),
        {"rows": [RENT, BANK]},
    ],
    ids=(
        *("unbalanced", "bank without tax code", "inactive", "unknown nominal", "three places", "closed period"),
        *("no date", "base rate", "no rate", "no such currency", "no type", "no header"),
    ),
)
async def test_an_entry_that_cannot_stand_is_refused_and_books_nothing(talk: Talk, given: dict[str, Any]) -> None:
    before = len(talk.store.journals)

    answer = await talk.ask(f"{LEDGER}/journal-entry", "POST", given)

    assert answer.status_code >= 400
    assert len(talk.store.journals) == before


async def test_an_invoice_is_owed_until_it_is_paid(talk: Talk) -> None:
    customer = contact(talk, is_supplier=False)
    balance = f"{LEDGER}/contact/{customer}/currency/USD/balance"
    before = Decimal(await talk.get(balance) or "0")
    header = {"contactId": customer, "taxDate": "2026-07-14", "dueDate": "2026-08-14", "currencyId": 1}
    lines = [{"net": 10.00, "tax": 2.00, "nominalCode": "4000", "taxClassId": 4, "channelId": 1}]

    number = await talk.write("POST", f"{LEDGER}/invoice/sales-invoice", {"header": header, "lines": lines})
    owed = Decimal(await talk.get(balance)) - before
    paid = {"invoiceRef": "", "value": "11.50", "adjustment": {"value": "0.50", "nominalCode": "7901"}}
    receipt = {"header": {**header, "bankAccountNominalCode": "1200"}, "payments": [paid]}
    receipt_number = await talk.write("POST", f"{LEDGER}/invoice/sales-receipt", receipt)

    assert owed == Decimal("12.00")
    assert Decimal(await talk.get(balance)) - before == Decimal("0.50")
    journal = talk.store.journals[number]
    assert {line["nominalCode"]: line["transactionAmount"] for line in journal["credits"]} == {
        "4000": "10.00",
        "2200": "2.00",
    }
    banked = {
        line["nominalCode"]: line["transactionAmount"] for line in talk.store.journals[receipt_number]["debits"]
    }
    assert banked == {"1200": "11.00", "7901": "0.50"}
    rows = await talk.rows(f"{LEDGER}/statement/all-transaction-search?contactId={customer}&sort=journalId.DESC")
    assert (rows[0]["journalId"], rows[0]["invoiceAmount"], rows[0]["journalTypeCode"]) == (number, "12.00", "SI")


async def test_a_bill_needs_a_reference_a_supplier_and_an_account_that_is_no_control(talk: Talk) -> None:
    header = {"contactId": contact(talk, is_supplier=True), "taxDate": "2026-07-14", "currencyId": 1}
    line = {"net": 10.00, "tax": 0.00, "nominalCode": "5000", "taxClassId": 3}
    whole = {"header": {**header, "invoiceRef": "SUP-1"}, "lines": [line]}
    path = f"{LEDGER}/invoice/purchase-invoice"

    assert isinstance(await talk.write("POST", path, whole), int)
    for wrong in (
        {"header": header, "lines": [line]},
        {"header": {**whole["header"], "contactId": contact(talk, is_supplier=False)}, "lines": [line]},
        {"header": whole["header"], "lines": [{**line, "nominalCode": "2100"}]},
        {"header": whole["header"], "lines": [{**line, "taxClassId": 77}]},
        {"header": {**whole["header"], "orderId": 1}, "lines": [line]},
    ):
        assert (await talk.ask(path, "POST", wrong)).status_code >= 400


async def test_periods_follow_each_other_and_a_lock_may_be_missing(talk: Talk) -> None:
    path = f"{LEDGER}/accounting-period"
    number = await talk.write("POST", path, {"startDate": "2027-01-01", "endDate": "2027-12-31"})

    [made] = await talk.get(f"{path}/{number}")
    assert made["endDate"] == "2027-12-31T23:59:59.999Z"
    assert (await talk.refused(path, "POST", {"startDate": "2027-06-01", "endDate": "2028-05-31"}))[0] == 500
    assert {each["endDate"] for each in await talk.get(path)} >= {"2025-12-31T23:59:59:999Z"}
    assert (await talk.get(f"{LEDGER}/accounting-period-lock"))["lockedUntil"] == "2025-09-30"
    talk.store.lists["accounting-period-lock"].clear()
    answer = await talk.ask(f"{LEDGER}/accounting-period-lock")
    assert answer.json()["errors"][0]["message"] == "No accounting period lock is set "


async def test_methods_and_rates_are_added_where_they_can_be(talk: Talk) -> None:
    method = {"name": "Shop till", "code": "till", "bankAccounts": [_account("USD", "1230")]}
    number = await talk.write("POST", f"{LEDGER}/payment-method", method)

    [made] = await talk.get(f"{LEDGER}/payment-method/{number}")
    assert (made["code"], made["bankAccounts"][0]["paymentMethodId"]) == ("TILL", number)
    assert (await talk.refused(f"{LEDGER}/payment-method", "POST", method))[0] == 500
    euros = {"name": "Euro till", "code": "EUR", "bankAccounts": [_account("EUR", "1210")]}
    assert (await talk.refused(f"{LEDGER}/payment-method", "POST", euros))[0] == 500
    rate = {"rateActiveFrom": "2026-11-03T00:00:00.000Z", "rate": 0.95}
    assert await talk.write("POST", f"{LEDGER}/currency/2/exchange-rate", rate) == 1
    rates = [row["rate"] for row in await talk.get(f"{LEDGER}/exchange-rate") if row["currencyId"] == 2]
    assert rates == [0.95, 0.921]
    assert (await talk.refused(f"{LEDGER}/currency/1/exchange-rate", "POST", rate))[0] == 500


def _account(currency: str, nominal: str) -> dict[str, str]:
    return {"currencyIsoCode": currency, "bankAccountNominalCode": nominal}
