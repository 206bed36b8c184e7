"""The full size: a year of a busy trade, made fast, every voucher balanced, its own truth in its trial balance."""

from __future__ import annotations

import time
from collections import Counter
from decimal import Decimal

from providers.brightpearl.sandbox import create_sandbox
from providers.brightpearl.sandbox.odd_names import ODD_NAMES
from providers.brightpearl.sandbox.store import SIGNS, TYPES
from tests.world import World, served

BOX = create_sandbox(size="full", requests_per_minute=None)
STORE = BOX.store
FILL_SECONDS_MAX = 4.0
CODES = {"SI", "SC", "SR", "PI", "PC", "PP", "BP", "BR", "BT", "EX", "GO", "PG", "SG", "IA", "LC", "OB", "JJ"}


def test_it_is_made_in_less_than_four_seconds_of_work() -> None:
    before = time.process_time()

    create_sandbox(seed=3, size="full")

    assert time.process_time() - before < FILL_SECONDS_MAX


def test_it_holds_two_thousand_contacts_and_five_thousand_orders_of_a_year() -> None:
    flags = [contact["relationshipToAccount"] for contact in STORE.contacts.values()]
    orders = Counter(order["orderTypeCode"] for order in STORE.orders.values())
    placed = sorted(order["placedOn"][:7] for order in STORE.orders.values())

    assert len(STORE.contacts) >= 2_000
    assert sum(flag["isSupplier"] for flag in flags) >= 500
    assert sum(not any(flag.values()) for flag in flags) >= 1_000
    assert len(STORE.orders) >= 5_000
    assert all(orders[code] >= 150 for code in ("SO", "PO", "SC", "PC"))
    assert len(set(placed)) >= 12
    assert {order["currency"]["orderCurrencyCode"] for order in STORE.orders.values()} == {"USD", "EUR", "GBP"}
    invoiced = Counter(
        order["orderTypeCode"] for order in STORE.orders.values() if order["state"]["tax"] == "INVOICED"
    )
    assert all(invoiced[code] >= 70 for code in ("SO", "PO", "SC", "PC"))


def test_some_contacts_have_been_on_both_sides() -> None:
    sides: dict[int, set[str]] = {}
    for order in STORE.orders.values():
        sides.setdefault(STORE.party_contact(order) or 0, set()).add(TYPES[order["orderTypeCode"]].party)

    assert sum(len(found) == 2 for found in sides.values()) >= 10


def test_its_odd_names_are_all_there_and_each_breaks_something_else() -> None:
    names = {
        (contact["firstName"], contact["lastName"]): contact["organisation"].get("name", "")
        for contact in STORE.contacts.values()
    }
    text = " ".join(part for name in ODD_NAMES for part in name)

    assert len(set(ODD_NAMES)) == len(ODD_NAMES) >= 30
    assert {name[:2] for name in ODD_NAMES} <= set(names)
    assert all(mark in text for mark in ("/", "%", "'", "#", '"', "\\", "👍", "京", "견", "ش", "ג"))
    assert {"Null", "0", "None", "true"} <= {name[0] for name in ODD_NAMES}
    assert max(len(name[2]) for name in ODD_NAMES) > 200


def test_every_journal_balances_in_both_currencies_and_all_kinds_are_there() -> None:
    assert {journal["journalTypeCode"] for journal in STORE.journals.values()} == CODES
    for journal in STORE.journals.values():
        for read in (lambda line: line["change"]["value"], lambda line: line["transactionAmount"]):
            debits, credits = (sum(Decimal(read(line)) for line in journal[side]) for side in ("debits", "credits"))
            assert debits == credits, journal


def test_the_trial_balance_comes_to_nothing_in_each_currency() -> None:
    balance = STORE.trial_balance()

    assert {code for _, code in balance} == {"USD", "EUR", "GBP"}
    assert {nominal for nominal, _ in balance} >= {"1100", "1200", "1210", "2100", "2200", "2201", "4000", "5000"}
    for currency in ("USD", "EUR", "GBP"):
        mine = [each for (_, code), each in balance.items() if code == currency]
        assert sum(each.base for each in mine) == sum(each.own for each in mine) == 0
        assert all(each.base_debit >= 0 and each.base_credit >= 0 for each in mine)


def test_the_trial_balance_is_told_by_journals_alone() -> None:
    # What customers owe is what was invoiced less what was credited and paid, all of it booked.
    owed = sum(each.base for (nominal, _), each in STORE.trial_balance().items() if nominal == "1100")
    signs = {"SI": 1, "SC": -1}
    invoiced = sum(
        signs[{"SO": "SI", "SC": "SC"}[order["orderTypeCode"]]] * Decimal(order["totalValue"]["baseTotal"])
        for order in STORE.orders.values()
        if order["orderTypeCode"] in ("SO", "SC") and order["state"]["tax"] == "INVOICED"
    )
    paid = sum(
        (-1 if payment["paymentType"] == "PAYMENT" else 1)
        * Decimal(STORE.journals[payment["journalId"]]["debits"][0]["change"]["value"])
        for payment in STORE.payments["customer"].values()
        if payment["journalId"] is not None
    )

    assert owed == invoiced - paid


def test_nothing_is_paid_beyond_its_order_and_deposits_come_before_invoices() -> None:
    deposits = 0
    for order in STORE.orders.values():
        kind = TYPES[order["orderTypeCode"]]
        payments = STORE.payments_of(order)
        sign = -1 if order["orderTypeCode"] in ("SC", "PC") else 1
        paid = sign * sum(
            SIGNS[kind.party].get(row["paymentType"], 0) * Decimal(row["amountPaid"]) for row in payments
        )
        assert 0 <= paid <= max(Decimal(order["totalValue"]["total"]), Decimal(0)), order["id"]
        closed = order.get("closedOn")
        deposits += bool(payments) and closed is not None and payments[0]["paymentDate"][:10] < closed[:10]

    assert deposits >= 40


def test_tax_adds_up_to_the_cent_from_rows_to_journals() -> None:
    booked: dict[int, Decimal] = {}
    for journal in STORE.journals.values():
        if journal["journalTypeCode"] in ("SI", "SC", "PI", "PC"):
            for line in (*journal["debits"], *journal["credits"]):
                if line["nominalCode"] in ("2200", "2201"):
                    booked[line["orderId"]] = Decimal(line["transactionAmount"])
    for order in STORE.orders.values():
        rows = order["orderRows"].values()
        tax = sum((Decimal(row["rowValue"]["rowTax"]["value"]) for row in rows), Decimal(0))
        assert tax == Decimal(order["totalValue"]["taxAmount"])
        if order["id"] in booked:
            assert booked[order["id"]] == tax


def test_lines_are_analysed_and_rates_move_with_the_months() -> None:
    lines = [line for journal in STORE.journals.values() for line in (*journal["debits"], *journal["credits"])]
    rates = {
        (order["currency"]["orderCurrencyCode"], order["currency"]["exchangeRate"])
        for order in STORE.orders.values()
    }

    assert {name for line in lines for name in line["assignment"]} == {"channelId", "projectId", "leadSourceId"}
    assert any(
        len({str(line["assignment"]) for line in journal["debits"]}) > 1 for journal in STORE.journals.values()
    )
    assert len([code for code, _ in rates if code == "EUR"]) >= 10
    assert [code for code, _ in rates if code == "USD"] == ["USD"]
    for order in STORE.orders.values():
        totals, rate = order["totalValue"], Decimal(order["currency"]["exchangeRate"])
        assert abs(Decimal(totals["baseNet"]) - Decimal(totals["net"]) / rate) <= Decimal("0.005")


async def test_its_odd_contacts_and_its_journals_come_whole_through_the_gateway(light: World) -> None:
    async with served(BOX.app) as url:
        account_id = await light.brightpearl(url)
        journals = await light.walk("journal_entries", account_id, limit=500)
        contacts = await light.walk("contacts", account_id, limit=200)

    assert [record["id"] for record in journals] == [str(number) for number in sorted(STORE.journals)]
    assert {(record["first_name"] or "", record["last_name"] or "") for record in contacts} >= {
        name[:2] for name in ODD_NAMES
    }
