"""`/batch-request`: many calls in one, in the order of what they depend on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from providers.erpnext.sandbox import create_sandbox
from tests.world import World, served


async def _batch(world: World, *requests: dict[str, Any], token: str | None = None, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await world.http.post("/batch-request", json={"requests": list(requests), **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    return {item["id"]: item for item in answer.json()["result"]}


@pytest.fixture
async def erpnext(light: World) -> AsyncIterator[str]:
    async with served(create_sandbox().app) as url:
        yield await light.erpnext(url)


class Echo:
    """Answers what was asked, and keeps the order."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        self.seen.append(request.url.path)
        if request.url.path == "/large":
            return StreamingResponse(iter([b"x" * 1_000_000] * 20))
        if request.url.path == "/text":
            return Response("plain words", media_type="text/plain")
        body = (await request.body()).decode()
        shown = {"path": request.scope["raw_path"].decode(), "body": body, "headers": dict(request.headers)}
        return JSONResponse({"id": "A/1", "amount": 12.3, **shown})


@pytest.fixture
async def echo(light: World) -> AsyncIterator[tuple[Echo, str]]:
    echo = Echo()
    async with served(echo.app) as url:
        yield echo, await light.erpnext(url)


async def test_unified_and_proxied_calls_are_answered_in_the_batchs_own_order(light: World, erpnext: str) -> None:
    found = await _batch(
        light,
        {"id": "unified", "path": "/unified/accounting/invoices?limit=2"},
        {"id": "raw", "path": "/proxy/api/resource/Customer?limit_page_length=3"},
        integrated_account_id=erpnext,
    )

    assert list(found) == ["unified", "raw"]
    assert found["unified"]["status"] == 200
    assert found["unified"]["body"]["result_count"] == 2
    assert len(found["raw"]["body"]["data"]) == 3


async def test_a_call_quotes_the_answer_of_another_and_comes_after_it(light: World, erpnext: str) -> None:
    found = await _batch(
        light,
        {"id": "one", "path": "/unified/accounting/invoices/{{many.result.0.id}}"},
        {"id": "many", "path": "/unified/accounting/invoices?limit=1"},
        integrated_account_id=erpnext,
    )

    assert found["one"]["body"]["result"] == found["many"]["body"]["result"][0]


async def test_a_quoted_value_keeps_its_digits_and_its_kind(light: World, echo: tuple[Echo, str]) -> None:
    found = await _batch(
        light,
        {"id": "first", "path": "/proxy/first"},
        {
            "id": "second",
            "method": "POST",
            "path": "/proxy/second/{{first.id}}",
            "body": {"amount": "{{first.amount}}", "note": "for {{first.id}}"},
        },
        integrated_account_id=echo[1],
    )

    assert found["second"]["body"]["path"] == "/second/A%2F1"
    assert json.loads(found["second"]["body"]["body"]) == {"amount": 12.3, "note": "for A/1"}


async def test_a_body_arrives_as_it_was_written(light: World, echo: tuple[Echo, str]) -> None:
    raw = b'{"requests":[{"id":"a","method":"POST","path":"/proxy/x","body":{"amount": 100.10}}]}'

    answer = await light.http.post(
        "/batch-request",
        content=raw.replace(b'"requests"', b'"integrated_account_id":"' + echo[1].encode() + b'","requests"'),
        headers={"Content-Type": "application/json"},
    )

    assert answer.json()["result"][0]["body"]["body"] == '{"amount": 100.10}'


async def test_a_text_goes_out_as_text_and_comes_back_as_text(light: World, echo: tuple[Echo, str]) -> None:
    found = await _batch(
        light,
        {
            "id": "form",
            "method": "POST",
            "path": "/proxy/x",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            "body": "a=1&b=2",
        },
        {"id": "words", "path": "/proxy/text"},
        integrated_account_id=echo[1],
    )

    assert found["form"]["body"]["body"] == "a=1&b=2"
    assert found["words"]["body"] == "plain words"


async def test_a_failed_call_stops_only_those_that_depend_on_it(light: World, echo: tuple[Echo, str]) -> None:
    found = await _batch(
        light,
        {"id": "bad", "path": "/unified/accounting/nothing"},
        {"id": "after", "path": "/proxy/after", "depends_on": ["bad"]},
        {"id": "beside", "path": "/proxy/beside"},
        integrated_account_id=echo[1],
    )

    assert [found[name]["status"] for name in ("bad", "after", "beside")] == [404, 424, 200]
    assert found["after"]["body"]["code"] == "dependency_failed"
    assert echo[0].seen == ["/beside"]


async def test_a_quoted_place_that_is_not_there_fails_the_call(light: World, echo: tuple[Echo, str]) -> None:
    found = await _batch(
        light,
        {"id": "first", "path": "/proxy/first"},
        {"id": "second", "path": "/proxy/{{first.result.7.id}}"},
        integrated_account_id=echo[1],
    )

    assert found["second"]["status"] == 424
    assert echo[0].seen == ["/first"]


async def test_an_answer_beyond_the_limit_is_refused_by_name(light: World, echo: tuple[Echo, str]) -> None:
    found = await _batch(light, {"id": "large", "path": "/proxy/large"}, integrated_account_id=echo[1])

    assert (found["large"]["status"], found["large"]["body"]["code"]) == (413, "payload_too_large")


async def test_a_call_may_no_more_in_a_batch_than_alone(light: World, echo: tuple[Echo, str]) -> None:
    reader = await light.new_token(None, "read")

    found = await _batch(light, {"id": "raw", "path": "/proxy/x"}, token=reader, integrated_account_id=echo[1])

    assert (found["raw"]["status"], found["raw"]["body"]["code"]) == (403, "forbidden")
    assert echo[0].seen == []


async def test_a_caller_cannot_bring_other_credentials(light: World, echo: tuple[Echo, str]) -> None:
    found = await _batch(
        light,
        {"id": "raw", "path": "/proxy/x", "headers": {"Authorization": "token evil:evil", "X-Own": "1"}},
        integrated_account_id=echo[1],
    )

    sent = found["raw"]["body"]["headers"]
    assert sent["x-own"] == "1"
    assert "evil" not in sent["authorization"]


@pytest.mark.parametrize(
    ("requests", "field"),
    [
        ([], "requests"),
        ([{"id": "a", "path": "/integrated-account"}], "requests[0].path"),
        ([{"id": "a b", "path": "/proxy/x"}], "requests[0].id"),
        ([{"id": "a", "path": "/proxy/x"}, {"id": "a", "path": "/proxy/y"}], "requests"),
        ([{"id": "a", "path": "/proxy/x", "depends_on": ["b"]}], "requests[0].depends_on"),
        ([{"id": "a", "path": "/proxy/{{b.x}}"}, {"id": "b", "path": "/proxy/{{a.x}}"}], "requests"),
        ([{"id": "a", "path": "/proxy/x", "headers": {"X": "1\r\nY: 2"}}], "requests[0].headers"),
        ([{"id": "a", "path": "/proxy/x", "unknown": 1}], "requests[0]"),
        ([{"id": f"a{index}", "path": "/proxy/x"} for index in range(51)], "requests"),
    ],
)
async def test_a_batch_that_cannot_be_run_is_refused_by_field(
    light: World, requests: list[dict[str, Any]], field: str
) -> None:
    answer = await light.http.post("/batch-request", json={"requests": requests})

    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("body", [b"{", b'{"requests":[{"id":"a","path":"/proxy/x","body":"\xff"}]}', b""])
async def test_a_torn_batch_is_refused(light: World, body: bytes) -> None:
    answer = await light.http.post("/batch-request", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_each_call_of_a_batch_is_in_the_log(light: World, echo: tuple[Echo, str]) -> None:
    await _batch(light, {"id": "raw", "path": "/proxy/x"}, integrated_account_id=echo[1])
    await light.parts.calls.write()

    [entry] = (await light.http.get("/log", params={"account_id": echo[1]})).json()["result"]
    assert (entry["path"], entry["status"], entry["provider_calls"]) == ("/proxy/{path}", 200, 1)
    assert entry["provider_ms"] > 0
