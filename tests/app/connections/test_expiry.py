"""An account is not connecting for ever: what a process never finished is ended by another."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from app.connections.accounts import CONNECTING_MAX
from app.db.tables import integrated_account
from tests.world import World


async def left_connecting(world: World, age: timedelta) -> str:
    account_id = await world.erpnext("http://127.0.0.1:9")
    values = {"status": "connecting", "updated_at": world.parts.clock.now() - age}
    async with world.parts.database.transaction() as connection:
        query = update(integrated_account).where(integrated_account.c.id == account_id)
        await connection.execute(query.values(**values))
    return account_id


async def test_an_account_left_connecting_ends_and_may_be_validated_again(world: World) -> None:
    old = await left_connecting(world, CONNECTING_MAX + timedelta(seconds=1))
    young = await left_connecting(world, CONNECTING_MAX - timedelta(minutes=1))

    await world.parts.accounts.expire()

    ended = (await world.http.get(f"/integrated-account/{old}")).json()["result"]
    assert (ended["status"], ended["reason_code"]) == ("validation_error", "unfinished")
    assert ended["reconnect_url"] is not None
    assert (await world.http.get(f"/integrated-account/{young}")).json()["result"]["status"] == "connecting"
    types = [event["type"] for event in (await world.http.get("/event")).json()["result"]]
    assert types[-1] == "integrated_account.validation_error"
