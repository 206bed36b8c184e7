"""What the mapper of contacts must know of a site: codes of countries, currencies of companies, days of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers.erpnext.book_currencies import CURRENCIES
from providers.erpnext.joins import by_parent
from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.wire_contacts import Country, Party, TermRow
from providers.kit.client import Client
from providers.kit.pages import Caution
from providers.kit.references import Reference, meet, table

TEMPLATES = "Payment Terms Template"
_AFTER_INVOICE = "Day(s) after invoice date"


@dataclass(frozen=True, slots=True)
class PartySite(Site):
    """A site with the lists that contacts refer to. `cautions` say what it would not tell, by our field."""

    company: str | None = None
    countries: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[str, str | None] = field(default_factory=dict)
    term_days: Mapping[str, int | None] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()


async def _countries(client: Client) -> Mapping[str, str]:
    asked = Asked(doctype="Country", filters=(), order_by="name asc", limit=0)
    read = await read_list(client, asked, Country, ())
    return {country.name: country.code.upper() for country in read.records if country.code}


async def _term_days(client: Client) -> Mapping[str, int | None]:
    asked = Asked(
        doctype=f"{TEMPLATES} Detail",
        parent=TEMPLATES,
        filters=[["parenttype", "=", TEMPLATES]],
        order_by="parent asc, idx asc",
        limit=0,
    )
    read = await read_list(client, asked, TermRow, ())
    return {name: days_of(rows) for name, rows in by_parent(read.records).items()}


def days_of(rows: Sequence[TermRow]) -> int | None:
    """The days to pay where one number says it: a single instalment, so many days after the invoice."""
    if len(rows) != 1 or rows[0].due_date_based_on != _AFTER_INVOICE or rows[0].credit_months:
        return None
    return rows[0].credit_days


COUNTRIES = Reference("countries", _countries)
TERM_DAYS = Reference("payment_terms", _term_days)


async def read_party_site(client: Client) -> PartySite:
    """The site and its lists, kept for an hour."""
    site = await read_site(client)
    cautions: list[Caution] = []
    return PartySite(
        zone=site.zone,
        today=site.today,
        company=client.settings.get("company"),
        countries=await table(client, COUNTRIES, "addresses.country", cautions),
        currencies=await table(client, CURRENCIES, "credit_limit", cautions),
        term_days=await table(client, TERM_DAYS, "credit_term_days", cautions),
        cautions=tuple(cautions),
    )


async def met(client: Client, site: PartySite, records: Sequence[Joined[Any]]) -> tuple[Caution, ...]:
    """Learn what the records name and the lists lack; what of the cautions matters to these records."""
    heads: list[Party] = [record.head for record in records]
    countries = {address.country or None for record in records for address in record.table("addresses")}
    companies = {row.company for record in records for row in record.table("credit_limits")}
    terms = {head.payment_terms or None for head in heads}
    named = {
        "addresses.country": (site.countries, countries - {None}),
        "credit_limit": (site.currencies, companies - {None}),
        "credit_term_days": (site.term_days, terms - {None}),
    }
    for rows, wanted in named.values():
        await meet(client, rows, wanted)
    return tuple(each for each in site.cautions if each.field in named and named[each.field][1])
