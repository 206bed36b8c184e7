"""What the mapper of companies must know of a site: countries' codes, and how long its fiscal years are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from providers.erpnext.joins import by_parent
from providers.erpnext.lists import read_list
from providers.erpnext.party_site import COUNTRIES
from providers.erpnext.questions import Asked
from providers.erpnext.site import Site, read_site
from providers.erpnext.wire_masters import FiscalYear, FiscalYearCompany
from providers.kit.client import Client
from providers.kit.pages import Caution
from providers.kit.references import Reference, table


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year in use; one without companies is for all."""

    start: date
    end: date
    companies: frozenset[str]


@dataclass(frozen=True, slots=True)
class CompanySite(Site):
    """A site with its countries and fiscal years; what it would not tell is in `cautions`."""

    countries: Mapping[str, str] = field(default_factory=dict)
    years: Mapping[str, Year] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()


async def _years(client: Client) -> Mapping[str, Year]:
    heads = Asked(doctype="Fiscal Year", filters=(), order_by="name asc", limit=0)
    rows = Asked(
        doctype="Fiscal Year Company",
        parent="Fiscal Year",
        filters=[["parenttype", "=", "Fiscal Year"]],
        order_by="parent asc, idx asc",
        limit=0,
    )
    years, companies = await asyncio.gather(
        read_list(client, heads, FiscalYear, ()), read_list(client, rows, FiscalYearCompany, ())
    )
    of = by_parent(companies.records)
    return {
        year.name: Year(
            year.year_start_date,
            year.year_end_date,
            frozenset(row.company for row in of.get(year.name, []) if row.company),
        )
        for year in years.records
        if year.year_start_date and year.year_end_date and not year.disabled
    }


YEARS = Reference("fiscal_years", _years)


async def read_company_site(client: Client) -> CompanySite:
    """The site and its lists, kept for an hour."""
    site = await read_site(client)
    cautions: list[Caution] = []
    return CompanySite(
        zone=site.zone,
        today=site.today,
        countries=await table(client, COUNTRIES, "addresses.country", cautions),
        years=await table(client, YEARS, "fiscal_year_end_month", cautions),
        cautions=tuple(cautions),
    )


def year_of(company: str, years: Sequence[Year], today: date) -> Year | None:
    """The company's fiscal year of today, else its latest that has begun; its own before one that is for all."""
    own = [year for year in years if company in year.companies]
    for mine in (own, [year for year in years if not year.companies]):
        begun = [year for year in mine if year.start <= today]
        if begun:
            return max(begun, key=lambda year: (year.end >= today, year.end))
    return None
