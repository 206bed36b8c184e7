"""Reads Brightpearl's products: search, then whole products by id set, joined with their prices and stock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from providers.brightpearl.dates import instant
from providers.brightpearl.idsets import Found, read_set, sole
from providers.brightpearl.mappers.item import STATUSES, category_codes, name_of, nominal_codes
from providers.brightpearl.plain import number_of
from providers.brightpearl.site import Site
from providers.brightpearl.walks import Search, cautions_of, next_ids, passes
from providers.brightpearl.wire_products import Availability, Product, ProductPrices, ProductRecord
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.references import meet
from providers.kit.resource import Record, Rows

PRODUCTS = "product-service/product"
PRICES = "product-service/product-price"
STOCK = "warehouse-service/product-availability"
OPTIONAL = (("includeOptional", "customFields,nullCustomFields"),)
EXPAND = "quantity"
SEARCH = Search(
    path="product-service/product-search",
    id_column="productId",
    fixed=(),
    date_columns={},
    # Names are searched for as parts of a text: asked so, and compared whole here.
    exact_columns={"sku": "SKU", "name": "productName"},
)


class _StockAnswer(msgspec.Struct, frozen=True):
    response: dict[str, msgspec.Raw]


_decode_stock = msgspec.json.Decoder(_StockAnswer).decode


async def list_products(client: Client, site: Site, query: Query) -> Rows[ProductRecord]:
    """One page, in the order of ids unless asked otherwise."""
    page = await next_ids(client, _search_of(query), query)
    if not page.ids:
        return Rows(records=[], next=page.next, cautions=(*site.cautions, *page.cautions))
    found = await read_set(client, PRODUCTS, page.ids, Product, _id_of, "id", OPTIONAL, with_raw=query.remote_data)
    products = [found.records[number] for number in page.ids if number in found.records]
    products = [product for product in products if passes(query.filters, _values(product))]
    records, cautions = await _join(client, site, products, query.expand)
    return Rows(
        records=records,
        next=page.next,
        remote_data=[found.raws[product.id] for product in products] if query.remote_data else (),
        cautions=(*site.cautions, *cautions_of(page, found), *cautions),
    )


async def get_product(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[ProductRecord]:
    """One product by its number."""
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such item")
    found = await read_set(client, PRODUCTS, [number], Product, _id_of, "id", OPTIONAL, with_raw=True)
    records, cautions = await _join(client, site, [sole(found, number, "item")], expand)
    return Record(wire=records[0], remote_data=found.raws.get(number), cautions=(*site.cautions, *cautions))


def _search_of(query: Query) -> Search:
    status = query.filter("status")
    codes = [code for code, ours in STATUSES.items() if ours == status]
    return replace(SEARCH, fixed=(("productStatus", codes[0]),)) if codes else SEARCH


async def _join(
    client: Client, site: Site, products: Sequence[Product], expand: frozenset[str]
) -> tuple[list[ProductRecord], list[Caution]]:
    """Products with their prices, and with their stock where it was asked for."""
    if not products:
        return [], []
    cautions: list[Caution] = []
    numbers = [product.id for product in products]
    prices = await _beside(client, PRICES, numbers, ProductPrices, "prices", cautions)
    stock: Found[Availability] | None = None
    if EXPAND in expand:
        tracked = [product.id for product in products if product.stock and product.stock.stockTracked]
        stock = await _beside(client, STOCK, tracked, Availability, EXPAND, cautions, _raws_of_map)
    await _look_up(client, site, products, prices)
    for product in products:
        cautions += _unknown(site, product)
    return [
        ProductRecord(
            product=product,
            prices=_prices_of(product.id, prices),
            stock=msgspec.UNSET if EXPAND not in expand else stock.records.get(product.id) if stock else None,
        )
        for product in products
    ], cautions


async def _beside(
    client: Client,
    path: str,
    numbers: Sequence[int],
    wire: type[Any],
    field: str,
    cautions: list[Caution],
    raws_of: Callable[[bytes], list[msgspec.Raw]] | None = None,
) -> Found[Any] | None:
    """What is kept beside products, by their ids; None and a caution where the account may not read it."""
    try:
        found = await read_set(client, path, numbers, wire, _product_of, "productId", raws_of=raws_of)
    except Forbidden:
        cautions.append(Caution(code="not_permitted", field=field))
        return None
    cautions += found.cautions
    return found


def _raws_of_map(body: bytes) -> list[msgspec.Raw]:
    """The entries of a map by product, as a list whose rows name theirs."""
    try:
        entries = _decode_stock(body).response
        return [
            msgspec.Raw(msgspec.json.encode(_with_key(key, msgspec.json.decode(raw, type=dict[str, msgspec.Raw]))))
            for key, raw in entries.items()
        ]
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's stock cannot be read") from None


def _with_key(key: str, entry: Mapping[str, msgspec.Raw]) -> Mapping[str, object]:
    return {**entry, "productId": number_of(key) or key}


def _prices_of(number: int, prices: Found[ProductPrices] | None) -> Any:
    """On which lists it has which prices: none where the answer leaves it out, unknown where it is unreadable."""
    if prices is None or number in prices.unreadable:
        return None
    told = prices.records.get(number)
    return told.priceLists if told else []


async def _look_up(
    client: Client, site: Site, products: Sequence[Product], prices: Found[ProductPrices] | None
) -> None:
    """Make sure of what these products refer to."""
    await meet(client, site.nominals, [code for product in products for code in nominal_codes(product).values()])
    await meet(client, site.brands, [product.brandId or None for product in products])
    await meet(client, site.categories, [code for product in products for code in category_codes(product)])
    if prices is not None:
        listed = (each.priceListId for row in prices.records.values() for each in row.priceLists)
        await meet(client, site.price_lists, listed)


def _unknown(site: Site, product: Product) -> Iterator[Caution]:
    """What a product names and the account's lists do not have."""
    named: list[tuple[str, object, Mapping[Any, Any]]] = [("brand", product.brandId or None, site.brands)]
    named += [(field, code, site.nominals) for field, code in nominal_codes(product).items()]
    for field, key, rows in named:
        if key is not None and rows and key not in rows:
            yield Caution(code="not_found", id=str(product.id), field=field)


def _id_of(product: Product) -> int:
    return product.id


def _product_of(row: ProductPrices | Availability) -> int:
    return row.productId


def _values(product: Product) -> Mapping[str, Callable[[], Any]]:
    """What filters are checked against once the whole product is at hand."""
    return {
        "updated_at": lambda: instant(product.updatedOn or product.createdOn),
        "created_at": lambda: instant(product.createdOn),
        "sku": lambda: product.identity.sku if product.identity else None,
        "name": lambda: name_of(product),
        "status": lambda: STATUSES.get(product.status or ""),
    }
