"""`/link-token` and `/environment-integration`: what is taken, what is told, and that a secret is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.app.api.control.asking import problem_of
from tests.world import World

SECRET = "very-private"
CLIENT = {"client_id": "acme_app", "client_secret": SECRET, "settings": {"dev_ref": "acme"}}


async def test_a_link_token_is_for_an_hour_unless_said_otherwise(world: World) -> None:
    before = world.parts.clock.now()

    usual = (await world.http.post("/link-token", json={"tenant_id": "t"})).json()["result"]
    short = (await world.http.post("/link-token", json={"tenant_id": "t", "expires_in": 60})).json()["result"]

    assert usual.keys() == {"link_token", "link_url", "expires_at"}
    assert usual["link_url"].endswith(f"/link/{usual['link_token']}")
    assert 3_590 < (datetime.fromisoformat(usual["expires_at"]) - before).total_seconds() < 3_700
    assert (datetime.fromisoformat(short["expires_at"]) - before).total_seconds() < 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "tenant_id"),
        ({"tenant_id": "t", "integrated_account_id": "a"}, "tenant_id"),
        ({"tenant_id": "t", "integrations": ["quickbooks"]}, "integrations"),
        ({"tenant_id": "t", "redirect_uri": "https://shop.example.com/back"}, "redirect_uri"),
        ({"tenant_id": "t", "context": {"password": SECRET}}, "context"),
        ({"tenant_id": "t", "context": {"site_url": "x" * 20_000}}, "context"),
        ({"tenant_id": "t", "expires_in": 604_801}, "expires_in"),
        ({"tenant_id": "t", "expires_in": 59}, "expires_in"),
        ({"tenant_id": "t", "scopes": ["all"]}, "scopes"),
    ],
)
async def test_a_link_that_cannot_be_made_names_the_field(light: World, body: dict[str, Any], field: str) -> None:
    answer = await light.http.post("/link-token", json=body)

    problem = problem_of(answer, 422, "validation_failed")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert SECRET not in answer.text


async def test_a_re_connect_is_only_for_an_account_of_the_environment(light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    stranger = await light.new_token(await light.environment())

    own = await light.http.post("/link-token", json={"integrated_account_id": account_id})
    theirs = await light.http.post(
        "/link-token",
        json={"integrated_account_id": account_id},
        headers={"Authorization": f"Bearer {stranger}"},
    )

    assert own.status_code == 201
    problem_of(theirs, 404, "not_found")


async def test_an_integration_that_was_never_put_is_enabled_and_has_no_client(light: World) -> None:
    listed = (await light.http.get("/environment-integration")).json()["result"]
    one = (await light.http.get("/environment-integration/erpnext")).json()["result"]

    assert [found["integration"] for found in listed] == ["brightpearl", "erpnext"]
    assert one == listed[1]
    assert (one["is_enabled"], one["client_id"], one["has_client_secret"]) == (True, None, False)
    assert one["callback_url"].endswith("/connect/erpnext/callback")


async def test_a_clients_secret_is_kept_sealed_and_never_told(world: World) -> None:
    put = await world.http.put("/environment-integration/brightpearl", json=CLIENT)
    read = await world.http.get("/environment-integration/brightpearl")

    assert put.status_code == 200
    assert read.json() == put.json()
    assert SECRET not in put.text + read.text
    assert read.json()["result"]["has_client_secret"] is True
    row = await world.parts.integrations.find(world.environment_id, "brightpearl")
    assert row is not None
    assert SECRET.encode() not in row.secrets
    client = await world.parts.integrations.client(world.environment_id, "brightpearl")
    assert client is not None
    assert (client.client_id, client.client_secret) == ("acme_app", SECRET)
    assert SECRET not in repr((row, client))


async def test_a_secret_left_out_stays_with_its_client_and_goes_with_another(world: World) -> None:
    await world.http.put("/environment-integration/brightpearl", json=CLIENT)
    kept = {"client_id": "acme_app", "is_enabled": False, "settings": {"dev_ref": "acme"}}

    same = (await world.http.put("/environment-integration/brightpearl", json=kept)).json()["result"]
    other = (
        await world.http.put("/environment-integration/brightpearl", json={**kept, "client_id": "other"})
    ).json()["result"]

    assert (same["has_client_secret"], same["is_enabled"]) == (True, False)
    assert other["has_client_secret"] is False


@pytest.mark.parametrize(
    ("slug", "body", "field"),
    [
        ("brightpearl", {"client_id": "a"}, "settings.dev_ref"),
        ("brightpearl", {"client_secret": SECRET}, "client_id"),
        (
            "brightpearl",
            {**CLIENT, "settings": {"dev_ref": "a", "token_origin": "ftp://x"}},
            "settings.token_origin",
        ),
        ("brightpearl", {**CLIENT, "settings": {"dev_ref": 7}}, "settings.dev_ref"),
        ("erpnext", {**CLIENT, "settings": {"dev_ref": "a"}}, "settings"),
        ("erpnext", {"client_id": "a b"}, "client_id"),
    ],
)
async def test_settings_that_cannot_be_kept_name_the_field(
    light: World, slug: str, body: dict[str, Any], field: str
) -> None:
    answer = await light.http.put(f"/environment-integration/{slug}", json=body)

    problem = problem_of(answer, 422, "validation_failed")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert SECRET not in answer.text


async def test_an_origin_inside_is_refused_and_the_client_before_it_stays(light: World) -> None:
    headers = {
        "Authorization": f"Bearer {await light.new_token(await light.environment(allow_private_hosts=False))}"
    }
    await light.http.put("/environment-integration/brightpearl", json=CLIENT, headers=headers)
    settings = {"dev_ref": "acme", "token_origin": "https://169.254.169.254"}
    body = {"client_id": "other_app", "settings": settings}

    refused = await light.http.put("/environment-integration/brightpearl", json=body, headers=headers)

    problem_of(refused, 422, "forbidden_address")
    kept = await light.http.get("/environment-integration/brightpearl", headers=headers)
    assert kept.json()["result"]["client_id"] == "acme_app"


async def test_another_environments_client_is_not_seen(light: World) -> None:
    await light.http.put("/environment-integration/brightpearl", json=CLIENT)
    stranger = await light.new_token(await light.environment())

    read = await light.http.get(
        "/environment-integration/brightpearl", headers={"Authorization": f"Bearer {stranger}"}
    )

    assert read.json()["result"]["client_id"] is None


async def test_an_integration_tells_what_its_form_asks(light: World) -> None:
    found = (await light.http.get("/integration/brightpearl")).json()["result"]

    ways = {way["slug"]: way for way in found["ways"]}
    assert ways["oauth"]["is_oauth"] is True
    assert [field["name"] for field in ways["oauth"]["fields"]] == ["account_code"]
    assert next(field["name"] for field in ways["staff_token"]["fields"]) == "account_code"
    assert "dev_ref" in [field["name"] for field in found["client_fields"]]
    problem_of(await light.http.get("/environment-integration/quickbooks"), 404, "not_found")
