"""A year of exchange rates: one for each month and foreign currency, newest first."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import SIX, Store

MONTHS = 12


def vary_rates(store: Store, draw: random.Random, start: datetime) -> None:
    """Put a rate for each month before the one that was there from the beginning."""
    rows: list[Row] = []
    for currency in store.currencies:
        first = [row for row in store.lists["exchange-rate"] if row["currencyId"] == currency["id"]]
        if currency["isDefault"]:
            continue
        made = [_rate(store, draw, first[-1], start + timedelta(days=31 * month)) for month in range(MONTHS)]
        rows += [*reversed(made), *first]
        currency["exchangeRate"] = str(made[-1]["rate"])
    store.lists["exchange-rate"] = rows


def _rate(store: Store, draw: random.Random, first: Row, moment: datetime) -> Row:
    factor = Decimal(draw.randrange(930, 1_070)) / 1_000
    return {
        **first,
        "rateActiveFrom": store.local_midnight(moment.astimezone(store.zone).date()),
        "rate": (first["rate"] * factor).quantize(SIX),
        "addedById": 4,
    }
