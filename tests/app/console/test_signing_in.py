"""Who gets into the console, into which environment, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.console.sessions import LINK_LIFETIME, SESSION_LIFETIME
from app.settings import Settings
from app.tokens.tokens import INSTANCE
from tests.app.clock import VirtualClock
from tests.app.commands import ledgerway
from tests.app.console.conftest import Owner, owner_of
from tests.world import World, gateway, settings_in

Timed = tuple[VirtualClock, World]


@pytest.fixture
async def timed(settings: Settings) -> AsyncIterator[Timed]:
    clock = VirtualClock(datetime.now(UTC))
    async with gateway(settings, clock) as world:
        yield clock, world


async def _link(world: World) -> str:
    url, _ = await world.parts.console.new_link(world.environment_id)
    return world.base_url + url.removeprefix(world.parts.settings.public_url)


async def test_an_admins_token_opens_the_overview_and_signing_out_closes_it(visitor: Owner) -> None:
    await visitor.sign_in()
    opened = visitor.screen
    old = visitor.cookie

    await visitor.send(number=0)

    assert opened == "overview"
    assert (visitor.screen, visitor.cookie) == ("sign-in", "")
    visitor.http.cookies.set("ledgerway", old, domain="127.0.0.1")
    await visitor.go("/console")
    assert visitor.screen == "sign-in"


async def test_a_link_from_the_command_line_signs_in_once(settings: Settings, tmp_path: Path) -> None:
    environment = (await ledgerway(settings, "env", "create", "production")).told["id"]
    told = (await ledgerway(settings, "console", "link", "--environment", environment)).told
    refused = await ledgerway(settings, "console", "link", "--environment", "no-such")

    async with gateway(settings) as world, owner_of(world) as first, owner_of(world) as second:
        path = told["url"].removeprefix(settings.public_url)
        for _ in range(2):  # Whoever only looks, as a chat's preview does, uses nothing up.
            await first.go(path)
            assert (first.screen, first.status) == ("open-link", 200)
        await second.go(path)
        await first.send()
        await second.send()
        assert (first.screen, second.status) == ("overview", 410)
        assert "production" in first.text
        await second.go(path)
        assert (second.status, second.cookie) == (410, "")
    assert refused.code == 2
    assert "no such environment" in refused.err


async def test_of_many_who_use_a_link_at_once_one_gets_in(settings: Settings) -> None:
    async with gateway(settings) as world:
        url = await _link(world)
        headers = {"Sec-Fetch-Site": "same-origin"}
        answers = await asyncio.gather(*(world.http.post(url, headers=headers) for _ in range(8)))

        assert sorted(answer.status_code for answer in answers) == [303, *[410] * 7]
        assert sum("set-cookie" in answer.headers for answer in answers) == 1
        assert len(await _rows(world)) == 2  # The link, and one session.


async def test_a_link_lives_for_ten_minutes(timed: Timed) -> None:
    clock, world = timed
    url = await _link(world)
    async with owner_of(world) as late:
        await late.open(url)
        clock.advance(LINK_LIFETIME.total_seconds())

        await late.send()

        assert (late.status, late.cookie) == (410, "")
        assert "expired" in late.text
    assert timedelta(minutes=10) == LINK_LIFETIME


async def test_a_session_lasts_twelve_hours_and_what_is_over_is_forgotten(timed: Timed) -> None:
    clock, world = timed
    await _link(world)
    async with owner_of(world) as owner:
        await owner.sign_in()
        clock.advance(SESSION_LIFETIME.total_seconds() - 1)
        await owner.go("/console")
        kept = owner.screen
        clock.advance(1)
        await owner.go("/console")

        assert (kept, owner.screen) == ("overview", "sign-in")
    clock.advance(86_400)
    await world.parts.console.prune()
    assert await _rows(world) == []


async def test_a_session_is_over_with_its_token(timed: Timed) -> None:
    clock, world = timed
    token_id, revoked = await world.parts.tokens.create(world.environment_id, ["admin"], "revoked")
    soon = clock.now() + timedelta(minutes=5)
    _, expiring = await world.parts.tokens.create(world.environment_id, ["admin"], "expiring", soon)
    async with owner_of(world) as one, owner_of(world) as other:
        await one.sign_in(revoked)
        await other.sign_in(expiring)
        assert (one.screen, other.screen) == ("overview", "overview")

        await world.http.delete(f"/api-token/{token_id}")
        clock.advance(300)

        for owner in (one, other):
            await owner.go("/console/calls")
            assert owner.screen == "sign-in"


async def test_a_token_that_was_revoked_elsewhere_opens_nothing(visitor: Owner) -> None:
    parts = visitor.world.parts
    token_id, token = await parts.tokens.create(visitor.world.environment_id, ["admin"], "t")
    await parts.tokens.check(token)  # It is in this process's memory.
    await parts.token_store.remove(visitor.world.environment_id, token_id)

    await visitor.sign_in(token)

    assert (visitor.status, visitor.screen, visitor.cookie) == (401, "sign-in", "")


async def test_only_a_token_with_the_scope_admin_is_taken(visitor: Owner) -> None:
    world = visitor.world
    _, instance = await world.parts.tokens.create(None, [INSTANCE], "t")
    poor = await world.new_token(world.environment_id, "read", "write", "proxy", "connect")

    for token, status in ((poor, 403), (instance, 401), ("lw_unknown", 401), ("", 401), ("ł", 401)):
        await visitor.sign_in(token or " ")
        assert (visitor.status, visitor.screen, visitor.cookie) == (status, "sign-in", ""), token
        assert token not in visitor.text or token == ""


async def test_neither_links_nor_sessions_are_stored_as_they_are(visitor: Owner) -> None:
    url = await _link(visitor.world)
    await visitor.sign_in()

    stored = repr(await _rows(visitor.world))

    assert visitor.cookie
    assert visitor.cookie not in stored
    assert url.rpartition("/")[2] not in stored


async def _rows(world: World) -> list[Any]:
    found: list[Any] = []
    async with world.parts.database.engine.connect() as connection:
        for table in ("console_link", "console_session"):
            found += (await connection.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608
    return found


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Owner, tmp_path: Path) -> None:
    await visitor.go("/console/sign-in")
    answer = await visitor.http.post(visitor.url, data={"token": visitor.world.token})
    settings = settings_in(tmp_path / "secure", public_url="https://gateway.example.com")
    async with gateway(settings) as world:
        secure = await world.http.post("/console/sign-in", data={"token": world.token})

    cookie, safe = answer.headers["set-cookie"], secure.headers["set-cookie"]
    assert cookie.startswith("ledgerway=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    assert safe.startswith("__Host-ledgerway=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(safe.split("; "))
    assert "Domain" not in safe
