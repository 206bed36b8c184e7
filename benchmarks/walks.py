"""What a walk through each provider's sandbox costs in calls to the provider, per thousand records."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from benchmarks.gateway import Gateway
from providers.kit.registry import all_providers

LIMIT = 500
PAGES_MAX = 10_000

# How each sandbox is connected with: its address, and names of the credentials that its module holds.
CONTEXTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "brightpearl": (
        "api_domain",
        {"account_code": "ACCOUNT", "app_ref": "APP_REF", "staff_token": "STAFF_TOKEN"},
    ),
    "erpnext": ("site_url", {"api_key": "API_KEY", "api_secret": "API_SECRET"}),
}


async def calls_per_thousand(gateway: Gateway, *, is_warm: bool) -> dict[str, float]:
    """`provider_calls_per_1000_<provider>_<resource>` of every list; warm once what is kept of an account is."""
    figures: dict[str, float] = {}
    for slug, provider in all_providers().items():
        if not _has_sandbox(slug):
            continue
        module = importlib.import_module(f"providers.{slug}.sandbox")
        box = _sandbox(module.create_sandbox)
        async with _served(box.app) as url:
            address, credentials = CONTEXTS[slug]
            context = {address: url} | {name: getattr(module, held) for name, held in credentials.items()}
            account_id = await gateway.account(slug, context)
            for segment, resource in provider.resources.items():
                if resource.list is not None:
                    name = f"provider_calls_per_1000_{slug}_{segment}"
                    figures[name] = await _cost(gateway, account_id, segment, box.calls, is_warm)
    return figures


def _has_sandbox(slug: str) -> bool:
    package = importlib.import_module(f"providers.{slug}")
    return any(module.name == "sandbox" for module in pkgutil.iter_modules(package.__path__))


def _sandbox(create: Any) -> Any:
    """A sandbox without a limit of calls: what is counted are calls, not waits."""
    is_limited = "requests_per_minute" in inspect.signature(create).parameters
    return create(requests_per_minute=None) if is_limited else create()


async def _cost(gateway: Gateway, account_id: str, segment: str, calls: list[Any], is_warm: bool) -> float:
    """Calls made for each thousand records of a whole walk."""
    if is_warm:
        await _walk(gateway, account_id, segment)
    calls.clear()
    records = await _walk(gateway, account_id, segment)
    if not records:
        raise RuntimeError(f"the sandbox has no {segment}")
    return round(len(calls) / records * 1_000, 2)


async def _walk(gateway: Gateway, account_id: str, segment: str) -> int:
    records = 0
    more: dict[str, str] = {}
    for _ in range(PAGES_MAX):
        body = await gateway.unified(segment, account_id, limit=LIMIT, **more)
        records += int(body["result_count"])
        if body["next_cursor"] is None:
            return records
        more = {"next_cursor": body["next_cursor"]}
    raise RuntimeError(f"the walk of {segment} does not end")


@asynccontextmanager
async def _served(app: Any) -> AsyncIterator[str]:
    """The ASGI app on a free port of loopback, in this process."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="critical", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
