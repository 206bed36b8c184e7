"""The rows of what is booked on (channels, projects, lead sources), and of whose books they are."""

from __future__ import annotations

from providers.brightpearl.company import get_company, list_companies
from providers.brightpearl.dimensions import PATHS, dimension_id, get_dimension, list_dimensions
from providers.brightpearl.mappers import company_info, tracking_category
from providers.brightpearl.rows.common import STATE, TEXT
from providers.brightpearl.site import Site, no_site
from providers.brightpearl.wire_lists import CompanyRecord, DimensionRecord
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.company_info import CompanyInfo
from unified_models.tracking_category import TrackingCategory

_UNSTAMPED = ("every change: Brightpearl stamps none here",)
_UNSTAMPED_SOURCES = {"created_at": None, "updated_at": None, "deleted_at": None, "custom_fields": None}

TRACKING_CATEGORIES: Resource[DimensionRecord, Site, TrackingCategory] = Resource(
    model=TrackingCategory,
    site=no_site,
    to_unified=tracking_category.to_unified,
    id_of=dimension_id,
    list=list_dimensions,
    get=get_dimension,
    list_rules=ListRules(
        filters={"category_type": FilterRule(values=tuple(PATHS)), "name": TEXT, "status": STATE},
        calls="1 channel + 1 project + 1 lead-source (whole lists); those before the page's position are not read",
    ),
    get_calls="1; 3 where the id does not name its kind",
    unstamped=_UNSTAMPED,
    sources={
        "id": "`channel:`, `project:`, `lead_source:` and the id",
        "remote_id": "id",
        **_UNSTAMPED_SOURCES,
        "name": "name",
        "number": None,
        "status": "isActive (lead sources)",
        "remote_status": None,
        "category_type": "which of the three lists it is in",
        "remote_type": None,
        "parent_category": "parentId (lead sources); 0 is none",
        "company": None,
        "start_date": None,
        "end_date": None,
        "is_group": None,
        "options": None,
        "options.id": None,
        "options.name": None,
        "options.status": None,
    },
)

COMPANY_INFO: Resource[CompanyRecord, Site, CompanyInfo] = Resource(
    model=CompanyInfo,
    site=no_site,
    to_unified=company_info.to_unified,
    id_of=lambda record: record.code,
    list=list_companies,
    get=get_company,
    list_rules=ListRules(calls="1 account-configuration"),
    get_calls="1 account-configuration",
    unstamped=_UNSTAMPED,
    sources={
        "id": "the account's code",
        "remote_id": "the account's code",
        **_UNSTAMPED_SOURCES,
        "name": None,
        "legal_name": None,
        "abbreviation": None,
        "emails": None,
        "emails.email": None,
        "emails.type": None,
        "tax_number": None,
        "registration_details": None,
        "fiscal_year_end_month": None,
        "fiscal_year_end_day": None,
        "currency": "configuration.baseCurrencyCode",
        "country": None,
        "time_zone": "configuration.timeZone",
        "tax_scheme": "configuration.taxSchemeCode",
        "parent_company": None,
        "is_group": None,
        "urls": None,
        "addresses": None,
        "addresses.id": None,
        "addresses.type": None,
        "addresses.name": None,
        "addresses.company_name": None,
        "addresses.street_1": None,
        "addresses.street_2": None,
        "addresses.city": None,
        "addresses.state": None,
        "addresses.postal_code": None,
        "addresses.country": None,
        "phones": None,
        "phones.number": None,
        "phones.extension": None,
        "phones.type": None,
    },
)
