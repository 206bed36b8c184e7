"""No address of our own network is reached, however it is written and whatever a name resolves to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest

from app.upstream.destination import is_public
from app.upstream.guard import AllowedHosts
from app.upstream.sender import Upstream
from providers.kit.errors import ForbiddenAddress, Unavailable
from providers.kit.upstream import Request
from tests.app.wire import answer, wired

INSIDE = (
    "127.0.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",  # noqa: S104 - an address to be refused
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.170",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "100.100.100.200",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "localhost",
    "LocalHost",
    "ⓛocalhost",
    "127。0。0。1",
    "１２７.0.0.1",
    "user:password@127.0.0.1",
    "127.0.0.1%2f.example.com",
    "%31%32%37.0.0.1",
    "1.1.1.1\\@127.0.0.1",
    "1.1.1.1#@127.0.0.1",
    "1.1.1.1 @127.0.0.1",
    "127\t.0.0.1",
    "127.0.0.1\n",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2001::7f00:1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1%25lo]",
    "[2a00:1450:4001:81b:0:5efe:7f00:1]",
    "[2a00:1450:4001:81b:200:5efe:a00:1]",
    "[3ffe::1]",
    "[3fff::1]",
    "[::1%lo]",
    "[fec0::1]",
    "[ff02::1]",
)
OUTSIDE = ("1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e")


async def _ask(upstream: Upstream, url: str, *, allow_private: bool = False) -> int:
    request = Request(method="GET", url=url, first_byte_seconds=5.0, idle_seconds=5.0)
    got = await upstream.send(request, allow_private=allow_private)
    await got.close()
    return got.status


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Names resolve to each of these in turn, and to the last of them from then on."""
    left = list(answers)

    async def getaddrinfo(_: object, host: str, port: int, **__: Any) -> list[Any]:
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("host", INSIDE)
async def test_an_address_inside_is_refused_however_it_is_written(upstream: Upstream, host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        await _ask(upstream, f"https://{host}:9/")


@pytest.mark.parametrize("host", INSIDE)
async def test_the_owners_network_opens_no_other(host: str) -> None:
    async with Upstream(AllowedHosts(["10.9.0.0/16"])) as upstream:
        with pytest.raises(ForbiddenAddress):
            await _ask(upstream, f"https://{host}:9/", allow_private=True)


LOCAL_NAMES = ("redis", "redis.", "a.localhost", "printer.local", "METADATA.google.internal", "nas.home.arpa")


@pytest.mark.parametrize("host", LOCAL_NAMES)
async def test_a_name_that_only_a_network_inside_has_is_not_even_looked_up(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    # It would lead to an address outside, or which of them there are could be told by trying.
    _resolve_to(monkeypatch, ["93.184.216.34"])

    with pytest.raises(ForbiddenAddress):
        await _ask(upstream, f"https://{host}/")


@pytest.mark.parametrize("host", INSIDE + LOCAL_NAMES)
async def test_what_is_refused_when_it_is_sent_to_is_refused_when_it_is_given(
    upstream: Upstream, host: str
) -> None:
    with pytest.raises(ForbiddenAddress):
        upstream.check(f"https://{host}:9/", allow_private=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


async def test_a_name_that_resolves_inside_is_refused(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, ["10.0.0.7"])

    with pytest.raises(ForbiddenAddress):
        await _ask(upstream, "https://books.example.com/")


async def test_a_name_with_one_address_outside_and_one_inside_does_not_reach_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The public one stands here for an address that refuses, so that the next is tried.
    _resolve_to(monkeypatch, ["127.0.0.1", "127.0.0.2"])
    with socket.socket() as listener:
        listener.bind(("127.0.0.2", 0))
        listener.listen()
        async with Upstream(AllowedHosts(["127.0.0.1"])) as upstream:
            with pytest.raises(ForbiddenAddress):
                await _ask(upstream, f"http://books.example.com:{listener.getsockname()[1]}/", allow_private=True)


async def test_a_name_that_changes_its_mind_between_two_calls_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.upstream.sender.KEEP_ALIVE_SECONDS", 0.0)
    _resolve_to(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    async with wired(answer(b"", "200 OK", b"Connection: close")) as wire:
        async with Upstream(AllowedHosts(["127.0.0.1"])) as upstream:
            url = f"http://books.example.com:{wire.port}/"
            assert await _ask(upstream, url, allow_private=True) == 200
            connector = upstream._private.connector
            connector.clear_dns_cache()  # type: ignore[union-attr]

            with pytest.raises(ForbiddenAddress):
                await _ask(upstream, url, allow_private=True)

        assert len(wire.seen) == 1


async def test_plain_http_is_refused_but_to_environments_that_may_reach_inside(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Even where the address itself is a public one.
    monkeypatch.setattr("app.upstream.guard.is_public", lambda _: True)
    async with wired(answer()) as wire:
        with pytest.raises(ForbiddenAddress):
            await _ask(upstream, wire.url)

        assert wire.opened == 0
        assert await _ask(upstream, wire.url, allow_private=True) == 200


@pytest.mark.parametrize(
    "entries", [["127.0.0.1"], ["127.0.0.0/8"], ["127.0.0.1/8"], [" LOCALHOST "], ["", "10.0.0.0/8", "127.0.0.1"]]
)
async def test_the_owner_allows_by_network_or_address(entries: list[str]) -> None:
    async with wired(answer()) as wire, Upstream(AllowedHosts(entries)) as upstream:
        assert await _ask(upstream, wire.url, allow_private=True) == 200


async def test_the_owner_allows_by_name_that_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, ["127.0.0.1"])
    async with wired(answer()) as wire, Upstream(AllowedHosts(["erp.internal"])) as upstream:
        assert await _ask(upstream, f"http://ERP.internal:{wire.port}/", allow_private=True) == 200
        for other in ("erp.internal.example.com", "xerp.internal", "127.0.0.1"):
            with pytest.raises(ForbiddenAddress):
                await _ask(upstream, f"http://{other}:{wire.port}/", allow_private=True)


async def test_what_the_owner_allows_is_not_for_other_environments(upstream: Upstream) -> None:
    async with wired(answer()) as wire:
        assert await _ask(upstream, wire.url, allow_private=True) == 200

        for url in (f"https://127.0.0.1:{wire.port}/", f"http://127.0.0.1:{wire.port}/"):
            with pytest.raises(ForbiddenAddress):
                await _ask(upstream, url)

        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    "url", ["https://", "https://[::1/", "https://exa mple/", "https://a..b/", "https:///x", "https://x.example:0/"]
)
async def test_an_address_that_is_none_is_refused(upstream: Upstream, url: str) -> None:
    with pytest.raises((ForbiddenAddress, Unavailable)):
        await _ask(upstream, url)
