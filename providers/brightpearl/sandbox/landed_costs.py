"""Landed costs of purchase orders: estimates, of which there are none, and the rows that could have some."""

from __future__ import annotations

from collections.abc import Iterator

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.orders import order_of
from providers.brightpearl.sandbox.replies import Reply, Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

TEXTS = ("supplierName", "weight", "sku", "productName", "quantity", "volume", "productPrice")


def get_estimates(call: Call) -> Reply:
    """The estimates of an order."""
    order_of(call)
    return Reply({"response": []})


def _rows(store: Store) -> Iterator[Row]:
    for order in store.orders.values():
        if order["orderTypeCode"] != "PO":
            continue
        for number, row in order["orderRows"].items():
            yield {
                "orderRowId": int(number),
                "supplierName": order["parties"]["supplier"]["companyName"],
                "weight": "0.0000",
                "sku": row.get("productSku", ""),
                "productName": row["productName"],
                "quantity": row["quantity"]["magnitude"],
                "volume": "0.0000",
                "productPrice": row["itemCost"]["value"],
                "orderId": order["id"],
                "productId": row["productId"],
                "currentLandedCosts": "0.0000",
            }


LANDED_COSTS = Search(
    columns=columns(
        Column("orderRowId", "IDSET"),
        *(Column(name, "STRING") for name in TEXTS),
        Column("orderId", "IDSET"),
        Column("productId", "IDSET"),
        Column("currentLandedCosts", "STRING"),
    ),
    rows=_rows,
    sorted_by="orderRowId",
)
ROUTES: Routes = (("GET", "order-service/order/*/landedcost-estimate", get_estimates, "get-landed-cost-estimate"),)
