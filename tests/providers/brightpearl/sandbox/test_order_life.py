"""What becomes of orders: notes, closing with the journal it books, and the flat form of sales."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.providers.brightpearl.sandbox.conftest import Talk

ORDER = "order-service/order"
PURCHASE_CLOSE = "order-service/purchase-order/close"


async def test_notes_come_order_by_order_and_with_a_status(talk: Talk) -> None:
    order = talk.order("SO")
    number, before = order["id"], order["orderStatus"]["orderStatusId"]
    first = await talk.write("POST", f"{ORDER}/{number}/note", {"text": "Call = back"})
    await talk.write("PUT", f"{ORDER}/{number}/status", {"orderStatusId": 2, "orderNote": {"text": "Sent"}})

    notes = [note for note in await talk.get(f"{ORDER}/{number}/note") if note["noteId"] >= first]
    assert [(note["text"], note["orderStatusId"]) for note in notes] == [("Call = back", before), ("Sent", 2)]
    [one] = await talk.get(f"{ORDER}/{number}/note/{first}")
    assert one == notes[0]
    found = await talk.rows(f"order-service/order-note-search?noteText=CALL%20%3D&orderId={number}")
    assert [row["noteId"] for row in found] == [first]
    assert (await talk.refused(f"{ORDER}/{number}/note/99999"))[0] == 404


async def test_a_closed_purchase_is_booked_locked_and_for_once_pending(talk: Talk) -> None:
    order = talk.order("PO")
    before = talk.store.trial_balance()["2100", order["currency"]["orderCurrencyCode"]].own
    given = {
        "invoiceReference": "SUP/1",
        "taxDate": "2026-10-31",
        "dueDate": "2026-11-30",
        "orderIds": [order["id"]],
    }

    assert await talk.write("POST", PURCHASE_CLOSE, given) is None

    seen = [(await talk.get(f"{ORDER}/{order['id']}"))[0] for _ in range(2)]
    assert [each["invoices"][0]["invoiceReference"] for each in seen] == ["pending", "SUP/1"]
    assert (seen[1]["state"], seen[1]["orderStatus"]["orderStatusId"]) == ({"tax": "INVOICED"}, 8)
    [control] = await talk.rows(f"accounting-service/journal-search?orderId={order['id']}&nominalCode=2100")
    assert (control["journalType"], control["invoiceReference"]) == ("PI", "SUP/1")
    after = talk.store.trial_balance()["2100", order["currency"]["orderCurrencyCode"]].own
    assert before - after == Decimal(order["totalValue"]["total"])
    assert (await talk.ask(PURCHASE_CLOSE, "POST", given)).status_code >= 400
    row = {"productName": "x", "quantity": {"magnitude": 1}, "rowValue": {"taxCode": "N"}}
    assert (await talk.ask(f"{ORDER}/{order['id']}/row", "POST", row)).status_code >= 400


@pytest.mark.parametrize(("code", "name", "journal"), [("SO", "sales-order", "SI"), ("SC", "sales-credit", "SC")])
async def test_a_sale_is_closed_by_its_own_resource(talk: Talk, code: str, name: str, journal: str) -> None:
    order = next(
        each
        for each in talk.store.orders.values()
        if each["orderTypeCode"] == code and each["state"]["tax"] == "READY" and each["orderRows"]
    )

    answer = await talk.ask(f"order-service/{name}/{order['id']}/close", "POST")

    assert answer.json() == {}
    [flat] = await talk.get(f"order-service/{name}/{order['id']}")
    assert flat["invoice"]["invoiceReference"].endswith(f"-{order['id']}")
    lines = await talk.rows(f"accounting-service/journal-search?orderId={order['id']}&journalType={journal}")
    assert {line["nominalCode"] for line in lines} >= {"1100", "4000"}


async def test_one_credit_at_a_time_is_closed_and_only_those_of_the_type(talk: Talk) -> None:
    credits = [
        number
        for number, order in talk.store.orders.items()
        if order["orderTypeCode"] == "PC" and order["state"]["tax"] == "READY"
    ]
    path, given = "order-service/purchase-credit/close", {"invoiceReference": "CR-1"}

    assert (await talk.ask(path, "POST", {**given, "orderIds": credits[:2]})).status_code >= 400
    assert await talk.write("POST", path, {**given, "orderIds": credits[:1]}) is None
    assert await talk.refused(PURCHASE_CLOSE, "POST", {**given, "orderIds": credits[1:2]}) == (400, "ORDC-003")


async def test_flat_sales_say_what_their_orders_say(talk: Talk) -> None:
    addresses = (await talk.ask("order-service/sales-order", "OPTIONS")).json()["response"]["getUris"]
    flats = [flat for address in addresses for flat in await talk.get(f"order-service{address}")]

    mine = {number: order for number, order in talk.store.orders.items() if order["orderTypeCode"] == "SO"}
    assert {flat["id"] for flat in flats} == set(mine)
    for flat in flats:
        order = mine[flat["id"]]
        assert flat["total"]["gross"] == order["totalValue"]["total"]
        assert flat["ref"] == order["reference"]
        assert [row["tax"] for row in flat["rows"]] == [
            row["rowValue"]["rowTax"]["value"] for row in order["orderRows"].values()
        ]
    rows = await talk.rows("order-service/sales-order-search?orderPaymentStatus=PAID")
    assert {row["salesOrderId"] for row in rows} == {
        number for number, order in mine.items() if order["orderPaymentStatus"] == "PAID"
    }
