"""Whatever address a customer or a team gives, and wherever: nothing inside is reached but what the owner lets."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2

from tests.proofs.process import running_gateway
from tests.proofs.ssrf_rebinding import rebinding
from tests.proofs.ssrf_scene import KEYS, OAUTH, Canary, Elsewhere, Scene, Team, scene
from tests.proofs.ssrf_table import INSIDE, NO_ADDRESS, PROBES, Probe
from tests.world import served

DESCRIPTION = (
    "hosts of every spelling, rebinding, redirects, webhooks, token endpoints, logos: nothing inside is reached"
)

WAYS = ("import", "brightpearl", "webhook", "webhook change", "client", "form")
REDIRECTS = (301, 302, 303, 307, 308)
# Not one of them is in `127.0.0.1`, which is all that the owner of this gateway lets environments reach.
NOT_THE_OWNERS = (
    "127.0.0.2",
    "[::1]",
    "0.0.0.0",  # noqa: S104 - to be refused
    "127.1",
    "[::ffff:127.0.0.1]",
    "10.0.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "1.1.1.1@127.0.0.2",
)
_KIND = re.compile(r'data-screen="failure" data-kind="([a-z_]+)"')
_SENT_BACK = "<title>Please check:"

NEVER = "integrated_account.deleted"
"""An event that does not happen here: nothing is sent but what a probe asks for."""


async def prove(scale: float) -> dict[str, float | int | str]:
    """Every probe by every way; at a small scale each by an import and one more, every fourth by calls."""
    figures, rebound = await asyncio.gather(_by_process(scale), rebinding(scale))
    return {**figures, "rebound": rebound}


async def _by_process(scale: float) -> dict[str, float | int | str]:
    elsewhere = Elsewhere()
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Canary().listening() as canary,
            served(elsewhere) as site,
            running_gateway(Path(folder)) as gateway,
            scene(gateway.base_url, gateway.settings, canary) as stage,
        ):
            elsewhere.redirects_to = f"http://127.0.0.2:{canary.port}"
            # A redirected read is tried again after a while: that time is for the others.
            given, redirected = await asyncio.gather(
                _given(stage, scale),
                _redirected(stage, elsewhere, site, REDIRECTS if scale >= 1 else REDIRECTS[1::2]),
            )
            return {
                "hosts": len(PROBES),
                "given": given,
                "redirected": redirected,
                "allowed": await _allowed(stage, elsewhere, site),
                "no_longer_allowed": await _no_longer_allowed(stage, elsewhere, site),
                "canary_visits": len(canary.visits),
            }


def _refused(answer: httpx2.Response, what: str, *codes: str) -> int:
    told = answer.json() if answer.headers["content-type"] == "application/problem+json" else {}
    is_right = answer.status_code == 422 and told.get("code") in (codes or (INSIDE,))
    assert is_right, f"{what}: {answer.status_code} {answer.text[:200]}"
    return 1


async def _given(stage: Scene, scale: float) -> int:
    """Hosts in every place where a team or a customer gives one; the number of refusals."""
    team = stage.outsiders
    link = await team.link()
    webhook = await team.webhook("https://hooks.example.com/")
    tried = 0
    for number, probe in enumerate(PROBES):
        address = f"https://{probe.host}:{stage.canary.port}"
        ways = WAYS if scale >= 1 else ("import", WAYS[1 + number % (len(WAYS) - 1)])
        for way in ways:
            if way == "form":
                tried += _shown(await _typed(team, link, address), probe)
            else:
                tried += _refused(
                    await _give(team, way, address, webhook), f"{way} {probe.what}", *_codes(way, probe)
                )
        if (scale >= 1 or number % 4 == 0) and probe.account_code == INSIDE:
            tried += await _called(team, address, probe)
    assert (await team.http.get("/integrated-account")).json()["result"] == []
    assert stage.canary.visits == [], stage.canary.visits
    return tried


def _codes(way: str, probe: Probe) -> tuple[str, ...]:
    if way.startswith("webhook"):
        return (probe.webhook_code,)
    return (INSIDE, NO_ADDRESS) if way == "client" else (probe.account_code,)


async def _give(team: Team, way: str, address: str, webhook: str) -> httpx2.Response:
    brightpearl = {"account_code": "acme", "app_ref": "acme_app", "staff_token": "token"}
    if way == "import":
        return await team.account("erpnext", {**KEYS, "site_url": address}, validate=True)
    if way == "brightpearl":
        return await team.account("brightpearl", {**brightpearl, "api_domain": address}, validate=True)
    if way == "webhook":
        return await team.http.post("/webhook", json={"url": f"{address}/"})
    if way == "webhook change":
        return await team.http.patch(f"/webhook/{webhook}", json={"url": f"{address}/"})
    client = {"client_id": "acme_app", "settings": {"dev_ref": "acme", "token_origin": address}}
    return await team.http.put("/environment-integration/brightpearl", json=client)


async def _typed(team: Team, link: str, address: str) -> httpx2.Response:
    """What the hosted form answers to a customer who types the address."""
    return await team.http.post(
        f"{link}/erpnext?way=api_key",
        data={"site_url": address, **KEYS},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def _shown(page: httpx2.Response, probe: Probe) -> int:
    kind = _KIND.search(page.text)
    assert _SENT_BACK in page.text or (kind is not None and kind[1] == "wrong_address"), (
        f"form {probe.what}: {page.text[:300]}"
    )
    return 1


async def _called(team: Team, address: str, probe: Probe) -> int:
    """Calls with accounts that were never validated: by a key, and by a token that has to be renewed first."""
    tried = 0
    for context in ({**KEYS, "site_url": address}, {"site_url": address, "oauth": OAUTH}):
        account_id = await team.kept("erpnext", context)
        for answer in await team.calls(account_id):
            tried += _refused(answer, f"call {probe.what}")
        await team.http.delete(f"/integrated-account/{account_id}")
    return tried


async def _redirected(stage: Scene, elsewhere: Elsewhere, site: str, statuses: Sequence[int]) -> int:
    """A host that may be reached, and sends on to one that may not."""
    team = stage.insiders
    await asyncio.gather(*(_followed_by_nobody(team, f"{site}/to/{status}", status) for status in statuses))
    for status in statuses:
        assert await _logo(stage, team, f"{site}/to/{status}/logo.png") == 404
    # A call of each kind at the least, and the logo.
    assert elsewhere.calls >= 7 * len(statuses), "the redirects were not met"
    assert stage.canary.visits == [], stage.canary.visits
    return 7 * len(statuses)


async def _followed_by_nobody(team: Team, address: str, status: int) -> None:
    by_key = await team.kept("erpnext", {**KEYS, "site_url": address})
    by_token = await team.kept("erpnext", {"site_url": address, "oauth": OAUTH})
    imported, called, renewed, typed, is_delivered = await asyncio.gather(
        team.account("erpnext", {**KEYS, "site_url": address}, validate=True),
        team.calls(by_key),
        team.calls(by_token),
        _typed(team, await team.link(), address),
        _is_delivered(team, await team.webhook(f"{address}/hook", NEVER)),
    )
    assert imported.json().get("result", {}).get("status") != "active", imported.text
    assert called[0].status_code == status, "the proxy passes a redirect back, and does not follow it"
    assert called[2].status_code == 502, called[2].text
    assert all(each.status_code >= 400 for each in renewed), "a token endpoint's redirect gives no token"
    assert 'data-screen="done"' not in typed.text
    assert not is_delivered


async def _is_delivered(team: Team, webhook: str) -> bool:
    answer = await team.http.post(f"/webhook/{webhook}/test")
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["result"]["is_delivered"])


async def _logo(stage: Scene, team: Team, url: str) -> int:
    """The status of the hosted page's logo."""
    await stage.change(team, brand={"name": "Team", "logo_url": url})
    return (await team.http.get(f"{await team.link()}/logo")).status_code


async def _allowed(stage: Scene, elsewhere: Elsewhere, site: str) -> int:
    """The owner's entry opens that address, to environments with the right to it, and no other."""
    insiders, outsiders, canary = stage.insiders, stage.outsiders, stage.canary
    account_id = await insiders.kept("erpnext", {**KEYS, "site_url": site})
    before = elsewhere.calls
    assert [each.status_code for each in (await insiders.calls(account_id))[:2]] == [200, 200]
    assert await _is_delivered(insiders, await insiders.webhook(f"{site}/hook", NEVER))
    assert await _logo(stage, insiders, f"{site}/logo.png") == 200
    assert elsewhere.calls >= before + 4
    tried = 4
    for scheme in ("http", "https"):
        address = f"{scheme}://127.0.0.1:{canary.port}"
        tried += _refused(await _give(outsiders, "import", address, ""), f"outsiders {address}")
        for host in NOT_THE_OWNERS:
            address = f"{scheme}://{host}:{canary.port}"
            answer = await _give(insiders, "import", address, "")
            tried += _refused(answer, f"insiders {address}", NO_ADDRESS if "@" in host else INSIDE)
    assert canary.visits == [], canary.visits
    # That the canary sings at all.
    known = await insiders.kept("erpnext", {**KEYS, "site_url": f"http://127.0.0.1:{canary.port}"})
    await insiders.http.get("/proxy/x", params={"integrated_account_id": known})
    assert len(canary.visits) == 1
    canary.visits.clear()
    return tried


async def _no_longer_allowed(stage: Scene, elsewhere: Elsewhere, site: str) -> int:
    """What was made while the environment had the right to it: refused at once when it is taken away."""
    team = stage.insiders
    webhook = await team.webhook(f"{site}/hook", NEVER)
    accounts: list[str] = [await team.kept("erpnext", {**KEYS, "site_url": site})]
    accounts.append(await _brightpearl_by_consent(team, site))
    assert (await team.calls(accounts[0]))[0].status_code == 200
    await stage.change(team, allow_private_hosts=False)
    before, tried = elsewhere.calls, 0
    for account_id in accounts:
        for answer in await team.calls(account_id):
            tried += _refused(answer, "an account of before")
    assert not await _is_delivered(team, webhook)
    assert await _logo(stage, team, f"{site}/another.png") == 404
    assert elsewhere.calls == before, "it was reached"
    return tried + 2


async def _brightpearl_by_consent(team: Team, site: str) -> str:
    """An account at a host of Brightpearl's own, whose token has to be renewed at the team's token endpoint."""
    settings = {"dev_ref": "acme", "token_origin": site}
    client: dict[str, Any] = {"client_id": "acme_app", "client_secret": "secret", "settings": settings}
    put = await team.http.put("/environment-integration/brightpearl", json=client)
    assert put.status_code == 200, put.text
    oauth = {"access_token": "a", "refresh_token": "r", "expires_in": 0}
    context = {"account_code": "acme", "app_ref": "acme_app", "dev_ref": "acme", "oauth": oauth}
    return await team.kept("brightpearl", {**context, "api_domain": "ws-eu1.brightpearl.com"})
