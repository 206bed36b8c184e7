"""Items under ERPNext's own names."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.wire import Document


class Item(Document, frozen=True, kw_only=True, gc=False):
    """An Item."""

    item_code: str | None = None
    item_name: str | None = None
    item_group: str | None = None
    stock_uom: str | None = None
    description: str | None = None
    disabled: int | None = None
    is_stock_item: int | None = None
    is_sales_item: int | None = None
    is_purchase_item: int | None = None
    has_variants: int | None = None
    variant_of: str | None = None
    brand: str | None = None
    standard_rate: Decimal | None = None
    last_purchase_rate: Decimal | None = None
