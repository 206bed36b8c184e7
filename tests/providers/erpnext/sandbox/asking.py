"""Questions to ERPNext's sandbox, without a server between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2

from providers.erpnext.sandbox import API_KEY, API_SECRET, ErpnextSandbox

HEADERS = {"Authorization": f"token {API_KEY}:{API_SECRET}"}


@dataclass(frozen=True, slots=True)
class Asking:
    """A sandbox, asked by its user."""

    box: ErpnextSandbox

    async def send(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One call."""
        transport = httpx2.ASGITransport(app=self.box.app)  # type: ignore[arg-type]  # it is an ASGI app
        async with httpx2.AsyncClient(transport=transport, base_url="http://site", headers=HEADERS) as http:
            return await http.request(method, path, **more)

    async def list(self, doctype: str, **asked: Any) -> list[dict[str, Any]]:
        """The rows of a list that is answered."""
        answer = await self.ask(doctype, **asked)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows

    async def ask(self, doctype: str, **asked: Any) -> httpx2.Response:
        """A list's answer, whatever it is."""
        params = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
        return await self.send("GET", f"/api/resource/{doctype}", params=params)

    async def get(self, doctype: str, name: str) -> dict[str, Any]:
        """A document."""
        answer = await self.send("GET", f"/api/resource/{doctype}/{quote(name, safe='')}")
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def method(self, name: str, **asked: Any) -> Any:
        """What a method says."""
        answer = await self.send("POST", f"/api/method/{name}", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["message"]
