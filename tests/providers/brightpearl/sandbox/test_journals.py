"""The sandbox's journals: balanced, in line with orders and payments, and read whole through the gateway."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from providers.brightpearl.sandbox import create_sandbox
from providers.brightpearl.sandbox.store import CUSTOMER, SUPPLIER
from tests.providers.brightpearl.sandbox.conftest import Talk
from tests.world import World, served

STORE = create_sandbox().store


def total(lines: Iterable[dict[str, Any]], *nominals: str) -> Decimal:
    return sum(
        (Decimal(line["change"]["value"]) for line in lines if not nominals or line["nominalCode"] in nominals),
        Decimal(0),
    )


def test_every_journal_balances_in_the_books_and_in_its_own_currency() -> None:
    assert len(STORE.journals) > 1_000
    assert {journal["journalTypeCode"] for journal in STORE.journals.values()} == {
        *("SI", "SC", "SR", "PI", "PC", "PP", "BP", "BR", "BT", "JJ", "OB"),
    }
    for journal in STORE.journals.values():
        debits, credits = journal["debits"], journal["credits"]
        own = [sum(Decimal(line["transactionAmount"]) for line in side) for side in (debits, credits)]
        assert total(debits) == total(credits)
        assert own[0] == own[1]


def test_journals_agree_with_the_orders_and_payments_they_book() -> None:
    codes = {"SO": "SI", "SC": "SC", "PO": "PI", "PC": "PC"}
    invoiced = {
        order["id"]: order
        for order in STORE.orders.values()
        if order["state"]["tax"] == "INVOICED" and order["orderRows"]
    }
    booked = [journal for journal in STORE.journals.values() if journal["journalTypeCode"] in codes.values()]

    assert {journal["debits"][0]["orderId"] for journal in booked} == set(invoiced)
    for journal in booked:
        order = invoiced[journal["debits"][0]["orderId"]]
        assert journal["journalTypeCode"] == codes[order["orderTypeCode"]]
        control = (*journal["debits"], *journal["credits"])
        assert total(control, "1100", "2100") == Decimal(order["totalValue"]["baseTotal"])
    for side in (CUSTOMER, SUPPLIER):
        for payment in STORE.payments[side].values():
            if payment["journalId"] is not None:
                lines = STORE.journals[payment["journalId"]]["debits"]
                assert [line["transactionAmount"] for line in lines] == [payment["amountPaid"]]


async def test_a_payment_is_booked_where_its_method_has_a_bank_account(talk: Talk) -> None:
    order = talk.order("SO")
    number = await talk.write(
        "POST",
        "accounting-service/customer-payment",
        {
            "paymentMethodCode": "BANK",
            "paymentType": "RECEIPT",
            "orderId": order["id"],
            "currencyIsoCode": order["currency"]["orderCurrencyCode"],
            "paymentDate": "2026-11-02",
            "amountPaid": 0.01,
        },
    )
    [row] = await talk.rows(f"accounting-service/customer-payment-search?paymentId={number}")
    has_bank = order["currency"]["orderCurrencyCode"] != "GBP"

    assert (row["journalId"] is not None) is has_bank
    if has_bank:
        lines = await talk.rows(f"accounting-service/journal-search?orderId={order['id']}&journalType=SR")
        assert {line["journalId"] for line in lines} == {row["journalId"]}
    assert (await talk.refused("accounting-service/journal/99999"))[0] == 404


async def test_all_journals_come_once_through_the_gateway_and_balance_there_too(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        records = await light.walk("journal_entries", account_id, limit=37)
        since = await light.walk("journal_entries", account_id, **{"updated_at[gte]": "2026-06-01T00:00:00Z"})
        banks = await light.walk("journal_entries", account_id, type="GENERAL", limit=500)
        got = await light.unified(f"journal_entries/{records[3]['id']}", account_id)

    assert [record["id"] for record in records] == [str(number) for number in sorted(box.store.journals)]
    assert all(record["total_debit"] == record["total_credit"] for record in records)
    assert all(line["account"] for record in records for line in record["lines"])
    assert [record["id"] for record in since] == [
        record["id"] for record in records if record["updated_at"] >= "2026-06-01"
    ]
    assert {record["remote_type"] for record in banks} == {"BP", "BR", "BT", "JJ", "OB"}
    assert got.json()["result"] == records[3]


async def test_all_payments_come_once_through_the_gateway_with_their_banks_and_orders(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        records = await light.walk("payments", account_id, limit=137)
        since = await light.walk("payments", account_id, **{"updated_at[gte]": "2026-06-01T00:00:00Z"})
        got = [await light.unified(f"payments/{record['id']}", account_id) for record in records[:2] + records[-2:]]

    assert [record["id"] for record in records] == [
        f"{side}:{number}" for side in (CUSTOMER, SUPPLIER) for number in sorted(box.store.payments[side])
    ]
    assert [answer.json()["result"] for answer in got] == records[:2] + records[-2:]
    assert [record["id"] for record in since] == [
        record["id"] for record in records if record["updated_at"] >= "2026-06-01"
    ]
    for record in records:
        assert record["contact"]["id"]
        assert (record["account"] is not None) is (record["journal_entry"] is not None)


async def test_the_banks_movements_come_once_through_the_gateway(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        records = await light.walk("transactions", account_id, limit=7)
        got = await light.unified(f"transactions/{records[-1]['id']}", account_id)

    banks = {
        str(number) for number, row in box.store.journals.items() if row["journalTypeCode"] in ("BP", "BR", "BT")
    }
    assert len(records) == len(banks)
    assert {record["id"] for record in records} == banks
    assert all(record["total_amount"] > 0 and (record["account"] or record["account_from"]) for record in records)
    assert got.json()["result"] == records[-1]
