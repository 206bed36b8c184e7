"""Currencies, and the rates between them."""

from __future__ import annotations

from datetime import date as DateValue
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import UnifiedModel
from unified_models.units import count, date, flag, instant, rate, text

CurrencyStatus = Literal["active", "archived"]


class Currency(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A currency the books know."""

    code: Annotated[str | None, text("ISO 4217 code.")] = None
    name: Annotated[str | None, text("What it is called.")] = None
    symbol: Annotated[str | None, text("How it is written before or after an amount.")] = None
    status: Annotated[CurrencyStatus | None, text("Whether it is in use.")] = None
    is_base: Annotated[bool | None, flag("Is the books' own currency (of one of the companies).")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("Today's rate as the provider states it; its source tells the direction.")
    ] = None
    fraction_units: Annotated[int | None, count("How many of the smaller unit make one, such as 100.")] = None
    smallest_fraction: Annotated[
        Decimal | None, rate("The smallest amount in use, as a part of one; null where unset.")
    ] = None


class ExchangeRate(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """One rate: how many units of `to_currency` one unit of `from_currency` is."""

    from_currency: Annotated[str | None, text("ISO 4217 code of the one unit.")] = None
    to_currency: Annotated[str | None, text("ISO 4217 code of what it is worth.")] = None
    rate: Annotated[
        Decimal | None,
        rate("Units of `to_currency` for one unit of `from_currency`: USD to GBP 0.80 makes 100 USD 80 GBP."),
    ] = None
    date: Annotated[DateValue | None, date("The first day it is in force.")] = None
    active_from: Annotated[
        datetime | None, instant("The moment it came into force, where the provider tells one.")
    ] = None
    is_for_buying: Annotated[bool | None, flag("Is used when buying.")] = None
    is_for_selling: Annotated[bool | None, flag("Is used when selling.")] = None
