"""`/metrics` counts renewals of access tokens by what came of them."""

from __future__ import annotations

from starlette.responses import JSONResponse

from tests.app.connections.conftest import Pair
from tests.app.readings import readings


async def test_renewals_are_counted_by_what_came_of_them(pair: Pair) -> None:
    counts = await readings(pair.first.http)

    async def grown() -> list[float]:
        outcomes = ("renewed", "failed", "lost")
        return [await counts.grown("ledgerway_token_renewals_total", outcome=outcome) for outcome in outcomes]

    await pair.connect()
    pair.site.expire()
    await pair.call(pair.first)
    assert await grown() == [1, 0, 0]

    pair.site.expire()
    pair.site.refuses_grant = True
    await pair.call(pair.first)
    assert await grown() == [1, 0, 1]

    await pair.connect()
    pair.site.expire()
    pair.site.trouble = JSONResponse({}, 503)
    await pair.call(pair.first)
    assert await grown() == [1, 1, 1]
