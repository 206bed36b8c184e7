"""What somebody who means ill may try with links, callbacks and pages; each is refused. Shared with the proof."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import httpx2

from providers.erpnext import sandbox as erpnext
from tests.app.connect.attacks_inside import address_inside, webhook_inside
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop
from tests.app.connect.walks import approve_brightpearl, callback, to_consent

STRANGE_STATE = "A" * 43


async def _at_the_callback(shop: Shop, browser: Browser, url: str) -> str:
    """Consent is given; the address that the browser is about to bring the code to."""
    await to_consent(shop, browser, url)
    await browser.open(browser.url)
    await browser.send(number=0, stops_at=f"{shop.world.base_url}/connect")
    return browser.url


def _token_calls(shop: Shop) -> int:
    return sum(path.startswith("/token/") for _, path, _ in shop.brightpearl.calls)


async def forged_state(shop: Shop) -> None:
    """A state that nobody gave out, with and without its first letters, is no state."""
    async with Browser() as browser:
        url = await shop.link()
        state = await to_consent(shop, browser, url)
        for forged in (STRANGE_STATE, state[:12] + STRANGE_STATE[12:], state[:-1], ""):
            await browser.open(callback(shop, forged, code="stolen"))
            assert browser.screen in ("failure", "choose"), forged
        assert _token_calls(shop) == 0
        assert await shop.accounts() == []


async def replayed_callback(shop: Shop) -> None:
    """A callback counts once, however often it is opened."""
    async with Browser() as browser:
        back = await _at_the_callback(shop, browser, await shop.link())
        kept = dict(browser.http.cookies)
        await browser.open(back)
        assert browser.screen == "done"
        for name, value in kept.items():
            browser.http.cookies.set(name, value, path="/connect")
        await browser.open(back)
        assert browser.screen == "failure"
        assert _token_calls(shop) == 1
        assert len(await shop.accounts()) == 1


async def code_replay(shop: Shop) -> None:
    """A code that was used is not used again by another flow."""
    async with Browser() as victim, Browser() as thief:
        back = await _at_the_callback(shop, victim, await shop.link())
        code = parse_qs(urlsplit(back).query)["code"][0]
        await victim.open(back)
        assert victim.screen == "done"
        state = await to_consent(shop, thief, await shop.link(tenant_id="thief"))
        await thief.open(callback(shop, state, code=code))
        assert thief.screen == "failure"
        assert [account["tenant_id"] for account in await shop.accounts()] == ["shop-1"]


async def code_of_another_customer(shop: Shop) -> None:
    """Where the provider takes a verifier, a code that was caught on its way is worthless in another flow."""
    async with Browser() as victim, Browser() as thief:
        client = {"client_id": erpnext.CLIENT_ID, "client_secret": erpnext.CLIENT_SECRET}
        codes = []
        for browser in (victim, thief):
            await browser.open(f"{await shop.link(integrations=['erpnext'])}/erpnext?way=oauth")
            await browser.send(site_url=shop.erpnext_url, **client)
            await browser.send()
            approve = next(n for n, form in enumerate(browser.page.forms) if "approve" in form["action"])
            await browser.send(number=approve, stops_at=f"{shop.world.base_url}/connect")
            codes.append(parse_qs(urlsplit(browser.url).query))
        await thief.open(callback(shop, codes[1]["state"][0], "erpnext", code=codes[0]["code"][0]))
        assert thief.screen == "failure"
        assert await shop.accounts() == []


async def mix_up_between_environments(shop: Shop) -> None:
    """What one environment began, another cannot end: not its account, its state nor its cookie."""
    other = await shop.world.environment()
    token = await shop.world.new_token(other)
    headers = {"Authorization": f"Bearer {token}"}
    async with Browser() as browser, Browser() as stranger:
        url = await shop.link()
        await approve_brightpearl(shop, browser, url)
        [account] = await shop.accounts()
        asked = {"integrated_account_id": account["id"]}
        assert (await shop.world.http.post("/link-token", json=asked, headers=headers)).status_code == 404
        state = await to_consent(shop, browser, await shop.link())
        theirs = (await shop.world.http.post("/link-token", json={"tenant_id": "t"}, headers=headers)).json()
        # The stranger has a cookie of their own link under the name of this state.
        value = f"{theirs['result']['link_token']}.{STRANGE_STATE}"
        stranger.http.cookies.set(f"lw_{state[:12]}", value, path="/connect")
        await stranger.open(callback(shop, state, code="c"))
        assert stranger.screen in ("failure", "form", "choose")
        # A callback at another integration's address is not this one's.
        await browser.open(callback(shop, state, "erpnext", code="c"))
        assert browser.screen in ("failure", "form", "choose")
        assert _token_calls(shop) == 1
        assert len(await shop.accounts()) == 1


async def open_redirect(shop: Shop) -> None:
    """The customer is only ever sent on to what the environment has registered, letter by letter."""
    registered = "https://shop.example.com/back"
    await shop.change_environment(redirect_uris=[registered])
    for uri in (
        "https://evil.example.com/",
        f"{registered}/more",
        f"{registered}?next=https://evil.example.com",
        "https://shop.example.com@evil.example.com/back",
        "http://shop.example.com/back",
        "https://shop.example.com/Back",
        "javascript:alert(1)",
    ):
        answer = await shop.world.http.post("/link-token", json={"tenant_id": "t", "redirect_uri": uri})
        assert answer.status_code == 422, uri
    async with Browser() as browser:
        url = await shop.link(redirect_uri=registered)
        await browser.open(f"{url}?redirect_uri=https://evil.example.com/&return_url=//evil.example.com")
        assert "evil.example.com" not in browser.text
        await approve_brightpearl(shop, browser, url)
        assert f'href="{registered}?' in browser.text


async def link_token_reuse(shop: Shop) -> None:
    """A link that has connected does nothing more, on none of its addresses."""
    async with Browser() as browser:
        url = await shop.link()
        await approve_brightpearl(shop, browser, url)
        assert browser.screen == "done"
        for path in ("", "/brightpearl", "/erpnext", "/company"):
            await browser.open(f"{url}{path}")
            assert (browser.status, browser.screen) == (410, "failure"), path
        answer = await browser.http.post(
            f"{url}/brightpearl?way=oauth", data={"account_code": "acme"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 410
        assert len(await shop.accounts()) == 1


async def message_from_another_origin(shop: Shop) -> None:
    """A page that no environment names is told nothing: no origin is written for the script to speak to."""
    await shop.change_environment(origins=["https://shop.example.com"])
    async with Browser() as browser:
        url = await shop.link()
        for origin in ("https://evil.example.com", "null", "https://shop.example.com.evil.example.com", "*"):
            await browser.open(f"{url}?mode=popup&origin={origin}")
            assert "data-origin" not in browser.text, origin
            state = await browser.http.get(f"{url}/state", headers={"Origin": origin})
            assert "access-control-allow-origin" not in state.headers, origin
        await browser.open(f"{url}?mode=popup&origin=https://shop.example.com")
        assert 'data-origin="https://shop.example.com"' in browser.text


async def clickjacking(shop: Shop) -> None:
    """Nobody may frame the page but an origin of the environment, in the mode that is made for it."""
    await shop.change_environment(origins=["https://shop.example.com"])
    async with Browser() as browser:
        url = await shop.link()
        for query in (
            "",
            "?mode=popup&origin=https://shop.example.com",
            "?mode=iframe&origin=https://evil.example.com",
        ):
            await browser.open(f"{url}{query}")
            assert "frame-ancestors 'none'" in browser.headers["content-security-policy"], query
            assert browser.headers["x-frame-options"] == "DENY", query
        await browser.open(f"{url}?mode=iframe&origin=https://shop.example.com")
        assert "frame-ancestors https://shop.example.com" in browser.headers["content-security-policy"]


async def login_csrf(shop: Shop) -> None:
    """A callback that another browser began is not ended here, and the one that began it still can."""
    await shop.change_environment(origins=["https://shop.example.com"])
    async with Browser() as attacker, Browser() as victim:
        url = await shop.link(tenant_id="attacker")
        back = await _at_the_callback(shop, attacker, url)
        await victim.open(back)
        assert victim.screen == "failure"
        # The way back is the shop's own page: the link stays with whoever began.
        assert ("Back to where you came from", "https://shop.example.com") in victim.page.links
        assert url.rpartition("/")[2] not in victim.text
        assert await shop.accounts() == []
        assert _token_calls(shop) == 0
        await attacker.open(back)
        assert attacker.screen == "done"


async def form_from_another_site(shop: Shop) -> None:
    """A form that another site sends in the customer's name is not taken."""
    async with httpx2.AsyncClient() as http:
        url = await shop.link(integrations=["erpnext"])
        form = {"site_url": shop.erpnext_url, "api_key": erpnext.API_KEY, "api_secret": erpnext.API_SECRET}
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://evil.example.com"},
            {"Origin": "null"},
        ):
            answer = await http.post(f"{url}/erpnext?way=api_key", data=form, headers=headers)
            assert answer.status_code == 403, headers
        assert await shop.accounts() == []


async def forged_reconnect(shop: Shop) -> None:
    """An address to re-connect is sealed: a letter more or another account in it, and it leads nowhere."""
    async with Browser() as browser:
        await approve_brightpearl(shop, browser, await shop.link())
        [account] = await shop.accounts()
        await shop.lose(account["id"])
        good = (await shop.accounts())[0]["reconnect_url"]
        token = good.rpartition("/")[2]
        middle = len(token) // 2
        letter = "A" if token[middle] != "A" else "B"
        for forged in (
            token[:-1],
            token + "A",
            token[:middle] + letter + token[middle + 1 :],
            "lwr_",
            "lwl_" + token,
        ):
            await browser.open(f"{shop.world.base_url}/link/{forged}")
            assert (browser.status, browser.screen) == (404, "failure"), forged
        await browser.open(good)
        assert browser.screen == "form"


async def secrets_in_pages(shop: Shop) -> None:
    """What a customer has given in secret is in no page, no address and no cookie."""
    async with Browser() as browser:
        url = await shop.link(integrations=["erpnext"])
        await browser.open(f"{url}/erpnext?way=api_key")
        await browser.send(site_url="not an address", api_key="very-private-key", api_secret="very-private-secret")
        assert browser.screen == "form"
        assert not re.search("very-private", browser.text + browser.url)
        await browser.open(f"{url}/erpnext?way=api_key")
        await browser.send(site_url=shop.erpnext_url, api_key="very-private-key", api_secret="very-private-secret")
        assert browser.screen == "failure"
        assert not re.search("very-private", browser.text + browser.url + str(browser.http.cookies))


Attack = Callable[[Shop], Awaitable[None]]

ATTACKS: tuple[Attack, ...] = (
    forged_state,
    replayed_callback,
    code_replay,
    code_of_another_customer,
    mix_up_between_environments,
    open_redirect,
    link_token_reuse,
    message_from_another_origin,
    clickjacking,
    login_csrf,
    form_from_another_site,
    address_inside,
    webhook_inside,
    forged_reconnect,
    secrets_in_pages,
)
