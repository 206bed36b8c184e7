"""`/environment`: workspaces, opened by the instance's admin token alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from app.tokens.tokens import INSTANCE
from tests.app.api.control.asking import problem_of
from tests.world import World

WHOLE = {
    "name": "production",
    "brand": {"name": "Acme", "logo_url": "https://acme.example/logo.png", "colour": "#00ff88"},
    "redirect_uris": ["https://acme.example/back"],
    "origins": ["https://acme.example/"],
    "allow_private_hosts": True,
}


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the instance's admin token."""
    _, token = await world.parts.tokens.create(None, [INSTANCE], "admin")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=world.base_url, headers=headers) as http:
        yield http


async def test_an_environment_is_made_and_read_back_as_it_was_given(admin: httpx2.AsyncClient) -> None:
    made = await admin.post("/environment", json=WHOLE)
    found = await admin.get(made.headers["location"])

    assert (made.status_code, found.status_code) == (201, 200)
    assert made.json() == found.json()
    assert {name: found.json()["result"][name] for name in WHOLE} == WHOLE
    assert made.headers["location"] == f"/environment/{made.json()['result']['id']}"


async def test_what_is_left_out_of_an_environment_is_empty(admin: httpx2.AsyncClient) -> None:
    made = (await admin.post("/environment", json={"name": "bare"})).json()["result"]

    assert (made["redirect_uris"], made["origins"], made["allow_private_hosts"]) == ([], [], False)


async def test_a_change_touches_what_it_names_and_nothing_else(admin: httpx2.AsyncClient) -> None:
    before = (await admin.post("/environment", json=WHOLE)).json()["result"]

    changed = await admin.patch(f"/environment/{before['id']}", json={"origins": [], "name": None})

    after = changed.json()["result"]
    assert changed.status_code == 200
    assert after["updated_at"] > before["updated_at"]
    assert {**after, "updated_at": 0} == {**before, "origins": [], "updated_at": 0}


async def test_a_name_that_is_taken_is_a_conflict_and_changes_nothing(admin: httpx2.AsyncClient) -> None:
    await admin.post("/environment", json={"name": "first"})
    second = (await admin.post("/environment", json={"name": "second"})).json()["result"]

    problem_of(await admin.post("/environment", json={"name": "first"}), 409, "conflict")
    problem_of(await admin.patch(f"/environment/{second['id']}", json={"name": "first"}), 409, "conflict")

    assert (await admin.get(f"/environment/{second['id']}")).json()["result"] == second


async def test_an_environment_that_is_not_there_is_not_found(admin: httpx2.AsyncClient) -> None:
    for name in ("no-such", "%00", "a%2Fb", "x" * 5_000):
        for answer in (
            await admin.get(f"/environment/{name}"),
            await admin.patch(f"/environment/{name}", json={"name": "n"}),
        ):
            problem_of(answer, 404, "not_found")


async def test_a_token_of_an_environment_opens_no_environment_not_even_its_own(world: World) -> None:
    own = f"/environment/{world.environment_id}"

    for answer in (
        await world.http.get("/environment"),
        await world.http.post("/environment", json={"name": "mine"}),
        await world.http.get(own),
        await world.http.patch(own, json={"allow_private_hosts": True}),
    ):
        problem_of(answer, 403, "forbidden")


async def test_the_admin_token_opens_nothing_of_an_environment(admin: httpx2.AsyncClient) -> None:
    for path in (
        "/integrated-account",
        "/api-token",
        "/log",
        "/integration",
        "/proxy/x",
        "/unified/accounting/items",
    ):
        problem_of(await admin.get(path), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "n", "surprise": 1}, "surprise"),
        ({"name": "n", "origins": ["not an address"]}, "origins.0"),
        ({"name": "n", "origins": ["https://a.example"] * 51}, "origins"),
        ({"name": "n", "redirect_uris": "https://a.example"}, "redirect_uris"),
        ({"name": "n", "brand": {"colour": "green"}}, "brand.colour"),
        ({"name": "n", "brand": {"logo_url": "javascript:alert(1)"}}, "brand.logo_url"),
        ({"name": "n", "allow_private_hosts": "perhaps"}, "allow_private_hosts"),
    ],
)
async def test_a_body_that_is_not_valid_is_refused_by_the_name_of_its_field(
    admin: httpx2.AsyncClient, body: dict[str, object], field: str
) -> None:
    problem = problem_of(await admin.post("/environment", json=body), 422, "validation_failed")

    assert [error["field"] for error in problem["errors"]] == [field]
