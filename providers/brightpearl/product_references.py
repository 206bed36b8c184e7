"""What products refer to: brands, categories, price lists and accounts, each kept like every reference list."""

from __future__ import annotations

from collections.abc import Mapping

from providers.brightpearl.idsets import read_list
from providers.brightpearl.site import CONFIGURATION, NOMINALS, Site
from providers.brightpearl.wire_products import Named, PriceList
from providers.kit.client import Client
from providers.kit.pages import Caution
from providers.kit.references import Reference, table


async def _brands(client: Client) -> Mapping[int, str]:
    listed = await read_list(client, "product-service/brand", Named)
    return {row.id: row.name for row, _ in listed.rows if row.name}


async def _categories(client: Client) -> Mapping[str, str]:
    listed = await read_list(client, "product-service/brightpearl-category", Named)
    return {str(row.id): row.name for row, _ in listed.rows if row.name}


async def _price_lists(client: Client) -> Mapping[int, PriceList]:
    listed = await read_list(client, "product-service/price-list", PriceList)
    return {row.id: row for row, _ in listed.rows}


BRANDS = Reference("brands", _brands)
CATEGORIES = Reference("categories", _categories)
PRICE_LISTS = Reference("price_lists", _price_lists)


async def product_site(client: Client) -> Site:
    """What products need."""
    cautions: list[Caution] = []
    configuration = await table(client, CONFIGURATION, "unit_price", cautions)
    nominals = await table(client, NOMINALS, "sales_account", cautions)
    brands = await table(client, BRANDS, "brand", cautions)
    categories = await table(client, CATEGORIES, "categories", cautions)
    price_lists = await table(client, PRICE_LISTS, "unit_price", cautions)
    return Site(
        configuration=configuration,
        nominals=nominals,
        brands=brands,
        categories=categories,
        price_lists=price_lists,
        cautions=tuple(cautions),
    )
