"""Tax codes of Brightpearl as unified tax rates."""

from __future__ import annotations

from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import TaxCode
from providers.kit.exact import exact
from unified_models.tax_rate import TaxRate


def to_unified(source: TaxCode, site: Site) -> TaxRate:
    """A tax rate. Without a rate it may be 0 %, exempt, or unset: recorded of "IVA 1%" too, so that it is null."""
    default = site.configuration.get("defaultTaxRateId")
    return TaxRate(
        id=str(source.id),
        remote_id=str(source.id),
        name=source.description or None,
        code=source.code or None,
        total_tax_rate=exact(source.rate),
        effective_tax_rate=exact(source.rate),
        is_default=str(source.id) == default if default else None,
    )
