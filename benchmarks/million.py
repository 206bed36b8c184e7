"""A walk over a million records, and what the gateway's memory does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import median

import msgspec

from benchmarks.stage import CONTEXT, Stage

RECORDS = 1_000_000
PAGE = 500


class _Page(msgspec.Struct):
    """What a walker has to know of a page; the records are passed over."""

    result_count: int
    next_cursor: str | None


_read = msgspec.json.Decoder(_Page).decode


async def walk(on: Stage, records: int = RECORDS) -> dict[str, float]:
    """Walks so many items, page by page, and compares memory at the end with that after the first fifth."""
    async with on.look_alike("endless", str(on.books), str(records)) as url:
        account_id = await on.gateway.account("erpnext", {"site_url": url, **CONTEXT})
        started = time.perf_counter()
        walked = 0
        resident: list[int] = []
        params = {"integrated_account_id": account_id, "limit": str(PAGE)}
        while True:
            answer = await on.gateway.http.get("/unified/accounting/items", params=params)
            answer.raise_for_status()
            page = _read(answer.content)
            walked += page.result_count
            resident.append(on.gateway.process.memory_info().rss)
            if page.next_cursor is None:
                break
            params["next_cursor"] = page.next_cursor
        seconds = time.perf_counter() - started
    if walked != records:
        raise RuntimeError(f"a walk of {records} records gave {walked}")
    return {"walk_1m_rss_growth_mb": growth(resident) / 1e6, "walk_1m_records_per_second": walked / seconds}


def growth(resident: Sequence[int]) -> float:
    """From the third tenth to the last, by their medians: what is made at the start, or a peak, is no growth."""
    tenth = max(1, len(resident) // 10)
    return median(resident[-tenth:]) - median(resident[2 * tenth : 3 * tenth] or resident[:1])
