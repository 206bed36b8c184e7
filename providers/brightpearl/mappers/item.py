"""Products of Brightpearl as unified items."""

from __future__ import annotations

from providers.brightpearl.dates import instant
from providers.brightpearl.site import Site
from providers.brightpearl.wire_products import Product
from unified_models.item import Item


def to_unified(source: Product, site: Site) -> Item:
    """An item, as far as the search tells it."""
    del site
    return Item(
        id=str(source.productId),
        remote_id=str(source.productId),
        created_at=instant(source.createdOn),
        updated_at=instant(source.updatedOn or source.createdOn),
        name=source.productName or None,
        sku=source.SKU or None,
        is_stocked=source.stockTracked,
    )
