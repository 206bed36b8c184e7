"""A sandbox at virtual time, spoken to over ASGI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from providers.brightpearl.sandbox import APP_REF, STAFF_TOKEN, BrightpearlSandbox, create_sandbox

STAFF = {"brightpearl-app-ref": APP_REF, "brightpearl-staff-token": STAFF_TOKEN}


@dataclass
class VirtualClock:
    """Time that moves when told."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 2, 12, 0, 20, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Talk:
    """Calls to a sandbox."""

    def __init__(self, box: BrightpearlSandbox, http: httpx2.AsyncClient, clock: VirtualClock) -> None:
        self.box = box
        self.store = box.store
        self.clock = clock
        self._http = http

    async def ask(
        self, path: str, method: str = "GET", json: Any = None, headers: dict[str, str] | None = None
    ) -> httpx2.Response:
        """A call below the account, with the staff token unless other headers are given."""
        return await self._http.request(
            method,
            f"/public-api/acme/{path}",
            json=json,
            headers=STAFF if headers is None else headers,
        )

    async def get(self, path: str) -> Any:
        """What a GET answers."""
        answer = await self.ask(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["response"]

    async def write(self, method: str, path: str, json: Any) -> Any:
        """What a write answers."""
        answer = await self.ask(path, method, json)
        assert answer.status_code == 200, answer.text
        return answer.json().get("response")

    async def refused(self, path: str, method: str = "GET", json: Any = None) -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = await self.ask(path, method, json)
        return answer.status_code, answer.json()["errors"][0]["code"]

    async def rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of a search, by column."""
        found = await self.get(path)
        names = [column["name"] for column in found["metaData"]["columns"]]
        return [dict(zip(names, row, strict=True)) for row in found["results"]]

    async def post(self, path: str, **more: Any) -> httpx2.Response:
        """A POST at the origin's root."""
        return await self._http.post(path, **more)

    def order(self, code: str, *, payable: bool = True, changed: bool | None = None) -> dict[str, Any]:
        """An open order of the seed that nothing was paid on."""
        return next(
            order
            for order in self.store.orders.values()
            if order["orderTypeCode"] == code
            and order["state"]["tax"] == "READY"
            and order["orderPaymentStatus"] == ("UNPAID" if payable else "NOT_APPLICABLE")
            and not self.store.payments_of(order)
            and changed in (None, "updatedOn" in order)
        )


@pytest.fixture
async def talk(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """A seeded sandbox; `@pytest.mark.parametrize("talk", [{…}], indirect=True)` makes another."""
    clock = VirtualClock()
    box = create_sandbox(clock=clock, **{"requests_per_minute": None, **getattr(request, "param", {})})
    transport = httpx2.ASGITransport(app=box.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://site") as http:
        yield Talk(box, http, clock)
