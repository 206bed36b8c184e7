"""`/healthz`, `/readyz` and `/metrics`: how the service is, told to anybody and telling nothing of anybody."""

from __future__ import annotations

import re

import httpx2
import pytest

from app import VERSION
from tests.app.api.control.asking import problem_of
from tests.world import World


async def test_a_gateway_that_is_up_says_so_to_anybody(world: World) -> None:
    async with httpx2.AsyncClient(base_url=world.base_url) as anybody:
        alive, ready = await anybody.get("/healthz"), await anybody.get("/readyz")

    assert (alive.status_code, alive.json()["result"]) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()["result"]) == (200, {"status": "ready"})
    assert alive.headers["x-request-id"] != ready.headers["x-request-id"]


async def test_a_gateway_without_its_database_is_alive_but_not_ready(
    light: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> int:
        raise OSError("private-words")

    monkeypatch.setattr(type(light.parts.token_store), "change_number", staticmethod(fails))

    ready, alive = await light.http.get("/readyz"), await light.http.get("/healthz")

    problem_of(ready, 500, "internal")
    assert "private" not in ready.text
    assert alive.status_code == 200


async def test_the_words_of_an_unexpected_error_do_not_leave_the_app(
    light: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> int:
        raise OSError("private-words")

    monkeypatch.setattr(type(light.parts.token_store), "change_number", staticmethod(fails))

    # The transport raises what the server would write to its log.
    transport = httpx2.ASGITransport(app=light.service)
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as http:
        answer = await http.get("/readyz")

    problem_of(answer, 500, "internal")


async def test_metrics_tell_nothing_of_anybody(light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9", api_secret="acme-secret")
    await light.http.get("/proxy/acme-path?acme=query", headers={"X-Integrated-Account-Id": account_id})
    await light.http.get("/unified/accounting/acme-resource")

    told = (await light.http.get("/metrics")).text

    assert "acme" not in told
    assert account_id not in told
    assert light.environment_id not in told
    assert not re.search(r"lw_[A-Za-z0-9]{8}", told)


async def test_the_documentation_is_served_and_is_the_committed_one(light: World) -> None:
    document = (await light.http.get("/openapi.json")).json()
    page = await light.http.get("/docs")

    assert document["info"]["version"] == VERSION
    assert "/integrated-account" in document["paths"]
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
