"""What an inspection says of rights is what a caller then meets: at every provider, whatever is taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from providers.kit.registry import all_providers
from tests.world import World, served

CALLS_MAX = {"brightpearl": 22, "erpnext": 65}
"""The published numbers: of a user who may read all there is, but is no system manager."""


@dataclass
class Site:
    """A provider's sandbox, and how rights are taken away in it."""

    box: Any
    context: Callable[[str], dict[str, str]]
    rights: tuple[tuple[str, ...], ...]
    take: Callable[[Any, tuple[str, ...]], None]


def _take_doctypes(box: Any, names: tuple[str, ...]) -> None:
    box.access.rights = replace(box.access.rights, unreadable=frozenset(names))


def _take_paths(box: Any, paths: tuple[str, ...]) -> None:
    app = box.app._inner
    app._quirks = replace(app._quirks, forbidden=frozenset(paths))


def _erpnext() -> Site:
    box = erpnext.create_sandbox(rights=erpnext.Rights(unreadable=frozenset()))
    dimensions = (str(row["document_type"]) for row in box.store.documents["Accounting Dimension"].values())
    return Site(
        box,
        erpnext.context,
        (
            # Each of a case is of resources of its own, so that every right is seen by what it alone takes away.
            ("Account", "File", "Currency", "Item", "Supplier", "Supplier Group", "Purchase Invoice", "GL Entry"),
            ("Company", "Currency Exchange", "Customer", "Sales Invoice", "Purchase Order", "Project"),
            ("Sales Order", "Payment Entry", "Mode of Payment", "Item Tax Template", "Contact", "Customer Group"),
            ("Journal Entry", "Payment Ledger Entry", "Cost Center", "Fiscal Year", "Party Link", "Address"),
            ("Cost Center", "Project", *dimensions, "Customer", "Supplier", "Purchase Taxes and Charges Template"),
            (
                *("Sales Taxes and Charges Template", "Purchase Taxes and Charges Template", "Item Tax Template"),
                *("Customer Group", "Supplier Group", "Sales Invoice", "Purchase Invoice"),
            ),
        ),
        _take_doctypes,
    )


def _brightpearl() -> Site:
    accounting, contact, product = "accounting-service", "contact-service", "product-service"
    return Site(
        brightpearl.create_sandbox(requests_per_minute=None),
        brightpearl.context,
        (
            tuple(f"{accounting}/{name}" for name in ("nominal-code", "exchange-rate", "customer-payment-search")),
            tuple(f"{accounting}/{name}" for name in ("tax-code", "currency-search", "journal-search")),
            (f"{accounting}/payment-method", f"{accounting}/supplier-payment-search", f"{contact}/contact-search"),
            (f"{contact}/contact-group", f"{contact}/project", "order-service/order-search"),
            (f"{contact}/lead-source", f"{product}/product-search"),
            (f"{product}/channel", f"{contact}/project", f"{contact}/lead-source"),
            (accounting, "order-service"),
        ),
        _take_paths,
    )


SITES = {"brightpearl": _brightpearl, "erpnext": _erpnext}


@contextmanager
def _without(site: Site, names: tuple[str, ...]) -> Iterator[None]:
    site.take(site.box, names)
    yield
    site.take(site.box, ())


async def _validated(world: World, account_id: str) -> dict[str, Any]:
    answer = await world.http.post(f"/integrated-account/{account_id}/validate")
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()["result"]
    assert result["status"] == "active", result["status_reason"]
    findings: dict[str, Any] = result["findings"]
    return findings


async def _answers(world: World, slug: str, account_id: str) -> dict[str, tuple[int, set[str]]]:
    """The status of every list's first page, and the codes of its warnings."""
    found: dict[str, tuple[int, set[str]]] = {}
    for resource in all_providers()[slug].resources:
        answer = await world.unified(resource, account_id, limit=1)
        if answer.status_code != 200:
            assert answer.json()["code"] == "provider_forbidden", (resource, answer.text)
        found[resource] = answer.status_code, {each["code"] for each in answer.json().get("warnings", ())}
    return found


@pytest.fixture(params=SITES)
async def connected(request: pytest.FixtureRequest, light: World) -> AsyncIterator[tuple[str, Site, World, str]]:
    slug: str = request.param
    site = SITES[slug]()
    async with served(site.box.app) as url:
        yield slug, site, light, await light.account(slug, site.context(url), validate=True)


def test_every_provider_is_held_to_this() -> None:
    assert set(SITES) == set(all_providers()) == set(CALLS_MAX)


async def test_what_is_missing_is_what_is_refused_and_what_is_limited_comes_with_a_warning(
    connected: tuple[str, Site, World, str],
) -> None:
    slug, site, world, account_id = connected
    told: set[str] = set()

    for taken in site.rights:
        with _without(site, taken):
            findings = await _validated(world, account_id)
            answers = await _answers(world, slug, account_id)

        refused = {name for name, (status, _) in answers.items() if status == 403}
        warned = {name for name, (_, codes) in answers.items() if codes & {"not_permitted", "reference_unknown"}}
        assert set(findings["missing_rights"]) == refused, taken
        # Brightpearl's records are not read for this, so that what belongs to them is not tried.
        assert slug == "brightpearl" or warned <= set(findings["limited_rights"]), taken
        assert not refused & set(findings["limited_rights"])
        assert findings["unknown_rights"] == []
        assert all(words.startswith("cannot read ") for words in findings["missing_rights"].values())
        told |= refused
    # Only the company has nothing of its own to take away at Brightpearl; files have no other DocType.
    assert told >= set(all_providers()[slug].resources) - {"company_info", "attachments"}


async def test_a_user_who_may_read_all_lacks_nothing_and_is_asked_as_often_as_published(
    connected: tuple[str, Site, World, str],
) -> None:
    slug, site, world, account_id = connected
    site.box.app.calls.clear()

    findings = await _validated(world, account_id)

    assert (findings["missing_rights"], findings["limited_rights"], findings["unknown_rights"]) == ({}, {}, [])
    assert len(site.box.app.calls) <= CALLS_MAX[slug]
    assert len({(path, query) for _, path, query in site.box.app.calls}) == len(site.box.app.calls)


async def test_the_own_fields_that_are_told_are_those_that_records_have(
    connected: tuple[str, Site, World, str],
) -> None:
    slug, _, world, account_id = connected
    own = (await _validated(world, account_id))["custom_fields"]

    for resource, row in all_providers()[slug].resources.items():
        if row.sources.get("custom_fields") is None:
            assert own.get(resource, []) == [], resource
            continue
        records = await world.walk(resource, account_id, limit=500)
        seen = {name for record in records for name in record["custom_fields"]}
        assert seen <= set(own[resource]), resource
        # At Brightpearl a contact has only what was set; elsewhere each field is there, if only as null.
        if slug == "erpnext":
            assert seen == {name for name in own[resource] if "." not in name}, resource


async def test_a_user_who_may_read_nothing_is_connected_all_the_same(
    connected: tuple[str, Site, World, str],
) -> None:
    slug, site, world, account_id = connected
    everything = tuple({name for names in site.rights for name in names})

    with _without(site, everything):
        findings = await _validated(world, account_id)

    assert set(findings["missing_rights"]) >= set(all_providers()[slug].resources) - {"company_info"}
    assert findings["time_zone"]


@pytest.mark.parametrize("kind", ["error_500", "html", "torn", "wrong_json", "reset"])
async def test_trouble_in_the_middle_is_unknown_and_never_a_missing_right(
    connected: tuple[str, Site, World, str], kind: str
) -> None:
    slug, _, world, account_id = connected
    path, resource = {
        "brightpearl": ("accounting-service/tax-code", "tax_rates"),
        "erpnext": ("Mode%20of%20Payment", "payment_method"),
    }[slug]
    trouble = {"kind": kind, "times": 3, "path_contains": path}
    await world.http.post(f"{await _root(world, account_id)}/__sandbox/hardship", json=trouble)

    findings = await _validated(world, account_id)

    assert findings["unknown_rights"] == [resource]
    assert (findings["missing_rights"], findings["limited_rights"]) == ({}, {})


async def _root(world: World, account_id: str) -> str:
    context = (await world.http.get(f"/integrated-account/{account_id}")).json()["result"]["context"]
    return str(context.get("site_url") or context["api_domain"])


async def test_an_account_without_calls_left_loses_what_could_not_be_asked_and_nothing_else(light: World) -> None:
    box = brightpearl.create_sandbox(requests_per_minute=5)
    async with served(box.app) as url:
        # A window that does not end while somebody waits for the next.
        await light.http.post(f"{url}/__sandbox/limits", json={"window_seconds": 3600})
        account_id = await light.account("brightpearl", brightpearl.context(url), validate=True)
        account = (await light.http.get(f"/integrated-account/{account_id}")).json()["result"]

    assert account["status"] == "active"
    assert account["findings"]["missing_rights"] == {}
    assert len(account["findings"]["unknown_rights"]) >= 10
    assert account["findings"]["custom_fields"] is None
    # Whoever has none left is not asked again and again.
    assert len(box.app.calls) <= 5 + 4
