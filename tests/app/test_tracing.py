"""Traces on request: a span a call, one for each call to the provider, and nothing of anybody in either."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.main import control_app
from app.starting import NotStarted
from app.tracing import tracing
from providers.brightpearl.paths import PATHS as BRIGHTPEARL
from providers.erpnext.paths import PATHS as ERPNEXT
from providers.erpnext.sandbox import create_sandbox
from providers.kit.clock import SystemClock
from providers.kit.paths import template_of
from tests.app.wire import answer, wired
from tests.world import World, gateway, served, settings_in

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = PARENT[:-1] + "0"


class Collector:
    """Takes traces as a collector does."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.content = b""
        self.spans: list[Span] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        self.paths.append(request.url.path)
        body = await request.body()
        self.content += body
        told = ExportTraceServiceRequest.FromString(body)
        self.spans += [span for resource in told.resource_spans for of in resource.scope_spans for span in of.spans]
        await Response(b"", media_type="application/x-protobuf")(scope, receive, send)

    def of_calls(self) -> list[Span]:
        return [span for span in self.spans if span.kind == Span.SPAN_KIND_SERVER]

    def below(self, parent: Span) -> list[Span]:
        return [span for span in self.spans if span.parent_span_id == parent.span_id]


def told(span: Span) -> dict[str, Any]:
    """A span's attributes."""
    values = {each.key: each.value for each in span.attributes}
    return {name: getattr(value, str(value.WhichOneof("value"))) for name, value in values.items()}


@asynccontextmanager
async def traced(folder: Path, collector: Collector, ratio: float = 1.0) -> AsyncIterator[World]:
    """A gateway whose spans are with the collector once the block is over."""
    async with (
        served(collector) as url,
        gateway(settings_in(folder, otlp_endpoint=url, trace_ratio=ratio)) as world,
    ):
        yield world


async def test_a_call_is_a_span_with_one_below_it_for_each_call_to_the_provider(tmp_path: Path) -> None:
    collector = Collector()
    async with served(create_sandbox().app) as site, traced(tmp_path, collector) as world:
        account_id = await world.erpnext(site)
        answered = await world.unified("invoices", account_id, limit=2)
        await world.parts.calls.write()
        (entry,) = (await world.http.get("/log")).json()["result"]

    (span,) = collector.of_calls()
    below = collector.below(span)
    assert collector.paths == ["/v1/traces"]
    assert span.name == "GET /unified/accounting/invoices"
    assert told(span) == {
        "http.request.method": "GET",
        "http.route": "/unified/accounting/invoices",
        "http.response.status_code": 200,
        "ledgerway.request_id": answered.headers["x-request-id"],
        "ledgerway.environment_id": world.environment_id,
        "ledgerway.account_id": account_id,
        "ledgerway.integration": "erpnext",
        "ledgerway.provider_calls": entry["provider_calls"],
        "ledgerway.waited_ms": entry["waited_ms"],
    }
    assert len(below) == entry["provider_calls"] >= 2
    assert {"GET api/resource/Sales%20Invoice"} <= {each.name for each in below}
    assert all("{path}" not in each.name for each in below)
    for each in below:
        assert each.trace_id == span.trace_id
        assert span.start_time_unix_nano <= each.start_time_unix_nano <= each.end_time_unix_nano
        assert each.end_time_unix_nano <= span.end_time_unix_nano + 1_000_000
        assert told(each)["http.response.status_code"] == 200


async def test_a_trace_holds_no_word_of_anybody(tmp_path: Path) -> None:
    collector = Collector()
    async with wired(answer(b'{"data": {"name": "private-name"}}')) as wire, traced(tmp_path, collector) as world:
        account_id = await world.erpnext(wire.url, api_secret="private-secret")
        await world.unified("invoices/invoice:private-id", account_id, reference="private-filter")
        headers = {"X-Integrated-Account-Id": account_id, "X-Private": "private-header"}
        for path in (
            "private/",
            "api/resource/private-type/",
            "api/resource/Customer/",
        ):
            await world.http.post(
                f"/proxy/{path}private-name?private=query", content=b"private-body", headers=headers
            )
        await world.http.get("/proxy/x", headers={**headers, "traceparent": PARENT, "tracestate": "private=words"})
        sent = [name for seen in wire.seen for name, _ in seen.lines]

    assert len(collector.of_calls()) == 5
    assert b"private" not in collector.content
    assert world.token.encode() not in collector.content
    assert {each.name for each in collector.spans if each.kind == Span.SPAN_KIND_CLIENT} >= {
        "POST {path}",
        "POST api/resource/{doctype}/{name}",
        "POST api/resource/Customer/{name}",
    }
    # The caller's own header goes through as every other does; a trace of ours begins nowhere.
    assert [name.lower() for name in sent].count(b"traceparent") == 1


async def test_a_call_belongs_to_the_trace_of_its_caller_who_may_say_if_it_is_sampled(
    tmp_path: Path,
) -> None:
    collector = Collector()
    async with traced(tmp_path, collector, ratio=0.0) as world:
        for parent in (None, PARENT, UNSAMPLED, "00-nonsense-01", f"{PARENT}, {PARENT}"):
            await world.http.get("/proxy/x", headers={"traceparent": parent} if parent else {})

    (span,) = collector.of_calls()
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (PARENT[3:35], PARENT[36:52])
    assert told(span)["ledgerway.code"] == "invalid_request"


async def test_a_stranger_fills_nobodys_traces(tmp_path: Path) -> None:
    collector = Collector()
    async with traced(tmp_path, collector) as world:
        stranger = {"Authorization": "Bearer lw_unknown", "traceparent": PARENT}
        await world.http.get("/proxy/x", headers=stranger)

    assert collector.spans == []


async def test_what_failed_is_marked(tmp_path: Path) -> None:
    collector = Collector()
    async with traced(tmp_path, collector) as world:
        account_id = await world.erpnext("http://127.0.0.1:9")
        await world.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account_id})

    (span,) = collector.of_calls()
    (below,) = collector.below(span)
    assert (span.status.code, below.status.code) == (2, 2)
    assert told(span)["http.response.status_code"] == 502
    assert "http.response.status_code" not in told(below)


async def test_a_collector_that_is_away_costs_no_call_and_no_long_end(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, otlp_endpoint="http://127.0.0.1:9/elsewhere", trace_ratio=1.0)
    async with gateway(settings) as world:
        answers = [await world.http.get("/proxy/x") for _ in range(3)]

    assert [each.status_code for each in answers] == [400] * 3


def test_without_opentelemetry_a_start_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http", None)

    with pytest.raises(NotStarted, match="ledgerway\\[telemetry\\]"):
        tracing(settings_in(tmp_path, otlp_endpoint="http://127.0.0.1:4318"), SystemClock())


def test_the_framework_tells_nothing_by_itself_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")

    told = control_app()._telemetry

    assert not any(told[name] for name in ("tracing", "metrics", "logs", "auto_configure"))


def _cases() -> Iterator[tuple[tuple[str, ...], str, str]]:
    yield ERPNEXT, "api/resource/Sales%20Invoice/ACC-1", "api/resource/Sales%20Invoice/{name}"
    yield ERPNEXT, "api/resource/Their%20Own?fields=secret", "api/resource/{doctype}"
    yield ERPNEXT, "api/method/their.own", "api/method/{method}"
    yield ERPNEXT, "files/them.pdf", "{path}"
    yield BRIGHTPEARL, "order-service/order/1,2,3", "order-service/order/{ids}"
    yield BRIGHTPEARL, "their-service/them", "{service}/{resource}"
    yield BRIGHTPEARL, "a/b/c/d/e", "{path}"


@pytest.mark.parametrize(("templates", "path", "template"), list(_cases()))
def test_a_path_is_told_as_its_template(templates: tuple[str, ...], path: str, template: str) -> None:
    assert template_of(path, templates) == template
