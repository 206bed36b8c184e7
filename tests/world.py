"""A running gateway, and other ASGI apps, over real HTTP on loopback, for tests and proofs."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from app.environments.service import create_environment
from app.main import Service, create_app
from app.parts import Parts
from app.settings import Settings
from app.tokens.tokens import SCOPES
from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from providers.kit.clock import Clock, SystemClock


@asynccontextmanager
async def served(app: Any, port: int = 0, *, keep_alive_seconds: int = 5) -> AsyncIterator[str]:
    """The ASGI app on a port of loopback, a free one by default; gives its address."""
    # By name, or asyncio does not see that it is TCP and lets small answers wait for 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="asyncio",
        access_log=False,
        server_header=False,
        date_header=False,
        log_level="critical",
        lifespan="on",
        ws="none",
        timeout_keep_alive=keep_alive_seconds,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve(sockets=[listener]))
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass(slots=True)
class World:
    """A gateway with an environment, a token of every scope, and a client that carries it."""

    service: Service
    base_url: str
    http: httpx2.AsyncClient
    environment_id: str
    token: str

    @property
    def parts(self) -> Parts:
        """The gateway's parts."""
        assert self.service.parts is not None
        return self.service.parts

    def hurry(self, seconds: float) -> None:
        """Have the proxy wait no longer than this for a provider or a caller."""
        self.parts.settings = self.parts.settings.model_copy(update={"proxy_idle_seconds": seconds})

    async def environment(self, *, allow_private_hosts: bool = True) -> str:
        """Another environment."""
        return await new_environment(self.parts, allow_private_hosts=allow_private_hosts)

    async def new_token(self, environment_id: str | None = None, *scopes: str) -> str:
        """A token with these scopes, or all of them."""
        _, token = await self.parts.tokens.create(environment_id or self.environment_id, scopes or SCOPES, "test")
        return token

    async def account(
        self, integration: str, context: Mapping[str, Any], *, validate: bool = False, token: str | None = None
    ) -> str:
        """An imported account's id."""
        answer = await self.http.post(
            "/integrated-account",
            json={
                "tenant_id": "tenant",
                "integration": integration,
                "context": dict(context),
                "validate": validate,
            },
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["result"]["id"])

    async def erpnext(self, site_url: str, **more: Any) -> str:
        """An ERPNext account at that address, not validated."""
        return await self.account("erpnext", {**erpnext.context(site_url), **more})

    async def brightpearl(self, api_domain: str, **more: Any) -> str:
        """A Brightpearl account at that address, not validated."""
        return await self.account("brightpearl", {**brightpearl.context(api_domain), **more})

    async def unified(self, path: str, account_id: str, **params: Any) -> httpx2.Response:
        """A unified call."""
        return await self.http.get(
            f"/unified/accounting/{path}", params={"integrated_account_id": account_id, **params}
        )

    async def pages(
        self, resource: str, account_id: str, *, decode: Callable[[bytes], Any] = json.loads, **params: Any
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The pages of a list; fails on an error, a warning or a walk that does not end."""
        more: dict[str, str] = {}
        for _ in range(10_000):
            answer = await self.unified(resource, account_id, **params, **more)
            assert answer.status_code == 200, (resource, answer.text[:300])
            body = decode(answer.content)
            assert body["warnings"] == [], (resource, body["warnings"][:3])
            yield body["result"]
            if body["next_cursor"] is None:
                return
            more = {"next_cursor": body["next_cursor"]}
        raise AssertionError("the walk does not end")

    async def walk(self, resource: str, account_id: str, **params: Any) -> list[dict[str, Any]]:
        """Every record of a list, page after page."""
        return [record async for page in self.pages(resource, account_id, **params) for record in page]


async def new_environment(parts: Parts, *, allow_private_hosts: bool = True) -> str:
    """An environment of the gateway with these parts."""
    given = {"name": f"env {uuid.uuid4()}", "allow_private_hosts": allow_private_hosts}
    return str((await create_environment(parts.environments, parts.clock, given))["id"])


def encoded_key(key_id: str, key: bytes) -> str:
    """A key as `LEDGERWAY_ENCRYPTION_KEYS` takes it."""
    return f"{key_id}:{base64.b64encode(key).decode()}"


def settings_in(var_dir: Path, **more: Any) -> Settings:
    """Settings of an embedded gateway that may reach loopback."""
    return Settings(var_dir=var_dir, **{"allow_private_hosts": "127.0.0.1", "log_level": "CRITICAL", **more})


@asynccontextmanager
async def gateway(settings: Settings, clock: Clock | None = None, port: int = 0) -> AsyncIterator[World]:
    """A gateway serving over HTTP."""
    app = create_app(settings, clock or SystemClock())
    assert isinstance(app, Service)
    async with served(app, port) as base_url:
        assert app.parts is not None
        environment_id = await new_environment(app.parts)
        _, token = await app.parts.tokens.create(environment_id, SCOPES, "test")
        async with httpx2.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60.0
        ) as http:
            yield World(app, base_url, http, environment_id, token)
