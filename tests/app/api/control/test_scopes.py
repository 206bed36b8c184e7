"""Which scope opens which route: every route there is, tried with a token of each single scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.main import control_app
from app.tokens.tokens import INSTANCE, SCOPES
from tests.world import World

PUBLIC = "public"
ANY = frozenset(SCOPES)
# By the beginning of the path, the longest that fits; which of these scopes is enough.
ENOUGH: dict[str, dict[str, frozenset[str]]] = {
    "/environment": {"*": frozenset({INSTANCE})},
    "/api-token": {"*": frozenset({"admin"})},
    "/integration": {"get": ANY},
    "/integrated-account": {
        "get": frozenset({"read", "connect", "admin"}),
        "*": frozenset({"connect", "admin"}),
    },
    "/environment-integration": {
        "get": frozenset({"read", "connect", "admin"}),
        "put": frozenset({"admin"}),
    },
    "/link-token": {"post": frozenset({"connect", "admin"})},
    "/webhook": {"*": frozenset({"admin"})},
    "/event": {"get": frozenset({"read", "connect", "admin"})},
    "/log": {"get": frozenset({"read", "admin"})},
    # Each call of a batch is judged by itself.
    "/batch-request": {"post": ANY},
    "/unified": {"get": frozenset({"read"}), "*": frozenset({"write"})},
    # Methods that change something need two scopes, so no single one is enough.
    "/proxy": {
        "get": frozenset({"proxy"}),
        "head": frozenset({"proxy"}),
        "options": frozenset({"proxy"}),
        "*": frozenset(),
    },
    "/healthz": {"get": frozenset({PUBLIC})},
    "/readyz": {"get": frozenset({PUBLIC})},
    "/metrics": {"get": frozenset({PUBLIC})},
}
DOCUMENT = control_app().openapi()


def _routes() -> Iterator[tuple[str, str]]:
    for path, operations in DOCUMENT["paths"].items():
        for method in operations:
            if method in ("get", "head", "options", "post", "put", "patch", "delete"):
                yield method, path


ROUTES = list(_routes())


def _enough(method: str, path: str) -> frozenset[str]:
    prefix = max((each for each in ENOUGH if f"{path}/".startswith(f"{each}/")), key=len, default=None)
    assert prefix is not None, f"{path}: say which scope opens it"
    by_method = ENOUGH[prefix]
    return by_method.get(method, by_method.get("*", frozenset({"nobody said"})))


async def _ask(http: httpx2.AsyncClient, method: str, path: str, token: str | None) -> httpx2.Response:
    url = re.sub(r"\{\w+\}", "no-such", path)
    body: dict[str, Any] = {"json": {}} if method in ("post", "put", "patch") else {}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await http.request(method.upper(), url, headers=headers, **body)


@pytest.fixture
async def tokens(light: World) -> dict[str, str]:
    """A token of each single scope, and the instance's own."""
    made = {scope: await light.new_token(None, scope) for scope in SCOPES}
    return {**made, INSTANCE: (await light.parts.tokens.create(None, [INSTANCE], "admin"))[1]}


async def test_each_single_scope_opens_the_routes_that_say_so_and_no_other(
    light: World, tokens: dict[str, str]
) -> None:
    wrong: list[str] = []
    async with httpx2.AsyncClient(base_url=light.base_url) as http:
        for method, path in ROUTES:
            enough = _enough(method, path)
            for scope, token in tokens.items():
                status = (await _ask(http, method, path, token)).status_code
                is_open = status not in (401, 403)
                if is_open != bool(enough & {scope, PUBLIC}):
                    wrong.append(f"{method} {path} with {scope}: {status}")
                if scope != INSTANCE and status == 401:
                    wrong.append(f"{method} {path} with {scope}: a good token is not 401")

    assert wrong == []
    assert len(ROUTES) >= 30


async def test_without_a_token_only_the_public_routes_are_open(light: World) -> None:
    statuses: dict[str, int] = {}
    async with httpx2.AsyncClient(base_url=light.base_url) as http:
        for method, path in ROUTES:
            statuses[f"{method} {path}"] = (await _ask(http, method, path, None)).status_code

    is_open = {route for route, status in statuses.items() if status != 401}
    assert is_open == {f"{method} {path}" for method, path in ROUTES if PUBLIC in _enough(method, path)}


async def test_the_proxy_takes_both_scopes_to_change_something(light: World) -> None:
    both = await light.new_token(None, "proxy", "write")
    async with httpx2.AsyncClient(base_url=light.base_url) as http:
        statuses = {
            method: (await _ask(http, method, "/proxy/x", both)).status_code
            for method in ("get", "post", "put", "patch", "delete")
        }

    assert set(statuses.values()) == {400}, statuses


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if "Scope" in str(DOCUMENT["paths"][route[1]][route[0]])]
)
def test_what_a_routes_description_says_of_scopes_is_so(route: tuple[str, str]) -> None:
    method, path = route
    description = DOCUMENT["paths"][path][method]["description"]

    (told,) = re.findall(r"Scope ((?:`\w+`(?:, | or )?)+)", description)

    assert set(re.findall(r"`(\w+)`", told)) == _enough(method, path)
