"""Companies of ERPNext as unified ones."""

from __future__ import annotations

from providers.erpnext.company_site import CompanySite, year_of
from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, text
from providers.erpnext.mappers.party_address import addresses_of
from providers.erpnext.source import Joined
from providers.erpnext.wire_masters import Company
from unified_models.company_info import CompanyInfo
from unified_models.parts import Email, Phone


def to_unified(record: Joined[Company], site: CompanySite) -> CompanyInfo:
    """A company with books of its own."""
    head = record.head
    year = year_of(head.name, list(site.years.values()), site.today)
    return CompanyInfo(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.company_name),
        abbreviation=text(head.abbr),
        emails=[Email(email=head.email, type="primary")] if head.email else [],
        tax_number=text(head.tax_id),
        registration_details=text(head.registration_details),
        fiscal_year_end_month=str(year.end.month) if year else None,
        fiscal_year_end_day=str(year.end.day) if year else None,
        currency=text(head.default_currency),
        country=text(head.country),
        time_zone=site.zone.key if site.zone else None,
        parent_company=text(head.parent_company),
        is_group=flag(head.is_group),
        urls=[head.website] if head.website else [],
        addresses=addresses_of(record, site.countries),
        phones=_phones(head),
    )


def _phones(head: Company) -> list[Phone]:
    phones = [Phone(number=head.phone_no, type="primary")] if head.phone_no else []
    return [*phones, *([Phone(number=head.fax, type="fax")] if head.fax else [])]
