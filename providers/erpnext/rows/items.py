"""Items: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import item
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, INSTANT, STATE, WORD
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources import items
from providers.erpnext.wire_items import Item as Head
from providers.kit.resource import ListRules, Resource
from unified_models.item import Item

ITEMS: Resource[Joined[Head], Site, Item] = Resource(
    model=Item,
    site=read_site,
    to_unified=item.to_unified,
    id_of=lambda record: record.id,
    list=list_of(items.ITEMS),
    get=get_of(items.ITEMS),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "sku": WORD,
            "name": WORD,
            "status": STATE,
        },
        sorts=("updated_at", "created_at"),
        calls="1",
    ),
    get_calls="1",
    unstamped=("prices kept in price lists",),
    sources={
        "id": "name",
        **COMMON,
        "name": "item_name",
        "sku": "item_code",
        "description": "description (HTML)",
        "status": "disabled",
        "remote_status": None,
        "group": "item_group",
        "categories": None,
        "categories.id": None,
        "categories.name": None,
        "unit": "stock_uom",
        "quantity": None,
        "unit_price": "standard_rate",
        "purchase_price": "last_purchase_rate",
        "prices": None,
        "prices.price_list": None,
        "prices.price_list_name": None,
        "prices.type": None,
        "prices.currency": None,
        "prices.quantity": None,
        "prices.unit_price": None,
        "prices.sku": None,
        "sales_account": None,
        "purchase_account": None,
        "asset_account": None,
        "tax_rate": None,
        "tax_code": None,
        "company": None,
        "is_stocked": "is_stock_item",
        "is_sold": "is_sales_item",
        "is_purchased": "is_purchase_item",
        "has_variants": "has_variants",
        "variant_of": "variant_of",
        "brand": "brand",
        "variant_group": None,
        "options": None,
        "options.id": None,
        "options.name": None,
        "options.value_id": None,
        "options.value": None,
        "is_bundle": None,
        "components": None,
        "components.item": None,
        "components.quantity": None,
        "identifiers": None,
        "identifiers.type": None,
        "identifiers.value": None,
        "vendor": None,
    },
)
