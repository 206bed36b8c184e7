"""The books that Brightpearl's recordings tell of: recorded documents, and for the rest the sandbox's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from providers.brightpearl.sandbox import BrightpearlSandbox, create_sandbox
from providers.brightpearl.sandbox.idsets import ranges
from providers.brightpearl.sandbox.order_rows import row_of
from providers.brightpearl.sandbox.orders import new_order
from providers.brightpearl.sandbox.store import TYPES

RECORDINGS = Path(__file__).parent.parent / "recordings" / "brightpearl"
TIME_ZONE = "America/Costa_Rica"
"""The recorded account is at −06:00 the whole year."""
CURRENCY = {
    "accountingCurrencyCode": "USD",
    "orderCurrencyCode": "USD",
    "exchangeRate": "1.000000",
    "fixedExchangeRate": True,
}
Row = dict[str, Any]

exact = msgspec.json.Decoder(float_hook=Decimal).decode


def body(name: str) -> Any:
    """A recorded body, digits kept."""
    return exact((RECORDINGS / f"{name}.json").read_bytes())


def response(name: str) -> Any:
    """What a recorded body answers."""
    return body(name)["response"]


def rows(name: str) -> list[Row]:
    """The rows of a recorded search, by column."""
    found = response(name)
    names = [column["name"] for column in found["metaData"]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["results"]]


def recorded_sandbox(stub_type: str) -> BrightpearlSandbox:
    """A sandbox with these documents. `stub_type` is that of orders of which only the number is told."""
    box = create_sandbox(
        documents={
            "contacts": list(_contacts()),
            "addresses": [*_addresses()],
            "customer_payments": [*rows("customer_payment_search"), _payment(59, "RECEIPT")],
            "supplier_payments": [*rows("supplier_payment_search"), _payment(59, "PAYMENT")],
            "currencies": rows("currency_search"),
            "tax-code": response("tax_code_get_all"),
            "order-status": _statuses(),
            "order-type": response("order_type_get"),
            "order-stock-status": response("order_stock_status_codes"),
            "order-shipping-status": response("order_shipping_status_get"),
            "payment-method": response("payment_method_get"),
            "exchange-rate": response("exchange_rate_get"),
            "nominal-code": [*response("nominal_code_get_one"), *nominals("1200", "1201", "4000", "4001", "5000")],
            "accounting-period": response("accounting_period_get"),
            "accounting-period-lock": [response("accounting_period_lock_get")],
            "company": [{"id": row["companyId"], "name": row["name"]} for row in rows("company_search")],
            "price-list": response("price_list_get_one"),
            "project": response("project_get"),
            "webhooks": _webhooks(),
            "contact-group": response("contact_group_get"),
            "products": rows("product_search_with_reference_list"),
            "journals": response("journal_get_documented")["journals"],
            "members": [{"contactGroupId": 1, **response("contact_group_member_get")}],
            "lead-source": response("lead_source_get"),
            "channel": response("channel_get_one"),
            "tag": list(response("tag_get").values()),
        },
        time_zone=TIME_ZONE,
        requests_per_minute=None,
    )
    _add_orders(box, stub_type)
    return box


def _contacts() -> Iterable[Row]:
    """Recorded contacts; those that only a search or a number tells of, in the recorded shape."""
    whole = response("contact_get_one")[0]
    yield {**whole, "customFields": response("contact_custom_field_get")}
    yield from response("contact_get_full_2013")
    for row in rows("contact_search"):
        yield deepcopy(whole) | {
            "contactId": row["contactId"],
            "firstName": row["firstName"],
            "lastName": row["lastName"],
            "isPrimaryContact": row["isPrimary"],
            "communication": {
                "emails": {"PRI": {"email": row["primaryEmail"]}},
                "telephones": {"PRI": row["pri"]},
                "messagingVoips": {},
                "websites": {},
            },
            "organisation": {"organisationId": row["contactId"], "name": row["companyName"]},
            "createdOn": row["createdOn"],
            "updatedOn": row["updatedOn"],
        }
    for number in (204, 252, 81011):
        yield deepcopy(whole) | {"contactId": number}
    yield deepcopy(whole) | {"contactId": 418, "relationshipToAccount": {"isSupplier": True, "isStaff": False}}


def _addresses() -> Iterable[Row]:
    """The address that is told, also as that of the contact on recorded orders."""
    address = response("postal_address_get")[0]
    yield address
    for number in (107, 220, 221):
        yield address | {"addressId": number, "contactId": 200}


def nominals(*codes: str) -> list[Row]:
    """Nominal codes that other examples name, in the recorded shape; those below 2000 are banks."""
    whole = response("nominal_code_get_one")[0]
    return [
        whole
        | {"id": int(code), "code": code, "bank": code < "2000", "name": f"Nominal {code}"}
        | ({"currencyId": 1} if code < "2000" else {})
        for code in codes
    ]


def _webhooks() -> list[Row]:
    """The recorded one, and another for what is recorded of its removal."""
    [whole] = response("webhook_get_one")
    return [whole, whole | {"id": 123}]


def _payment(order_id: int, kind: str) -> Row:
    """The payment that the documented totals of an order come from."""
    return rows("customer_payment_search")[0] | {
        "paymentId": 900_000 + (kind == "PAYMENT"),
        "transactionRef": f"TOTAL-{kind}",
        "paymentType": kind,
        "orderId": order_id,
        "amountPaid": "50.00",
        "currencyCode": "GBP",
    }


def _statuses() -> list[Row]:
    """The one recorded status, and the others by the names that a search tells."""
    whole = response("order_status_get_one")[0]
    others = {3: ("New phone order", "SO"), 6: ("Pending PO", "PO"), 10: ("Sales credit", "SC")}
    others |= {12: ("Purchase credit", "PC"), 2: ("Quote sent", "SO"), 21: ("Example", "SO")}
    return [
        whole,
        *(
            whole | {"statusId": number, "name": name, "orderTypeCode": kind}
            for number, (name, kind) in others.items()
        ),
    ]


def _add_orders(box: BrightpearlSandbox, stub_type: str) -> None:
    store = box.store
    store.configuration["baseCurrencyCode"] = "USD"
    store.currencies.append({**store.currencies[0], "id": 3, "code": "CRC", "isDefault": False})
    meta = response("order_custom_field_metadata_get")[0]
    store.custom_fields["sale"] = {
        meta["code"]: meta,
        "PCF_SELECT1": {**meta, "code": "PCF_SELECT1", "options": {"137": {"id": 137, "value": "Option A"}}},
    }
    for order in (*response("order_get_po"), *response("order_get_so_with_custom_fields")):
        store.orders[order["id"]] = order
    for row in rows("order_search"):
        kind = next(kind for kind in TYPES.values() if kind.id == row["orderTypeId"])
        order = made(box, row["orderId"], kind.code)
        order |= {"createdOn": row["createdOn"], "placedOn": row["createdOn"], "reference": row["customerRef"]}
    uris = response("order_options")["getUris"][0].removeprefix("/order/")
    told = [number for low, high in ranges(uris) for number in range(low, high + 1)]
    for number in (*told, 59, 60):
        if number not in store.orders:
            made(box, number, stub_type)
    for number in (329, 330, 332, 333, 336, 339, 1029, 1081505, 516491):
        made(box, number, "SO")
    made(box, 1234, "PO")
    store.orders[1081505]["currency"] = {**CURRENCY, "orderCurrencyCode": "CRC"}
    for order_id, row_id in ((333, 399), (336, 402)):
        tax_code = store.tax_code("13")
        assert tax_code is not None
        product = {"productId": 1000, "productName": "Brightpearl Product"}
        amounts = (Decimal(5), Decimal(100), Decimal(13))
        store.orders[order_id]["orderRows"][str(row_id)] = row_of("USD", 10, product, *amounts, tax_code, "4000")
    store.orders[516491]["customFields"] = dict(response("order_custom_field_patch"))
    del store.orders[516491]["customFields"]["PCF_SELECT1"]


def made(box: BrightpearlSandbox, number: int, code: str) -> Row:
    """An order of the sandbox's own making."""
    contact = box.store.contacts[418 if TYPES[code].party == "supplier" else 200]
    order = new_order(box.store, number, TYPES[code], contact, dict(CURRENCY))
    box.store.orders[number] = order
    return order


def index() -> list[Row]:
    """What is known of each example."""
    found: list[Row] = json.loads((RECORDINGS / "index.json").read_text())
    return found
