"""Prices of Brightpearl's products: all of them, and those that stand for an item's own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from providers.brightpearl.site import Site
from providers.brightpearl.wire_products import PriceList, PricesOnList, Words
from providers.kit.exact import exact
from unified_models.item import ItemPrice, ItemPriceType

PRICE_TYPES: dict[str, ItemPriceType] = {"SELL": "sale", "BUY": "purchase"}
COST_LIST = "defaultCostPriceListId"
"""The one price list that an account's configuration names."""

Prices = Sequence[PricesOnList] | None


def standard_list(site: Site, type_code: str) -> int | None:
    """The list whose prices stand for an item's own, in the books' currency; None where none is marked out.

    Of lists to buy from, that which the configuration names; else, and of lists to sell from, the only one.
    """
    known = [
        number
        for number, row in site.price_lists.items()
        if row.priceListTypeCode == type_code and row.currencyCode and row.currencyCode == site.base_currency
    ]
    named = site.configuration.get(COST_LIST, "")
    if type_code == "BUY" and named.isdigit() and int(named) in known:
        return int(named)
    return known[0] if len(known) == 1 else None


def standard_price(told: Prices, site: Site, type_code: str) -> Decimal | None:
    """The price of one on that list; one whose prices begin with a larger quantity has none."""
    number = standard_list(site, type_code)
    for each in told or ():
        if each.priceListId == number:
            return exact(each.quantityPrice.get(Decimal(1)))
    return None


def prices(told: Prices, site: Site) -> list[ItemPrice] | None:
    """All prices on all lists, as the lists come, smaller quantities first."""
    if told is None:
        return None
    return [
        ItemPrice(
            price_list=str(each.priceListId),
            price_list_name=(known.name or Words()).text or None,
            type=PRICE_TYPES.get(known.priceListTypeCode or ""),
            currency=each.currencyCode or known.currencyCode or None,
            quantity=exact(quantity),
            unit_price=exact(price),
            sku=each.sku or None,
        )
        for each in told
        for known in [site.price_lists.get(each.priceListId) or PriceList(id=each.priceListId)]
        for quantity, price in sorted(each.quantityPrice.items())
    ]
