"""`/integrated-account`: imported, read, changed and deleted, with secrets that never come back."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from providers.erpnext.sandbox import create_sandbox
from tests.app.api.control.asking import problem_of
from tests.app.site import Site
from tests.world import World, served

NOWHERE = "http://127.0.0.1:9"
KEYS = {"site_url": NOWHERE, "api_key": "private-key", "api_secret": "private-secret"}
COMPANY = "Acme Trading Ltd"


async def _import(world: World, context: dict[str, Any], **more: Any) -> httpx2.Response:
    body = {"tenant_id": "acme", "integration": "erpnext", "context": context, **more}
    return await world.http.post("/integrated-account", json=body)


async def test_an_import_is_tried_by_a_real_call_and_answers_the_active_account(world: World) -> None:
    sandbox = create_sandbox(documents={"Company": [{"name": COMPANY}]})
    async with served(sandbox.app) as url:
        answer = await _import(
            world, {"site_url": url, "api_key": "sandbox-key", "api_secret": "sandbox-secret", "company": COMPANY}
        )

    account = answer.json()["result"]
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/integrated-account/{account['id']}"
    assert (account["status"], account["status_reason"]) == ("active", None)
    assert (account["tenant_id"], account["integration"]) == ("acme", "erpnext")
    assert account["context"] == {"site_url": url, "company": COMPANY, "time_zone": "Asia/Kolkata"}
    assert any("get_logged_user" in path for _, path, _ in sandbox.calls)


async def test_secrets_come_back_by_no_route(world: World) -> None:
    async with served(Site(message="no")) as url:
        account_id = await world.account("erpnext", {**KEYS, "site_url": url})
        path = f"/integrated-account/{account_id}"

        answers = [
            await world.http.get(path),
            await world.http.get("/integrated-account"),
            await world.http.post(f"{path}/validate"),
            await world.http.patch(path, json={"context": {"api_key": "private-more"}}),
            await world.http.patch(path, json={"context": {"company": COMPANY}}),
            await world.http.delete(path),
        ]

    assert [answer.text for answer in answers if "private" in answer.text] == []


async def test_an_account_that_fails_its_validation_is_kept_with_the_reason(world: World) -> None:
    async with served(create_sandbox(documents={"Company": [{"name": COMPANY}]}).app) as url:
        answer = await _import(world, {"site_url": url, "api_key": "wrong", "api_secret": "wrong"})

    account = answer.json()["result"]
    kept = (await world.http.get(f"/integrated-account/{account['id']}")).json()["result"]
    assert answer.status_code == 201
    assert account["status"] == "validation_error"
    assert "refuses these credentials" in account["status_reason"]
    assert kept == account


async def test_an_account_whose_site_does_not_answer_is_kept_with_the_reason(world: World) -> None:
    answer = await _import(world, KEYS)

    account = answer.json()["result"]
    assert (answer.status_code, account["status"]) == (201, "validation_error")
    assert account["status_reason"]


@pytest.mark.parametrize("message", ["a \0 in it", "two\nlines", "x" * 5_000], ids=["a NUL", "lines", "length"])
async def test_a_providers_odd_words_do_not_stop_an_import(world: World, message: str) -> None:
    site = Site(message=message)
    async with served(site) as url:
        answer = await _import(world, {"site_url": url, "api_key": "k", "api_secret": "s"})

    reason = answer.json()["result"]["status_reason"]
    assert answer.status_code == 201, answer.text
    assert reason.isprintable()
    assert len(reason) <= 500


async def test_validate_false_makes_no_call(world: World) -> None:
    sandbox = create_sandbox(documents={"Company": [{"name": COMPANY}]})
    async with served(sandbox.app) as url:
        answer = await _import(world, {**KEYS, "site_url": url}, validate=False)

    assert (answer.status_code, answer.json()["result"]["status"]) == (201, "active")
    assert sandbox.calls == []


BAD_CONTEXTS: list[tuple[str, dict[str, Any], str]] = [
    ("erpnext", {**KEYS, "site_url": "not an address"}, "context.site_url"),
    ("erpnext", {"site_url": NOWHERE, "api_key": "k"}, "context.api_secret"),
    ("erpnext", {**KEYS, "surprise": "private"}, "context.surprise"),
    ("erpnext", {**KEYS, "api_key": "private\0"}, "context.api_key"),
    ("erpnext", {**KEYS, "company": "private\0"}, "context.company"),
    ("erpnext", {"site_url": NOWHERE, "oauth": {"access_token": 7}}, "context.oauth.access_token"),
    ("brightpearl", {}, "context.account_code"),
    ("brightpearl", {"account_code": "a", "api_domain": "a.example", "app_ref": "r"}, "context"),
    ("no-such", {}, "integration"),
]


@pytest.mark.parametrize(("integration", "context", "field"), BAD_CONTEXTS)
async def test_a_bad_context_is_refused_by_the_name_of_its_field(
    light: World, integration: str, context: dict[str, Any], field: str
) -> None:
    body = {"tenant_id": "acme", "integration": integration, "context": context}
    answer = await light.http.post("/integrated-account", json=body)

    problem = problem_of(answer, 422, "validation_failed")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert "private" not in answer.text
    assert (await light.http.get("/integrated-account")).json()["result"] == []


async def test_a_patch_lays_a_context_over_the_one_in_use(world: World) -> None:
    async with served(create_sandbox(documents={"Company": [{"name": COMPANY}]}).app) as url:
        account_id = await world.erpnext(url)
        answer = await world.http.patch(
            f"/integrated-account/{account_id}", json={"tenant_id": "renamed", "context": {"company": COMPANY}}
        )

    account = answer.json()["result"]
    assert answer.status_code == 200, answer.text
    assert (account["tenant_id"], account["status"]) == ("renamed", "active")
    assert account["context"] == {"site_url": url, "company": COMPANY, "time_zone": "Asia/Kolkata"}


async def test_new_credentials_replace_the_old_kind_whole(world: World) -> None:
    sandbox = create_sandbox(documents={"Company": [{"name": COMPANY}]})
    access, refresh = sandbox.access.grant()
    async with served(sandbox.app) as url:
        account_id = await world.erpnext(url)
        oauth = {"access_token": access, "refresh_token": refresh}
        answer = await world.http.patch(f"/integrated-account/{account_id}", json={"context": {"oauth": oauth}})

    row = await world.parts.account_store.find(world.environment_id, account_id)
    assert answer.json()["result"]["status"] == "active"
    assert row is not None
    assert await world.parts.vault.open(row.secrets, row.key, row.place) == oauth


async def test_a_patch_that_is_refused_leaves_the_account_as_it_was(world: World) -> None:
    account_id = await world.account("erpnext", KEYS)
    before = (await world.http.get(f"/integrated-account/{account_id}")).json()["result"]

    problem_of(
        await world.http.patch(f"/integrated-account/{account_id}", json={"context": {"site_url": "ftp://x"}}),
        422,
        "validation_failed",
    )
    problem_of(
        await world.http.patch(
            f"/integrated-account/{account_id}",
            json={"tenant_id": "other", "context": {"site_url": "http://10.1.2.3"}},
        ),
        422,
        "forbidden_address",
    )

    after = (await world.http.get(f"/integrated-account/{account_id}")).json()["result"]
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


async def test_a_site_that_points_inside_is_refused_and_nothing_is_kept(world: World) -> None:
    answer = await _import(world, {**KEYS, "site_url": "http://10.1.2.3"})

    problem_of(answer, 422, "forbidden_address")
    assert (await world.http.get("/integrated-account")).json()["result"] == []


async def test_a_validation_that_is_not_allowed_to_call_does_not_delete_the_account(world: World) -> None:
    account_id = await world.account("erpnext", {**KEYS, "site_url": "http://10.1.2.3"})

    answer = await world.http.post(f"/integrated-account/{account_id}/validate")

    problem_of(answer, 422, "forbidden_address")
    assert (await world.http.get(f"/integrated-account/{account_id}")).status_code == 200


async def test_a_deleted_account_is_gone_at_once_for_every_route(world: World) -> None:
    async with served(create_sandbox(documents={"Company": [{"name": COMPANY}]}).app) as url:
        account_id = await world.erpnext(url)
        warm = await world.unified("invoices", account_id)
        deleted = await world.http.delete(f"/integrated-account/{account_id}")
        after = [
            await world.unified("invoices", account_id),
            await world.http.get("/proxy/x", params={"integrated_account_id": account_id}),
            await world.http.get(f"/integrated-account/{account_id}"),
            await world.http.patch(f"/integrated-account/{account_id}", json={"tenant_id": "x"}),
            await world.http.post(f"/integrated-account/{account_id}/validate"),
            await world.http.get(f"/integrated-account/{account_id}/capabilities"),
            await world.http.delete(f"/integrated-account/{account_id}"),
        ]

    assert (warm.status_code, deleted.json()["result"]) == (200, {"id": account_id})
    for answer in after:
        problem_of(answer, 404, "not_found")


async def test_accounts_are_found_by_tenant_integration_and_status(world: World) -> None:
    first = await world.account("erpnext", KEYS)
    await _import(world, KEYS, validate=False)
    async with served(Site(message="no")) as url:
        broken = (await _import(world, {**KEYS, "site_url": url})).json()["result"]["id"]

    async def found(**asked: str) -> set[str]:
        body = (await world.http.get("/integrated-account", params=asked)).json()
        assert body["result_count"] == len(body["result"])
        return {item["id"] for item in body["result"]}

    assert await found(tenant_id="tenant") == {first}
    assert await found(status="validation_error") == {broken}
    assert len(await found(integration="erpnext")) == 3
    assert await found(tenant_id="acme", status="validation_error") == {broken}
    assert await found(integration="brightpearl") == set()
