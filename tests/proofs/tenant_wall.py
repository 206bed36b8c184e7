"""One environment's token gets 404 for each of another's objects, on every route that the OpenAPI tells of."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from app.main import control_app
from tests.proofs.store import store_in
from tests.world import World, gateway

DESCRIPTION = "another environment's token on every route with an object id, and on every list"

METHODS = ("get", "post", "patch", "put", "delete")
BODIES: dict[str, Any] = {
    "/integrated-account/{account_id}": {"tenant_id": "stolen"},
    "/environment/{environment_id}": {"name": "stolen"},
    "/webhook/{webhook_id}": {"description": "stolen"},
    "/webhook/{webhook_id}/replay": {"since": "2026-01-01T00:00:00Z"},
}
# Opened by the instance's admin token only: any environment's token is refused before an object is looked for.
INSTANCE_ONLY = ("/environment", "/environment/{environment_id}")
# Named by an integration, which belongs to no environment. A stranger sees its own: tried with the lists.
BY_INTEGRATION = ("/integration", "/environment-integration")
SETTINGS = ("/environment-integration", "/environment-integration/erpnext")


async def prove(scale: float) -> dict[str, float | int | str]:
    """Try every route, whatever the scale."""
    del scale
    with tempfile.TemporaryDirectory() as folder:
        async with store_in(Path(folder)) as settings, gateway(settings) as world:
            account_id = await world.erpnext("http://127.0.0.1:9")
            token_id = (await world.http.get("/api-token")).json()["result"][0]["id"]
            stranger = await world.new_token(await world.environment())
            webhook = await world.http.post("/webhook", json={"url": "http://127.0.0.1:9/hook"})
            client = {"client_id": "their-oauth-client", "client_secret": "their-oauth-secret"}
            put = await world.http.put("/environment-integration/erpnext", json=client)
            assert put.status_code == 200, put.text
            ids = {
                **client,
                "account_id": account_id,
                "token_id": token_id,
                "environment_id": world.environment_id,
                "webhook_id": webhook.json()["result"]["id"],
                "event_id": (await world.http.get("/event")).json()["result"][0]["id"],
            }
            tried = await _try_routes(world, stranger, ids)
            await _try_lists(world, stranger, ids)
            still = await world.http.get(f"/integrated-account/{account_id}")
            assert still.json()["result"]["tenant_id"] == "tenant", "the stranger changed the account"
            assert (await world.http.get("/webhook")).json()["result"] == [
                {name: value for name, value in webhook.json()["result"].items() if name != "secret"}
            ], "the stranger changed the webhook"
    return {"routes_tried": tried}


async def _try_routes(world: World, stranger: str, ids: dict[str, str]) -> int:
    headers = {"Authorization": f"Bearer {stranger}"}
    tried = 0
    for path, operations in control_app().openapi()["paths"].items():
        if path.startswith(BY_INTEGRATION):
            continue
        for method in METHODS:
            if method not in operations or not _names_an_object(path, operations[method]):
                continue
            url, params = _filled(path, ids)
            body = {"json": BODIES.get(path, {})} if method in ("post", "patch", "put") else {}
            answer = await world.http.request(method, url, params=params, headers=headers, **body)
            wanted = 403 if path in INSTANCE_ONLY else 404
            assert answer.status_code == wanted, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
            assert not any(value in answer.text for value in ids.values()), f"{method} {path} tells an id"
            tried += 1
    assert tried >= 20, "the routes were not found"
    return tried


def _names_an_object(path: str, operation: dict[str, Any]) -> bool:
    names = [parameter["name"] for parameter in operation.get("parameters", ())]
    return "{" in path or "integrated_account_id" in names


def _filled(path: str, ids: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The path with the other environment's ids in it; hot paths name the account by query."""
    params = {"integrated_account_id": ids["account_id"]} if path.startswith(("/unified", "/proxy")) else {}
    for name, value in {**ids, "id": "invoice:1", "path": "api/resource/Customer"}.items():
        path = path.replace("{" + name + "}", value)
    return path, params


async def _try_lists(world: World, stranger: str, ids: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {stranger}"}
    for path in ("/integrated-account", "/api-token", "/log", "/webhook", "/event", *SETTINGS):
        answer = await world.http.get(path, headers=headers)
        assert answer.status_code == 200, path
        assert not any(value in answer.text for value in ids.values()), path
