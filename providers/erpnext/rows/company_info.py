"""Company info: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.companies import get_company, list_companies
from providers.erpnext.company_site import CompanySite, read_company_site
from providers.erpnext.mappers import company_info
from providers.erpnext.rows.common import COMMON, INSTANT, WORD
from providers.erpnext.rows.contacts import ADDRESS
from providers.erpnext.source import Joined
from providers.erpnext.wire_masters import Company
from providers.kit.resource import ListRules, Resource
from unified_models.company_info import CompanyInfo

COMPANY_INFO: Resource[Joined[Company], CompanySite, CompanyInfo] = Resource(
    model=CompanyInfo,
    site=read_company_site,
    to_unified=company_info.to_unified,
    id_of=lambda record: record.id,
    list=list_companies,
    get=get_company,
    list_rules=ListRules(
        filters={"updated_at": INSTANT, "created_at": INSTANT, "name": WORD, "currency": WORD},
        sorts=("updated_at", "created_at"),
        calls="1 list + 2 joined (links to Addresses, Addresses)",
    ),
    get_calls="1 + 2 joined",
    unstamped=("changes of its Addresses", "changes of fiscal years"),
    sources={
        "id": "name",
        **COMMON,
        "name": "company_name",
        "legal_name": None,
        "abbreviation": "abbr",
        "emails": "email",
        "emails.email": "email",
        "emails.type": "primary: there is one",
        "tax_number": "tax_id",
        "registration_details": "registration_details",
        "fiscal_year_end_month": "Fiscal Year: year_end_date of the company's year of today, or of the one for all",
        "fiscal_year_end_day": "Fiscal Year: year_end_date of the company's year of today, or of the one for all",
        "currency": "default_currency",
        "country": "country (its name)",
        "time_zone": "the site's time zone",
        "tax_scheme": None,
        "parent_company": "parent_company",
        "is_group": "is_group",
        "urls": "website",
        **ADDRESS,
        "addresses.type": (
            "Address: billing by address_type, is_primary_address; shipping by address_type, is_shipping_address"
        ),
        "phones": "phone_no, fax",
        "phones.number": "phone_no, fax",
        "phones.extension": None,
        "phones.type": "primary: phone_no; fax: fax",
    },
)
