"""Reads products, all from their search: the shape of a whole product is in no source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from providers.brightpearl.dates import instant
from providers.brightpearl.plain import number_of
from providers.brightpearl.search import search
from providers.brightpearl.site import Site
from providers.brightpearl.walks import Search, next_ids, passes
from providers.brightpearl.wire_products import Product
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows

PATH = "product-service/product-search"
SEARCH = Search(
    path=PATH,
    id_column="productId",
    fixed=(),
    date_columns={},
    # Names are searched for as parts of a text: asked so, and compared whole here.
    exact_columns={"sku": "SKU", "name": "productName"},
)


async def list_products(client: Client, site: Site, query: Query) -> Rows[Product]:
    """One page, in the order of ids unless asked otherwise."""
    page = await next_ids(client, SEARCH, query)
    read, cautions = _read(page.rows)
    shown = [(product, raw) for product, raw in read if passes(query.filters, _values(product))]
    return Rows(
        records=[product for product, _ in shown],
        next=page.next,
        remote_data=[raw for _, raw in shown] if query.remote_data else (),
        cautions=(*site.cautions, *cautions),
    )


async def get_product(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Product]:
    """One product by its number, out of the search."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such item")
    page = await search(client, PATH, [("productId", str(number)), ("sort", "productId.ASC")], 1, 1)
    rows = [row for row in page.rows if row.get("productId") == number]
    if not rows:
        raise NotFound("there is no such item")
    read, _ = _read(rows)
    if not read:
        raise BadAnswer("the product is not as Brightpearl's should be")
    product, raw = read[0]
    return Record(wire=product, remote_data=raw, cautions=site.cautions)


def _read(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[list[tuple[Product, Mapping[str, Any]]], list[Caution]]:
    read: list[tuple[Product, Mapping[str, Any]]] = []
    cautions: list[Caution] = []
    for row in rows:
        try:
            read.append((msgspec.convert(row, Product), row))
        except msgspec.ValidationError:
            cautions.append(Caution(code="wrong_type", id=str(row.get("productId")), remote_data=row))
    return read, cautions


def _values(product: Product) -> Mapping[str, Callable[[], Any]]:
    return {
        "updated_at": lambda: instant(product.updatedOn or product.createdOn),
        "created_at": lambda: instant(product.createdOn),
        "sku": lambda: product.SKU,
        "name": lambda: product.productName,
    }
