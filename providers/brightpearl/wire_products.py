"""Brightpearl's products, their prices and their stock under its own names. Only ids are sure to be there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from providers.kit.resource import Wire


class Identity(Wire, frozen=True, kw_only=True, gc=False):
    """What a product is known by. A text of no words is none; some come so, some are left out."""

    sku: str | None = None
    barcode: str | None = None
    ean: str | None = None
    upc: str | None = None
    isbn: str | None = None
    mpn: str | None = None


class Stock(Wire, frozen=True, kw_only=True, gc=False):
    """Whether stock is kept of a product."""

    stockTracked: bool | None = None


class ProductTaxCode(Wire, frozen=True, kw_only=True, gc=False):
    """The tax code of a product."""

    id: int | None = None
    code: str | None = None


class FinancialDetails(Wire, frozen=True, kw_only=True, gc=False):
    """How a product is taxed."""

    taxCode: ProductTaxCode | None = None


class Words(Wire, frozen=True, kw_only=True, gc=False):
    """A text with its language and format."""

    text: str | None = None


class CategoryMembership(Wire, frozen=True, kw_only=True, gc=False):
    """A category that a product is in; its code is the category's id, as a text."""

    categoryCode: str | None = None


class SalesChannel(Wire, frozen=True, kw_only=True, gc=False):
    """What a product is called where it is sold. Without a channel asked for, Brightpearl tells its own."""

    productName: str | None = None
    categories: list[CategoryMembership] = []
    description: Words | None = None


class BundleComponent(Wire, frozen=True, kw_only=True, gc=False):
    """A piece of a bundle."""

    productId: int | None = None
    productQuantity: Decimal | None = None


class ProductComposition(Wire, frozen=True, kw_only=True, gc=False):
    """Whether a product is a bundle, and of what."""

    bundle: bool | None = None
    bundleComponents: list[BundleComponent] = []


class Variation(Wire, frozen=True, kw_only=True, gc=False):
    """An option of a product, and its value."""

    optionId: int | None = None
    optionName: str | None = None
    optionValueId: int | None = None
    optionValue: str | None = None


class Product(Wire, frozen=True, kw_only=True, gc=False):
    """A product."""

    id: int
    brandId: int | None = None
    identity: Identity | None = None
    productGroupId: int | None = None
    stock: Stock | None = None
    financialDetails: FinancialDetails | None = None
    salesChannels: list[SalesChannel] = []
    composition: ProductComposition | None = None
    variations: list[Variation] = []
    customFields: Mapping[str, Any] | None = None
    nullCustomFields: Any = None
    createdOn: str | None = None
    updatedOn: str | None = None
    nominalCodeStock: str | None = None
    nominalCodePurchases: str | None = None
    nominalCodeSales: str | None = None
    primarySupplierId: int | None = None
    status: str | None = None


class PriceList(Wire, frozen=True, kw_only=True, gc=False):
    """A price list. The first of an account may have the id 0."""

    id: int
    name: Words | None = None
    currencyCode: str | None = None
    priceListTypeCode: str | None = None


class PricesOnList(Wire, frozen=True, kw_only=True, gc=False):
    """A product's prices on one list: by the quantity from which each holds, both as texts."""

    priceListId: int
    currencyCode: str | None = None
    sku: str | None = None
    quantityPrice: dict[Decimal, Decimal] = {}


class ProductPrices(Wire, frozen=True, kw_only=True, gc=False):
    """A product's prices."""

    productId: int
    priceLists: list[PricesOnList] = []


class StockLevel(Wire, frozen=True, kw_only=True, gc=False):
    """How much there is."""

    inStock: Decimal | None = None


class Availability(Wire, frozen=True, kw_only=True, gc=False):
    """How much there is of a product, in all warehouses. The answer is a map; its key is told here."""

    productId: int
    total: StockLevel | None = None


class Named(Wire, frozen=True, kw_only=True, gc=False):
    """A brand or a category."""

    id: int
    name: str | None = None


class ProductRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"product": ""}):
    """A product with its prices: None where they cannot be read. `stock` is unset where it was not asked."""

    product: Product
    prices: list[PricesOnList] | None = None
    stock: Availability | msgspec.UnsetType | None = msgspec.UNSET
