"""The row of items."""

from __future__ import annotations

from providers.brightpearl.mappers import item
from providers.brightpearl.products import get_product, list_products
from providers.brightpearl.rows.common import INSTANT, SORTS, TEXT
from providers.brightpearl.site import Site, no_site
from providers.brightpearl.wire_products import Product
from providers.kit.resource import ListRules, Resource
from unified_models.item import Item

ITEMS: Resource[Product, Site, Item] = Resource(
    model=Item,
    site=no_site,
    to_unified=item.to_unified,
    id_of=lambda product: str(product.productId),
    list=list_products,
    get=get_product,
    list_rules=ListRules(
        filters={"updated_at": INSTANT, "created_at": INSTANT, "sku": TEXT, "name": TEXT},
        sorts=SORTS,
        calls="1 product-search; `updated_at` walks two",
    ),
    get_calls="1 product-search",
    unstamped=("what the search does not show, such as prices and stock, may not move updatedOn",),
    # A whole product is in no source: what only that could tell is left out, not guessed.
    sources={
        "id": "productId",
        "remote_id": "productId",
        "created_at": "createdOn",
        "updated_at": "updatedOn; createdOn until the first change",
        "deleted_at": None,
        "custom_fields": None,
        "name": "productName",
        "sku": "SKU",
        "description": None,
        "status": None,
        "group": None,
        "unit": None,
        "quantity": None,
        "unit_price": None,
        "purchase_price": None,
        "sales_account": None,
        "purchase_account": None,
        "asset_account": None,
        "company": None,
        "is_stocked": "stockTracked",
        "is_sold": None,
        "is_purchased": None,
        "has_variants": None,
        "variant_of": None,
        "brand": None,
    },
)
