"""Items of ERPNext as unified items."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, state
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_items import Item as Head
from providers.kit.exact import exact
from unified_models.item import Item


def to_unified(record: Joined[Head], site: Site) -> Item:
    """A product or service."""
    head = record.head
    # `or None` as in `text`, without a call for each: items are what large catalogues are read of.
    return Item(
        id=head.name,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=head.item_name or None,
        sku=head.item_code or None,
        description=head.description or None,
        status=state(head.disabled),
        group=head.item_group or None,
        unit=head.stock_uom or None,
        quantity=None,
        unit_price=exact(head.standard_rate),
        purchase_price=exact(head.last_purchase_rate),
        is_stocked=flag(head.is_stock_item),
        is_sold=flag(head.is_sales_item),
        is_purchased=flag(head.is_purchase_item),
        has_variants=flag(head.has_variants),
        variant_of=head.variant_of or None,
        brand=head.brand or None,
    )
