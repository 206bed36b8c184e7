"""The companies of a site, and the currency that each one's books are kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from providers.erpnext.site import SITE_SECONDS, Site, read_site
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, Rejected

_LIST = (("fields", '["name","default_currency"]'), ("order_by", "name asc"), ("limit_page_length", "0"))


class _Companies(msgspec.Struct, frozen=True):
    class Company(msgspec.Struct, frozen=True):
        name: str
        default_currency: str | None = None

    data: list[Company]


async def read_books(client: Client) -> Site:
    """The site with the currencies of its companies' books, as kept for the account."""
    currencies = await client.references.get("companies", SITE_SECONDS, lambda: _currencies(client))
    return replace(await read_site(client), currencies=currencies)


async def _currencies(client: Client) -> Mapping[str, str] | None:
    """The companies that this user may see; None where companies may not be read."""
    try:
        found = msgspec.json.decode(await client.get("api/resource/Company", _LIST), type=_Companies).data
    except (Forbidden, NotFound, Rejected, BadAnswer, msgspec.DecodeError):
        return None
    told = {company.name: company.default_currency for company in found if company.default_currency}
    # A user who may only choose companies gets their names, and nothing else of them.
    return told if len(told) == len(found) else None
