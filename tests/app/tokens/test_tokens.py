"""API tokens: kept as hashes, known from memory for a minute, gone at once when revoked, and when they expire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.settings import Settings
from app.tokens.tokens import KNOWN_SECONDS
from tests.app.clock import VirtualClock
from tests.conftest import on_embedded
from tests.world import World, gateway


@dataclass(slots=True)
class Two:
    """Two gateways on one store, with their background standing still."""

    clock: VirtualClock
    first: World
    second: World

    async def made(self, **more: Any) -> tuple[str, str]:
        """A token's id and text, made by the first gateway."""
        answer = await self.first.http.post("/api-token", json={"scopes": ["read"], **more})
        assert answer.status_code == 201, answer.text
        made = answer.json()["result"]
        return made["id"], made["token"]


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[Two]:
    clock = VirtualClock()
    async with gateway(settings, clock) as first, gateway(settings, clock) as second:
        yield Two(clock, first, second)


async def _status(world: World, token: str) -> int:
    return (await _ask(world, token)).status_code


async def _ask(world: World, token: str) -> httpx2.Response:
    return await world.http.get("/integrated-account", headers={"Authorization": f"Bearer {token}"})


async def test_a_revocation_counts_at_once_here_and_elsewhere_when_changes_are_noticed(two: Two) -> None:
    token_id, token = await two.made()
    before = [await _status(two.first, token), await _status(two.second, token)]

    await two.first.http.delete(f"/api-token/{token_id}")
    here = await _status(two.first, token)
    await two.second.parts.notice_changes()
    elsewhere = await _status(two.second, token)

    assert before == [200, 200]
    assert (here, elsewhere) == (401, 401)


# Elsewhere it is told at once: tests/app/test_freshness.py.
@on_embedded
async def test_the_background_notices_a_revocation_within_two_seconds(two: Two) -> None:
    token_id, token = await two.made()
    await two.second.parts.notice_changes()
    await _status(two.second, token)
    await two.first.http.delete(f"/api-token/{token_id}")
    known = await _status(two.second, token)

    await two.clock.let_pass(2)

    assert known == 200, "the token was not kept in memory: the test shows nothing"
    assert await _status(two.second, token) == 401


async def test_an_environments_rights_are_noticed_by_the_other_gateway(two: Two) -> None:
    environment_id = await two.first.environment(allow_private_hosts=False)
    token = await two.first.new_token(environment_id)
    account_id = await two.first.account(
        "erpnext", {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"}, token=token
    )
    headers = {"Authorization": f"Bearer {token}", "X-Integrated-Account-Id": account_id}
    admin = (await two.first.parts.tokens.create(None, ["instance"], "admin"))[1]
    before = await two.second.http.get("/proxy/x", headers=headers)

    changed = await two.first.http.patch(
        f"/environment/{environment_id}",
        json={"allow_private_hosts": True},
        headers={"Authorization": f"Bearer {admin}"},
    )
    here = await two.first.http.get("/proxy/x", headers=headers)
    await two.second.parts.notice_changes()
    elsewhere = await two.second.http.get("/proxy/x", headers=headers)

    assert changed.status_code == 200
    assert before.json()["code"] == "forbidden_address"
    assert [here.json()["code"], elsewhere.json()["code"]] == ["provider_unavailable"] * 2


async def test_a_deleted_account_is_noticed_by_the_other_gateway(two: Two) -> None:
    account_id = await two.first.erpnext("http://127.0.0.1:9")
    headers = {"Authorization": f"Bearer {two.first.token}", "X-Integrated-Account-Id": account_id}
    warm = await two.second.http.get("/proxy/x", headers=headers)

    await two.first.http.delete(f"/integrated-account/{account_id}")
    await two.second.parts.notice_changes()

    assert warm.json()["code"] == "provider_unavailable"
    assert (await two.second.http.get("/proxy/x", headers=headers)).status_code == 404


async def test_a_token_is_asked_of_the_store_once_a_minute_and_not_at_every_call(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = await two.made()
    asked = 0
    by_hash = two.first.parts.token_store.by_hash

    async def counted(token_hash: bytes) -> Any:
        nonlocal asked
        asked += 1
        return await by_hash(token_hash)

    monkeypatch.setattr(type(two.first.parts.token_store), "by_hash", staticmethod(counted))
    for _ in range(5):
        await _status(two.first, token)
    warm = asked
    two.clock.advance(KNOWN_SECONDS + 1)
    await _status(two.first, token)

    assert (warm, asked) == (1, 2)


async def test_a_token_revoked_while_it_is_being_looked_up_is_not_kept(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_id, token = await two.made()
    by_hash = two.first.parts.token_store.by_hash
    revoked = False

    async def late(token_hash: bytes) -> Any:
        nonlocal revoked
        row = await by_hash(token_hash)
        if row is not None and row.id == token_id and not revoked:
            revoked = True
            await two.first.http.delete(f"/api-token/{token_id}")
        return row

    monkeypatch.setattr(type(two.first.parts.token_store), "by_hash", staticmethod(late))
    await _status(two.first, token)

    assert revoked
    assert await _status(two.first, token) == 401


async def test_an_account_deleted_while_it_is_being_opened_is_not_kept(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = await two.first.erpnext("http://127.0.0.1:9")
    store = two.first.parts.account_store
    find = store.find
    deleted = False

    async def late(environment_id: str, wanted: str) -> Any:
        nonlocal deleted
        row = await find(environment_id, wanted)
        if not deleted:
            deleted = True
            await two.first.http.delete(f"/integrated-account/{account_id}")
        return row

    monkeypatch.setattr(type(store), "find", staticmethod(late))
    headers = {"X-Integrated-Account-Id": account_id}
    await two.first.http.get("/proxy/x", headers=headers)

    assert deleted
    assert (await two.first.http.get("/proxy/x", headers=headers)).status_code == 404


async def test_a_token_ends_at_its_time_even_when_it_is_known(two: Two) -> None:
    expires_at = two.clock.now() + timedelta(seconds=30)
    _, token = await two.made(expires_at=expires_at.isoformat())

    two.clock.advance(29)
    before = await _status(two.first, token)
    two.clock.advance(1)
    after = await _ask(two.first, token)

    assert (before, after.status_code) == (200, 401)
    assert "expired" in after.json()["detail"]


async def test_when_a_token_was_last_used_is_written_by_the_background(two: Two) -> None:
    token_id, token = await two.made()
    two.clock.advance(5)
    await _status(two.first, token)
    used_at = two.clock.now()

    before = (await two.first.http.get(f"/api-token/{token_id}")).json()["result"]
    await two.clock.let_pass(15)
    after = (await two.first.http.get(f"/api-token/{token_id}")).json()["result"]

    assert before["last_used_at"] is None
    assert after["last_used_at"] == used_at.isoformat().replace("+00:00", "Z")


async def test_a_tokens_text_is_nowhere_in_the_store(two: Two) -> None:
    _, token = await two.made()

    async with two.first.parts.database.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT * FROM api_token"))).all()

    assert len(rows) >= 3
    assert token not in repr(rows)
    assert token.removeprefix("lw_") not in repr(rows)
