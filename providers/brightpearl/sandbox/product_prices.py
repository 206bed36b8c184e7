"""Prices of products on each price list, as recorded: texts of four places by quantity."""

from __future__ import annotations

from decimal import Decimal

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.idsets import get_uris, known, shuffled
from providers.brightpearl.sandbox.products import products
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, unexplained
from providers.brightpearl.sandbox.store import Store, places

COST = 1


def get_prices(call: Call) -> Reply:
    """The prices of products on all lists."""
    numbers = known(products(call.store), call.id_set())
    if not numbers:
        raise nothing_found("No Product Prices Found")
    return Reply({"response": [_prices(call.store, number) for number in shuffled(numbers)]})


def _prices(store: Store, number: int) -> Row:
    return {
        "productId": number,
        "priceLists": [
            {
                "priceListId": row["id"],
                "currencyCode": row["currencyCode"],
                "currencyId": row["currencyId"],
                "quantityPrice": store.prices.get((number, row["id"]), _first_price(number, row["id"])),
            }
            for row in store.lists["price-list"]
        ],
    }


def _first_price(number: int, list_id: int) -> dict[str, str]:
    """On the lists of cost and of retail; the last has none."""
    if list_id > 2:
        return {}
    price = Decimal(number % 97) + Decimal("0.99")
    return {"1": places(price * (Decimal("0.6") if list_id == COST else 1), 4)}


def options_prices(call: Call) -> Reply:
    """The addresses that hold them."""
    numbers = known(products(call.store), call.id_set(None))
    return Reply({"response": {"getUris": get_uris("product-price", numbers)}})


def put_prices(call: Call) -> Reply:
    """Write prices by quantity on some lists."""
    number, given = call.number(), call.given().get("priceLists")
    if number not in products(call.store) or not isinstance(given, list):
        raise unexplained()
    for each in given:
        written = {key: places(Decimal(str(price)), 4) for key, price in each["quantityPrice"].items()}
        call.store.prices[number, each["priceListId"]] = written
    return Reply({})


_PATH = "product-service/product-price"
ROUTES: Routes = (
    ("GET", f"{_PATH}/*", get_prices, "get-product-price"),
    ("OPTIONS", _PATH, options_prices, "options-product-price"),
    ("OPTIONS", f"{_PATH}/*", options_prices, "options-product-price"),
    ("PUT", f"{_PATH}/*/price-list", put_prices, "put-product-price"),
)
