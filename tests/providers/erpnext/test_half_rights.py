"""A user who may read only one of the two DocTypes that are invoices, and names that look like ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from providers.erpnext.rows.invoices import INVOICES
from providers.kit.errors import Conflict, Forbidden, NotFound
from providers.kit.pages import Filter, Query, Sort
from providers.kit.resource import Rows
from tests.providers.erpnext.frappe import FORBIDDEN, Frappe
from tests.providers.fake_send import Reply

DOCTYPES = {"invoice": "Sales Invoice", "bill": "Purchase Invoice"}
SORTS = [None, Sort(name="updated_at"), Sort(name="issue_date", descending=True)]
STAMP = "2026-11-21 10:00:0{}.000000"


def site_without(*kinds: str, count: int = 5) -> Frappe:
    """Books of both kinds, of which these may not be read."""
    site = Frappe()
    for kind, doctype in DOCTYPES.items():
        rows = [
            {"name": f"{kind[0].upper()}{n}", "modified": STAMP.format(n), "posting_date": f"2026-11-0{n + 1}"}
            for n in range(count)
        ]
        site.add(doctype, rows)
    site.forbidden = {DOCTYPES[kind] for kind in kinds}
    return site


async def pages(site: Frappe, **asked: Any) -> list[Rows[Any]]:
    """Every page of a walk."""
    client = site.client()
    known = await INVOICES.site(client)
    query, found = Query(**{"limit": 2, **asked}), list[Rows[Any]]()
    assert INVOICES.list is not None
    while not found or found[-1].next is not None:
        found.append(await INVOICES.list(client, known, query))
        query = replace(query, position=found[-1].next)
    return found


def said(found: list[Rows[Any]]) -> list[tuple[str, str | None, str | None]]:
    return [
        (caution.code, caution.field, caution.detail)
        for page in found
        for caution in page.cautions
        if caution.code == "not_permitted"
    ]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("kind", DOCTYPES)
async def test_a_walk_goes_on_with_the_kind_that_may_be_read_and_says_so_once(kind: str, sort: Sort | None) -> None:
    site = site_without(kind)

    found = await pages(site, sort=sort)

    other = "bill" if kind == "invoice" else "invoice"
    ids = [INVOICES.id_of(record) for page in found for record in page.records]
    assert sorted(ids) == [f"{other}:{other[0].upper()}{n}" for n in range(5)]
    assert said(found) == [("not_permitted", "type", kind)]
    assert len(site.lists(DOCTYPES[kind])) == 1


async def test_a_first_page_is_not_empty_for_want_of_a_right_to_the_first_kind() -> None:
    first, *_ = await pages(site_without("invoice"), limit=500)

    assert len(first.records) == 5
    assert first.next is None


@pytest.mark.parametrize("name", ["type", "contact"])
@pytest.mark.parametrize("sort", SORTS)
async def test_a_kind_that_is_asked_for_and_may_not_be_read_is_forbidden(name: str, sort: Sort | None) -> None:
    value = "bill" if name == "type" else "supplier:X"

    with pytest.raises(Forbidden):
        await pages(site_without("bill"), filters=(Filter(name=name, operator="eq", value=value),), sort=sort)


@pytest.mark.parametrize("sort", SORTS)
async def test_a_list_of_which_nothing_may_be_read_is_forbidden(sort: Sort | None) -> None:
    with pytest.raises(Forbidden):
        await pages(site_without("invoice", "bill"), sort=sort)


@pytest.mark.parametrize("sort", SORTS)
async def test_a_right_that_is_lost_in_the_middle_of_a_walk_is_an_error_and_not_its_end(sort: Sort | None) -> None:
    site = site_without("bill")
    client = site.client()
    known = await INVOICES.site(client)
    assert INVOICES.list is not None
    first = await INVOICES.list(client, known, Query(limit=2, sort=sort))
    site.forbidden = {*DOCTYPES.values()}

    with pytest.raises(Forbidden):
        await INVOICES.list(client, known, Query(limit=2, sort=sort, position=first.next))


async def got(site: Frappe, record_id: str) -> str:
    client = site.client()
    assert INVOICES.get is not None
    record = await INVOICES.get(client, await INVOICES.site(client), record_id, frozenset())
    return INVOICES.id_of(record.wire)


async def test_a_bare_name_that_is_there_and_may_not_be_read_is_forbidden_and_not_missing() -> None:
    site = site_without()
    site.send.on("api/resource/Purchase Invoice/B1", FORBIDDEN)

    with pytest.raises(Forbidden):
        await got(site, "B1")


async def test_a_bare_name_that_one_kind_has_is_found_though_the_other_is_forbidden() -> None:
    assert await got(site_without("bill"), "I1") == "invoice:I1"


async def test_a_bare_name_that_is_nowhere_is_not_found() -> None:
    site = site_without()
    site.send.on("api/resource/Purchase Invoice/", Reply({"exc_type": "DoesNotExistError"}, 404))

    with pytest.raises(NotFound):
        await got(site, "B1")


@pytest.mark.parametrize("record_id", ["invoice:colon", "invoice:invoice:colon"])
async def test_a_name_that_begins_as_an_id_is_found_as_a_name(record_id: str) -> None:
    site = Frappe()
    site.add("Sales Invoice", [{"name": "invoice:colon", "modified": STAMP.format(0)}])

    assert await got(site, record_id) == "invoice:invoice:colon"


async def test_a_bills_name_may_begin_as_an_invoices_id() -> None:
    site = Frappe()
    site.add("Purchase Invoice", [{"name": "invoice:7", "modified": STAMP.format(0)}])

    assert await got(site, "invoice:7") == "bill:invoice:7"


async def test_an_id_of_ours_is_read_as_one_before_it_is_read_as_a_name() -> None:
    site = Frappe()
    site.add("Sales Invoice", [{"name": name, "modified": STAMP.format(0)} for name in ("X", "invoice:X")])

    assert await got(site, "invoice:X") == "invoice:X"
    assert site.send.paths().count("api/resource/Purchase Invoice/invoice:X") == 0


async def test_a_name_with_a_colon_that_both_kinds_have_is_a_conflict() -> None:
    site = Frappe()
    for doctype in DOCTYPES.values():
        site.add(doctype, [{"name": "bill:1", "modified": STAMP.format(0)}])

    with pytest.raises(Conflict):
        await got(site, "bill:1")


async def test_an_id_of_ours_that_is_forbidden_stays_so() -> None:
    with pytest.raises(Forbidden):
        await got(site_without("bill"), "bill:B1")
