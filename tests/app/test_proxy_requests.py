"""What the proxy sends on: the caller's request byte for byte, less what is not the caller's to send."""

from __future__ import annotations

import json

import pytest

from providers.brightpearl.auth import CREDENTIAL_HEADERS
from tests.app.raw import spoken
from tests.app.wire import Wire
from tests.world import World

KEY = "integrated_account_id"
ENCODED = "%69ntegrated_account%5Fid"


@pytest.mark.parametrize(
    "target",
    [
        "/a%2Fb/%2f/%20/%7E~/",
        "/a+b;c=d;e/'quoted'/(x)/*!$,@:",
        "/api/resource/Sales%20Invoice/ACC%2F1?filters=%5B%5B%22a%22%2C%22%3D%22%5D%5D&x[]=[1]",
        "/%E6%9D%B1%E4%BA%AC?x=%E2%82%AC&x=caf%c3%a9",
        "/search?x=1&x=2&x=&y&=z&&a=b=c&%61=%62;c",
        "/x//y?q=a+b%2Bc;d'e%00",
        "/%ff?bad=%zz",
        "//evil.example.com/x",
        "/@evil.example.com/x",
        "/:80@evil.example.com",
        "/.hidden/..data/a..b/...",
        "/https://evil.example.com/",
        "/trailing/",
        "/",
    ],
)
async def test_a_path_and_query_arrive_byte_for_byte(light: World, wire: Wire, account: str, target: str) -> None:
    status, _, _ = await spoken(light, account, "GET", target)

    assert status == 200
    assert wire.lines == [f"GET {target} HTTP/1.1".encode()]
    assert wire.seen[0].header(b"host") == f"127.0.0.1:{wire.port}".encode()


@pytest.mark.parametrize(
    "target",
    [
        "/..",
        "/../x",
        "/a/../../x",
        "/a/./b",
        "/%2e%2e/x",
        "/%2E./x",
        "/.%2e/x",
        "/..%2fx",
        "/a%2f..%2f..%2fx",
        "/..%5cx",
        "/a\\..\\x",
        "/..;/x",
        "/..;a=b/x",
        "/%2e%2e%3b/x",
    ],
)
async def test_a_path_that_would_climb_is_refused(light: World, wire: Wire, account: str, target: str) -> None:
    status, _, body = await spoken(light, account, "GET", target)

    assert status == 400
    assert b"invalid_request" in body or b"Invalid HTTP" in body
    assert wire.opened == 0


@pytest.mark.parametrize("target", ["/a b", "/a\x01b", "/caf\xe9", "/a\x7f"])
async def test_a_path_that_is_not_encoded_is_refused(light: World, wire: Wire, account: str, target: str) -> None:
    status, _, _ = await spoken(light, account, "GET", target)

    assert status == 400
    assert wire.opened == 0


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (f"{KEY}=ID", ""),
        (f"{KEY}=ID&a=1&b=%20", "?a=1&b=%20"),
        (f"a=1&{KEY}=ID&b=+", "?a=1&b=+"),
        (f"a=1&&{KEY}=ID", "?a=1&"),
        (f"a='1';&{ENCODED}=ID&=", "?a='1';&="),
        (f"x={KEY}&{KEY}=ID&my_{KEY}=2", f"?x={KEY}&my_{KEY}=2"),
        (f"{KEY}=ID&{KEY}=ID&a", "?a"),
    ],
)
async def test_the_accounts_key_is_taken_out_of_the_query_and_nothing_else(
    light: World, wire: Wire, account: str, query: str, sent: str
) -> None:
    status, _, _ = await spoken(light, account, "GET", f"/x?{query.replace('ID', account)}")

    assert status == 200
    assert wire.lines == [f"GET /x{sent} HTTP/1.1".encode()]


async def test_header_and_query_that_name_two_accounts_are_refused(light: World, wire: Wire, account: str) -> None:
    other = await light.erpnext(wire.url)

    for target in (f"/x?{KEY}={other}", f"/x?{ENCODED}={other}", f"/x?{KEY}={account}&{KEY}={other}"):
        status, _, body = await spoken(light, account, "GET", target)
        assert (status, json.loads(body)["code"]) == (400, "invalid_request")

    assert wire.opened == 0


async def test_hop_by_hop_headers_and_those_named_by_connection_are_not_sent_on(
    light: World, wire: Wire, account: str
) -> None:
    lines = (
        b"Connection: X-Mine, keep-alive",
        b"connection: x-other",
        b"X-Mine: 1",
        b"x-other: 2",
        b"Keep-Alive: timeout=5",
        b"TE: trailers",
        b"Trailer: X-T",
        b"Upgrade: h2c",
        b"Proxy-Authorization: Basic eA==",
        b"Proxy-Connection: close",
        b"Cookie: sid=1",
        b"X-Request-Id: mine",
        b"X-Kept: yes",
        b"x-kept: again",
        b"User-Agent: me",
        b"Content-Type: text/x-odd",
    )
    await spoken(light, account, "GET", "/x", *lines)

    host, *kept, signed = wire.seen[0].lines
    assert host[0] == b"Host"
    assert kept == [
        (b"x-kept", b"yes"),
        (b"x-kept", b"again"),
        (b"user-agent", b"me"),
        (b"content-type", b"text/x-odd"),
    ]
    assert signed == (b"Authorization", b"token sandbox-key:sandbox-secret")


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title, lambda name: name.replace("-", "_")])
async def test_no_caller_can_send_credentials_of_its_own(light: World, wire: Wire, spelled) -> None:  # type: ignore[no-untyped-def]
    account = await light.brightpearl(wire.url, dev_ref="dev")
    names = sorted(name.decode() for name in CREDENTIAL_HEADERS)
    evil = [f"{spelled(name)}: evil".encode() for name in names if name != "authorization"]

    status, _, _ = await spoken(light, account, "GET", "/x", *evil, *evil, b"Authorization: Basic evil")

    assert status == 200
    assert [line for line in wire.seen[0].lines if b"evil" in line[1]] == []
    assert [value for name, value in wire.seen[0].lines if name.lower() == b"brightpearl-staff-token"] == [
        b"sandbox-staff-token"
    ]


async def test_headers_arrive_byte_for_byte_or_are_refused(light: World, wire: Wire, account: str) -> None:
    await spoken(light, account, "GET", "/x", "X-Name: Zoë €".encode(), b"X-Tab: a\tb", b"X-None:")
    status, _, _ = await spoken(light, account, "GET", "/x", b"X-Latin: caf\xe9")

    assert [wire.seen[0].header(name) for name in (b"x-name", b"x-tab", b"x-none")] == [
        "Zoë €".encode(),
        b"a\tb",
        b"",
    ]
    assert status == 400
    assert len(wire.seen) == 1


@pytest.mark.parametrize(
    ("method", "scopes", "wanted"),
    [
        ("GET", ("proxy",), 200),
        ("HEAD", ("proxy",), 200),
        ("OPTIONS", ("proxy",), 200),
        ("POST", ("proxy",), 403),
        ("PUT", ("proxy",), 403),
        ("PATCH", ("proxy",), 403),
        ("DELETE", ("proxy",), 403),
        ("PROPFIND", ("proxy",), 403),
        ("GET", ("read", "write"), 403),
        ("POST", ("read", "write"), 403),
        ("POST", ("proxy", "write"), 200),
        ("DELETE", ("proxy", "write"), 200),
        ("PROPFIND", ("proxy", "write"), 200),
        ("TRACE", ("proxy", "write"), 405),
        ("CONNECT", ("proxy", "write"), 405),
    ],
)
async def test_a_read_needs_one_scope_and_everything_else_two(
    light: World, wire: Wire, account: str, method: str, scopes: tuple[str, ...], wanted: int
) -> None:
    token = await light.new_token(None, *scopes)

    status, _, _ = await spoken(light, account, method, "/x", token=token)

    assert status == wanted
    assert wire.lines == ([f"{method} /x HTTP/1.1".encode()] if wanted == 200 else [])


async def test_an_address_inside_is_refused_at_import_and_at_every_call(light: World) -> None:
    outsider = await light.new_token(await light.environment(allow_private_hosts=False))
    context = {"api_key": "key", "api_secret": "secret"}
    for site in ("https://127.0.0.1", "https://169.254.169.254", "http://books.example.com", "https://[::1]"):
        given = {"tenant_id": "t", "integration": "erpnext", "context": {**context, "site_url": site}}
        headers = {"Authorization": f"Bearer {outsider}"}

        refused = await light.http.post("/integrated-account", json=given, headers=headers)

        assert (refused.status_code, refused.json()["code"]) == (422, "forbidden_address"), site
        kept = await light.account("erpnext", given["context"], token=outsider)
        for _ in range(2):
            for call in (f"/proxy/x?{KEY}={kept}", f"/unified/accounting/items?{KEY}={kept}"):
                got = await light.http.get(call, headers=headers)
                assert (got.status_code, got.json()["code"]) == (422, "forbidden_address"), call
