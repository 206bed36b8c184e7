"""Whatever a provider answers, a read ends as the contract says: a record, a warning or a named error."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import msgspec

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from providers.kit import retries
from providers.kit.registry import all_providers
from tests.mutations import Mutated
from tests.proofs.store import store_in
from tests.world import World, gateway, served
from unified_models.base import UnifiedModel

DESCRIPTION = "each list and get with the provider's answers mutated: no internal error, no record lost in silence"
CASES = 60
LIMIT = 9
NAMED = {
    401: {"needs_reauth"},
    403: {"provider_forbidden"},
    404: {"not_found"},
    409: {"conflict"},
    422: {"provider_rejected", "validation_failed"},
    429: {"rate_limited"},
    502: {"provider_bad_answer", "provider_error", "record_unreadable"},
    503: {"provider_unavailable"},
    504: {"provider_timeout"},
}


@dataclass(frozen=True, slots=True)
class Target:
    """One provider's sandbox, whose answers can be changed, behind a gateway."""

    world: World
    slug: str
    app: Mutated
    url: str

    async def account(self) -> str:
        """A new account, for which nothing is kept yet."""
        return await (self.world.erpnext(self.url) if self.slug == "erpnext" else self.world.brightpearl(self.url))

    async def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        """What a call of a new account gives."""
        more = {} if "/" in path else {"limit": LIMIT}
        answer = await self.world.unified(path, await self.account(), **more)
        body: dict[str, Any] = answer.json()
        return answer.status_code, body


async def prove(scale: float) -> dict[str, float | int | str]:
    """At full scale 60 mutations of each list and of each get."""
    counted: Counter[str] = Counter()
    boxes = {
        "brightpearl": brightpearl.create_sandbox(requests_per_minute=None),
        "erpnext": erpnext.create_sandbox(),
    }
    # What is answered wrongly is asked for three times, and there is nothing to wait for here.
    with tempfile.TemporaryDirectory() as folder, patch.object(retries, "BACKOFF_SECONDS", 0):
        async with store_in(Path(folder)) as settings, gateway(settings) as world:
            for slug, box in boxes.items():
                app = Mutated(box.app)
                async with served(app) as url:
                    target = Target(world, slug, app, url)
                    for resource in all_providers()[slug].resources:
                        counted += await _fuzz(target, resource, max(1, round(CASES * scale)))
    assert counted["record"]
    assert counted["warning"]
    return dict(sorted(counted.items()))


async def _fuzz(target: Target, resource: str, cases: int) -> Counter[str]:
    """One resource: its list, and the get of one of its records."""
    model = all_providers()[target.slug].resources[resource].model
    counted: Counter[str] = Counter()
    status, clean = await target.ask(resource)
    assert status == 200, (target.slug, resource, clean)
    assert clean["result"], (target.slug, resource, "the sandbox has none")
    for path in (resource, f"{resource}/{quote(clean['result'][0]['id'], safe='')}"):
        target.app.path = None
        target.app.paths.clear()
        status, whole = await target.ask(path)
        assert status == 200, (target.slug, path, whole)
        asked = sorted(set(target.app.paths))
        for number in range(cases):
            target.app.number = number
            target.app.path = random.Random(f"{path} {number}").choice(asked)  # noqa: S311 - repeatable
            target.app.is_shorter = False
            status, body = await target.ask(path)
            label = f"{target.slug} {path}: mutation {number} of {target.app.path}"
            counted += _judge(label, status, body, {"result": []} if target.app.is_shorter else whole, model)
        target.app.path = None
    return counted


def _judge(
    label: str, status: int, body: dict[str, Any], whole: dict[str, Any], model: type[UnifiedModel]
) -> Counter[str]:
    if status != 200:
        assert body.get("code") in NAMED.get(status, set()), (label, status, body)
        return Counter({f"error_{status}": 1})
    records = body["result"] if isinstance(body["result"], list) else [body["result"]]
    wanted = whole["result"] if isinstance(whole["result"], list) else [whole["result"]]
    for record in records:
        # What is answered is of the model, whatever it was made from.
        msgspec.convert(record, model, strict=False)
    told = len(body["warnings"])
    missing = {record["id"] for record in wanted} - {record["id"] for record in records}
    assert told or len(records) >= len(wanted), (label, "lost in silence", sorted(missing)[:5])
    return Counter({"record": len(records), "warning": told})
