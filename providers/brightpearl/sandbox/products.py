"""The sandbox's products: those that its orders are of, as their search shows them."""

from __future__ import annotations

from collections.abc import Iterator

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

FREE_TEXT = 1000


def _rows(store: Store) -> Iterator[Row]:
    """A product is there from the first order of it on; every third was never changed since."""
    seen = set(store.products)
    yield from store.products.values()
    for order in store.orders.values():
        for row in order["orderRows"].values():
            number = row["productId"]
            if number == FREE_TEXT or number in seen:
                continue
            seen.add(number)
            yield {
                "productId": number,
                "productName": row["productName"],
                "SKU": row.get("productSku", ""),
                "EAN": "",
                "UPC": "",
                "ISBN": "",
                "stockTracked": number % 5 != 0,
                "salesChannelName": "Brightpearl",
                "createdOn": order["createdOn"],
                "updatedOn": order.get("updatedOn") if number % 3 else None,
                "brightpearlCategoryCode": number,
                "productGroupId": None,
            }


PRODUCTS = Search(
    columns=columns(
        Column("productId", "IDSET"),
        Column("productName", "SEARCH_STRING"),
        Column("SKU", "STRING"),
        Column("EAN", "STRING"),
        Column("UPC", "STRING"),
        Column("ISBN", "STRING"),
        Column("stockTracked", "BOOLEAN"),
        Column("salesChannelName", "STRING", is_filterable=False),
        Column("createdOn", "PERIOD"),
        Column("updatedOn", "PERIOD"),
        Column("brightpearlCategoryCode", "INTEGER", is_sortable=False, is_filterable=False),
        Column("productGroupId", "INTEGER"),
    ),
    rows=_rows,
    sorted_by="productId",
)
