"""A Brightpearl account's configuration as the unified company."""

from __future__ import annotations

from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import CompanyRecord
from unified_models.company_info import CompanyInfo


def to_unified(record: CompanyRecord, site: Site) -> CompanyInfo:
    """The company, as far as its configuration is known to tell; a name is in no source."""
    del site
    return CompanyInfo(
        id=record.code,
        remote_id=record.code,
        currency=record.configuration.baseCurrencyCode or None,
        time_zone=record.configuration.timeZone or None,
        tax_scheme=record.configuration.taxSchemeCode or None,
    )
