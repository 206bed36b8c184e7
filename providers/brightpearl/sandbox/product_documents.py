"""Products whole, as recorded: read by id set, made, renamed; their bundles, options, suppliers, custom fields."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from providers.brightpearl.sandbox.calls import Call, Handler, Routes
from providers.brightpearl.sandbox.idsets import get_uris, known, shuffled, within
from providers.brightpearl.sandbox.products import BUNDLE, BUNDLE_PARTS, CATEGORIES, products
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, refused, unexplained
from providers.brightpearl.sandbox.store import Store

WAREHOUSES = ("2", "3")
_NOWHERE = {"defaultLocationId": 0, "overflowLocationId": 0, "reorderLevel": 0, "reorderQuantity": 0}
FIELD: Row = {
    "id": 161,
    "code": "PCF_SERIALIS",
    "name": "Has a serial number",
    "customFieldType": "YESNO",
    "required": False,
}


def get_products(call: Call) -> Reply:
    """Whole products; the set must be given, and custom fields asked for."""
    optional = call.optional()
    return Reply({"response": [whole(row, optional) for row in _asked(call)]})


def _asked(call: Call) -> list[Row]:
    rows = products(call.store)
    numbers = known(rows, call.id_set())
    if not numbers:
        raise nothing_found("No Products Found")
    return [rows[number] for number in shuffled(numbers)]


def whole(row: Row, optional: Collection[str] = ()) -> Row:
    """A product as a GET gives it: texts of empty words, weights with their zeros, a version that is its stamp."""
    number, options = row["productId"], row.get("options", {})
    codes = {name.lower(): row[name] for name in ("ISBN", "EAN", "UPC", "MPN") if row.get(name)}
    is_bundle = number == BUNDLE
    parts = [{"productId": part, "productQuantity": 1} for part in BUNDLE_PARTS]
    changed = {"updatedOn": row["updatedOn"]} if row["updatedOn"] else {}
    stamp = datetime.fromisoformat(row["updatedOn"] or row["createdOn"])
    empty = {"languageCode": "en", "text": "", "format": "HTML_FRAGMENT"}
    return {
        "id": number,
        "brandId": row.get("brandId", 74),
        "productTypeId": row.get("productTypeId", 1),
        "identity": {"sku": row["SKU"], **codes, "barcode": row.get("barcode") or ""},
        "featured": False,
        "stock": {
            "stockTracked": row["stockTracked"],
            "weight": {"magnitude": Decimal("0.0000")},
            "dimensions": {name: Decimal("0.00") for name in ("length", "height", "width", "volume")},
        },
        "financialDetails": {"taxable": False, "taxCode": {"id": 2, "code": "T"}},
        "salesChannels": [
            {
                "salesChannelName": row["salesChannelName"],
                "productName": row["productName"],
                "productCondition": "new",
                "categories": [{"categoryCode": str(row["brightpearlCategoryCode"])}],
                "description": empty,
                "shortDescription": dict(empty),
            }
        ],
        "composition": {"bundle": is_bundle, **({"bundleComponents": parts} if is_bundle else {})},
        **({"variations": _variations(options)} if options else {}),
        **({"customFields": _fields(number)} if "customFields" in optional else {}),
        **({"nullCustomFields": _unset(number)} if "nullCustomFields" in optional and _unset(number) else {}),
        "createdOn": row["createdOn"],
        **changed,
        "warehouses": {warehouse: dict(_NOWHERE) for warehouse in WAREHOUSES},
        "nominalCodeStock": "1001",
        "nominalCodePurchases": "5000",
        "nominalCodeSales": "4000",
        "seasonIds": [],
        "reporting": {},
        **({"primarySupplierId": row["primarySupplierId"]} if row.get("primarySupplierId") else {}),
        "status": row.get("productStatus", "LIVE"),
        "salesPopupMessage": "",
        "warehousePopupMessage": "",
        "version": int(stamp.timestamp() * 1_000),
    }


def _variations(options: dict[str, str]) -> list[Row]:
    return [
        {"optionId": index, "optionName": name, "optionValueId": index + 10, "optionValue": value}
        for index, (name, value) in enumerate(options.items(), start=1)
    ]


def _fields(number: int) -> Row:
    return {"PCF_SERIALIS": True} if number % 2 else {}


def _unset(number: int) -> list[str]:
    return [] if _fields(number) else [FIELD["code"]]


def options_products(call: Call) -> Reply:
    """The addresses that hold these products."""
    numbers = known(products(call.store), call.id_set(None))
    return Reply({"response": {"getUris": get_uris("product", numbers)}})


def post_product(call: Call) -> Reply:
    """A new product, of a brand."""
    given, store = call.given(), call.store
    if not given.get("brandId"):
        raise refused("PRDC-014", "Brand ID is required")
    number = store.next_id("product", products(store))
    store.products[number] = {
        "productId": number,
        "SKU": str(given.get("identity", {}).get("sku", "")),
        "barcode": str(given.get("identity", {}).get("barcode", "")),
        **dict.fromkeys(("EAN", "UPC", "ISBN", "MPN", "productGroupId", "primarySupplierId")),
        "stockTracked": given.get("stock", {}).get("stockTracked", False),
        "salesChannelName": "Brightpearl",
        "createdOn": store.stamp(),
        "updatedOn": None,
        "brightpearlCategoryCode": CATEGORIES[0],
        "brandId": given["brandId"],
        "productTypeId": given.get("productTypeId", 1),
        "productStatus": "LIVE",
        "productName": _name(given),
    }
    return Reply({"response": number})


def put_product(call: Call) -> Reply:
    """Another name or SKU."""
    number, given, store = call.number(), call.given(), call.store
    row = products(store).get(number)
    if row is None:
        raise nothing_found("No Products Found")
    name = {"productName": _name(given)} if "salesChannels" in given else {}
    sku = {"SKU": str(given["identity"]["sku"])} if "sku" in given.get("identity", {}) else {}
    store.products[number] = {**row, **name, **sku, "updatedOn": store.stamp()}
    return Reply({})


def _name(given: Row) -> str:
    channels: Any = given.get("salesChannels")
    if not isinstance(channels, list) or not channels or not channels[0].get("productName"):
        raise unexplained()
    return str(channels[0]["productName"])


def get_bundle(call: Call) -> Reply:
    """The parts of a bundle; what is none has none."""
    row = products(call.store).get(call.number())
    if row is None:
        raise nothing_found("No Products Found")
    return Reply({"response": whole(row)["composition"].get("bundleComponents", [])})


def get_option_values(call: Call) -> Reply:
    """A row for each option of each product."""
    wanted = call.id_set(None, 1)
    found = [
        {"productId": row["productId"], **variation}
        for row in _asked(call)
        for variation in _variations(row.get("options", {}))
        if wanted is None or within(variation["optionValueId"], wanted)
    ]
    return Reply({"response": found})


def get_suppliers(call: Call) -> Reply:
    """The suppliers of products, by product."""
    return Reply({"response": {str(row["productId"]): _suppliers(call.store, row) for row in _asked(call)}})


def _suppliers(store: Store, row: Row) -> list[int]:
    number = row.get("primarySupplierId")
    return [number] if number in store.contacts else []


def get_fields(call: Call) -> Reply:
    """A product's custom fields."""
    return Reply({"response": _fields(_asked(call)[0]["productId"])})


def get_field_meta_data(call: Call) -> Reply:
    """Their definitions."""
    wanted = call.id_set(None)
    return Reply({"response": [FIELD] if wanted is None or within(FIELD["id"], wanted) else []})


_PATH = "product-service/product"
_GETS: tuple[tuple[str, Handler, str], ...] = (
    (f"{_PATH}/*", get_products, "product-get"),
    (f"{_PATH}/*/bundle", get_bundle, "get-product-bundle"),
    (f"{_PATH}/*/option-value", get_option_values, "get-product-option-value"),
    (f"{_PATH}/*/option-value/*", get_option_values, "get-product-option-value"),
    (f"{_PATH}/*/supplier", get_suppliers, "get-product-supplier"),
    (f"{_PATH}/*/custom-field", get_fields, "get-custom-fields"),
    (f"{_PATH}/custom-field-meta-data", get_field_meta_data, "get-custom-fields-metadata"),
    (f"{_PATH}/custom-field-meta-data/*", get_field_meta_data, "get-custom-fields-metadata"),
)
ROUTES: Routes = (
    *(("GET", *row) for row in _GETS),
    ("OPTIONS", _PATH, options_products, "product-options"),
    ("OPTIONS", f"{_PATH}/*", options_products, "product-options"),
    ("POST", _PATH, post_product, "post-product"),
    ("PUT", f"{_PATH}/*", put_product, "put-product"),
)
