"""Runs the gateway with a sandbox for each provider and connected accounts: what `make run` starts."""

from __future__ import annotations

import asyncio
import importlib
import json
import signal
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from app.environments.service import environment_named
from app.main import Service
from app.server import config
from app.settings import Settings
from app.tokens.tokens import INSTANCE, SCOPES
from providers.kit.clock import SystemClock
from providers.kit.registry import all_providers

HOST = "127.0.0.1"
GATEWAY_PORT = 8000
SANDBOXES_PORT = 8100
"""The index of sandboxes; each provider's own port follows it."""
_OFFSETS = {"brightpearl": 1, "erpnext": 2, "xero": 3}
FULL = "full"
"""The demo's books are as large as those of a business; tests have small ones."""
LINK_SECONDS = 7 * 86_400
TYPED = {"brightpearl": "account code acme", "erpnext": "site address as above"}
"""What a customer of the sandboxes types into the form."""
STARTED_SECONDS_MAX = 60.0


def run_demo(port: int = GATEWAY_PORT, sandboxes_port: int = SANDBOXES_PORT) -> None:
    """Run until stopped."""
    asyncio.run(_run(port, sandboxes_port))


def run_sandbox(integration: str, port: int, seed: int, size: str = FULL) -> None:
    """Run one provider's sandbox until stopped."""
    asyncio.run(_server(_sandbox(integration).create_sandbox(seed=seed, size=size).app, port).serve())


def _sandbox(integration: str) -> ModuleType:
    return importlib.import_module(f"providers.{integration}.sandbox")


async def _run(port: int, sandboxes_port: int) -> None:
    settings = Settings(
        allow_private_hosts=f"{HOST},localhost", public_url=f"http://{HOST}:{port}", call_log_lines=False
    )
    ports = {slug: sandboxes_port + _OFFSETS[slug] for slug in all_providers() if slug in _OFFSETS}
    sandboxes = {slug: f"http://{HOST}:{number}" for slug, number in ports.items()}
    gateway = Service(settings, SystemClock())
    servers = [
        uvicorn.Server(config(HOST, port, gateway)),
        _server(_index(sandboxes), sandboxes_port),
        *(_server(_sandbox(slug).create_sandbox(size=FULL).app, number) for slug, number in ports.items()),
    ]
    tasks = [asyncio.create_task(server._serve()) for server in servers]
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _stop, servers)
    try:
        await _started(servers, tasks)
        told = await _connect(gateway, settings, sandboxes)
        _print(told)
        await asyncio.gather(*tasks)
    finally:
        _stop(servers)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


def _server(app: Any, port: int) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app, host=HOST, port=port, http="httptools", access_log=False, log_level="warning", ws="none"
        )
    )


def _stop(servers: list[uvicorn.Server]) -> None:
    for server in servers:
        server.should_exit = True


async def _started(servers: list[uvicorn.Server], tasks: list[asyncio.Task[None]]) -> None:
    async with asyncio.timeout(STARTED_SECONDS_MAX):
        while not all(server.started for server in servers):
            for task in tasks:
                if task.done():
                    raise SystemExit("a port is taken, or a server could not start; see above")
            await asyncio.sleep(0.02)


def _index(sandboxes: dict[str, str]) -> FastAPI:
    index = FastAPI(title="Sandboxes", openapi_url=None)

    @index.get("/")
    async def addresses() -> dict[str, Any]:
        """Where each provider's sandbox is, and its admin calls."""
        admin = ["calls", "reset", "hardship", "release", "oauth", "expire-tokens", "revoke-tokens"]
        return {
            slug: {"url": url, "admin": [f"{url}/__sandbox/{name}" for name in admin]}
            for slug, url in sandboxes.items()
        }

    return index


async def _connect(gateway: Service, settings: Settings, sandboxes: dict[str, str]) -> dict[str, Any]:
    """An environment, its token and an account of each provider, made through the API as a caller would."""
    parts = gateway.parts
    if parts is None:
        raise SystemExit("the gateway did not start")
    environment_id = await environment_named(parts.environments, parts.clock, "demo", allow_private_hosts=True)
    _, admin_token = await parts.tokens.create(None, [INSTANCE], "demo")
    _, token = await parts.tokens.create(environment_id, SCOPES, "demo")
    base_url = settings.public_url
    accounts: dict[str, str] = {}
    async with httpx2.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {token}"}) as http:
        known = (await http.get("/integrated-account", params={"tenant_id": "demo", "limit": 500})).json()["result"]
        for slug, url in sandboxes.items():
            await http.put(f"/environment-integration/{slug}", json=_sandbox(slug).client(url))
            found = next((item["id"] for item in known if item["integration"] == slug), None)
            body = {"tenant_id": "demo", "integration": slug, "context": _sandbox(slug).context(url)}
            answer = await (
                http.post("/integrated-account", json=body)
                if found is None
                else http.post(f"/integrated-account/{found}/validate")
            )
            accounts[slug] = answer.json()["result"]["id"]
        link = (await http.post("/link-token", json={"tenant_id": "demo", "expires_in": LINK_SECONDS})).json()[
            "result"
        ]
    told = {
        "base_url": base_url,
        "token": token,
        "admin_token": admin_token,
        "accounts": accounts,
        "sandboxes": sandboxes,
        "link_url": link["link_url"],
        "console_url": (await parts.console.new_link(environment_id))[0],
    }
    path = settings.var_dir / "demo.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return told


def _print(told: dict[str, Any]) -> None:
    lines = [
        f"Ledgerway is running at {told['base_url']}  (documentation: {told['base_url']}/docs)",
        "Sandboxes: " + ", ".join(f"{slug} {url}" for slug, url in told["sandboxes"].items()),
        f"All of this is in {Path('var') / 'demo.json'}. Paste these:",
        "",
        f"export TOKEN={told['token']}",
    ]
    typed = ", ".join(f"{slug}: {words}" for slug, words in TYPED.items())
    connect = f"# Connect an account as a customer would, in a browser ({typed}): {told['link_url']}"
    console = f"# Look at calls and accounts in the console (once, within 10 minutes): {told['console_url']}"
    examples = {
        "brightpearl": ("purchase_orders", "order-service/order-search?orderTypeId=2&pageSize=5"),
        "erpnext": ("invoices", "api/resource/Customer?limit_page_length=5"),
    }
    token = 'curl -H "Authorization: Bearer $TOKEN"'
    for slug, account in told["accounts"].items():
        resource, raw = examples[slug]
        unified = f"{told['base_url']}/unified/accounting/{resource}?integrated_account_id={account}&limit=5"
        proxied = f"{told['base_url']}/proxy/{raw}"
        lines += [f"{token} '{unified}'", f"{token} -H 'X-Integrated-Account-Id: {account}' '{proxied}'"]
    print("\n".join([*lines, connect, console]), flush=True)
