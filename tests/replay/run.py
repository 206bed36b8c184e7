"""Brings every recording through the unified API, and holds the warnings against the committed list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.replay import brightpearl, erpnext
from tests.world import World, served

EXPECTED = Path(__file__).parent / "expected.json"
_FIELDS_UNKNOWN = "custom_fields_unknown"
"""Said of every record of a DocType whose metadata no recording holds, and only counted on there."""


async def replay_erpnext(world: World) -> dict[str, Any]:
    """What came of each exchange: the number of records, and the warnings as `code:field`."""
    replay = erpnext.Replay()
    found: dict[str, Any] = {}
    async with served(replay.app) as site_url:
        account_id = await world.erpnext(site_url)
        for exchange in erpnext.exchanges():
            replay.current = exchange
            resource, kind = erpnext.RESOURCES[exchange.doctype]
            data = exchange.body["data"]
            if exchange.is_list:
                status, body = await _all_pages(world, resource, account_id)
            else:
                answer = await world.unified(f"{resource}/{quote(kind + data['name'], safe='')}", account_id)
                status, body = answer.status_code, answer.json()
            if not replay.knows_fields_of(exchange):
                assert _FIELDS_UNKNOWN in {item["code"] for item in body.get("warnings", ())}, exchange.label
                body["warnings"] = [item for item in body["warnings"] if item["code"] != _FIELDS_UNKNOWN]
            found[exchange.label] = _outcome(status, body, len(data) if exchange.is_list else 1)
            credits = erpnext.CREDITS.get(exchange.doctype)
            if credits is not None and not exchange.is_list and data.get("is_return"):
                answer = await world.unified(f"{credits}/{quote(data['name'], safe='')}", account_id)
                body = answer.json()
                body["warnings"] = [item for item in body["warnings"] if item["code"] != _FIELDS_UNKNOWN]
                found[f"{exchange.label}→{credits}"] = _outcome(answer.status_code, body, 1)
    return found


async def _all_pages(world: World, resource: str, account_id: str) -> tuple[int, dict[str, Any]]:
    """A whole list: the DocTypes of a resource come one after the other."""
    whole: dict[str, Any] = {"result": [], "warnings": []}
    more: dict[str, str] = {}
    while True:
        answer = await world.unified(resource, account_id, limit=500, **more)
        body = answer.json()
        if answer.status_code != 200:
            return answer.status_code, body
        whole["result"] += body["result"]
        whole["warnings"] += body["warnings"]
        if body["next_cursor"] is None:
            return 200, whole
        more = {"next_cursor": body["next_cursor"]}


async def replay_brightpearl(world: World) -> dict[str, Any]:
    """What came of each example."""
    replay = brightpearl.Replay()
    found: dict[str, Any] = {}
    async with served(replay.app) as address:
        account_id = await world.brightpearl(address)
        for example in brightpearl.examples():
            replay.current = example
            for resource in example.resources:
                path = resource if example.is_search else f"{resource}/{example.id}"
                answer = await world.unified(path, account_id, **({"limit": 500} if example.is_search else {}))
                label = f"{example.file}→{resource}"
                found[label] = _outcome(answer.status_code, answer.json(), example.rows)
    return found


def _outcome(status: int, body: dict[str, Any], rows: int | None) -> dict[str, Any]:
    if status != 200:
        return {"status": status, "code": body.get("code")}
    result = body["result"]
    count = len(result) if isinstance(result, list) else 1
    warnings = sorted({f"{item['code']}:{item.get('field') or item.get('id')}" for item in body["warnings"]})
    outcome: dict[str, Any] = {"records": count, "warnings": warnings}
    if rows is not None and count != rows:
        outcome["missing"] = rows - count
    return outcome


def unexpected(found: dict[str, Any]) -> dict[str, Any]:
    """Outcomes that are neither clean nor in the committed list; and listed ones that did not come."""
    listed = json.loads(EXPECTED.read_text(encoding="utf-8"))["outcomes"]
    odd = {
        label: outcome
        for label, outcome in found.items()
        if (outcome.get("warnings") or "missing" in outcome or "status" in outcome)
        and listed.get(label, {}).get("outcome") != outcome
    }
    odd |= {
        label: "listed, but it came otherwise" for label in listed if listed[label]["outcome"] != found.get(label)
    }
    return odd
