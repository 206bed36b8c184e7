"""Whatever comes in place of an answer, a validation says what it was; an outage costs no account its status."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from app.connections import accounts
from providers.erpnext.sandbox import ErpnextSandbox, context, create_sandbox
from tests.app.api.control.asking import problem_of
from tests.world import World, served

WHO = "get_logged_user"
_Send = Callable[[dict[str, Any]], Awaitable[None]]


def says(status: int, body: bytes, kind: bytes = b"application/json", *headers: tuple[bytes, bytes]) -> Any:
    """An answer, with what it is said to be."""

    async def answer(send: _Send) -> None:
        told = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), *headers]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})

    return answer


async def torn(send: _Send) -> None:
    """The beginning of an answer, and no more of it."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"message": "gate', "more_body": True})


async def silence(_send: _Send) -> None:
    """None: the site keeps whoever asks waiting until the test is over."""


JSON, HTML, LOGIN = b"application/json", b"text/html; charset=utf-8", (b"location", b"/login?redirect-to=/api")
LATER = (b"retry-after", b"600")
REFUSED = b'{"exc_type": "AuthenticationError"}'
GUEST = b'{"exc_type": "PermissionError", "exception": "frappe.exceptions.PermissionError: Login to access"}'
OUTAGES = {
    "torn JSON": (torn, 502, "provider_bad_answer"),
    "a page of HTML": (says(200, b"<html>Welcome</html>", HTML), 502, "provider_bad_answer"),
    "other JSON": (says(200, b'{"hello": "world"}'), 502, "provider_bad_answer"),
    "a redirect to the log-in": (says(302, b"", HTML, LOGIN), 502, "provider_bad_answer"),
    "a gateway's page": (says(502, b"<html>Bad Gateway</html>", HTML), 502, "provider_unavailable"),
    "maintenance": (says(503, b'{"exc_type": "SessionStopped"}'), 502, "provider_unavailable"),
    "a firewall's page": (says(403, b"<html>Forbidden</html>", HTML), 502, "provider_unavailable"),
    "nothing at the address": (says(404, b"<html>Not Found</html>", HTML), 502, "provider_unavailable"),
    "too many calls": (
        says(429, b'{"exc_type": "RateLimitExceededError"}', JSON, LATER),
        429,
        "rate_limited",
    ),
    "silence": (silence, 504, "provider_timeout"),
}
REFUSALS = {
    "wrong credentials": (says(401, REFUSED), "needs_reauth", "refused"),
    "credentials that did not arrive": (says(403, GUEST), "validation_error", "provider_forbidden"),
    "words of the site's": (says(417, b'{"exc_type": "ValidationError"}'), "validation_error", "provider_rejected"),
}


@dataclass
class Site:
    """A sandbox behind something that answers in its place where a path holds `path`."""

    box: ErpnextSandbox
    trouble: Callable[[_Send], Awaitable[None]] | None = None
    path: str = WHO
    url: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and self.trouble is not None and self.path in scope["path"]:
            await self.trouble(send)
            if self.trouble is silence:
                await self.over.wait()
            return
        await self.box.app(scope, receive, send)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site(create_sandbox(seed=None))
    async with served(found) as found.url:
        yield found
        found.over.set()


async def _import(world: World, site: Site) -> dict[str, Any]:
    body = {"tenant_id": "acme", "integration": "erpnext", "context": context(site.url)}
    answer = await world.http.post("/integrated-account", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["result"])


async def _validate(world: World, account: dict[str, Any]) -> httpx2.Response:
    return await world.http.post(f"/integrated-account/{account['id']}/validate")


async def _read(world: World, account: dict[str, Any]) -> dict[str, Any]:
    return dict((await world.http.get(f"/integrated-account/{account['id']}")).json()["result"])


@pytest.mark.parametrize("kind", OUTAGES)
async def test_an_outage_leaves_an_active_account_as_it_is(
    light: World, site: Site, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble, status, code = OUTAGES[kind]
    before = await _import(light, site)
    if trouble is silence:
        monkeypatch.setattr(accounts, "CHECK_SECONDS", 0.3)
    site.trouble = trouble

    problem = problem_of(await _validate(light, before), status, code)

    # Whoever leads to another address leads there again.
    assert problem["retryable"] is (kind != "a redirect to the log-in")
    assert await _read(light, before) == before
    site.trouble = None
    answer = await light.unified("items", before["id"])
    if kind == "too many calls":  # Until when, the site has said: it is not asked before.
        assert 0 < problem_of(answer, status, code)["retry_after"] <= 601
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize("kind", OUTAGES)
async def test_an_outage_at_the_import_is_kept_with_its_kind_and_ends_with_the_next_validation(
    light: World, site: Site, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble, _, code = OUTAGES[kind]
    site.trouble = trouble
    with monkeypatch.context() as patch:
        if trouble is silence:
            patch.setattr(accounts, "CHECK_SECONDS", 0.3)
        account = await _import(light, site)
    site.trouble = None

    assert (account["status"], account["findings"]) == ("validation_error", None)
    # To a new account an address where nothing answers is a wrong one, and a refusal one.
    said = {
        "a firewall's page": "provider_forbidden",
        "nothing at the address": "not_found",
        "too many calls": None,
    }
    assert account["reason_code"] == (said.get(kind, code) or "rate_limited")
    assert account["status_reason"]
    again = (await _validate(light, account)).json()["result"]
    if kind == "too many calls":  # Until when, the site has said: it is not asked before.
        assert (again["status"], again["reason_code"]) == ("validation_error", "rate_limited")
    else:
        assert (again["status"], again["status_reason"], again["reason_code"]) == ("active", None, None)
        assert again["findings"]["user"]


@pytest.mark.parametrize("kind", REFUSALS)
async def test_a_refusal_of_the_sites_own_is_told_by_the_status(light: World, site: Site, kind: str) -> None:
    trouble, status, code = REFUSALS[kind]
    account = await _import(light, site)
    site.trouble = trouble

    told = (await _validate(light, account)).json()["result"]
    new = await _import(light, site)

    assert (told["status"], told["reason_code"]) == (status, code)
    assert told["status_reason"]
    # What was found before is still what was found.
    assert told["findings"] == account["findings"] is not None
    assert (new["status"], new["reason_code"], new["findings"]) == ("validation_error", code, None)


@pytest.mark.parametrize("kind", ["torn JSON", "a firewall's page", "maintenance", "too many calls"])
async def test_trouble_after_we_know_who_we_are_costs_a_part_of_the_findings_alone(
    light: World, site: Site, kind: str
) -> None:
    before = await _import(light, site)
    site.trouble, site.path = OUTAGES[kind][0], "Mode of Payment"

    after = (await _validate(light, before)).json()["result"]

    assert (after["status"], after["findings"]["missing_rights"]) == (
        "active",
        before["findings"]["missing_rights"],
    )
    assert "payment_method" in after["findings"]["unknown_rights"]
    assert after["context"] == before["context"]


async def test_a_part_that_hangs_is_given_up_and_what_was_found_is_kept(
    light: World, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "CHECK_SECONDS", 1.5)
    site.trouble, site.path = silence, "Mode of Payment"

    account = await _import(light, site)

    assert account["status"] == "active"
    assert "payment_method" in account["findings"]["unknown_rights"]
    assert account["findings"]["missing_rights"].keys().isdisjoint({"items", "invoices", "payment_method"})


async def test_a_validation_puts_new_findings_in_the_place_of_the_old_ones(light: World, site: Site) -> None:
    before = await _import(light, site)
    site.trouble, site.path = says(403, b'{"exc_type": "PermissionError"}'), "Mode of Payment"

    told = (await _validate(light, before)).json()["result"]
    kept = await _read(light, before)
    site.trouble = None
    healed = (await _validate(light, before)).json()["result"]

    assert told["findings"]["missing_rights"]["payment_method"] == "cannot read Mode of Payment"
    assert kept["findings"] == told["findings"]
    assert "payment_method" not in healed["findings"]["missing_rights"]


async def test_a_zone_that_is_not_told_again_is_not_forgotten(light: World, site: Site) -> None:
    before = await _import(light, site)
    site.trouble, site.path = says(502, b"<html>", HTML), "DefaultValue"
    site.box.app._inner._user_time_zone = None

    after = (await _validate(light, before)).json()["result"]

    assert after["context"]["time_zone"] == before["context"]["time_zone"] == "Asia/Kolkata"


async def test_an_account_that_was_not_validated_has_found_out_nothing(light: World, site: Site) -> None:
    account_id = await light.erpnext(site.url)

    assert (await _read(light, {"id": account_id}))["findings"] is None
