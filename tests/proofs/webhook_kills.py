"""Two gateways on one store, of which whichever sends is killed in the middle of a delivery, again and again."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from app.settings import Settings
from tests.app.events.receiver import Receiver, receiving
from tests.app.wire import Seen
from tests.proofs.frame import Figures
from tests.proofs.ports import free_port
from tests.proofs.process import _environment, _python, _until_up, command
from tests.proofs.store import store_in, variables

ANSWER_SECONDS = 0.1
ACCOUNTS = 8
# The lease of one that was killed runs out after 30 s.
QUIET_SECONDS_MAX = 90.0
CONTEXT = {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"}


@dataclass(slots=True)
class _Gateway:
    process: asyncio.subprocess.Process
    base_url: str

    def sends(self, seen: Seen) -> bool:
        """Whether the request came from this process."""
        port = seen.writer.get_extra_info("peername")[1]
        return any(each.laddr.port == port for each in psutil.Process(self.process.pid).net_connections())


async def kill_senders(kills: int) -> tuple[Figures, list[Any], list[Any]]:
    """The figures, what the receiver took, and the log."""
    with tempfile.TemporaryDirectory() as folder:
        async with store_in(Path(folder)) as settings:
            accepted, events = await _deliveries(settings, kills)
    figures: Figures = {
        "senders_killed": kills,
        "events_meanwhile": len(events),
        "arrived_twice": len(accepted) - len(events),
    }
    return figures, accepted, events


async def _deliveries(settings: Settings, kills: int) -> tuple[list[Any], list[Any]]:
    environment = await _told(settings, "env", "create", "proof", "--allow-private-hosts")
    token = (await _told(settings, "token", "create", "--environment", environment["id"]))["token"]
    async with (
        receiving(_slowly) as receiver,
        _pair(settings) as pair,
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60.0) as http,
    ):
        made = await http.post(f"{pair[0].base_url}/webhook", json={"url": receiver.url})
        assert made.status_code == 201, made.text
        for _ in range(kills):
            await _make_events(http, pair[0].base_url)
            await _kill_the_sender(pair, receiver, settings)
        events = await _events(http, pair[0].base_url)
        wanted = {event["id"] for event in events}
        await _until(receiver, lambda: {event["id"] for event in receiver.accepted} >= wanted)
        return receiver.accepted, events


async def _told(settings: Settings, *arguments: str) -> Any:
    return await command(settings.var_dir, *arguments, more=variables(settings))


async def _slowly(event: dict[str, Any]) -> int:
    await asyncio.sleep(ANSWER_SECONDS)
    return 200


async def _make_events(http: httpx2.AsyncClient, base_url: str) -> None:
    """Four of each account: made, active, unreachable, deleted."""
    for _ in range(ACCOUNTS):
        body = {"tenant_id": "proof", "integration": "erpnext", "context": CONTEXT, "validate": False}
        made = await http.post(f"{base_url}/integrated-account", json=body)
        assert made.status_code == 201, made.text
        url = f"{base_url}{made.headers['location']}"
        await http.post(f"{url}/validate")
        assert (await http.delete(url)).status_code == 200


async def _kill_the_sender(pair: list[_Gateway], receiver: Receiver, settings: Settings) -> None:
    """Kill the process that has just sent something, before it has its answer."""
    before = len(receiver.seen)
    await _until(receiver, lambda: len(receiver.seen) > before)
    place = next(place for place, each in enumerate(pair) if each.sends(receiver.seen[-1]))
    pair[place].process.kill()
    await pair[place].process.wait()
    pair[place] = await _start(settings)


async def _events(http: httpx2.AsyncClient, base_url: str) -> list[Any]:
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        body = (await http.get(f"{base_url}/event", params={"limit": 500, **cursor})).json()
        if not body["result"]:
            return found
        found += body["result"]
        cursor = {"after": body["next_cursor"]}


async def _until(receiver: Receiver, holds: Any) -> None:
    """Until it holds; fails where nothing comes for too long."""
    while not holds():
        async with asyncio.timeout(QUIET_SECONDS_MAX):
            receiver._changed.clear()
            await receiver._changed.wait()


async def _start(settings: Settings) -> _Gateway:
    port = free_port()
    with (settings.var_dir / f"{port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(*_python(), "serve", "--port", str(port)),
            env=_environment(settings.var_dir, variables(settings)),
            stdout=log,
            stderr=log,
        )
    await _until_up(f"http://127.0.0.1:{port}", process)
    return _Gateway(process, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def _pair(settings: Settings) -> AsyncIterator[list[_Gateway]]:
    pair = [await _start(settings)]
    try:
        pair.append(await _start(settings))
        yield pair
    finally:
        for each in pair:
            if each.process.returncode is None:
                each.process.terminate()
            await each.process.wait()
