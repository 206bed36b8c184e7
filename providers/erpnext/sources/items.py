"""The DocType of items, and what it is filtered by."""

from __future__ import annotations

from providers.erpnext.conditions import is_disabled
from providers.erpnext.source import STAMPS, Source
from providers.erpnext.wire_items import Item

ITEMS = Source(
    doctype="Item",
    wire=Item,
    filters={**STAMPS, "sku": "item_code", "name": "item_name", "status": is_disabled},
)
