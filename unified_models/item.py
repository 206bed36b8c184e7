"""Items: what is bought and sold."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import UnifiedModel
from unified_models.units import count, flag, money, text

ItemStatus = Literal["active", "archived"]


class Item(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A product or service."""

    name: Annotated[str | None, text("What it is called.")] = None
    sku: Annotated[str | None, text("Stock-keeping code.")] = None
    description: Annotated[str | None, text("More words, as the provider keeps them (may hold HTML).")] = None
    status: Annotated[ItemStatus | None, text("Whether it is in use.")] = None
    group: Annotated[str | None, text("The provider's group or category.")] = None
    unit: Annotated[str | None, text("What a quantity of it counts.")] = None
    quantity: Annotated[Decimal | None, count("How many are in stock, where the record carries it.")] = None
    unit_price: Annotated[Decimal | None, money("Selling price, in the books' currency.")] = None
    purchase_price: Annotated[Decimal | None, money("Last or standard buying price, in the books' currency.")] = (
        None
    )
    sales_account: Annotated[str | None, text("The income account.")] = None
    purchase_account: Annotated[str | None, text("The expense account.")] = None
    asset_account: Annotated[str | None, text("The stock account.")] = None
    company: Annotated[str | None, text("The company whose books it is in, where items belong to one.")] = None
    is_stocked: Annotated[bool | None, flag("Whether stock is kept of it.")] = None
    is_sold: Annotated[bool | None, flag("Whether it is sold.")] = None
    is_purchased: Annotated[bool | None, flag("Whether it is bought.")] = None
    has_variants: Annotated[bool | None, flag("Whether it is a template of variants.")] = None
    variant_of: Annotated[str | None, text("The item it is a variant of.")] = None
    brand: Annotated[str | None, text("Brand.")] = None
