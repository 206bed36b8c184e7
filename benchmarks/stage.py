"""What stands while a benchmark runs: the fast upstream, a plain reverse proxy of it, and the gateway."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import nginx
from benchmarks.books import ROWS, write_books
from benchmarks.cores import cores, pinned
from benchmarks.gateway import LEDGERWAY, Gateway, running
from benchmarks.load import Load, Target, load
from benchmarks.tools import Tools, find_tools

# A page of invoices asks for its four joined tables at once: four pages fill the account's gate of sixteen.
INVOICE_PAGES = 4
CONTEXT = {"api_key": "bench-key", "api_secret": "bench-secret"}
"""What the account of an ERPNext site is connected with, beside its address."""

DOCUMENT = "api/resource/Item/HINGE-00001"
LIST = f"api/resource/Item?limit_page_length={ROWS}"
ITEMS = f"/unified/accounting/items?limit={ROWS}"
INVOICES = f"/unified/accounting/invoices?type=invoice&limit={ROWS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs while it is measured."""

    tools: Tools
    books: Path
    upstream: nginx.Nginx
    proxy: nginx.Nginx
    gateway: Gateway
    account_id: str
    measured_core: int | None
    other_core: int | None

    async def load(self, target: Target, connections: int, seconds: float) -> Load:
        """The load of so many connections, from the other core."""
        return await load(self.tools.wrk, target, connections=connections, seconds=seconds, core=self.other_core)

    @asynccontextmanager
    async def look_alike(self, name: str, *arguments: str) -> AsyncIterator[str]:
        """The address of a provider that is a module of the benchmark, on the other core."""
        command = (sys.executable, "-m", f"benchmarks.{name}", *arguments)
        process = await asyncio.create_subprocess_exec(
            *pinned(self.other_core), *command, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
        finally:
            await nginx.stop(process)

    def proxied(self, path: str) -> Target:
        """A call through the gateway's proxy."""
        return self.gateway.target(f"/proxy/{path}", self.account_id)

    def unified(self, path: str) -> Target:
        """A unified call."""
        return self.gateway.target(path, self.account_id)


@asynccontextmanager
async def stage(serve: Sequence[str] = LEDGERWAY) -> AsyncIterator[Stage]:
    """Starts the upstream, the reverse proxy and the gateway with its account; ends them all."""
    tools = find_tools()
    measured_core, other_core = cores()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ledgerway-bench-")))
        _prepare(folder)
        tell("starting nginx, nginx and the gateway")
        upstream = await stack.enter_async_context(
            nginx.upstream(tools.nginx, folder / "upstream", folder / "books", other_core)
        )
        proxy = await stack.enter_async_context(
            nginx.reverse_proxy(tools.nginx, folder / "proxy", upstream.port, measured_core)
        )
        gateway = await stack.enter_async_context(running(folder / "var", measured_core, serve))
        account_id = await gateway.account("erpnext", {"site_url": upstream.url, **CONTEXT})
        yield Stage(
            tools=tools,
            books=folder / "books",
            upstream=upstream,
            proxy=proxy,
            gateway=gateway,
            account_id=account_id,
            measured_core=measured_core,
            other_core=other_core,
        )


def _prepare(folder: Path) -> None:
    write_books(folder / "books")
    # nginx gives up its rights, and must still get at its files.
    folder.chmod(0o755)


def tell(step: str) -> None:
    """Say what comes now, to whoever waits."""
    print(step, file=sys.stderr, flush=True)
