"""The unified resources by their path segment, spelled as Truto spells them."""

from __future__ import annotations

from collections.abc import Mapping

from unified_models.base import UnifiedModel
from unified_models.contact import Contact
from unified_models.invoice import Invoice
from unified_models.item import Item
from unified_models.order import PurchaseOrder, SalesOrder

MODELS: Mapping[str, type[UnifiedModel]] = {
    "contacts": Contact,
    "invoices": Invoice,
    "items": Item,
    "purchase_orders": PurchaseOrder,
    "sales_orders": SalesOrder,
}
