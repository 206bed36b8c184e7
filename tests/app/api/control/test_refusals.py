"""What cannot be read is refused in one shape, with its own code, whatever was sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.api.body_guard import BODY_SIZE_MAX
from tests.app.api.control.asking import problem_of
from tests.world import World

JSON = {"Content-Type": "application/json"}
ACCOUNT = {
    "tenant_id": "acme",
    "integration": "erpnext",
    "context": {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"},
    "validate": False,
}
TAKERS = ("/integrated-account", "/api-token", "/webhook")

UNREADABLE = {
    "torn": b'{"tenant_id": "private',
    "not JSON": b"private words",
    "not UTF-8": b'{"tenant_id": "\xff\xfe"}',
    "two documents": b"{}{}",
    "deep": b"[" * 100_000,
    "a number without end": b'{"tenant_id": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("path", TAKERS)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_a_body_that_is_not_json_is_400(light: World, path: str, body: bytes) -> None:
    answer = await light.http.post(path, content=body, headers=JSON)

    problem_of(answer, 400, "invalid_request")
    assert "private" not in answer.text


UNFIT: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "a text": "private",
    "a number": 7,
    "an unknown field": {**ACCOUNT, "surprise": "private"},
    "a missing field": {"integration": "erpnext", "context": {}},
    "a NUL": {**ACCOUNT, "tenant_id": "private\0"},
    "half a character": {**ACCOUNT, "tenant_id": "private\ud800"},
    "half a character in a context's name": {**ACCOUNT, "context": {"odd\ud800": 1}},
    "half a character in a context's value": {**ACCOUNT, "context": {**ACCOUNT["context"], "company": "\udfff"}},
    "half a character in a field's name": {**ACCOUNT, "odd\ud800": 1},
    "too long": {**ACCOUNT, "tenant_id": "private" * 100},
    "another kind": {**ACCOUNT, "tenant_id": ["private"]},
    "NaN": {**ACCOUNT, "tenant_id": float("nan")},
    "a context of another kind": {**ACCOUNT, "context": "private"},
    "an absurd instant": {
        **ACCOUNT,
        "context": {"site_url": "http://127.0.0.1:9", "oauth": {"access_token": "t", "expires_in": 1e308}},
    },
}


@pytest.mark.parametrize("body", UNFIT.values(), ids=UNFIT.keys())
async def test_a_body_that_does_not_fit_is_422_and_names_its_fields(world: World, body: Any) -> None:
    answer = await world.http.post("/integrated-account", content=json.dumps(body), headers=JSON)

    problem = problem_of(answer, 422, "validation_failed")
    assert problem["errors"]
    assert "private" not in answer.text
    assert (await world.http.get("/integrated-account")).json()["result"] == []


async def test_a_body_of_another_type_is_415(light: World) -> None:
    body = json.dumps(ACCOUNT)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", ""):
        answer = await light.http.post("/integrated-account", content=body, headers={"Content-Type": kind})

        problem_of(answer, 415, "unsupported_media_type")


async def test_json_is_taken_under_each_of_its_names(light: World) -> None:
    for kind in ("application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.acme+json"):
        answer = await light.http.post(
            "/integrated-account", content=json.dumps(ACCOUNT), headers={"Content-Type": kind}
        )

        assert answer.status_code == 201, kind


async def test_a_body_that_says_it_is_too_large_is_413_and_is_not_read(light: World) -> None:
    parts = urlsplit(light.base_url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)

    # Nothing of the body is ever sent.
    writer.write(
        b"POST /integrated-account HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %b\r\nContent-Length: %d\r\n\r\n" % (light.token.encode(), BODY_SIZE_MAX + 1)
    )
    async with asyncio.timeout(20):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()

    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in head


async def test_a_body_of_the_greatest_size_is_read(light: World) -> None:
    body = json.dumps(ACCOUNT).encode().ljust(BODY_SIZE_MAX)

    fits = await light.http.post("/integrated-account", content=body, headers=JSON)
    too_large = await light.http.post("/integrated-account", content=body + b" ", headers=JSON)

    assert fits.status_code == 201
    problem_of(too_large, 413, "payload_too_large")


async def test_a_body_that_grows_too_large_on_its_way_is_413(light: World) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(BODY_SIZE_MAX // 65_536 + 1):
            yield b" " * 65_536

    answer = await light.http.post("/integrated-account", content=pieces(), headers=JSON)

    problem_of(answer, 413, "payload_too_large")


async def test_a_path_that_leads_nowhere_is_404(light: World) -> None:
    for path in (
        "/",
        "/no-such",
        "/integrated-account/a/b",
        "/unified",
        "/proxy",
        "/%00",
        "/environment/a/b",
        "/log/1",
    ):
        problem_of(await light.http.get(path), 404, "not_found")


async def test_a_method_that_does_not_exist_is_405_and_names_those_that_do(light: World) -> None:
    for method, path, allowed in (
        ("PUT", "/integrated-account", {"GET", "POST"}),
        ("POST", "/log", {"GET"}),
        ("PUT", "/api-token/x", {"DELETE", "GET"}),
        ("GET", "/batch-request", {"POST"}),
        ("DELETE", "/healthz", {"GET"}),
    ):
        answer = await light.http.request(method, path)

        problem_of(answer, 405, "unsupported_operation")
        assert set(answer.headers["allow"].split(", ")) <= allowed
        assert answer.headers["allow"]


async def test_an_operation_the_provider_has_not_is_405_and_names_those_it_has(light: World) -> None:
    account_id = await light.brightpearl("http://127.0.0.1:9")
    headers = {"X-Integrated-Account-Id": account_id}

    listed = await light.http.post("/unified/accounting/invoices", headers=headers, json={})
    absent = await light.http.get("/unified/accounting/attachments", headers=headers)

    problem_of(listed, 405, "unsupported_operation")
    problem_of(absent, 405, "unsupported_operation")
    assert (listed.headers["allow"], absent.headers["allow"]) == ("GET", "")


async def test_names_with_nul_are_no_ones(world: World) -> None:
    for path in ("/integrated-account/%00", "/api-token/%00", "/integrated-account/a%00b/capabilities"):
        problem_of(await world.http.get(path), 404, "not_found")
    for call in (
        world.http.delete("/integrated-account/%00"),
        world.http.delete("/api-token/%00"),
        world.http.patch("/integrated-account/%00", json={"tenant_id": "t"}),
        world.http.post("/integrated-account/%00/validate"),
    ):
        problem_of(await call, 404, "not_found")
    for name in ("tenant_id", "integration", "status"):
        answer = await world.http.get("/integrated-account", params={name: "a\0"})
        problem_of(answer, 400, "invalid_request")
    for path in ("/unified/accounting/invoices", "/proxy/x"):
        assert (await world.http.get(path, params={"integrated_account_id": "\0"})).status_code == 404


async def test_every_answer_has_a_request_id_of_its_own(light: World) -> None:
    answers = [
        await light.http.get("/healthz"),
        await light.http.get("/no-such"),
        await light.http.get("/integrated-account"),
        await light.http.post("/integrated-account", content=b"{", headers=JSON),
        await light.http.post("/integrated-account", content=b"x", headers={"Content-Type": "text/plain"}),
        await light.http.get("/unified/accounting/x"),
        await light.http.get("/proxy/x", headers={"X-Request-Id": "mine"}),
    ]

    ids = [answer.headers.get_list("x-request-id") for answer in answers]

    assert [len(each) for each in ids] == [1] * len(answers)
    assert len({each[0] for each in ids}) == len(answers)
    assert ["mine"] not in ids
