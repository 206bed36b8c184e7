"""A gateway that knows its own address, with both providers' sandboxes and an environment to connect in."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.db.tables import link_token
from app.settings import Settings
from app.tokens.tokens import INSTANCE
from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from providers.kit.sandbox.hardships import Hardship
from tests.app.connect.browser import Browser
from tests.world import World, gateway, served, settings_in


def public(settings: Settings) -> tuple[Settings, int]:
    """The settings with the address that the gateway will have."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}"}), port


@dataclass(slots=True)
class Shop:
    """A SaaS product that has put a button in its settings page."""

    world: World
    brightpearl: brightpearl.BrightpearlSandbox
    brightpearl_url: str
    erpnext: erpnext.ErpnextSandbox
    erpnext_url: str

    async def link(self, **given: Any) -> str:
        """A link's address."""
        body = {"tenant_id": "shop-1", **given} if "integrated_account_id" not in given else given
        answer = await self.world.http.post("/link-token", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["result"]["link_url"])

    async def accounts(self) -> list[dict[str, Any]]:
        """Every account of the environment."""
        found: list[dict[str, Any]] = (await self.world.http.get("/integrated-account")).json()["result"]
        return found

    def outage(self) -> Hardship:
        """What Brightpearl's API answers until it is called off: that it is down."""
        trouble = Hardship(kind="error_503", times=1_000, path_contains="public-api")
        self.brightpearl.app.hardships.waiting.append(trouble)
        return trouble

    async def expire_links(self) -> None:
        """Let every link be too old."""
        past = self.world.parts.clock.now() - timedelta(seconds=1)
        async with self.world.parts.database.transaction() as connection:
            await connection.execute(update(link_token).values(expires_at=past))

    async def change_environment(self, **values: Any) -> None:
        """As the instance's admin would."""
        _, admin = await self.world.parts.tokens.create(None, [INSTANCE], "test")
        answer = await self.world.http.patch(
            f"/environment/{self.world.environment_id}", json=values, headers={"Authorization": f"Bearer {admin}"}
        )
        assert answer.status_code == 200, answer.text

    async def lose(self, account_id: str) -> None:
        """Let the customer of an account have to act."""
        store = self.world.parts.account_store
        account = await store.find(self.world.environment_id, account_id)
        assert account is not None
        values = {"status": "needs_reauth", "status_reason": "the grant was revoked", "reason_code": "revoked"}
        await store.change(account, self.world.parts.clock.now(), values)
        self.world.parts.connections.clear()

    async def put_brightpearl_client(self) -> None:
        """The environment's own app at Brightpearl."""
        answer = await self.world.http.put(
            "/environment-integration/brightpearl",
            json={
                "client_id": brightpearl.APP_REF,
                "client_secret": brightpearl.CLIENT_SECRET,
                "settings": {
                    "dev_ref": brightpearl.DEV_REF,
                    "authorize_origin": self.brightpearl_url,
                    "token_origin": self.brightpearl_url,
                },
            },
        )
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def shop_on(settings: Settings) -> AsyncIterator[Shop]:
    """The shop on a gateway with these settings."""
    known, port = public(settings)
    one, other = brightpearl.create_sandbox(), erpnext.create_sandbox()
    async with served(one.app) as first, served(other.app) as second, gateway(known, port=port) as world:
        shop = Shop(world, one, first, other, second)
        await shop.put_brightpearl_client()
        yield shop


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The shop, on SQLite."""
    async with shop_on(settings_in(tmp_path)) as found:
        yield found


@pytest.fixture
async def shops(settings: Settings) -> AsyncIterator[Shop]:
    """The shop, on each kind of store."""
    async with shop_on(settings) as found:
        yield found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A customer's browser."""
    async with Browser() as found:
        yield found
