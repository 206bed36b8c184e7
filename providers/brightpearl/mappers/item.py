"""Products of Brightpearl as unified items."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import UNSET, UnsetType

from providers.brightpearl.dates import instant
from providers.brightpearl.mappers.item_prices import prices, standard_price
from providers.brightpearl.site import Site
from providers.brightpearl.wire_products import (
    FinancialDetails,
    Identity,
    Product,
    ProductComposition,
    ProductRecord,
    ProductTaxCode,
    SalesChannel,
    Stock,
    StockLevel,
    Words,
)
from providers.kit.exact import exact
from unified_models.item import (
    Item,
    ItemCategory,
    ItemComponent,
    ItemIdentifier,
    ItemIdentifierType,
    ItemOption,
    ItemStatus,
)

STATUSES: dict[str, ItemStatus] = {"LIVE": "active", "DISCONTINUED": "discontinued", "ARCHIVED": "archived"}
IDENTIFIERS: tuple[ItemIdentifierType, ...] = ("barcode", "ean", "upc", "isbn", "mpn")


def to_unified(record: ProductRecord, site: Site) -> Item:
    """A product, a service or a bundle."""
    source = record.product
    codes = category_codes(source)
    tax = (source.financialDetails or FinancialDetails()).taxCode or ProductTaxCode()
    nominals = nominal_codes(source)
    made_of = source.composition or ProductComposition()
    return Item(
        id=str(source.id),
        remote_id=str(source.id),
        created_at=instant(source.createdOn),
        updated_at=instant(source.updatedOn or source.createdOn),
        custom_fields=custom_fields(source),
        name=name_of(source),
        sku=(source.identity or Identity()).sku or None,
        description=(_channel(source).description or Words()).text or None,
        status=STATUSES.get(source.status or ""),
        remote_status=source.status or None,
        group=site.categories.get(codes[0]) if codes else None,
        categories=[ItemCategory(id=code, name=site.categories.get(code)) for code in codes],
        quantity=_in_stock(record),
        unit_price=standard_price(record.prices, site, "SELL"),
        purchase_price=standard_price(record.prices, site, "BUY"),
        prices=prices(record.prices, site),
        sales_account=_account(site, nominals.get("sales_account")),
        purchase_account=_account(site, nominals.get("purchase_account")),
        asset_account=_account(site, nominals.get("asset_account")),
        # 0 says none, here and below.
        tax_rate=str(tax.id) if tax.id else None,
        tax_code=tax.code or None,
        is_stocked=(source.stock or Stock()).stockTracked,
        brand=site.brands.get(source.brandId) if source.brandId else None,
        variant_group=str(source.productGroupId) if source.productGroupId else None,
        options=_options(source),
        is_bundle=made_of.bundle,
        components=[
            ItemComponent(item=_text(part.productId), quantity=exact(part.productQuantity))
            for part in made_of.bundleComponents
        ],
        identifiers=_identifiers(source.identity or Identity()),
        vendor=str(source.primarySupplierId) if source.primarySupplierId else None,
    )


def _channel(source: Product) -> SalesChannel:
    return source.salesChannels[0] if source.salesChannels else SalesChannel()


def name_of(source: Product) -> str | None:
    """What Brightpearl itself calls the product: the first of its sales channels."""
    return _channel(source).productName or None


def category_codes(source: Product) -> list[str]:
    """The codes of its categories, which are the categories' ids."""
    return [entry.categoryCode for entry in _channel(source).categories if entry.categoryCode]


def nominal_codes(source: Product) -> dict[str, str]:
    """The codes of its accounts by our names; an empty one and "0" are none."""
    codes = {
        "sales_account": source.nominalCodeSales,
        "purchase_account": source.nominalCodePurchases,
        "asset_account": source.nominalCodeStock,
    }
    return {field: code for field, code in codes.items() if code and code != "0"}


def _account(site: Site, code: str | None) -> str | None:
    nominal = site.nominals.get(code or "")
    return nominal.id if nominal else None


def custom_fields(source: Product) -> Mapping[str, Any]:
    """Set fields with their values, and unset ones as null; the latter come as codes, in a list or a map."""
    unset = source.nullCustomFields if isinstance(source.nullCustomFields, (list, dict)) else ()
    return {**{str(code): None for code in unset}, **(source.customFields or {})}


def _in_stock(record: ProductRecord) -> Decimal | UnsetType | None:
    if isinstance(record.stock, UnsetType):
        return UNSET
    return exact((record.stock.total or StockLevel()).inStock) if record.stock else None


def _options(source: Product) -> list[ItemOption]:
    return [
        ItemOption(
            id=_text(each.optionId),
            name=each.optionName or None,
            value_id=_text(each.optionValueId),
            value=each.optionValue or None,
        )
        for each in source.variations
    ]


def _identifiers(identity: Identity) -> list[ItemIdentifier]:
    return [ItemIdentifier(type=kind, value=value) for kind in IDENTIFIERS if (value := getattr(identity, kind))]


def _text(number: int | None) -> str | None:
    return str(number) if number is not None else None
