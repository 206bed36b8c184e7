"""What a call costs whose provider limits calls, in one process and where Redis counts for all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.gateway import Gateway
from benchmarks.load import Target
from benchmarks.stage import Stage

PATH = "/proxy/product-service/product/1"
CONTEXT = {"account_code": "bench", "app_ref": "bench", "staff_token": "bench-token"}


@asynccontextmanager
async def provider(on: Stage) -> AsyncIterator[str]:
    """The address of a Brightpearl with a document of 1 kB."""
    async with on.look_alike("metered", str(on.books / "document")) as url:
        yield url


async def proxied(gateway: Gateway, url: str) -> Target:
    """A proxied call of an account there."""
    return gateway.target(PATH, await gateway.account("brightpearl", {"api_domain": url, **CONTEXT}))
