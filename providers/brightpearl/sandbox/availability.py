"""How much of a product is there: in all and by warehouse, as recorded; of a bundle, as many as its parts make."""

from __future__ import annotations

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.idsets import known, shuffled
from providers.brightpearl.sandbox.products import BUNDLE, BUNDLE_PARTS, products
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found

KINDS = ("inStock", "onHand", "allocated", "inTransit")


def get_availability(call: Call) -> Reply:
    """A map by product; products whose stock is not tracked are left out."""
    rows = products(call.store)
    numbers = [number for number in known(rows, call.id_set()) if rows[number]["stockTracked"]]
    if not numbers:
        raise nothing_found("No Product Availability Found")
    warehouses = [str(row["id"]) for row in call.store.lists["warehouse"]]
    return Reply({"response": {str(number): _available(number, warehouses) for number in shuffled(numbers)}})


def _available(number: int, warehouses: list[str]) -> Row:
    stock = dict(zip(KINDS, (number % 50, number % 50 - number % 3, number % 3, 0), strict=True))
    if number % 50 < number % 3:
        stock["onHand"], stock["allocated"] = stock["inStock"], 0
    return {"total": stock, "warehouses": {warehouses[0]: dict(stock)} if warehouses else {}}


def get_bundles(call: Call) -> Reply:
    """A map by bundle."""
    numbers = [number for number in known(products(call.store), call.id_set()) if number == BUNDLE]
    warehouses = [str(row["id"]) for row in call.store.lists["warehouse"]]
    least = min(_available(part, warehouses)["total"]["onHand"] for part in BUNDLE_PARTS)
    stock = dict(zip(KINDS, (least, least, 0, 0), strict=True))
    return Reply({"response": {str(number): {"total": stock, "warehouses": {}} for number in numbers}})


ROUTES: Routes = (
    ("GET", "warehouse-service/product-availability/*", get_availability, "get-product-availability"),
    ("GET", "warehouse-service/bundle-availability/*", get_bundles, "get-bundle-availability"),
)
