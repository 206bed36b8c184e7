"""Tax rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.parts import TrackingCategoryReference
from unified_models.units import count, flag, money, parts, rate, text

TaxRateStatus = Literal["active", "archived"]
TaxSide = Literal["sales", "purchases"]


class TaxComponent(Part, frozen=True, kw_only=True, gc=False):
    """One tax of several that make up a rate."""

    id: Annotated[str | None, text("The provider's id of the row.")] = None
    sequence: Annotated[int | None, count("Its place among them.")] = None
    name: Annotated[str | None, text("What it is called.")] = None
    account: Annotated[str | None, text("The account's id in `accounts`.")] = None
    rate: Annotated[Decimal | None, rate("In percent; null where an amount is set instead.")] = None
    amount: Annotated[
        Decimal | None,
        money(
            "What is charged, where it is not by a rate: a set amount, or one for each unit, as `calculation` says."
        ),
    ] = None
    calculation: Annotated[str | None, text("How the provider computes it, in its own words.")] = None
    is_included_in_price: Annotated[bool | None, flag("Whether prices include it.")] = None
    is_deducted: Annotated[bool | None, flag("Whether it lowers the total (withholding).")] = None
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions it is booked on.")] = []


class TaxRate(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A tax, or a set of taxes that are charged together."""

    name: Annotated[str | None, text("What it is called.")] = None
    code: Annotated[str | None, text("Its code, as lines carry it.")] = None
    description: Annotated[str | None, text("More words.")] = None
    side: Annotated[
        TaxSide | None, text("Whether it is charged on sales or on purchases, where it is just one.")
    ] = None
    total_tax_rate: Annotated[
        Decimal | None, rate("The sum of its components, in percent; null where an amount, not a rate, is set.")
    ] = None
    effective_tax_rate: Annotated[
        Decimal | None,
        rate("What it adds to a net amount, in percent; null where it is not a matter of rates alone."),
    ] = None
    company: Annotated[str | None, text("The company whose books it is in.")] = None
    category: Annotated[str | None, text("The provider's id of its tax category.")] = None
    status: Annotated[TaxRateStatus | None, text("Whether it is in use.")] = None
    is_default: Annotated[bool | None, flag("Is used where nothing is said.")] = None
    components: Annotated[list[TaxComponent], parts("The taxes it is made of, in order.")] = []
