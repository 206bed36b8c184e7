"""Writes: an id with 200, whole objects after a patch, tax and payment status worked out anew."""

from decimal import Decimal
from typing import Any

import pytest

from providers.brightpearl.sandbox import Quirks
from tests.providers.brightpearl.sandbox.conftest import Talk

ORDER = "order-service/order"


def payment(order: dict[str, Any], kind: str, amount: str, **more: Any) -> dict[str, Any]:
    """The body of a payment."""
    return {
        "paymentMethodCode": "BANK",
        "paymentType": kind,
        "orderId": order["id"],
        "currencyIsoCode": order["currency"]["orderCurrencyCode"],
        "paymentDate": "2026-11-02",
        "amountPaid": float(amount),
        **more,
    }


async def new_order(talk: Talk, code: str = "PO") -> int:
    """An order made over the API."""
    party = "supplier" if code == "PO" else "customer"
    wants_supplier = code == "PO"
    contact = next(
        number
        for number, each in talk.store.contacts.items()
        if each["relationshipToAccount"] == {"isSupplier": wants_supplier, "isStaff": False}
    )
    body = {"orderTypeCode": code, "parties": {party: {"contactId": contact}}}
    return int(await talk.write("POST", f"{ORDER}/", body))


async def test_a_new_order_has_no_rows_and_was_never_changed(talk: Talk) -> None:
    number = await new_order(talk)

    (order,) = await talk.get(f"{ORDER}/{number}")
    assert order["orderRows"] == {}
    assert (order["orderPaymentStatus"], order["stockStatusCode"]) == ("NOT_APPLICABLE", "NON")
    assert "updatedOn" not in order
    assert order["createdOn"] == "2026-11-02T06:00:20.000-06:00"


async def test_a_row_moves_totals_status_and_updated_on_and_a_new_net_brings_a_new_tax(talk: Talk) -> None:
    number = await new_order(talk)
    value = {"taxCode": "13", "rowNet": {"value": 100}, "rowTax": {"value": 13}}
    body = {"productName": "Free text", "quantity": {"magnitude": 5}, "rowValue": value}

    row = await talk.write("POST", f"{ORDER}/{number}/row", body)
    patch = [{"op": "replace", "path": "/rowValue/rowNet/value", "value": 200}]
    patched = await talk.write("PATCH", f"{ORDER}/{number}/row/{row}", patch)

    assert patched["rowValue"]["rowNet"]["value"] == "200.0000"
    assert patched["rowValue"]["rowTax"]["value"] == "26.00"
    (order,) = await talk.get(f"{ORDER}/{number}")
    assert order["totalValue"]["total"] == "226.00"
    assert order["orderPaymentStatus"] == "UNPAID"
    assert order["updatedOn"] == "2026-11-02T06:00:20.000-06:00"
    assert await talk.write("DELETE", f"{ORDER}/{number}/row/{row}", None) is None
    assert talk.store.orders[number]["totalValue"]["total"] == "0.00"


async def test_payments_change_what_is_paid_and_stamp_the_order(talk: Talk) -> None:
    order = talk.order("PO", changed=False)
    total = order["totalValue"]["total"]
    part = str(Decimal(total) - 1)
    seen = []

    for body in (payment(order, "PAYMENT", part), payment(order, "PAYMENT", "1"), payment(order, "RECEIPT", "1")):
        await talk.write("POST", "accounting-service/supplier-payment", body)
        seen.append(order["orderPaymentStatus"])

    assert seen == ["PARTIALLY_PAID", "PAID", "PARTIALLY_PAID"]
    (whole,) = await talk.get(f"{ORDER}/{order['id']}")
    assert whole["updatedOn"] == "2026-11-02T06:00:20.000-06:00"
    answer = await talk.ask(f"accounting-service/purchase-payment-total/{order['id']}")
    assert f'"amountPaid":{part}' in answer.text
    rows = await talk.rows(f"accounting-service/supplier-payment-search?orderId={order['id']}")
    assert [row["paymentType"] for row in rows] == ["PAYMENT", "PAYMENT", "RECEIPT"]
    assert {row["paymentDate"] for row in rows} == {"2026-11-02T00:00:00.000-06:00"}


async def test_an_authorisation_pays_nothing_until_it_is_captured(talk: Talk) -> None:
    order = talk.order("SO")
    total = order["totalValue"]["total"]
    held = payment(order, "AUTH", "0", amountAuthorized=float(total), authorizationExpiry="2026-11-09T00:00:00Z")

    await talk.write("POST", "accounting-service/customer-payment", held)
    authorised = order["orderPaymentStatus"]
    await talk.write("POST", "accounting-service/customer-payment", payment(order, "CAPTURE", total))

    assert (authorised, order["orderPaymentStatus"]) == ("AUTHORIZED", "PAID")


@pytest.mark.parametrize("talk", [{"quirks": Quirks(purchase_total_sign=-1)}], indirect=True)
async def test_the_sign_of_purchase_totals_is_a_choice_and_unpaid_orders_have_no_currency(talk: Talk) -> None:
    unpaid = talk.order("PO")
    paid = next(row for row in talk.store.payments["supplier"].values() if row["paymentType"] == "PAYMENT")

    (none,) = await talk.get(f"accounting-service/purchase-payment-total/{unpaid['id']}")
    (some,) = await talk.get(f"accounting-service/purchase-payment-total/{paid['orderId']}")

    assert none == {"orderId": unpaid["id"], "amountPaid": 0.0}
    assert some["amountPaid"] < 0


async def test_a_payment_in_another_currency_or_of_the_other_side_is_refused(talk: Talk) -> None:
    order = talk.order("PO")
    other = "GBP" if order["currency"]["orderCurrencyCode"] != "GBP" else "USD"

    foreign = payment(order, "PAYMENT", "1") | {"currencyIsoCode": other}
    answers = [
        await talk.refused("accounting-service/supplier-payment", "POST", foreign),
        await talk.refused("accounting-service/customer-payment", "POST", payment(order, "RECEIPT", "1")),
    ]

    assert answers == [(500, "CMNU-003"), (400, "ORDC-003")]


async def test_a_patch_takes_the_listed_paths_with_their_operations_and_all_or_nothing(talk: Talk) -> None:
    number = await new_order(talk, "SO")
    good = {"op": "replace", "path": "/reference", "value": "A=1"}
    day = {"op": "replace", "path": "/delivery/deliveryDate", "value": "2027-01-20"}

    bad_path = await talk.refused(f"{ORDER}/{number}", "PATCH", [good, {**good, "path": "/warehouse"}])
    bad_op = await talk.refused(f"{ORDER}/{number}", "PATCH", [good, {**good, "op": "add"}])
    untouched = talk.store.orders[number]["reference"]
    patched = await talk.write("PATCH", f"{ORDER}/{number}", [good, day])

    assert (bad_path, bad_op, untouched) == ((400, "CMNC-043"), (500, "CMNC-044"), "")
    assert patched["reference"] == "A=1"
    # Sent as a day, it comes back as midnight in UTC, which is the day before here.
    assert patched["delivery"]["deliveryDate"] == "2027-01-19T18:00:00.000-06:00"
    # Recorded: the answer to the first change does not show it yet.
    assert "updatedOn" not in patched
    assert "updatedOn" in (await talk.get(f"{ORDER}/{number}"))[0]


async def test_a_contact_is_patched_whole_and_stamped(talk: Talk) -> None:
    number = max(talk.store.contacts)
    patch = [
        {"op": "replace", "path": "/firstName", "value": "Jo"},
        {"op": "add", "path": "/communication/emails/TER/email", "value": "c@example.com"},
    ]

    contact = await talk.write("PATCH", f"contact-service/contact/{number}", patch)

    assert (contact["firstName"], contact["communication"]["emails"]["TER"]["email"]) == ("Jo", "c@example.com")
    assert contact["updatedOn"] == "2026-11-02T06:00:20.000-06:00"


async def test_a_status_moves_only_to_one_of_its_own_type(talk: Talk) -> None:
    number = await new_order(talk)

    wrong = await talk.refused(f"{ORDER}/{number}/status", "PUT", {"orderStatusId": 3})
    answer = await talk.ask(f"{ORDER}/{number}/status", "PUT", {"orderStatusId": 7})

    assert wrong == (500, "CMNU-003")
    assert (answer.status_code, answer.json()) == (200, {})
    assert talk.store.orders[number]["orderStatus"]["name"] == "Placed with supplier"


async def test_custom_fields_change_without_moving_updated_on(talk: Talk) -> None:
    number = await new_order(talk)
    add = {"op": "add", "path": "/PCF_SEGMENT", "value": {"id": 160}}
    path = f"{ORDER}/{number}/custom-field"

    wrong_type = await talk.refused(path, "PATCH", [{**add, "value": "160"}])
    absent = await talk.refused(path, "PATCH", [{**add, "op": "remove"}])
    fields = await talk.write("PATCH", path, [add, {"op": "add", "path": "/PCF_BOXES", "value": "12"}])

    assert (wrong_type, absent) == ((500, "CMNU-003"), (400, "CMNC-038"))
    assert fields == {"PCF_SEGMENT": {"id": 160, "value": "Global"}, "PCF_BOXES": 12}
    assert "updatedOn" not in talk.store.orders[number]


async def test_several_messages_are_one_call_and_stop_where_told(talk: Talk) -> None:
    number = await new_order(talk)
    value = {"taxCode": "T", "rowNet": {"value": 10}}
    good = {
        "label": "a",
        "uri": f"/order-service/order/{number}/row",
        "httpMethod": "POST",
        "body": {"productName": "x", "quantity": {"magnitude": 1}, "rowValue": value},
    }
    bad = {**good, "label": "b", "body": {}}

    fine = await talk.ask("multi-message", "POST", {"messages": [good, {**good, "label": "c"}]})
    stopped = await talk.ask("multi-message", "POST", {"onFail": "STOP", "messages": [bad, good]})
    many = await talk.ask("multi-message", "POST", {"messages": [good] * 11})

    assert (fine.status_code, stopped.status_code, many.status_code) == (200, 207, 500)
    done = fine.json()["response"]["processedMessages"]
    assert done[0]["body"]["content"] == f'{{"response":{min(map(int, talk.store.orders[number]["orderRows"]))}}}'
    assert stopped.json()["response"]["unprocessedMessages"] == ["a"]
    assert len(talk.store.orders[number]["orderRows"]) == 2
