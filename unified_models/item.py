"""Items: what is bought and sold."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from unified_models.base import Part, UnifiedModel
from unified_models.units import count, flag, money, parts, text

ItemStatus = Literal["active", "archived", "discontinued"]
"""Truto's `active archived`; ours: `discontinued`, sold while stock lasts and no longer bought."""

ItemPriceType = Literal["sale", "purchase"]
"""Whether a price list says what is asked of customers or what is paid to suppliers."""

ItemIdentifierType = Literal["barcode", "ean", "upc", "isbn", "mpn"]


class ItemIdentifier(Part, frozen=True, kw_only=True, gc=False):
    """A number that the item is known by outside the books."""

    type: Annotated[ItemIdentifierType | None, text("Which numbering it is from.")] = None
    value: Annotated[str, text("The number, as it was written.")]


class ItemCategory(Part, frozen=True, kw_only=True, gc=False):
    """A category that the item is in."""

    id: Annotated[str, text("The provider's id of the category.")]
    name: Annotated[str | None, text("What it is called.")] = None


class ItemOption(Part, frozen=True, kw_only=True, gc=False):
    """What sets a variant apart from its siblings, such as a size or a colour."""

    id: Annotated[str | None, text("The provider's id of the option.")] = None
    name: Annotated[str | None, text("The option: `Colour`.")] = None
    value_id: Annotated[str | None, text("The provider's id of the value.")] = None
    value: Annotated[str | None, text("Its value: `Red`.")] = None


class ItemComponent(Part, frozen=True, kw_only=True, gc=False):
    """A piece of a bundle."""

    item: Annotated[str | None, text("The piece's id in `items`.")] = None
    quantity: Annotated[Decimal | None, count("How many of it are in one bundle.")] = None


class ItemPrice(Part, frozen=True, kw_only=True, gc=False):
    """One price of the item: on one price list, from one quantity on."""

    price_list: Annotated[str, text("The provider's id of the price list.")]
    price_list_name: Annotated[str | None, text("What the list is called.")] = None
    type: Annotated[ItemPriceType | None, text("Which side of trade the list is for.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the price.")] = None
    quantity: Annotated[Decimal | None, count("The price holds from this many on.")] = None
    unit_price: Annotated[Decimal | None, money("The price of one, before tax, in `currency`.")] = None
    sku: Annotated[str | None, text("What the item is called by on this list (a supplier's own code).")] = None


class Item(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A product or service."""

    name: Annotated[str | None, text("What it is called.")] = None
    sku: Annotated[str | None, text("Stock-keeping code.")] = None
    description: Annotated[str | None, text("More words, as the provider keeps them (may hold HTML).")] = None
    status: Annotated[ItemStatus | None, text("Whether it is in use.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    group: Annotated[str | None, text("The provider's group or category; of several, the first.")] = None
    categories: Annotated[
        list[ItemCategory] | None, parts("All its categories; null where it cannot be in several.")
    ] = None
    unit: Annotated[str | None, text("What a quantity of it counts.")] = None
    quantity: Annotated[
        Decimal | UnsetType | None,
        count(
            "How many are in stock. Where reading it takes further calls, it is absent unless `expand=quantity` "
            "asked for it."
        ),
    ] = UNSET
    unit_price: Annotated[Decimal | None, money("Selling price, in the books' currency.")] = None
    purchase_price: Annotated[Decimal | None, money("Last or standard buying price, in the books' currency.")] = (
        None
    )
    prices: Annotated[
        list[ItemPrice] | None, parts("Its prices on all price lists; null where the provider does not tell them.")
    ] = None
    sales_account: Annotated[str | None, text("The income account.")] = None
    purchase_account: Annotated[str | None, text("The expense account.")] = None
    asset_account: Annotated[str | None, text("The stock account.")] = None
    tax_rate: Annotated[str | None, text("The tax rate's id in `tax_rates`.")] = None
    tax_code: Annotated[str | None, text("The provider's code of the tax rate.")] = None
    company: Annotated[str | None, text("The company whose books it is in, where items belong to one.")] = None
    is_stocked: Annotated[bool | None, flag("Whether stock is kept of it.")] = None
    is_sold: Annotated[bool | None, flag("Whether it is sold.")] = None
    is_purchased: Annotated[bool | None, flag("Whether it is bought.")] = None
    has_variants: Annotated[bool | None, flag("Whether it is a template of variants.")] = None
    variant_of: Annotated[str | None, text("The item it is a variant of.")] = None
    brand: Annotated[str | None, text("Brand.")] = None
    variant_group: Annotated[str | None, text("The provider's id of the group of variants it belongs to.")] = None
    options: Annotated[list[ItemOption] | None, parts("What sets it apart from the other variants.")] = None
    is_bundle: Annotated[bool | None, flag("Whether it is sold as several other items.")] = None
    components: Annotated[list[ItemComponent] | None, parts("What a bundle is made of.")] = None
    identifiers: Annotated[list[ItemIdentifier] | None, parts("Barcodes and other numbers it is known by.")] = None
    vendor: Annotated[str | None, text("The id in `contacts` of whom it is first bought from.")] = None
