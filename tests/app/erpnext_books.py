"""An ERPNext sandbox with a connected account, and documents to put in it, for tests of the unified API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from providers.erpnext.sandbox import ErpnextSandbox, create_sandbox
from tests.world import World, served

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """A gateway with one ERPNext account, and the sandbox that it speaks to."""

    world: World
    account: str
    box: ErpnextSandbox

    async def ask(self, path: str, /, *pairs: tuple[str, str], **params: Any) -> httpx2.Response:
        """A unified call. `pairs` are for keys that are no Python names, or that come twice."""
        query = [
            ("integrated_account_id", self.account),
            *pairs,
            *((key, str(value)) for key, value in params.items()),
        ]
        return await self.world.http.get(f"/unified/accounting/{path}", params=query)

    async def page(self, path: str, /, *pairs: tuple[str, str], **params: Any) -> dict[str, Any]:
        """The body of a call that succeeds."""
        answer = await self.ask(path, *pairs, **params)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def ids(self, path: str, /, *pairs: tuple[str, str], **params: Any) -> list[str]:
        """The ids on one page."""
        return [record["id"] for record in (await self.page(path, *pairs, **params))["result"]]

    async def problem(self, status: int, code: str, path: str, /, *pairs: tuple[str, str], **params: Any) -> Any:
        """The body of a call that is refused so."""
        answer = await self.ask(path, *pairs, **params)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        return answer.json()


class Edited:
    """The sandbox, with bytes of its answers exchanged: what Python's JSON cannot write."""

    def __init__(self, app: Any, edits: Mapping[bytes, bytes]) -> None:
        self._app = app
        self._edits = edits

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        start: dict[str, Any] = {}

        async def edited(message: Any) -> None:
            if message["type"] != "http.response.body":
                start.update(message)
                return
            body = message["body"]
            for old, new in self._edits.items():
                body = body.replace(old, new)
            lines = [line for line in start["headers"] if line[0].lower() != b"content-length"]
            await send({**start, "headers": [*lines, (b"content-length", b"%d" % len(body))]})
            await send({**message, "body": body})

        await self._app(scope, receive, edited if scope["type"] == "http" else send)


@asynccontextmanager
async def erpnext_books(
    world: World,
    documents: Mapping[str, Sequence[Document]] | None = None,
    *,
    edits: Mapping[bytes, bytes] | None = None,
    time_zone: str = "Asia/Kolkata",
    **context: Any,
) -> AsyncIterator[Books]:
    """A year of trade, or the given documents, behind a connected account."""
    box = create_sandbox(documents=documents, time_zone=time_zone)
    async with served(Edited(box.app, edits) if edits else box.app) as url:
        yield Books(world, await world.erpnext(url, **context), box)


def sale(name: str, **more: Any) -> Document:
    """A posted sales invoice of two lines."""
    lines = [
        {
            "item_code": "WIDGET",
            "item_name": "Widget",
            "qty": 2.0,
            "rate": 50.0,
            "amount": 100.0,
            "net_amount": 100.0,
        },
        {"item_name": "Advice", "qty": 1.0, "rate": 20.5, "amount": 20.5, "net_amount": 20.5},
    ]
    document = {
        "name": name,
        "customer": "ACME",
        "customer_name": "Acme",
        "company": "Acme Trading Ltd",
        "posting_date": "2026-03-01",
        "due_date": "2026-03-31",
        "currency": "GBP",
        "party_account_currency": "GBP",
        "conversion_rate": 1.0,
        "net_total": 120.5,
        "grand_total": 120.5,
        "outstanding_amount": 120.5,
        "docstatus": 1,
        "status": "Unpaid",
        "creation": "2026-03-01 10:00:00.000000",
        "modified": "2026-03-02 11:30:00.250000",
        "items": lines,
    }
    return document | more


def bill(name: str, **more: Any) -> Document:
    """A posted purchase invoice."""
    document = sale(name, supplier="BOLTS", supplier_name="Bolts", bill_no="B-1")
    del document["customer"], document["customer_name"]
    return document | more


def item(name: str, **more: Any) -> Document:
    """A product."""
    stamps = {"creation": "2026-03-01 10:00:00.000000", "modified": "2026-03-02 11:30:00.250000"}
    return {"name": name, "item_code": name, "item_name": name, "disabled": 0, **stamps, **more}
