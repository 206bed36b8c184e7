"""Items of ERPNext as unified items."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.site import Site
from providers.erpnext.wire import Item as Record
from providers.kit.exact import exact
from unified_models.item import Item


def to_unified(record: Record, site: Site) -> Item:
    """A product or service."""
    return Item(
        id=record.name,
        remote_id=record.name,
        created_at=site.to_utc(record.creation),
        updated_at=site.to_utc(record.modified),
        custom_fields=custom_fields(record),
        name=record.item_name or None,
        sku=record.item_code or None,
        description=record.description or None,
        status=None if record.disabled is None else "archived" if record.disabled else "active",
        group=record.item_group or None,
        unit=record.stock_uom or None,
        unit_price=exact(record.standard_rate),
        purchase_price=exact(record.last_purchase_rate),
        is_stocked=_flag(record.is_stock_item),
        is_sold=_flag(record.is_sales_item),
        is_purchased=_flag(record.is_purchase_item),
        has_variants=_flag(record.has_variants),
        variant_of=record.variant_of or None,
        brand=record.brand or None,
    )


def _flag(check: int | None) -> bool | None:
    return None if check is None else bool(check)
