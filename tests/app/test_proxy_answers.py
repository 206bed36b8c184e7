"""What the proxy gives back: the provider's answer byte for byte, less what is not the caller's to read."""

from __future__ import annotations

import json

import pytest

from tests.app.raw import asked as asked_for
from tests.app.raw import line_to, named, noted, spoken
from tests.app.site import Site
from tests.app.wire import Seen, Wire, answer, bare, then_hang_up, then_reset, then_stall
from tests.world import World, served

LARGE = b"0123456789abcdef" * 65_536
FRAMING = (b"content-length", b"connection", b"transfer-encoding", b"date", b"x-request-id")


@pytest.mark.parametrize(
    "status",
    [
        "200 OK",
        "206 Partial",
        "302 Found",
        "400 Bad",
        "403 No",
        "417 No",
        "429 Slow",
        "500 Bad",
        "503 Down",
        "599 Odd",
    ],
)
async def test_a_status_its_headers_and_body_come_back_as_they_are(
    light: World, wire: Wire, account: str, status: str
) -> None:
    lines = (b"Retry-After: 7", b"Location: /else?a=%2F", b"X-B: 1", b"X-A: caf\xe9", b"x-b: 2", b"Server: Theirs")
    wire.script = answer(b"\x00\xffbytes", status, *lines)

    got, headers, body = await spoken(light, account, "GET", "/x")

    assert (got, body) == (int(status[:3]), b"\x00\xffbytes")
    assert [line for line in headers if line[0] not in FRAMING] == [
        (name.lower(), value) for name, value in (line.split(b": ", 1) for line in lines)
    ]
    assert len(wire.seen) == 1


async def test_there_is_one_date_the_providers_where_it_has_one(light: World, wire: Wire, account: str) -> None:
    theirs = b"Wed, 21 Oct 2015 07:28:00 GMT"
    wire.script = answer(b"", "200 OK", b"Date: " + theirs)
    dated = await spoken(light, account, "GET", "/x")
    wire.script = answer(b"")
    undated = await spoken(light, account, "GET", "/x")

    assert named(dated[1], b"date") == [theirs]
    assert [value[-4:] for value in named(undated[1], b"date")] == [b" GMT"]
    for path in ("/unified/accounting/none", "/healthz", "/nothing"):
        answered = await light.http.get(path)
        assert len(answered.headers.get_list("date")) == 1, path


async def test_what_is_between_two_hops_and_cookies_and_credentials_do_not_come_back(
    light: World, wire: Wire, account: str
) -> None:
    lines = (
        b"Connection: X-Theirs, close",
        b"X-Theirs: 1",
        b"Keep-Alive: timeout=5",
        b"Proxy-Authenticate: Basic",
        b"Trailer: X-T",
        b"Upgrade: h2c",
        b"Set-Cookie: sid=1",
        b"set-cookie: other=2",
        b"Set-Cookie2: old=3",
        b"Authorization: token sandbox-key:sandbox-secret",
        b"X-Request-Id: theirs",
        b"X-Kept: yes",
    )
    wire.script = answer(b"", "200 OK", *lines)

    _, headers, _ = await spoken(light, account, "GET", "/x")

    assert [line for line in headers if line[0] not in FRAMING] == [(b"x-kept", b"yes")]
    assert len(named(headers, b"x-request-id")[0]) == 32


@pytest.mark.parametrize(
    "script",
    [
        bare("204 No Content"),
        bare("204 No Content", b"Content-Length: 0"),
        bare("304 Not Modified", b'ETag: "x"'),
        bare("304 Not Modified", b"Content-Length: 1234"),
    ],
)
async def test_an_answer_that_has_no_body_ends_with_its_head(
    light: World, wire: Wire, account: str, script: bytes
) -> None:
    wire.script = script
    async with line_to(light) as line:
        await line.say(asked_for(light, account, "GET", "/x"))
        head = await line.head()
        await line.say(asked_for(light, account, "GET", "/next", b"Connection: close"))
        rest = await line.rest()

    assert head.split()[1] == script.split()[1]
    assert rest.startswith(b"HTTP/1.1 " + script.split()[1]), "the connection was not used again"
    assert all(code is None for _, code in await noted(light))


@pytest.mark.parametrize("lines", [(b"Content-Length: 123456789",), (), (b"Transfer-Encoding: chunked",)])
async def test_a_head_has_the_length_of_the_body_it_does_not_have(
    light: World, wire: Wire, account: str, lines: tuple[bytes, ...]
) -> None:
    wire.script = bare("200 OK", *lines)

    status, headers, body = await spoken(light, account, "HEAD", "/x")

    assert (status, body) == (200, b"")
    told = [line.partition(b": ")[2] for line in lines if line.startswith(b"Content-Length")]
    assert named(headers, b"content-length") == told


@pytest.mark.parametrize("size", [0, 1, 262_144, 262_145, 1_000_000])
async def test_a_body_with_a_length_keeps_it(light: World, wire: Wire, account: str, size: int) -> None:
    wire.script = answer(LARGE[:size])

    _, headers, body = await spoken(light, account, "GET", "/x")

    assert named(headers, b"content-length") == [b"%d" % size]
    assert named(headers, b"transfer-encoding") == []
    assert body == LARGE[:size]


@pytest.mark.parametrize("size", [0, 1, 1_000_000])
@pytest.mark.parametrize("is_chunked", [True, False])
async def test_a_body_without_a_length_comes_whole(
    light: World, wire: Wire, account: str, size: int, is_chunked: bool
) -> None:
    chunk = b"%x\r\n%s\r\n" % (size, LARGE[:size]) if size else b""
    wire.script = (
        bare("200 OK", b"Transfer-Encoding: chunked", body=chunk + b"0\r\n\r\n")
        if is_chunked
        else then_hang_up(bare("200 OK", body=LARGE[:size]))
    )

    async with light.http.stream("GET", "/proxy/x", headers={"X-Integrated-Account-Id": account}) as got:
        body = b"".join([piece async for piece in got.aiter_raw()])

    assert (got.headers.get("content-length"), body == LARGE[:size]) == (None, True)


async def test_an_encoded_body_stays_encoded(light: World, wire: Wire, account: str) -> None:
    wire.script = answer(b"not even gzip", "200 OK", b"Content-Encoding: gzip")

    _, headers, body = await spoken(light, account, "GET", "/x", b"Accept-Encoding: gzip;q=0.1")

    assert (named(headers, b"content-encoding"), body) == ([b"gzip"], b"not even gzip")
    assert wire.seen[0].header(b"accept-encoding") == b"gzip;q=0.1"


@pytest.mark.parametrize(
    ("script", "status", "code"),
    [
        (then_reset, 502, "provider_unavailable"),
        (then_hang_up(b""), 502, "provider_unavailable"),
        (then_hang_up(b"rubbish\r\n\r\n"), 502, "provider_bad_answer"),
        (then_hang_up(bare("200 OK", b"Content-Length: 10", body=b"torn")), 502, "provider_bad_answer"),
        (answer(b"", "200 OK", b"X: a\x01b"), 502, "provider_bad_answer"),
        (answer(b"", "600 Odd"), 502, "provider_bad_answer"),
        (then_stall(), 504, "provider_timeout"),
        (then_stall(b"HTTP/1.1 200 OK\r\n"), 504, "provider_timeout"),
        (then_stall(bare("200 OK", b"Content-Length: 10", body=b"torn")), 504, "provider_timeout"),
    ],
)
async def test_a_provider_that_fails_before_anything_was_passed_back_is_named(
    light: World, wire: Wire, account: str, script, status: int, code: str
) -> None:
    light.hurry(0.1)
    wire.script = script

    got, headers, body = await spoken(light, account, "GET", "/x")

    assert (got, json.loads(body)["code"]) == (status, code)
    assert named(headers, b"content-type") == [b"application/problem+json"]
    assert len(wire.seen) == 1


@pytest.mark.parametrize("head", [b"Content-Length: 1000000", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("ending", [then_hang_up, then_stall])
async def test_a_long_answer_that_breaks_off_is_broken_off(
    light: World, wire: Wire, account: str, head: bytes, ending
) -> None:
    light.hurry(0.1)
    wire.script = ending(bare("200 OK", head, body=b"5\r\nhello\r\n"))

    status, _, body = await spoken(light, account, "GET", "/x")

    assert status == 200
    assert len(body) < 100
    assert not body.endswith(b"0\r\n\r\n")
    assert {code for _, code in await noted(light)} & {"provider_bad_answer", "provider_timeout"}


async def test_a_caller_that_waits_for_leave_to_send_its_body_gets_it(
    light: World, wire: Wire, account: str
) -> None:
    async with line_to(light) as line:
        await line.say(asked_for(light, account, "PUT", "/x", b"Content-Length: 4", b"Expect: 100-continue"))
        leave = await line.head()
        await line.say(b"body")
        head = await line.head()

    assert (leave.split()[1], head.split()[1]) == (b"100", b"200")
    assert wire.seen[0].content == b"body"
    assert wire.seen[0].header(b"expect") is None


@pytest.mark.parametrize("size", [0, 10, 1_048_576])
async def test_a_call_is_sent_again_once_with_a_renewed_token(light: World, size: int) -> None:
    site = Site()
    async with served(site) as url:
        account = await light.account("erpnext", site.context(url, access_token="old"))

        got = await light.http.put(
            "/proxy/api/resource/x", content=LARGE[:size], headers={"X-Integrated-Account-Id": account}
        )

    assert (got.status_code, got.json()) == (200, {"data": []})
    assert site.token_calls == 1
    assert [given == "Bearer old" for given in site.seen] == [True, False]


async def test_a_body_too_long_to_keep_is_asked_for_again(light: World) -> None:
    site = Site()
    async with served(site) as url:
        account = await light.account("erpnext", site.context(url, access_token="old"))
        named_by = {"X-Integrated-Account-Id": account}

        first = await light.http.put("/proxy/api/resource/x", content=LARGE + b"!", headers=named_by)
        second = await light.http.put("/proxy/api/resource/x", content=LARGE + b"!", headers=named_by)

    assert (first.status_code, first.json()["code"], first.json()["retryable"]) == (409, "retry", True)
    assert second.status_code == 200


async def test_a_refusal_that_repeats_the_token_never_reaches_the_caller(
    light: World, wire: Wire, account: str
) -> None:
    async def repeat(seen: Seen) -> None:
        await seen.body()
        said = seen.header(b"authorization") or b""
        await seen.write(answer(b"Invalid token: " + said, "401 No", b"X-Said: " + said, b"WWW-Authenticate: X"))

    wire.script = repeat

    status, headers, body = await spoken(light, account, "GET", "/x")

    assert (status, json.loads(body)["code"]) == (409, "needs_reauth")
    assert b"sandbox-secret" not in body + b"".join(value for _, value in headers)
