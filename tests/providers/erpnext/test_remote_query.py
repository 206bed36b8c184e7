"""What a caller may add to a list call: nothing that runs something else, and never as a body."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.remote_query import SIZE_MAX
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Filter, Query
from providers.kit.resource import AnyResource
from tests.providers.erpnext.frappe import Frappe

RUNS = ["cmd", "data", "sid", "usr", "pwd", "doc", "docs", "method", "run_method", "_lang", "_type", "csrf_token"]


def books() -> Frappe:
    """A site without documents."""
    site = Frappe()
    for doctype in ("Sales Invoice", "Purchase Invoice", "Item"):
        site.add(doctype, [])
    return site


async def asked(site: Frappe, resource: AnyResource, *pairs: tuple[str, str], **more: Any) -> None:
    """One page with these pairs added, of a site that is known already."""
    client = site.client()
    known = await resource.site(client)
    site.send.calls.clear()
    assert resource.list is not None
    await resource.list(client, known, Query(limit=5, remote_query=pairs, **more))


@pytest.mark.parametrize("resource", [INVOICES, ITEMS], ids=["invoices", "items"])
@pytest.mark.parametrize("name", RUNS)
async def test_no_request_leaves_with_a_name_that_makes_frappe_do_something_else(
    name: str, resource: AnyResource
) -> None:
    site = books()

    with pytest.raises(UnsupportedFilter, match=f"may not set {name}$"):
        await asked(site, resource, ("debug", "0"), (name, "frappe.client.set_value"))

    assert site.send.calls == []


@pytest.mark.parametrize("resource", [INVOICES, ITEMS], ids=["invoices", "items"])
async def test_what_is_added_has_a_size_and_one_that_is_too_large_is_not_sent(resource: AnyResource) -> None:
    site, fits = books(), "é" * ((SIZE_MAX - len("x=")) // 6)

    await asked(site, resource, ("x", fits))
    with pytest.raises(UnsupportedFilter, match="2,000 characters"):
        await asked(site, resource, ("x", f"{fits}é"))

    assert site.send.calls == []


async def test_a_long_question_keeps_what_is_added_in_the_address_and_out_of_the_body_that_frappe_merges() -> None:
    site = books()
    names = tuple(f"ACC-SINV-2026-{number:05}-{'x' * 40}" for number in range(90))
    number = Filter(name="number", operator="in", value=names)

    await asked(site, INVOICES, ("name", "ACC-SINV-1"), ("value", "a b&c"), filters=(number,))

    [call] = site.lists("Sales Invoice")
    assert (call.method, call.path) == ("POST", "api/method/frappe.client.get_list")
    assert dict(call.params) == {"name": "ACC-SINV-1", "value": "a b&c"}
    assert not {"name", "value"} & set(call.body)


async def test_a_question_made_long_by_what_is_added_carries_it_in_the_address_all_the_same() -> None:
    site = books()

    await asked(site, INVOICES, ("a", "x" * 1_990))
    [short] = site.lists("Sales Invoice")
    long = tuple(f"ACC-SINV-2026-{number:05}-{'x' * 10}" for number in range(40))
    await asked(site, INVOICES, ("a", "x" * 1_990), filters=(Filter(name="number", operator="in", value=long),))

    [call] = site.lists("Sales Invoice")
    assert (short.method, call.method) == ("GET", "POST")
    assert dict(call.params) == {"a": "x" * 1_990}
