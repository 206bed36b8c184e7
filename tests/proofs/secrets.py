"""No stored secret is to be found: not in the database, the logs, any answer, or a trace."""

from __future__ import annotations

import asyncio
import base64
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.connections.keys import KeyRing, key_ring, new_key
from app.connections.vault import Place, Vault, VaultProblem, WrappedKey
from app.db.columns import metadata
from app.db.engine import Database
from app.db.tables import integrated_account as accounts
from app.settings import Settings
from tests.proofs.process import Running, command, running_gateway
from tests.proofs.store import variables
from tests.world import served

DESCRIPTION = "database, logs, answers and traces searched for each stored secret; wrong key and moved rows refused"


async def _hostile(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
    """A provider that repeats every header it was sent, in words, JSON and errors."""
    if scope["type"] != "http":
        return
    request = Request(scope, receive)  # type: ignore[arg-type]
    echo = " ".join(f"{name}: {value}" for name, value in request.headers.items())
    status = int(request.url.path.split("/")[1])
    answer: Response = (
        PlainTextResponse(echo, status)
        if status in (200, 302)
        else JSONResponse(
            {"response": f"Invalid instance token: {echo}", "exception": f"x.Error: {echo}", "exc_type": "Error"},
            status,
        )
    )
    await answer(scope, receive, send)  # type: ignore[arg-type]


def _secret(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex}"


async def prove(scale: float) -> dict[str, float | int | str]:
    """Make accounts of every kind, call and fail in many ways, then look everywhere."""
    del scale
    secrets = {
        name: _secret(name)
        for name in ("api_secret", "staff_token", "access_token", "refresh_token", "client_secret")
    }
    with tempfile.TemporaryDirectory() as folder:
        async with served(_hostile) as site, running_gateway(Path(folder)) as gateway:
            answers = await _live(gateway, site, secrets)
            keys = await command(Path(folder), "key", "list", more=variables(gateway.settings))
            places = {**_files(Path(folder)), **await _tables(gateway.settings)}
            _search([*answers, *places.values(), str(keys).encode()], {**secrets, "token": gateway.token})
            await _vault(gateway.settings)
    return {"answers_searched": len(answers), "places_searched": len(places), "secrets": len(secrets) + 1}


STATUSES = (200, 302, 401, 403, 417, 429, 500, 503)


def _contexts(site: str, secrets: dict[str, str]) -> tuple[tuple[str, dict[str, Any]], ...]:
    tokens = {name: secrets[name] for name in ("access_token", "refresh_token", "client_secret")}
    brightpearl = {"account_code": "acme", "api_domain": site, "app_ref": "acme_app"}
    return (
        ("erpnext", {"site_url": site, "api_key": "key", "api_secret": secrets["api_secret"]}),
        ("erpnext", {"site_url": site, "oauth": {**tokens, "expires_in": 3600, "client_id": "client"}}),
        ("brightpearl", {**brightpearl, "staff_token": secrets["staff_token"]}),
    )


async def _live(gateway: Running, site: str, secrets: dict[str, str]) -> list[bytes]:
    """Everything answered by accounts of every kind, at providers that fail in every way."""
    lives = [
        _account(gateway, integration, context)
        for status in STATUSES
        for integration, context in _contexts(f"{site}/{status}", secrets)
    ]
    answers = [answer for found in await asyncio.gather(*lives) for answer in found]
    assert any(b"[hidden]" in answer for answer in answers), "no provider repeated a secret"
    paths = ("/integrated-account", "/log", "/metrics", "/api-token", "/openapi.json", "/nothing")
    return answers + [(await gateway.http.get(path)).content for path in paths]


async def _account(gateway: Running, integration: str, context: dict[str, Any]) -> list[bytes]:
    resource = "invoices" if integration == "erpnext" else "purchase_orders"
    account_id = await gateway.account(integration, context)
    named = {"integrated_account_id": account_id}
    calls: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", f"/unified/accounting/{resource}", {"params": {**named, "remote_data": "true"}}),
        ("GET", f"/unified/accounting/{resource}/1", {"params": named}),
        ("GET", f"/integrated-account/{account_id}", {}),
        ("POST", f"/integrated-account/{account_id}/validate", {}),
        ("PATCH", f"/integrated-account/{account_id}", {"json": {"context": {"app_ref": "", "company": 7}}}),
        ("PATCH", f"/integrated-account/{account_id}", {"json": {"tenant_id": "other"}}),
    )
    answers = [(await gateway.http.request(method, path, **more)).content for method, path, more in calls]
    if "/401" in str(context):
        # The one refusal that the proxy does not pass on as it is.
        refused = {"integrated_account_id": await gateway.account(integration, context)}
        answers.append((await gateway.http.get("/proxy/echo", params=refused)).content)
    return answers


def _files(folder: Path) -> dict[str, bytes]:
    """Every file the gateway keeps, but its keys: database, write-ahead log, output."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "keys"}


def _search(looked: list[bytes], secrets: dict[str, str]) -> None:
    for name, secret in secrets.items():
        forms = (secret.encode(), base64.b64encode(secret.encode())[:-4], secret.encode().hex().encode())
        for body in looked:
            assert not any(form in body for form in forms), f"{name} was found in {body[:200]!r}"


async def _tables(settings: Settings) -> dict[str, bytes]:
    """Every row of the database, as whoever may read it sees it."""
    async with _reading(settings) as connection:
        return {
            table.name: repr((await connection.execute(select(table))).all()).encode()
            for table in metadata.sorted_tables
        }


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[AsyncConnection]:
    database = Database(settings.database)
    async with database.engine.connect() as connection:
        yield connection
    await database.close()


async def _vault(settings: Settings) -> None:
    """The kept rows under another key, and under each other's names."""
    columns = (accounts.c[name] for name in ("id", "environment_id", "key_id", "wrapped_key", "secrets"))
    async with _reading(settings) as connection:
        rows = (await connection.execute(select(*columns).limit(2))).all()
    (one, environment, key_id, wrapped, sealed), (other, _, _, other_wrapped, other_sealed) = rows
    vault = Vault(key_ring(settings))
    stolen = Vault(KeyRing(lambda: {key_id: new_key()}))
    key, place = WrappedKey(key_id, wrapped), Place(environment, one)
    assert await vault.open(sealed, key, place)
    for opener, its_key, its_place, its_seal in (
        (stolen, key, place, sealed),
        (vault, key, Place(environment, other), sealed),
        (vault, key, Place(str(uuid.uuid4()), one), sealed),
        (vault, WrappedKey(key_id, other_wrapped), place, sealed),
        (vault, key, place, other_sealed),
    ):
        try:
            await opener.open(its_seal, its_key, its_place)
        except VaultProblem:
            continue
        raise AssertionError("a ciphertext opened where it does not belong")
