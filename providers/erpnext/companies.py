"""Reads companies, with the Addresses that are linked to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from providers.erpnext.company_site import CompanySite
from providers.erpnext.documents import get_of
from providers.erpnext.party_joins import ADDRESSES
from providers.erpnext.reads import read_page
from providers.erpnext.source import STAMPS, Joined, Source
from providers.erpnext.wire_masters import Company
from providers.kit.client import Client
from providers.kit.pages import Caution, Query
from providers.kit.references import meet
from providers.kit.resource import Record, Rows

COMPANIES = Source(
    doctype="Company",
    wire=Company,
    joins=(ADDRESSES,),
    company="name",
    filters={**STAMPS, "name": "company_name", "currency": "default_currency"},
)
_get = get_of(COMPANIES)


async def list_companies(client: Client, site: CompanySite, query: Query) -> Rows[Joined[Any]]:
    """One page; the account's company alone where it fixes one."""
    rows = await read_page(client, site, (COMPANIES,), query)
    return replace(rows, cautions=(*rows.cautions, *await _met(client, site, rows.records)))


async def get_company(
    client: Client, site: CompanySite, record_id: str, expand: frozenset[str]
) -> Record[Joined[Any]]:
    """One company."""
    record = await _get(client, site, record_id, expand)
    return replace(record, cautions=(*record.cautions, *await _met(client, site, [record.wire])))


async def _met(client: Client, site: CompanySite, records: Sequence[Joined[Any]]) -> Sequence[Caution]:
    """Learn the countries that the lists lack; what of the cautions matters to these records."""
    countries = {address.country for record in records for address in record.table("addresses") if address.country}
    await meet(client, site.countries, countries)
    matters = {"addresses.country": bool(countries), "fiscal_year_end_month": bool(records)}
    return [caution for caution in site.cautions if matters.get(caution.field or "")]
