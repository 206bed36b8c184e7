"""The companies of a site, and the currency that each one's books are kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked
from providers.erpnext.site import Site, read_site
from providers.erpnext.wire_contacts import CompanyCurrency
from providers.kit.client import Client
from providers.kit.pages import Caution
from providers.kit.references import Reference, table


async def _currencies(client: Client) -> Mapping[str, str | None]:
    asked = Asked(doctype="Company", filters=(), order_by="name asc", limit=0)
    read = await read_list(client, asked, CompanyCurrency, ())
    return {company.name: company.default_currency or None for company in read.records}


CURRENCIES = Reference("company_currencies", _currencies)
"""The companies that the user may see, each with its currency; None where only its name may be read."""


async def read_books(client: Client) -> Site:
    """The site with the currencies of its companies' books, as kept for the account."""
    cautions: list[Caution] = []
    told = await table(client, CURRENCIES, "base_currency", cautions)
    # A user who may only choose companies gets their names, and nothing else of them.
    is_told = not cautions and all(told.values())
    return replace(await read_site(client), currencies=told if is_told else None)
