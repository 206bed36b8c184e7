"""What somebody else may try with the console: another's session, another's environment, another site's page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from app.console.matrix import Capability, FieldSource
from app.console.rendering import Frame, render
from app.console.screens import way_on
from tests.app.console.conftest import Owner, owner_of
from tests.world import World

EVIL = "\"'><script>alert(1)</script>{{ 7*191 }}"


@pytest.fixture
async def stranger(light: World) -> AsyncIterator[Owner]:
    """Somebody who is signed in to another environment."""
    async with owner_of(light) as found:
        await found.sign_in(await light.new_token(await light.environment()))
        yield found


PAGES = ("/console", "/console/calls", "/console/accounts", "/console/capabilities", "/console/calls/x")


async def test_without_a_session_every_page_leads_to_the_sign_in_and_back(visitor: Owner) -> None:
    for path in (*PAGES, "/console/calls?status=4xx&account=a%26b"):
        await visitor.go(path)
        assert (visitor.screen, visitor.status) == ("sign-in", 200), path

    await visitor.send(token=visitor.world.token)

    assert visitor.screen == "calls"
    assert visitor.url.endswith("/console/calls?status=4xx&account=a%26b")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console",
        "//evil.example/console",
        "/\\evil.example/console",
        "\\\\evil.example",
        "/console\\@evil.example",
        "javascript:alert(1)//console",
        "/console/../link/x",
        "/console/%2e%2e/docs\r\nSet-Cookie: a=b",
        "/consolation",
        "/docs",
        "console",
        "",
        None,
    ],
)
async def test_signing_in_leads_nowhere_but_into_the_console(visitor: Owner, wanted: str | None) -> None:
    await visitor.go("/console/sign-in")
    await visitor.send(token=visitor.world.token, next=wanted or "")

    assert way_on(wanted) == "/console"
    assert visitor.url == f"{visitor.world.base_url}/console"


async def test_a_session_that_somebody_planted_is_not_adopted(visitor: Owner, owner: Owner) -> None:
    # The attacker's own session, put into the browser of somebody who then signs in.
    planted = owner.cookie
    visitor.http.cookies.set("ledgerway", planted, domain="127.0.0.1")
    await visitor.http.post(
        f"{visitor.world.base_url}/console/sign-in",
        data={"token": visitor.world.token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    await owner.go("/console")

    assert visitor.cookie not in ("", planted)
    assert owner.screen == "sign-in"


async def test_a_form_of_another_site_or_session_does_nothing(owner: Owner, light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    base = f"{light.base_url}/console"
    async with owner_of(light) as other:
        await other.sign_in()
        foreign = other.csrf
    paths = ("sign-out", f"accounts/{account_id}/validate", f"accounts/{account_id}/reconnect-link")
    for path in paths:
        for csrf, headers in (
            ("", {}),
            (foreign, {"Sec-Fetch-Site": "same-origin"}),
            (owner.csrf, {"Sec-Fetch-Site": "cross-site"}),
            (owner.csrf, {"Sec-Fetch-Site": "same-site"}),
            (owner.csrf, {"Origin": "https://evil.example"}),
            (owner.csrf, {"Content-Type": "text/plain"}),
        ):
            answer = await owner.http.post(f"{base}/{path}", data={"csrf": csrf}, headers=headers)
            assert answer.status_code == 403, (path, headers)
            assert "set-cookie" not in answer.headers

    await owner.go("/console")
    assert owner.screen == "overview"


async def test_signing_somebody_in_from_another_site_is_refused(visitor: Owner) -> None:
    world = visitor.world
    url, _ = await world.parts.console.new_link(world.environment_id)
    for path in ("/console/sign-in", url.removeprefix(world.parts.settings.public_url)):
        answer = await visitor.http.post(
            f"{world.base_url}{path}", data={"token": world.token}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


async def test_another_environments_things_are_not_there(owner: Owner, stranger: Owner, light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    answer = await light.unified("nothing", account_id)
    await light.parts.calls.write()
    request_id = answer.headers["x-request-id"]

    for path in (f"/console/accounts/{account_id}", f"/console/calls/{request_id}"):
        await owner.go(path)
        assert owner.status == 200
        await stranger.go(path)
        assert (stranger.status, stranger.screen) == (404, "notice")
    for path in ("/console", "/console/accounts", "/console/calls", f"/console/calls?account={account_id}"):
        await stranger.go(path)
        assert stranger.status == 200
        assert request_id not in stranger.text
        assert f"/console/accounts/{account_id}" not in stranger.text
    for action in ("validate", "reconnect-link"):
        done = await stranger.http.post(
            f"{light.base_url}/console/accounts/{account_id}/{action}", data={"csrf": stranger.csrf}
        )
        assert done.status_code == 404


async def test_another_environments_place_in_a_list_is_refused(owner: Owner, stranger: Owner, light: World) -> None:
    for _ in range(51):
        await light.http.get("/proxy/x")
    await light.parts.calls.write()
    await owner.go("/console/calls")
    older = next(address for words, address in owner.page.links if words == "Older")

    await stranger.go(f"/console/calls{older}")

    assert (stranger.status, stranger.screen) == (400, "notice")
    await owner.press("Older")
    assert (owner.status, owner.text.count("data-id=")) == (200, 1)


async def test_what_a_customer_named_is_shown_as_it_is_written(owner: Owner, light: World) -> None:
    tenant = EVIL
    body = {"tenant_id": tenant, "integration": "erpnext", "validate": False}
    context = {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"}
    made = (await light.http.post("/integrated-account", json={**body, "context": context})).json()["result"]
    await light.unified("invoices", made["id"])
    await light.http.get(f"/unified/accounting/{EVIL}", params={"integrated_account_id": made["id"]})
    await light.parts.calls.write()

    for path in (
        "/console",
        "/console/accounts",
        f"/console/accounts/{made['id']}",
        "/console/calls",
        f"/console/calls?account={EVIL}&request_id={EVIL}&since={EVIL}&status={EVIL}".replace("#", "%23"),
        f"/console/accounts?named={EVIL}&integration={EVIL}&status={EVIL}",
        f"/console/sign-in?next={EVIL}",
        f"/console/link/{EVIL}",
        f"/console/{EVIL}",
    ):
        await owner.go(path)
        assert "<script>alert" not in owner.text, path
        assert owner.text.count("<script") == 1
        assert "1337" not in re.sub(r"[0-9a-f-]{32,}|<time.*?</time>|[\d.]+ m?s", "", owner.text), path


def test_words_with_code_in_them_are_written_as_they_are() -> None:
    screen = Capability(
        integration_name=EVIL,
        resource="invoices",
        operations={},
        expands={EVIL: f"`{EVIL}`"},
        unstamped=[EVIL],
        fields=[FieldSource(name=EVIL, source=f"`{EVIL}` {EVIL}")],
        others=[],
    )

    page = render(screen, Frame()).decode()

    assert "<script>alert" not in page
    assert page.count("<code>&#34;&#39;&gt;&lt;script&gt;") >= 2
    assert "1337" not in page


async def test_a_script_on_this_origin_reads_no_page_and_no_tail(owner: Owner) -> None:
    base = f"{owner.world.base_url}/console"
    for mode in ("cors", "no-cors", "same-origin"):
        answer = await owner.http.get(f"{base}/accounts", headers={"Sec-Fetch-Mode": mode})
        assert answer.status_code == 403
    without = await owner.http.get(f"{base}/calls/new?after=0")
    told = await owner.http.get(f"{base}/calls/new?after=0", headers={"X-CSRF-Token": owner.csrf})
    owner.http.cookies.clear()
    over = await owner.http.get(f"{base}/calls/new?after=0", headers={"X-CSRF-Token": owner.csrf})

    assert (without.status_code, told.status_code, over.status_code) == (403, 200, 401)


async def test_a_page_may_load_nothing_from_elsewhere_and_nobody_may_frame_it(owner: Owner) -> None:
    for path in (*PAGES, "/console/nothing", "/console/link/x"):
        await owner.go(path)
        policy = owner.headers["content-security-policy"].split("; ")
        assert policy == [
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
        assert owner.headers["x-frame-options"] == "DENY"
        assert owner.headers["cache-control"] == "no-store"
        assert owner.headers["cross-origin-opener-policy"] == "same-origin"
        assert "style=" not in owner.text
