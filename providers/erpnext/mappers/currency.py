"""Currencies of ERPNext and rates between them as unified ones."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import enabled, flag, text
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_ledger import Currency as Head
from providers.erpnext.wire_ledger import CurrencyExchange
from providers.kit.exact import exact
from unified_models.currency import Currency, ExchangeRate


def to_unified(record: Joined[Head], site: Site) -> Currency:
    """A currency."""
    head = record.head
    return Currency(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        code=head.name,
        name=text(head.currency_name),
        symbol=text(head.symbol),
        status=enabled(head.enabled),
        is_base=None if site.currencies is None else head.name in site.currencies.values(),
        # 0 says that it is not set.
        fraction_units=head.fraction_units or None,
        smallest_fraction=exact(head.smallest_currency_fraction_value or None),
    )


def to_rate(record: Joined[CurrencyExchange], site: Site) -> ExchangeRate:
    """A rate: so many units of `to_currency` for one of `from_currency`, as ERPNext keeps it."""
    head = record.head
    return ExchangeRate(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        from_currency=text(head.from_currency),
        to_currency=text(head.to_currency),
        rate=exact(head.exchange_rate),
        date=head.date,
        is_for_buying=flag(head.for_buying),
        is_for_selling=flag(head.for_selling),
    )
