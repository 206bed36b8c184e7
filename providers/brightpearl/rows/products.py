"""The row of items."""

from __future__ import annotations

from providers.brightpearl.mappers import item
from providers.brightpearl.product_references import product_site
from providers.brightpearl.products import EXPAND, get_product, list_products
from providers.brightpearl.rows.common import INSTANT, SORTS, TEXT
from providers.brightpearl.site import Site
from providers.brightpearl.wire_products import ProductRecord
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.item import Item

CHANNEL = "salesChannels[0]"
PRICE = "product-price: priceLists[]"

ITEMS: Resource[ProductRecord, Site, Item] = Resource(
    model=Item,
    site=product_site,
    to_unified=item.to_unified,
    id_of=lambda record: str(record.product.id),
    list=list_products,
    get=get_product,
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "sku": TEXT,
            "name": TEXT,
            "status": FilterRule(values=tuple(item.STATUSES.values())),
        },
        sorts=SORTS,
        calls=(
            "1 product-search + ceil(n/200) products + ceil(n/200) product-price, for n products on the page; "
            "`updated_at` walks two searches"
        ),
    ),
    get_calls="1 product + 1 product-price",
    expands={
        EXPAND: "a page: ceil(t/200) product-availability, for t products of tracked stock; a get: 1, or none"
    },
    unstamped=(
        "changes of prices, stock and custom fields may not move updatedOn",
        "another name of a brand, a category or a price list",
    ),
    sources={
        "id": "id",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": "updatedOn; createdOn until the first change",
        "deleted_at": None,
        "custom_fields": "customFields; nullCustomFields as null",
        "name": f"{CHANNEL}.productName",
        "sku": "identity.sku",
        "description": f"{CHANNEL}.description.text (HTML)",
        "status": "status: LIVE, DISCONTINUED, ARCHIVED",
        "remote_status": "status",
        "group": f"{CHANNEL}.categories[0].categoryCode by brightpearl-category",
        "categories": f"{CHANNEL}.categories",
        "categories.id": f"{CHANNEL}.categories[].categoryCode",
        "categories.name": "brightpearl-category: name",
        "unit": None,
        "quantity": "product-availability: total.inStock; null where stock is not tracked, as of a bundle",
        "unit_price": (
            f"{PRICE}.quantityPrice.1, net of tax, on the only SELL list of the base currency; null where that "
            "currency has several or none"
        ),
        "purchase_price": (
            f"{PRICE}.quantityPrice.1 on the list that account-configuration names as defaultCostPriceListId, else "
            "on the only BUY list; in the base currency, or null"
        ),
        "prices": f"{PRICE}.quantityPrice, one entry for each quantity",
        "prices.price_list": f"{PRICE}.priceListId",
        "prices.price_list_name": "price-list: name.text",
        "prices.type": "price-list: priceListTypeCode SELL, BUY",
        "prices.currency": f"{PRICE}.currencyCode, else that of price-list",
        "prices.quantity": f"{PRICE}.quantityPrice: the key",
        "prices.unit_price": f"{PRICE}.quantityPrice.*, net of tax even on lists shown gross",
        "prices.sku": f"{PRICE}.sku",
        "sales_account": "nominalCodeSales by nominal-code",
        "purchase_account": "nominalCodePurchases by nominal-code",
        "asset_account": "nominalCodeStock by nominal-code",
        "tax_rate": "financialDetails.taxCode.id",
        "tax_code": "financialDetails.taxCode.code",
        "company": None,
        "is_stocked": "stock.stockTracked",
        "is_sold": None,
        "is_purchased": None,
        "has_variants": None,
        "variant_of": None,
        "brand": "brandId by brand",
        "variant_group": "productGroupId",
        "options": "variations",
        "options.id": "variations[].optionId",
        "options.name": "variations[].optionName",
        "options.value_id": "variations[].optionValueId",
        "options.value": "variations[].optionValue",
        "is_bundle": "composition.bundle",
        "components": "composition.bundleComponents",
        "components.item": "composition.bundleComponents[].productId",
        "components.quantity": "composition.bundleComponents[].productQuantity",
        "identifiers": "identity",
        "identifiers.type": "identity: barcode, ean, upc, isbn, mpn",
        "identifiers.value": "identity.*",
        "vendor": "primarySupplierId",
    },
)
