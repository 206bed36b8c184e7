"""What is found out of an ERPNext site at connect: whose books, their zone and currency, and what may be read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from providers.erpnext.lists import read_list
from providers.erpnext.metadata import custom_of_all
from providers.erpnext.questions import Asked
from providers.erpnext.rehearsing import Answers, own_of
from providers.erpnext.resources import RESOURCES
from providers.erpnext.site import NOT_A_SITE, SITE, SITE_SECONDS, fixed_company, logged_user, site_facts
from providers.erpnext.wire_masters import CompanyHead
from providers.kit.client import Client
from providers.kit.errors import NotFound, ProviderError, Unauthorised, is_told
from providers.kit.provider import Company, Inspection
from providers.kit.rehearsal import Rehearsal, Rehearsed, known
from providers.kit.resource import AnyResource


async def inspect(client: Client) -> Inspection:
    """All that can be told. A part that fails is lost alone; a wrong address and refused credentials are raised."""
    user = await logged_user(client)
    facts, companies, fixed = await asyncio.gather(
        known(site_facts(client)), _companies(client), fixed_company(client)
    )
    zone, dimensions = facts or (None, None)

    async def site_of(resource: AnyResource, rehearsing: Client) -> Any:
        async def learnt() -> Any:
            return zone, dimensions

        await rehearsing.references.get(SITE, SITE_SECONDS, learnt)
        return await resource.site(rehearsing)

    answers = Answers(client)
    rehearsal = Rehearsal(client, question_of=answers.question_of, site_of=site_of, who=lambda: logged_user(client))
    found = await rehearsal.of(RESOURCES)
    told = {**({"time_zone": zone.key} if zone else {}), **fixed}
    return Inspection(
        settings=told,
        user=user,
        time_zone=zone.key if zone else None,
        base_currency=_base_currency(companies, fixed.get("company")),
        companies=companies,
        missing={name: each.words for name, each in found.items() if each.is_known and not each.is_listed},
        limited={
            name: each.words for name, each in found.items() if each.is_known and each.is_listed and each.lacks
        },
        unknown=tuple(name for name, each in found.items() if not each.is_known),
        custom_fields=await _own_fields(client, answers, rehearsal, found),
    )


async def _companies(client: Client) -> tuple[Company, ...]:
    """Those that the user may see, as far as the site tells. A site of Frappe's alone has no such thing."""
    asked = Asked(doctype="Company", filters=(), order_by="name asc", limit=0)
    try:
        read = await read_list(client, asked, CompanyHead, ())
    except Unauthorised:
        raise
    except ProviderError as error:
        if isinstance(error, NotFound) and is_told(error):
            raise NotFound(NOT_A_SITE, provider_code=error.provider_code) from error
        return ()
    return tuple(
        Company(id=each.name, name=each.company_name or each.name, currency=each.default_currency or None)
        for each in read.records
    )


def _base_currency(companies: Sequence[Company], fixed: str | None) -> str | None:
    """The currency of the account's company; of all companies where they have one in common."""
    currencies = {each.currency for each in companies if fixed is None or each.id == fixed}
    return currencies.pop() if len(currencies) == 1 else None


async def _own_fields(
    client: Client, answers: Answers, rehearsal: Rehearsal, bare: Mapping[str, Rehearsed]
) -> Mapping[str, tuple[str, ...]] | None:
    """The fields that lists ask for once they know of the site's own, and would not ask for otherwise."""
    answers.custom = await known(custom_of_all(client))
    answers.tells_metadata = True
    listed = {name: RESOURCES[name] for name, each in bare.items() if each.is_known and each.is_listed}
    found = await rehearsal.of(listed)
    return {
        name: own_of(each.calls, bare[name].calls)
        for name, each in found.items()
        if each.is_known and each.is_whole
    } or None
