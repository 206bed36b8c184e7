"""`/api-token`: made with scopes, shown once, revoked at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.tokens.tokens import SCOPES
from tests.app.api.control.asking import problem_of
from tests.world import World


async def test_a_new_token_is_shown_once_and_never_again(world: World) -> None:
    made = await world.http.post("/api-token", json={"name": "reader", "scopes": ["read", "read", "proxy"]})

    told = made.json()["result"]
    found = await world.http.get(made.headers["location"])
    listed = await world.http.get("/api-token")
    assert (made.status_code, found.status_code) == (201, 200)
    assert told.pop("token").startswith("lw_")
    assert found.json()["result"] == told
    assert sorted(told["scopes"]) == ["proxy", "read"]
    assert told["environment_id"] == world.environment_id
    assert told["id"] in [item["id"] for item in listed.json()["result"]]
    assert "lw_" not in found.text + listed.text


async def test_a_token_can_do_what_its_scopes_say_and_no_more(world: World) -> None:
    token = (await world.http.post("/api-token", json={"scopes": ["read"]})).json()["result"]["token"]
    headers = {"Authorization": f"Bearer {token}"}

    read = await world.http.get("/integrated-account", headers=headers)
    made = await world.http.post("/api-token", json={"scopes": ["admin"]}, headers=headers)

    assert read.status_code == 200
    problem_of(made, 403, "forbidden")


async def test_a_revoked_token_is_refused_at_once_on_every_kind_of_route(world: World) -> None:
    made = (await world.http.post("/api-token", json={"scopes": list(SCOPES)})).json()["result"]
    headers = {"Authorization": f"Bearer {made['token']}"}
    paths = ("/integrated-account", "/unified/accounting/items", "/proxy/x", "/log")
    before = [(await world.http.get(path, headers=headers)).status_code for path in paths]

    revoked = await world.http.delete(f"/api-token/{made['id']}")

    assert 401 not in before
    assert (revoked.status_code, revoked.json()["result"]) == (200, {"id": made["id"]})
    for path in paths:
        problem_of(await world.http.get(path, headers=headers), 401, "unauthenticated")
    problem_of(await world.http.get(f"/api-token/{made['id']}"), 404, "not_found")
    problem_of(await world.http.delete(f"/api-token/{made['id']}"), 404, "not_found")


async def test_a_token_may_revoke_itself(world: World) -> None:
    made = (await world.http.post("/api-token", json={"scopes": ["admin"]})).json()["result"]
    headers = {"Authorization": f"Bearer {made['token']}"}

    revoked = await world.http.delete(f"/api-token/{made['id']}", headers=headers)

    assert revoked.status_code == 200
    problem_of(await world.http.get("/api-token", headers=headers), 401, "unauthenticated")


async def test_a_token_of_another_environment_is_not_found(world: World) -> None:
    stranger = await world.new_token(await world.environment())
    headers = {"Authorization": f"Bearer {stranger}"}
    mine = (await world.http.get("/api-token")).json()["result"][0]["id"]

    problem_of(await world.http.get(f"/api-token/{mine}", headers=headers), 404, "not_found")
    problem_of(await world.http.delete(f"/api-token/{mine}", headers=headers), 404, "not_found")

    assert mine not in (await world.http.get("/api-token", headers=headers)).text
    assert (await world.http.get("/api-token")).status_code == 200


async def test_a_token_that_has_expired_is_refused(world: World) -> None:
    expires_at = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    made = (await world.http.post("/api-token", json={"scopes": ["read"], "expires_at": expires_at})).json()[
        "result"
    ]

    answer = await world.http.get("/integrated-account", headers={"Authorization": f"Bearer {made['token']}"})

    assert "expired" in problem_of(answer, 401, "unauthenticated")["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes.0"),
        ({"scopes": ["instance"]}, "scopes.0"),
        ({"scopes": ["read"] * 6}, "scopes"),
        ({"scopes": ["read"], "environment_id": "other"}, "environment_id"),
        ({"scopes": ["read"], "name": "a\0"}, "name"),
        ({"scopes": ["read"], "expires_at": "2030-01-01T00:00:00"}, "expires_at"),
        ({"scopes": ["read"], "expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at"),
        ({"scopes": ["read"], "expires_at": "0001-01-01T00:00:00+14:00"}, "expires_at"),
        ({"scopes": ["read"], "expires_at": 1e300}, "expires_at"),
    ],
)
async def test_a_token_that_cannot_be_made_is_refused_by_the_name_of_its_field(
    light: World, body: dict[str, Any], field: str
) -> None:
    problem = problem_of(await light.http.post("/api-token", json=body), 422, "validation_failed")

    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Basic bHdfeA==",
        "lw_no-scheme",
        "Bearer lw_unknown",
        "Bearer " + "x" * 10_000,
        "Bearer lw_ü",
        "Bearer a b",
    ],
)
async def test_what_is_not_a_token_is_refused(light: World, header: str) -> None:
    for path in ("/integrated-account", "/unified/accounting/items", "/proxy/x"):
        answer = await light.http.get(path, headers={"Authorization": header.encode("latin-1")})

        problem_of(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "lw_" not in answer.text
