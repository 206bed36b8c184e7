"""Currencies of Brightpearl and their rates as unified ones."""

from __future__ import annotations

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.ledger_lists import rate_id
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import Currency, ExchangeRate
from providers.kit.exact import exact
from unified_models.currency import Currency as UnifiedCurrency
from unified_models.currency import ExchangeRate as UnifiedRate


def to_unified(source: Currency, site: Site) -> UnifiedCurrency:
    """A currency with its rate as it stands now."""
    del site
    return UnifiedCurrency(
        id=str(source.id),
        remote_id=str(source.id),
        code=source.code or None,
        name=source.title or None,
        symbol=source.symbol or None,
        is_base=source.isDefault,
        exchange_rate=exact(source.exchangeRate),
    )


def to_rate(source: ExchangeRate, site: Site) -> UnifiedRate:
    """A rate: so many units of the foreign currency for one of the base."""
    return UnifiedRate(
        id=rate_id(source),
        remote_id=rate_id(source),
        from_currency=site.base_currency,
        to_currency=site.currencies.get(source.currencyId),
        rate=exact(source.rate),
        date=calendar_date(source.rateActiveFrom),
        active_from=instant(source.rateActiveFrom),
    )
