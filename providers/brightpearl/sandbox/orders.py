"""Orders: whole records by id set, made without rows, changed by patch, moved by status."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from providers.brightpearl.sandbox.calls import STAFF_ID, Call
from providers.brightpearl.sandbox.idsets import get_uris, known, shuffled
from providers.brightpearl.sandbox.parties import own_party, party
from providers.brightpearl.sandbox.patches import ORDER, Operation, operations, put, take
from providers.brightpearl.sandbox.replies import Reply, Row, refused, unexplained
from providers.brightpearl.sandbox.store import CUSTOMER, TYPES, OrderType, Store, add_up

REFERENCE_LENGTH_MAX = 64
TEAMLESS = {"staffOwnerContactId": 0, "projectId": 0, "channelId": 0, "leadSourceId": 0, "teamId": 0}
FIELD_SETS = {"SO": "sale", "SC": "sale", "PO": "purchase", "PC": "purchase"}


def get_orders(call: Call) -> Reply:
    """Whole orders, in no order; those that are missing are left out, and no order at all is an empty list."""
    numbers = known(call.store.orders, call.id_set())
    return Reply({"response": [shown(call, call.store.orders[number]) for number in shuffled(numbers)]})


def shown(call: Call, order: Row) -> Row:
    """An order as it is given: custom fields only where they are asked for."""
    optional = call.optional()
    found = {key: value for key, value in order.items() if key != "customFields" or "customFields" in optional}
    if "nullCustomFields" in optional:
        defined = call.store.custom_fields.get(FIELD_SETS[order["orderTypeCode"]], {})
        unset = [code for code in defined if code not in order.get("customFields", {})]
        if unset:
            found["nullCustomFields"] = unset
    if order["id"] in call.store.pending:
        # Closing goes on after its answer: whoever reads at once finds no reference yet.
        call.store.pending.remove(order["id"])
        found["invoices"] = [{**invoice, "invoiceReference": "pending"} for invoice in order["invoices"]]
    return found


def options_orders(call: Call) -> Reply:
    """The addresses that hold these orders."""
    numbers = known(call.store.orders, call.id_set(None))
    return Reply({"response": {"getUris": get_uris("order", numbers)}})


def order_of(call: Call) -> Row:
    """The order that a write is to."""
    order = call.store.orders.get(call.number())
    if order is None:
        raise refused("ORDC-003", "You have supplied an invalid order ID")
    return order


def post_order(call: Call) -> Reply:
    """A new order: a header with everything else at its default."""
    given, store = call.body(), call.store
    if not isinstance(given, dict) or not given.get("orderTypeCode"):
        raise refused("ORDC-005", "You have not supplied an order type code")
    kind = TYPES.get(given["orderTypeCode"])
    if kind is None:
        raise refused("ORDC-006", "You have supplied an invalid order type code")
    contact = _contact_for(store, kind, given)
    number = store.next_id("order", store.orders)
    order = new_order(store, number, kind, contact, _currency(store, given))
    order["reference"] = str(given.get("reference", ""))[:REFERENCE_LENGTH_MAX]
    order["parentOrderId"] = given.get("parentOrderId", 0)
    order["assignment"]["current"] |= given.get("assignment", {}).get("current", {})
    order["delivery"]["shippingMethodId"] = given.get("delivery", {}).get("shippingMethodId", 0)
    if "warehouseId" in given:
        order["warehouseId"] = given["warehouseId"]
    if "deliveryDate" in given.get("delivery", {}):
        order["delivery"] = {"deliveryDate": _day(store, given["delivery"]["deliveryDate"]), **order["delivery"]}
    if "taxDate" in (given.get("invoices") or [{}])[0]:
        order["invoices"][0]["taxDate"] = store.local_midnight(
            date.fromisoformat(given["invoices"][0]["taxDate"][:10])
        )
    if "orderStatusId" in given.get("orderStatus", {}):
        order["orderStatus"] = _status(store, kind.code, given["orderStatus"]["orderStatusId"])
    order["parties"]["delivery"] |= given.get("parties", {}).get("delivery", {})
    store.orders[number] = order
    return Reply({"response": number})


def _contact_for(store: Store, kind: OrderType, given: Row) -> Row:
    number = given.get("parties", {}).get(kind.party, {}).get("contactId")
    contact = store.contacts.get(number or 0)
    is_supplier = contact is not None and contact["relationshipToAccount"]["isSupplier"]
    if contact is None or is_supplier != (kind.party != CUSTOMER):
        # Theirs is spelt so. Of customers only the code is known to be of this family.
        raise refused("ORDC-022", "Customer ID Required." if kind.party == CUSTOMER else "Suppllier ID Required.")
    return contact


def _currency(store: Store, given: Row) -> Row:
    asked = given.get("currency", {})
    base = store.configuration["baseCurrencyCode"]
    currency = store.currency(asked.get("orderCurrencyCode", base))
    if currency is None:
        raise unexplained()
    return {
        "accountingCurrencyCode": base,
        "orderCurrencyCode": currency["code"],
        "exchangeRate": str(
            Decimal(str(asked.get("exchangeRate", currency["exchangeRate"]))).quantize(Decimal("0.000001"))
        ),
        "fixedExchangeRate": asked.get("fixedExchangeRate", True),
    }


def new_order(store: Store, number: int, kind: OrderType, contact: Row, currency: Row) -> Row:
    """An order as it stands when it was just made: nothing on it, nothing to pay, never changed."""
    now = store.now().replace(microsecond=0)
    delivery: Row = {"shippingMethodId": 0}
    if kind.code == "PO":
        wanted = now + timedelta(days=contact.get("leadTime", 7), seconds=1)
        delivery = {"deliveryDate": store.written(wanted), **delivery}
    with_whom = party(store, contact)
    ours = {"delivery": own_party(), "billing": {"contactId": contact["contactId"], **own_party()}}
    theirs = {
        "delivery": {key: value for key, value in with_whom.items() if key != "contactId"},
        "billing": with_whom,
    }
    order: Row = {
        "id": number,
        "parentOrderId": 0,
        "orderTypeCode": kind.code,
        "reference": "",
        "version": 0,
        "state": {"tax": "READY"},
        "orderStatus": _status(store, kind.code, kind.status_id),
        "tax": {"errors": []},
        "orderPaymentStatus": "NOT_APPLICABLE",
        "stockStatusCode": "NON",
        "allocationStatusCode": "ANR",
        "shippingStatusCode": "NST",
        "placedOn": store.written(now),
        "createdOn": store.written(now),
        "createdById": STAFF_ID,
        "priceListId": 1,
        "priceModeCode": "EXC",
        "delivery": delivery,
        "invoices": [{"invoiceReference": ""}],
        "currency": currency,
        "totalValue": {},
        "assignment": {"current": dict(TEAMLESS)},
        "parties": {kind.party: dict(with_whom), **(theirs if kind.party == CUSTOMER else ours)},
        "orderRows": {},
        "warehouseId": 2,
        "acknowledged": 0,
        "costPriceListId": 0,
        "historicalOrder": False,
        "isDropship": False,
        "orderWeighting": 100,
    }
    add_up(order)
    return order


def _status(store: Store, type_code: str, number: Any) -> Row:
    status = store.status(number) if isinstance(number, int) else None
    if status is None or status["orderTypeCode"] != type_code:
        raise unexplained()
    return {"orderStatusId": number, "name": status["name"]}


def patch_order(call: Call) -> Reply:
    """Change what may be changed. The answer to an order's first change shows no updatedOn yet, as recorded."""
    order = order_of(call)
    taken = operations(call.body(), ORDER)
    for step in taken:
        _check(call.store, order, step)
    for step in taken:
        if step.op == "remove":
            take(order, step.path)
            if step.path == "/reference":
                order["reference"] = ""
        elif step.path == "/delivery/deliveryDate":
            order["delivery"] = {"deliveryDate": _day(call.store, step.value), **_less(order["delivery"])}
        else:
            put(order, step.path, step.value)
    was_changed = "updatedOn" in order
    call.store.touch_order(order)
    answer = shown(call, order)
    if not was_changed:
        answer = {key: value for key, value in answer.items() if key != "updatedOn"}
    return Reply({"response": answer})


def _check(store: Store, order: Row, step: Operation) -> None:
    if step.op == "remove":
        return
    if step.path == "/delivery/deliveryDate":
        _day(store, step.value)
    elif step.path == "/reference":
        if not isinstance(step.value, str) or len(step.value) > REFERENCE_LENGTH_MAX:
            raise unexplained()
    elif step.path.endswith("/contactId"):
        if step.value not in store.contacts or step.path.split("/")[2] not in order["parties"]:
            raise unexplained()
    elif not isinstance(step.value, int):
        raise unexplained()


def _less(delivery: Row) -> Row:
    return {key: value for key, value in delivery.items() if key != "deliveryDate"}


def _day(store: Store, value: Any) -> str:
    """A delivery date that was sent as a day comes back as midnight in UTC."""
    try:
        return store.utc_midnight(date.fromisoformat(value))
    except (TypeError, ValueError):
        raise unexplained() from None


def put_status(call: Call) -> Reply:
    """Move an order to another status of its type."""
    order, given = order_of(call), call.body()
    order["orderStatus"] = _status(call.store, order["orderTypeCode"], given.get("orderStatusId"))
    call.store.touch_order(order)
    return Reply({})
