"""Items of ERPNext as unified items."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, state, text
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_items import Item as Head
from providers.kit.exact import exact
from unified_models.item import Item


def to_unified(record: Joined[Head], site: Site) -> Item:
    """A product or service."""
    head = record.head
    return Item(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.item_name),
        sku=text(head.item_code),
        description=text(head.description),
        status=state(head.disabled),
        group=text(head.item_group),
        unit=text(head.stock_uom),
        quantity=None,
        unit_price=exact(head.standard_rate),
        purchase_price=exact(head.last_purchase_rate),
        is_stocked=flag(head.is_stock_item),
        is_sold=flag(head.is_sales_item),
        is_purchased=flag(head.is_purchase_item),
        has_variants=flag(head.has_variants),
        variant_of=text(head.variant_of),
        brand=text(head.brand),
    )
