"""The sandbox's products: those that its orders are of, as their search shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import SUPPLIER, TYPES, Store

FREE_TEXT = 1000
BUNDLE, BUNDLE_PARTS = 1500, (1501, 1502)
CATEGORIES = (296, 297)


def products(store: Store) -> Mapping[int, Row]:
    """All by number, as searches show them. One is there from the first order of it on."""
    key = "products"
    if store.remembered is not None and key in store.remembered:
        return {row["productId"]: row for row in store.remembered[key]}
    found = dict(store.products)
    for order in store.orders.values():
        for row in order["orderRows"].values():
            number = row["productId"]
            if number != FREE_TEXT and number not in found:
                found[number] = _first_seen(store, order, row)
    if store.remembered is not None:
        store.remembered[key] = list(found.values())
    return found


def _first_seen(store: Store, order: Row, row: Row) -> Row:
    """A product as the first order of it tells; every third was never changed since."""
    number = row["productId"]
    is_bought = TYPES[order["orderTypeCode"]].party == SUPPLIER
    return {
        "productId": number,
        "productName": row["productName"],
        "SKU": row.get("productSku", ""),
        "barcode": f"50{number:010d}" if number % 4 == 0 else "",
        "EAN": None,
        "UPC": None,
        "ISBN": None,
        "MPN": None,
        "stockTracked": number % 5 != 0,
        "salesChannelName": "Brightpearl",
        "createdOn": order["createdOn"],
        "updatedOn": order.get("updatedOn") if number % 3 else None,
        "brightpearlCategoryCode": CATEGORIES[number % len(CATEGORIES)],
        "productGroupId": None,
        "brandId": 74 + number % 2,
        "productTypeId": 1,
        "productStatus": "LIVE" if number % 11 else "DISCONTINUED",
        "primarySupplierId": store.party_contact(order) if is_bought else None,
        "options": row.get("productOptions", {}),
    }


def _rows(store: Store) -> Iterator[Row]:
    yield from products(store).values()


def _labels(store: Store) -> Mapping[str, Mapping[int, list[int]]]:
    """The categories of each product: a list, unlike other labels."""
    return {
        "productCategoryMembership": {
            number: [row["brightpearlCategoryCode"]] for number, row in products(store).items()
        }
    }


PRODUCTS = Search(
    columns=columns(
        Column("productId", "IDSET", reference=("productCategoryMembership",)),
        Column("productName", "SEARCH_STRING"),
        Column("SKU", "STRING"),
        Column("barcode", "STRING"),
        Column("EAN", "STRING"),
        Column("UPC", "STRING"),
        Column("ISBN", "STRING"),
        Column("MPN", "STRING"),
        Column("stockTracked", "BOOLEAN"),
        Column("salesChannelName", "STRING", is_filterable=False),
        Column("createdOn", "PERIOD"),
        Column("updatedOn", "PERIOD"),
        Column("brightpearlCategoryCode", "IDSET", is_sortable=False),
        Column("productGroupId", "INTEGER"),
        Column("brandId", "IDSET"),
        Column("productTypeId", "IDSET"),
        Column("productStatus", "STRING"),
        Column("primarySupplierId", "IDSET"),
    ),
    rows=_rows,
    sorted_by="productId",
    labels=_labels,
)
