"""Sales orders and credits in the flat form of their own resources: read by id set, searched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from providers.brightpearl.sandbox.calls import Call, Handler, Routes
from providers.brightpearl.sandbox.idsets import get_uris, known, shuffled
from providers.brightpearl.sandbox.replies import Reply, Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

RESOURCES = {"SO": "sales-order", "SC": "sales-credit"}
_NOT_IN_ADDRESSES = ("contactId", "countryId", "country", "countryIsoCode3")


def read_flat(code: str) -> Handler:
    """Orders of one type, in no order, whole."""

    def handler(call: Call) -> Reply:
        numbers = [number for number in _of(call, code) if number in call.store.orders]
        return Reply({"response": [_flat(call.store.orders[number]) for number in shuffled(numbers)]})

    return handler


def options_flat(code: str) -> Handler:
    """The addresses that hold them."""

    def handler(call: Call) -> Reply:
        uris = get_uris(RESOURCES[code], _of(call, code, None))
        return Reply({"response": {"getUris": uris}})

    return handler


def _of(call: Call, code: str, ids_max: int | None = 200) -> list[int]:
    numbers = known(call.store.orders, call.id_set(ids_max))
    found = [number for number in numbers if call.store.orders[number]["orderTypeCode"] == code]
    # Without a set a GET gives no more than it would give at once.
    return found[:ids_max] if ids_max is not None else found


def _flat(order: Row) -> Row:
    parties, assigned, money = order["parties"], order["assignment"]["current"], order["currency"]
    invoice = order["invoices"][0]
    contact_id = parties["customer"]["contactId"]
    delivery = {"date": order["delivery"]["deliveryDate"]} if "deliveryDate" in order["delivery"] else {}
    return {
        "id": order["id"],
        "customer": {"id": contact_id, "address": _address(parties["customer"])},
        "billing": {"contactId": parties["billing"].get("contactId"), "address": _address(parties["billing"])},
        "ref": order["reference"],
        **({"externalRef": order["externalRef"]} if "externalRef" in order else {}),
        "placedOn": order["placedOn"],
        **({"taxDate": invoice["taxDate"]} if "taxDate" in invoice else {}),
        "parentId": order["parentOrderId"],
        "statusId": order["orderStatus"]["orderStatusId"],
        "warehouseId": order["warehouseId"],
        "channelId": assigned["channelId"],
        "staffOwnerId": assigned["staffOwnerContactId"],
        "projectId": assigned["projectId"],
        "leadSourceId": assigned["leadSourceId"],
        "teamId": assigned["teamId"],
        "priceListId": order["priceListId"],
        "priceModeCode": order["priceModeCode"],
        "currency": {
            "code": money["orderCurrencyCode"],
            "fixedExchangeRate": money["fixedExchangeRate"],
            "exchangeRate": money["exchangeRate"],
        },
        "delivery": {
            "address": _address(parties["delivery"]),
            "shippingMethodId": order["delivery"].get("shippingMethodId", 0),
            **delivery,
        },
        "rows": [_row(number, row) for number, row in order["orderRows"].items()],
        "total": _total(order["totalValue"]),
        "orderPaymentStatus": order["orderPaymentStatus"],
        "allocationStatusCode": order["allocationStatusCode"],
        "stockStatusCode": order["stockStatusCode"],
        "shippingStatusCode": order["shippingStatusCode"],
        "createdBy": order["createdById"],
        "createdOn": order["createdOn"],
        **({"updatedOn": order["updatedOn"]} if "updatedOn" in order else {}),
        "invoice": invoice,
        "orderWeighting": order["orderWeighting"],
        "costPriceListId": order["costPriceListId"],
        "isCanceled": order["orderStatus"]["orderStatusId"] == 5,
        "customerId": contact_id,
    }


def _address(party: Row) -> Row:
    return {name: value for name, value in party.items() if name not in _NOT_IN_ADDRESSES}


def _row(number: str, row: Row) -> Row:
    value, place = row["rowValue"], row["composition"]
    return {
        "id": int(number),
        "productId": row["productId"],
        "name": row["productName"],
        "quantity": row["quantity"]["magnitude"],
        "taxCode": value["taxCode"],
        "net": value["rowNet"]["value"],
        "tax": value["rowTax"]["value"],
        "nominalCode": row["nominalCode"],
        **({"sku": row["productSku"]} if "productSku" in row else {}),
        "productPrice": row["productPrice"]["value"],
        "discountPercentage": row["discountPercentage"],
        "sequence": row["orderRowSequence"],
        "bundleChild": place["bundleChild"],
        "bundleParent": place["bundleParent"],
        "parentRowId": place["parentOrderRowId"],
        "taxClassId": value["taxClassId"],
        "taxCalculator": value["taxCalculator"],
        "clonedFromId": row["clonedFromId"],
    }


def _total(totals: Row) -> Row:
    return {
        "net": totals["net"],
        "tax": totals["taxAmount"],
        "gross": totals["total"],
        "baseNet": totals["baseNet"],
        "baseTax": totals["baseTaxAmount"],
        "baseGross": totals["baseTotal"],
    }


def _rows(code: str, store: Store) -> Iterator[Row]:
    for order in store.orders.values():
        if order["orderTypeCode"] == code:
            assigned = order["assignment"]["current"]
            yield {
                f"{'salesOrder' if code == 'SO' else 'salesCredit'}Id": order["id"],
                "customerId": store.party_contact(order),
                "orderStatusId": order["orderStatus"]["orderStatusId"],
                "orderStockStatus": order["stockStatusCode"],
                "createdOn": order["createdOn"],
                "createdById": order["createdById"],
                "customerRef": order["reference"],
                "orderPaymentStatus": order["orderPaymentStatus"],
                "updatedOn": order.get("updatedOn"),
                "orderShippingStatus": order["shippingStatusCode"],
                "externalRef": order.get("externalRef"),
                "installedIntegrationInstanceId": order.get("installedIntegrationInstanceId"),
                "warehouseId": order["warehouseId"],
                "staffOwnerId": assigned["staffOwnerContactId"],
                "taxDate": order["invoices"][0].get("taxDate"),
            }


def search_of(code: str) -> Search:
    """The search over one of the resources."""
    key = "salesOrderId" if code == "SO" else "salesCreditId"
    return Search(
        columns=columns(
            Column(key, "IDSET"),
            Column("customerId", "INTEGER"),
            Column("orderStatusId", "INTEGER"),
            Column("orderStockStatus", "STRING"),
            Column("createdOn", "PERIOD"),
            Column("createdById", "INTEGER"),
            Column("customerRef", "STRING"),
            Column("orderPaymentStatus", "STRING"),
            Column("updatedOn", "PERIOD"),
            Column("orderShippingStatus", "STRING"),
            Column("externalRef", "STRING"),
            Column("installedIntegrationInstanceId", "INTEGER"),
            Column("warehouseId", "IDSET"),
            Column("staffOwnerId", "INTEGER"),
            Column("taxDate", "PERIOD"),
        ),
        rows=partial(_rows, code),
        sorted_by=key,
    )


SALES_ORDERS, SALES_CREDITS = search_of("SO"), search_of("SC")
ROUTES: Routes = tuple(
    (verb, f"order-service/{name}{rest}", handler(code), f"{verb.lower()}-{name}")
    for code, name in RESOURCES.items()
    for verb, handler in (("GET", read_flat), ("OPTIONS", options_flat))
    for rest in ("", "/*")
)
