"""What a page of somebody else's may try in the browser, and what comes of it: nothing."""

from __future__ import annotations

from tests.browser.modes import connected, popup_of
from tests.browser.scene import Scene, outcome
from tests.browser.steps import allow, fill_code, send

_LISTEN = "() => { window.heard = []; window.onmessage = (event) => { window.heard.push(event.data); }; }"
_FORGED = '{type: "ledgerway.link", integrated_account_id: "stolen", integration: "erpnext"}'


async def forged_messages(scene: Scene) -> None:
    """Only the gateway's own page, in the very window that was opened, is believed."""
    async with scene.customer() as visitor:
        host = await scene.host(visitor, await scene.shop.link(), {"integration": "brightpearl"})
        page = await popup_of(host)
        await host.evaluate(f"window.postMessage({_FORGED}, '*')")
        async with host.expect_popup() as opened:
            await host.evaluate("(url) => { window.open(url); }", f"{scene.gateway_url}/link-sdk.js")
        stranger = await opened.value
        await stranger.wait_for_load_state()
        await stranger.evaluate(f"window.opener.postMessage({_FORGED}, '*')")
        await fill_code(page)
        await send(page)
        await page.get_by_role("button", name="Allow").wait_for()
        await page.evaluate(f"window.opener.postMessage({_FORGED}, '*')")
        assert await host.evaluate("new Promise((done) => setTimeout(done))") is None
        assert await host.locator("#outcome").inner_text() == ""
        await allow(page)
        await connected(scene, host, "brightpearl")


async def framed_by_a_stranger(scene: Scene) -> None:
    """A page that no environment names cannot frame ours, nor can one that is named but in iframe mode."""
    url = await scene.shop.link()
    stranger = scene.host_url.replace("localhost", "127.0.0.1")
    tries = (
        (stranger, f"{url}?mode=iframe&origin={scene.host_url}"),
        (stranger, f"{url}?mode=iframe&origin={stranger}"),
        (scene.host_url, url),
        (scene.host_url, f"{url}?mode=popup&origin={scene.host_url}"),
    )
    async with scene.customer() as visitor:
        for origin, framed in tries:
            page = await visitor.new_page()
            await page.goto(f"{origin}/other?framed={framed.replace('&', '%26')}")
            assert [frame.url for frame in page.frames if frame.url.startswith(scene.gateway_url)] == []
        scene.wrong.clear()  # The browser said why.


async def told_to_the_right_origin_only(scene: Scene) -> None:
    """A page that opens ours under another's name is told nothing."""
    stranger = scene.host_url.replace("localhost", "127.0.0.1")
    async with scene.customer() as visitor:
        host = await visitor.new_page()
        await host.goto(f"{stranger}/other")
        await host.evaluate(_LISTEN)
        url = f"{await scene.shop.link()}/brightpearl?mode=popup&origin={scene.host_url}"
        async with host.expect_popup() as opened:
            await host.evaluate("(url) => { window.open(url); }", url)
        page = await opened.value
        await fill_code(page)
        await send(page)
        async with page.expect_event("close"):
            await allow(page)
        assert await host.evaluate("window.heard") == []


async def held_back(scene: Scene) -> None:
    """A browser that holds the window back: the host page is told so at once."""
    async with scene.customer() as visitor:
        host = await scene.host(visitor, await scene.shop.link(), {})
        await host.evaluate("window.open = () => null")
        await host.click("#connect")
        assert await outcome(host) == {"rejected": "blocked"}


async def forged_return(scene: Scene) -> None:
    """A return that this tab did not set out for is no answer."""
    async with scene.customer() as visitor:
        host = await visitor.new_page()
        await host.goto(f"{scene.host_url}/settings?integrated_account_id=stolen&integration=erpnext")
        await host.locator("body[data-ready]").wait_for()
        assert await host.evaluate("Ledgerway.result()") is None
        assert await host.locator("#outcome").inner_text() == ""


async def unnamed_origin(scene: Scene) -> None:
    """A host page that the environment does not name: its dialog stays empty and it is told of an error."""
    async with scene.customer() as visitor:
        host = await scene.host(visitor, await scene.shop.link(), {"mode": "iframe"})
        await scene.shop.change_environment(origins=["https://elsewhere.example"])
        try:
            await host.click("#connect")
            assert (await outcome(host))["error_type"] == "connection_error"
            assert await host.locator("dialog").count() == 0
        finally:
            await scene.shop.change_environment(origins=[scene.host_url])
            scene.wrong.clear()
