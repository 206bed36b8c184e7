"""The scene of the proof `ssrf`: a canary that nobody may reach, and teams that ask a gateway to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.environments.service import create_environment
from app.parts import build_parts
from app.settings import Settings
from app.tokens.tokens import INSTANCE, SCOPES
from providers.kit.clock import SystemClock

KEYS = {"api_key": "key", "api_secret": "secret"}
OAUTH = {"access_token": "a", "refresh_token": "r", "expires_in": 0, "client_id": "c", "client_secret": "s"}


class Canary:
    """Listens on several addresses of this machine, at one port of each, and counts who comes."""

    def __init__(self) -> None:
        self.port = 0
        self.visits: list[str] = []

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Canary]:
        async with AsyncExitStack() as stack:
            for host in ("127.0.0.1", "127.0.0.2", "::1"):
                if host != "::1" or _has_version_6():
                    server = await asyncio.start_server(self._visited, host, self.port)
                    self.port = server.sockets[0].getsockname()[1]
                    await stack.enter_async_context(server)
            yield self

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits.append(str(writer.get_extra_info("sockname")))
        writer.close()


def _has_version_6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@dataclass(slots=True)
class Elsewhere:
    """A server that may be reached: good for everything, but below `/to/{status}` it sends on to another."""

    calls: int = 0
    redirects_to: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.calls += 1
        path: str = scope["path"]
        answer = Response(b"{}", media_type="image/png" if path.endswith(".png") else "application/json")
        if path.startswith("/to/"):
            answer = Response(
                status_code=int(path.split("/")[2]), headers={"location": f"{self.redirects_to}{path}"}
            )
        # Each call is a connection of its own, and its name is looked up anew.
        answer.headers["connection"] = "close"
        await answer(scope, receive, send)


@dataclass(slots=True)
class Team:
    """A SaaS team: its environment, and a client with its token."""

    environment_id: str
    http: httpx2.AsyncClient

    async def account(self, integration: str, context: Mapping[str, Any], *, validate: bool) -> httpx2.Response:
        """The answer to an import."""
        body = {"tenant_id": "t", "integration": integration, "context": context, "validate": validate}
        return await self.http.post("/integrated-account", json=body)

    async def kept(self, integration: str, context: Mapping[str, Any]) -> str:
        """The id of an account that nobody has validated."""
        answer = await self.account(integration, context, validate=False)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["result"]["id"])

    async def calls(self, account_id: str) -> list[httpx2.Response]:
        """A call of each kind with the account."""
        named = {"integrated_account_id": account_id}
        return [
            await self.http.get("/proxy/api/resource/Item", params=named),
            await self.http.post("/proxy/api/resource/Item", params=named, content=b"{}"),
            await self.http.get("/unified/accounting/items", params=named),
            await self.http.post(f"/integrated-account/{account_id}/validate"),
        ]

    async def webhook(self, url: str, *events: str) -> str:
        """The id of a new webhook, for these events alone where some are named."""
        answer = await self.http.post("/webhook", json={"url": url, **({"events": events} if events else {})})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["result"]["id"])

    async def link(self) -> str:
        """The path of a hosted page."""
        answer = await self.http.post("/link-token", json={"tenant_id": "t"})
        assert answer.status_code == 201, answer.text
        return f"/link/{answer.json()['result']['link_token']}"


@dataclass(slots=True)
class Scene:
    """A gateway with a team that may reach the owner's private hosts, one that may not, and the owner."""

    canary: Canary
    insiders: Team
    outsiders: Team
    owner: httpx2.AsyncClient

    async def change(self, team: Team, **values: Any) -> None:
        """As the owner changes a team's environment."""
        answer = await self.owner.patch(f"/environment/{team.environment_id}", json=values)
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def scene(base_url: str, settings: Settings, canary: Canary) -> AsyncIterator[Scene]:
    """The teams of a gateway that serves on that store."""
    parts = await build_parts(settings, SystemClock())
    environments = [
        str((await create_environment(parts.environments, parts.clock, given))["id"])
        for given in (
            {"name": "insiders", "allow_private_hosts": True},
            {"name": "outsiders", "allow_private_hosts": False},
        )
    ]
    tokens = [(await parts.tokens.create(each, SCOPES, "proof"))[1] for each in environments]
    tokens.append((await parts.tokens.create(None, [INSTANCE], "proof"))[1])
    await parts.close()
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx2.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60.0)
            )
            for token in tokens
        ]
        teams = [Team(name, http) for name, http in zip(environments, clients[:2], strict=True)]
        yield Scene(canary, teams[0], teams[1], clients[2])
