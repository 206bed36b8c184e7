"""Names that lead inside, or lead elsewhere the second time they are looked up: for the proof `ssrf`.

A process looks names up where its machine tells it to, so these gateways serve in the proof's own process, with the
look-up of the loop replaced for names below `.example`. Everything else of them is as it is.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx2

from app.tokens.tokens import INSTANCE
from tests.proofs.ssrf_scene import KEYS, OAUTH, Canary, Elsewhere, Scene, Team
from tests.proofs.store import store_in
from tests.world import World, gateway, served

INSIDE = (
    "127.0.0.1",
    "127.0.0.2",
    "0.0.0.0",  # noqa: S104 - to be refused
    "10.0.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "192.0.0.192",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "fd00:ec2::254",
    "fe80::1",
)
OWNERS_NAME = "erp.owner.example"


class Names:
    """What names below `.example` lead to: each answer in turn, and the last of them from then on."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}

    @contextmanager
    def looked_up(self) -> Iterator[Names]:
        """Have every loop ask here first."""
        theirs, answers = asyncio.BaseEventLoop.getaddrinfo, self.answers

        async def getaddrinfo(loop: Any, host: Any, port: Any, **more: Any) -> Any:
            name = str(host).lower().rstrip(".")
            if not name.endswith(".example"):
                return await theirs(loop, host, port, **more)
            left = answers[name]
            return [_entry(address, int(port)) for address in (left.pop(0) if len(left) > 1 else left[0])]

        with patch.object(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo):
            yield self


def _entry(address: str, port: int) -> tuple[Any, ...]:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)


async def rebinding(scale: float) -> int:
    """The number of refusals; at a small scale by every third address."""
    elsewhere = Elsewhere()
    with (
        tempfile.TemporaryDirectory() as folder,
        Names().looked_up() as names,
        patch("app.upstream.sender.NAMES_KEPT_SECONDS", 0),
    ):
        async with (
            store_in(Path(folder), allow_private_hosts=f"127.0.0.1,{OWNERS_NAME}") as settings,
            Canary().listening() as canary,
            served(elsewhere) as site,
            gateway(settings) as world,
            _staged(world, canary) as stage,
        ):
            tried = await _leading_inside(stage, world, names, INSIDE[:: 1 if scale >= 1 else 3])
            tried += await _changing(stage, names, int(site.rpartition(":")[2]))
            assert canary.visits == [], canary.visits
            await _by_name(stage, names)
    return tried


@asynccontextmanager
async def _staged(world: World, canary: Canary) -> AsyncIterator[Scene]:
    environment_id = await world.environment(allow_private_hosts=False)
    token = await world.new_token(environment_id)
    _, admin = await world.parts.tokens.create(None, [INSTANCE], "proof")
    async with _client(world, token) as http, _client(world, admin) as owner:
        yield Scene(canary, Team(world.environment_id, world.http), Team(environment_id, http), owner)


def _client(world: World, token: str) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=world.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60.0)


async def _leading_inside(stage: Scene, world: World, names: Names, addresses: Sequence[str]) -> int:
    """Names that look like anybody's, and lead inside from the first time on."""
    team, tried = stage.outsiders, 0
    for number, address in enumerate(addresses):
        host = f"books{number}.example"
        names.answers[host] = [[address]]
        url = f"https://{host}:{stage.canary.port}"
        tried += _refused(await team.account("erpnext", {**KEYS, "site_url": url}, validate=True), address)
        for context in ({**KEYS, "site_url": url}, {"site_url": url, "oauth": OAUTH}):
            for answer in await team.calls(await team.kept("erpnext", context)):
                tried += _refused(answer, address)
        await stage.change(team, brand={"logo_url": f"{url}/logo.png"})
        assert (await team.http.get(f"{await team.link()}/logo")).status_code == 404
        tried += 1 + await _undelivered(team, world, f"{url}/hook")
    return tried


async def _undelivered(team: Team, world: World, url: str) -> int:
    """A webhook's name is looked up when an event is sent; what points inside is not tried again."""
    webhook = await team.webhook(url)
    tried = await team.http.post(f"/webhook/{webhook}/test")
    assert tried.json()["result"]["error"] == "the address points inside this network", tried.text
    await team.kept("erpnext", {**KEYS, "site_url": "https://hooks.example"})
    await world.parts.courier.deliver()
    await world.parts.courier.settle()
    listed = (await team.http.get(f"/webhook/{webhook}/delivery")).json()["result"]
    assert {each["state"] for each in listed} == {"dead"}, listed
    await team.http.delete(f"/webhook/{webhook}")
    return 2


async def _changing(stage: Scene, names: Names, port: int) -> int:
    """Names that were good when they were first looked up, and lead to the canary or a cloud the next time."""
    team, tried = stage.insiders, 0
    for number, later in enumerate((["127.0.0.2"], ["169.254.169.254"], ["127.0.0.2", "127.0.0.1"], ["::1"])):
        host = f"changing{number}.example"
        names.answers[host] = [["127.0.0.1"], later]
        account_id = await team.kept("erpnext", {**KEYS, "site_url": f"http://{host}:{port}"})
        first, *rest = await team.calls(account_id)
        assert first.status_code == 200, first.text
        for answer in rest:
            tried += _refused(answer, f"127.0.0.1, then {later}")
    # The first of two addresses may be reached, and nobody is there; the second may not be.
    names.answers["two.example"] = [["127.0.0.1", "127.0.0.2"]]
    with _nobody_at("127.0.0.1") as empty_port:
        account_id = await team.kept("erpnext", {**KEYS, "site_url": f"http://two.example:{empty_port}"})
        for answer in await team.calls(account_id):
            tried += _refused(answer, "one address of two")
    return tried


@contextmanager
def _nobody_at(host: str) -> Iterator[int]:
    """A port that is taken, and where nobody answers."""
    with socket.socket() as taken:
        taken.bind((host, 0))
        yield int(taken.getsockname()[1])


async def _by_name(stage: Scene, names: Names) -> None:
    """A name of the owner's leads wherever it leads, for those with the right to it; no other name does."""
    canary = stage.canary
    for name in (OWNERS_NAME, f"x.{OWNERS_NAME}", f"x{OWNERS_NAME}", "owner.example"):
        names.answers[name] = [["127.0.0.2"]]
    for team, name, visits in (
        (stage.insiders, f"x.{OWNERS_NAME}", 0),
        (stage.insiders, f"x{OWNERS_NAME}", 0),
        (stage.insiders, "owner.example", 0),
        (stage.outsiders, OWNERS_NAME, 0),
        (stage.insiders, OWNERS_NAME.upper(), 1),
        (stage.insiders, f"{OWNERS_NAME}.", 2),
    ):
        scheme = "http" if team is stage.insiders else "https"
        account_id = await team.kept("erpnext", {**KEYS, "site_url": f"{scheme}://{name}:{canary.port}"})
        await team.http.get("/proxy/x", params={"integrated_account_id": account_id})
        assert len(canary.visits) == visits, name
    canary.visits.clear()


def _refused(answer: httpx2.Response, what: str) -> int:
    assert (answer.status_code, answer.json().get("code")) == (422, "forbidden_address"), (
        f"{what}: {answer.text[:300]}"
    )
    return 1
