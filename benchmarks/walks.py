"""What a walk through each provider's sandbox costs in calls to the provider, per thousand records."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

from benchmarks.gateway import Gateway
from providers.kit.registry import all_providers
from tests.world import served

LIMIT = 500
PAGES_MAX = 10_000


async def calls_per_thousand(gateway: Gateway, *, is_warm: bool) -> dict[str, float]:
    """`provider_calls_per_1000_<provider>_<resource>` of every list; warm once what is kept of an account is."""
    figures: dict[str, float] = {}
    for slug, provider in all_providers().items():
        if not _has_sandbox(slug):
            continue
        module = importlib.import_module(f"providers.{slug}.sandbox")
        box = _sandbox(module.create_sandbox)
        async with served(box.app) as url:
            account_id = await gateway.account(slug, module.context(url))
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
