"""Trying an account renews what can be renewed, and gives the status that its customer needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.app.api.control.asking import problem_of
from tests.app.site import Site
from tests.world import World, served


@pytest.fixture
async def site() -> AsyncIterator[tuple[Site, str]]:
    site = Site()
    async with served(site) as url:
        yield site, url


async def _import(world: World, context: dict[str, Any]) -> dict[str, Any]:
    body = {"tenant_id": "acme", "integration": "erpnext", "context": context}
    answer = await world.http.post("/integrated-account", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["result"])


async def test_an_import_whose_access_token_is_old_is_renewed(world: World, site: tuple[Site, str]) -> None:
    site_, url = site
    context = site_.context(url)
    site_.expire()

    account = await _import(world, context)

    assert (account["status"], site_.token_calls) == ("active", 1)


async def test_an_import_whose_grant_is_dead_is_kept_with_the_reason(world: World, site: tuple[Site, str]) -> None:
    site_, url = site
    site_.refuses_grant = True

    account = await _import(world, site_.context(url, access_token="old"))

    assert account["status"] == "validation_error"
    assert account["status_reason"]


async def test_validating_an_account_with_an_old_access_token_keeps_it_active(
    world: World, site: tuple[Site, str]
) -> None:
    site_, url = site
    account_id = (await _import(world, site_.context(url)))["id"]
    site_.expire()

    answer = await world.http.post(f"/integrated-account/{account_id}/validate")
    called = await world.http.get("/proxy/api/resource/Item", headers={"X-Integrated-Account-Id": account_id})

    assert answer.json()["result"]["status"] == "active"
    assert (called.status_code, site_.token_calls) == (200, 1)


async def test_an_account_that_had_worked_and_is_refused_needs_its_customer(
    world: World, site: tuple[Site, str]
) -> None:
    site_, url = site
    account_id = (await _import(world, site_.context(url)))["id"]
    site_.expire()
    site_.refuses_grant = True

    answer = await world.http.post(f"/integrated-account/{account_id}/validate")
    called = await world.http.get("/proxy/api/resource/Item", headers={"X-Integrated-Account-Id": account_id})

    assert answer.json()["result"]["status"] == "needs_reauth"
    problem_of(called, 409, "needs_reauth")


async def test_a_validation_brings_a_lost_account_back_when_its_grant_is_good_again(
    world: World, site: tuple[Site, str]
) -> None:
    site_, url = site
    account_id = (await _import(world, site_.context(url)))["id"]
    site_.expire()
    site_.refuses_grant = True
    await world.http.post(f"/integrated-account/{account_id}/validate")
    site_.refuses_grant = False

    answer = await world.http.post(f"/integrated-account/{account_id}/validate")
    called = await world.http.get("/proxy/api/resource/Item", headers={"X-Integrated-Account-Id": account_id})

    assert (answer.json()["result"]["status"], answer.json()["result"]["status_reason"]) == ("active", None)
    assert called.status_code == 200


async def test_calls_of_an_account_that_is_not_valid_are_refused_until_it_is(
    world: World, site: tuple[Site, str]
) -> None:
    site_, url = site
    site_.message = "not today"
    account_id = (await _import(world, site_.context(url)))["id"]
    headers = {"X-Integrated-Account-Id": account_id}

    refused = await world.http.get("/proxy/api/resource/Item", headers=headers)
    site_.message = None
    await world.http.post(f"/integrated-account/{account_id}/validate")
    passed = await world.http.get("/proxy/api/resource/Item", headers=headers)

    problem_of(refused, 409, "account_not_ready")
    assert passed.status_code == 200


async def test_a_change_of_the_context_keeps_the_time_the_access_token_expires(
    world: World, site: tuple[Site, str]
) -> None:
    site_, url = site
    account_id = (await _import(world, site_.context(url, expires_in=3_600)))["id"]
    before = await world.parts.account_store.find(world.environment_id, account_id)

    await world.http.patch(f"/integrated-account/{account_id}", json={"context": {"company": "Acme"}})

    after = await world.parts.account_store.find(world.environment_id, account_id)
    assert before is not None
    assert after is not None
    assert after.token_expires_at == before.token_expires_at is not None


async def test_of_two_changes_at_once_the_one_that_came_too_late_is_told(
    world: World, site: tuple[Site, str]
) -> None:
    site_, url = site
    account_id = (await _import(world, site_.context(url)))["id"]

    async def change() -> None:
        answer = await world.http.patch(f"/integrated-account/{account_id}", json={"context": {"company": "Inner"}})
        assert answer.status_code == 200, answer.text

    site_.during = change
    answer = await world.http.patch(f"/integrated-account/{account_id}", json={"context": {"company": "Outer"}})

    now = (await world.http.get(f"/integrated-account/{account_id}")).json()["result"]
    problem_of(answer, 409, "conflict")
    assert (now["context"]["company"], now["status"]) == ("Inner", "active")


async def test_an_account_deleted_while_it_is_tried_stays_deleted(world: World, site: tuple[Site, str]) -> None:
    site_, url = site
    account_id = (await _import(world, site_.context(url)))["id"]

    async def delete() -> None:
        assert (await world.http.delete(f"/integrated-account/{account_id}")).status_code == 200

    site_.during = delete
    answer = await world.http.post(f"/integrated-account/{account_id}/validate")

    problem_of(answer, 404, "not_found")
    problem_of(await world.http.get(f"/integrated-account/{account_id}"), 404, "not_found")
