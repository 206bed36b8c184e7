"""A gateway is killed at every point of a renewal, and the account lives on in the next process."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import httpx2

from app.connections.store import AccountStore, IntegratedAccount
from app.db.engine import Database
from tests.app.site import Point, Site
from tests.proofs.forge import Forge, Killable, forge
from tests.proofs.kill_stores import Store, Stores, stores
from tests.proofs.killable import OwnPoint
from tests.proofs.store import FLEET, KIND
from tests.world import served

DESCRIPTION = "each point of a renewal, restarted and taken over, 440 real kills, with and without grace"

TIMES, TIMES_WITHOUT_GRACE, AT_ONCE = 20, 2, 24
GRACE_SECONDS = 30.0
LEASE_SECONDS, LEASE_SECONDS_SMALL = 10.0, 1.5
RECOVERED_SECONDS_MAX = GRACE_SECONDS - 2
LOOK_SECONDS = 0.1
# Longer than a gateway keeps a connection: the site must not close one that a call is just being sent on.
KEEP_ALIVE_SECONDS = 120

Way = Literal["restart", "takeover"]
# In the order of a renewal. Those of the site are where it kills: asked for tokens and never acting on it, having
# made them, having taken a call with them.
POINTS: tuple[OwnPoint | Point, ...] = (
    "claimed",
    "asked",
    "extended",
    "rotated",
    "answered",
    "written",
    "committed",
    "adopted",
    "used",
    "worked",
    "forgotten",
)
# Where the provider has replaced the refresh token, or does so after our death, and nobody has kept the new one.
LOST_WITHOUT_GRACE = frozenset({"extended", "rotated", "answered", "written"})
# The call is answered well; the process dies in the background, soon after.
AFTER_THE_CALL = frozenset({"worked", "forgotten"})


@dataclass(frozen=True, slots=True)
class Case:
    """One kill."""

    point: OwnPoint | Point
    way: Way
    grace_seconds: float

    @property
    def is_lost(self) -> bool:
        """Whether no gateway could save the account."""
        return self.grace_seconds == 0 and self.point in LOST_WITHOUT_GRACE

    @property
    def own_point(self) -> OwnPoint | None:
        """The point, where it is the gateway's own."""
        return self.point if self.point in get_args(OwnPoint) else None  # type: ignore[return-value]


async def prove(scale: float) -> dict[str, float | int | str]:
    """Kill and look: every point both ways at full scale; at a small one each point, by turns."""
    cases = _cases(scale)
    lease_seconds = LEASE_SECONDS if scale >= 1 else LEASE_SECONDS_SMALL
    ended: Counter[str] = Counter()
    at_once = asyncio.Semaphore(AT_ONCE)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            forge(lease_seconds) as made,
            stores(Path(folder), with_postgres=scale >= 1 or os.environ.get(KIND) == FLEET) as kept,
        ):

            async def run(case: Case) -> None:
                async with at_once:
                    await _run(case, made, kept, ended)

            async with asyncio.TaskGroup() as group:
                for case in cases:
                    group.create_task(run(case))
    lost = sum(case.is_lost for case in cases)
    assert ended == Counter({"active": len(cases) - lost, "needs_reauth": lost}), ended
    return {
        "kills": len(cases),
        "kills_with_grace": sum(case.grace_seconds > 0 for case in cases),
        "points": len(POINTS),
        "active": ended["active"],
        "lost_without_grace": ended["needs_reauth"],
        "lost_points": " ".join(point for point in POINTS if point in LOST_WITHOUT_GRACE),
    }


def _cases(scale: float) -> list[Case]:
    ways = get_args(Way)
    if scale < 0.1:
        graces = [GRACE_SECONDS] * len(POINTS) + [0.0] * len(LOST_WITHOUT_GRACE)
        points = (*POINTS, *sorted(LOST_WITHOUT_GRACE))
        return [Case(*case) for case in zip(points, itertools.cycle(ways), graces, strict=False)]
    times = max(1, round(TIMES * scale))
    without = max(1, round(TIMES_WITHOUT_GRACE * scale))
    graces = [GRACE_SECONDS] * times + [0.0] * without
    return [Case(*case) for case in itertools.product(POINTS, ways, graces)]


async def _run(case: Case, made: Forge, kept: Stores, ended: Counter[str]) -> None:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(kept.new())
        # It takes longer than a beat, where the beat is what is waited for.
        wait_seconds = made.lease_seconds * 0.5 if case.point == "extended" else 0.0
        site = Site(grace_seconds=case.grace_seconds, wait_seconds=wait_seconds)
        url = await stack.enter_async_context(served(site, keep_alive_seconds=KEEP_ALIVE_SECONDS))
        victim = await made.start(store.var_dir, store.environment, case.own_point)
        stack.callback(victim.kill)
        standby = None
        if case.way == "takeover":
            standby = await made.start(store.var_dir, store.environment)
            stack.callback(standby.kill)
        account_id = await _import(victim, store, site, url)
        site.at_point = _killing(case, victim)
        site.expire()
        await _call_and_die(case, victim, store, account_id)
        if standby is None:
            standby = await made.start(store.var_dir, store.environment)
            stack.callback(standby.kill)
        account = await _recovered(case, store, account_id)
        await _assert_ended(case, standby, store, site, account)
        ended[account.status] += 1


def _killing(case: Case, victim: Killable) -> Any:
    async def at_point(point: Point) -> None:
        if point == case.point and not victim.died.done():
            victim.kill()
            await victim.died
            if point == "asked":
                raise ConnectionError  # Lost on the way: the site never acts on it.

    return at_point


async def _import(victim: Killable, store: Store, site: Site, url: str) -> str:
    body = {"tenant_id": "proof", "integration": "erpnext", "context": site.context(url), "validate": False}
    async with httpx2.AsyncClient(base_url=victim.base_url, timeout=60.0) as http:
        answer = await http.post("/integrated-account", json=body, headers=store.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["result"]["id"])


async def _call(gateway: Killable, store: Store, account_id: str) -> httpx2.Response:
    headers = {**store.headers, "X-Integrated-Account-Id": account_id}
    async with httpx2.AsyncClient(base_url=gateway.base_url, timeout=60.0) as http:
        return await http.get("/proxy/api/resource/Customer", headers=headers)


async def _call_and_die(case: Case, victim: Killable, store: Store, account_id: str) -> None:
    try:
        answer = await _call(victim, store, account_id)
    except httpx2.TransportError:
        assert case.point not in AFTER_THE_CALL, f"{case}: died too early"
    else:
        assert case.point in AFTER_THE_CALL, f"{case}: not killed, answered {answer.status_code}"
    async with asyncio.timeout(RECOVERED_SECONDS_MAX):
        ended_by = await victim.died
    assert ended_by == signal.SIGKILL, f"{case}: ended by {ended_by}"


async def _recovered(case: Case, store: Store, account_id: str) -> IntegratedAccount:
    """The account once no renewal is open, which nobody has called for meanwhile."""
    database = Database(store.url)
    try:
        async with asyncio.timeout(RECOVERED_SECONDS_MAX):
            while True:
                account = await AccountStore(database).find(store.environment_id, account_id)
                assert account is not None
                if account.refresh_started_at is None and account.refresh_owner is None:
                    return account
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{case}: nobody has taken the renewal over") from None
    finally:
        await database.close()


async def _assert_ended(
    case: Case, gateway: Killable, store: Store, site: Site, account: IntegratedAccount
) -> None:
    answer = await _call(gateway, store, account.id)
    if case.is_lost:
        assert (account.status, account.reason_code) == ("needs_reauth", "rotated_away"), (
            f"{case}: {account.status}"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "needs_reauth"), case
        return
    assert account.status == "active", f"{case}: {account.reason_code}"
    assert answer.status_code == 200, f"{case}: {answer.text}"
    # And the refresh token that was kept is the one that is good.
    site.grace_seconds = 0.0
    site.expire()
    again = await _call(gateway, store, account.id)
    assert again.status_code == 200, f"{case}: {again.text}"
