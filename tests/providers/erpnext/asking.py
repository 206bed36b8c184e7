"""Asks a resource of a site in memory as the gateway does: every page, one record, and what a filter comes to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from providers.kit.pages import Caution, Filter, Operator, Query
from providers.kit.resource import AnyResource, Rows
from tests.providers.erpnext.frappe import Frappe


async def pages(site: Frappe, row: AnyResource, **asked: Any) -> list[Rows[Any]]:
    """Every page of a walk."""
    known = await row.site(site.client())
    query, found = Query(**{"limit": 2, **asked}), list[Rows[Any]]()
    assert row.list is not None
    while not found or found[-1].next is not None:
        found.append(await row.list(site.client(), known, query))
        assert len(found[-1].records) <= query.limit
        query = replace(query, position=found[-1].next)
    return found


async def records(site: Frappe, row: AnyResource, **asked: Any) -> list[Any]:
    """Every unified record of a walk."""
    known = await row.site(site.client())
    return [row.to_unified(each, known) for page in await pages(site, row, **asked) for each in page.records]


async def one(site: Frappe, row: AnyResource, record_id: str, *expand: str) -> Any:
    """The unified record of a get."""
    known = await row.site(site.client())
    assert row.get is not None
    got = await row.get(site.client(), known, record_id, frozenset(expand))
    return row.to_unified(got.wire, known)


async def cautions(site: Frappe, row: AnyResource, **asked: Any) -> list[Caution]:
    """All that a walk says beside its records."""
    return [caution for page in await pages(site, row, **asked) for caution in page.cautions]


def where(name: str, value: Any, operator: Operator = "eq") -> dict[str, Any]:
    """A query's one condition."""
    return {"filters": (Filter(name=name, operator=operator, value=value),)}
