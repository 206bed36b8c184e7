"""Traces on request: a span for each call, and one for each call to its provider, brought to a collector.

Spans hold words of the gateway's own, ids of its own, numbers and templates; no header, value or record's id.
Nothing of a trace goes to a provider, whose calls are the caller's byte for byte.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app import VERSION
from app.starting import NotStarted
from providers.kit.clock import Clock
from providers.kit.paths import template_of
from providers.kit.registry import all_providers

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from app.api.call import Call
    from app.connections.meter import Trip
    from app.settings import Settings

SEND_SECONDS_MAX = 5.0
_PARENT = b"traceparent"


def tracing(settings: Settings, clock: Clock) -> Tracing | None:
    """What traces calls, where the owner has asked for it; `NotStarted` where it cannot."""
    if settings.otlp_endpoint is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http import trace_exporter  # noqa: F401, PLC0415 - 12 MB, on request
        from opentelemetry.sdk import trace  # noqa: F401, PLC0415
    except ImportError as error:
        raise NotStarted(
            "LEDGERWAY_OTLP_ENDPOINT needs OpenTelemetry: pip install 'ledgerway[telemetry]'"
        ) from error
    return Tracing(settings.otlp_endpoint, settings.trace_ratio, clock)


class Tracing:
    """Begins and ends the span of each call that is sampled; its collector is told by a thread, in batches."""

    def __init__(self, endpoint: str, ratio: float, clock: Clock) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        resource = Resource.create({"service.name": "ledgerway", "service.version": VERSION})
        self._spans = TracerProvider(sampler=ParentBased(TraceIdRatioBased(ratio)), resource=resource)
        exporter = OTLPSpanExporter(endpoint=_traces_at(endpoint), timeout=SEND_SECONDS_MAX)
        self._spans.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._spans.get_tracer("ledgerway", VERSION)
        self._read_parent = TraceContextTextMapPropagator().extract
        self._clock = clock

    def begin(self, call: Call, header_lines: list[tuple[bytes, bytes]]) -> None:
        """Begin the call's span, below the caller's where they sent a valid one."""
        from opentelemetry.trace import SpanKind  # noqa: PLC0415

        parents = [value.decode("latin-1") for name, value in header_lines if name == _PARENT]
        # The caller's `tracestate` is words of their own; two parents are none.
        context = self._read_parent({"traceparent": parents[0]}) if len(parents) == 1 else None
        span = self._tracer.start_span(
            call.route, context, kind=SpanKind.SERVER, start_time=self._nanoseconds(call.started)
        )
        if span.is_recording():
            call.span, call.trips = span, []

    def end(self, call: Call) -> None:
        """End the span of a traced call, with those of its calls to the provider below it.

        A call of nobody that is known is let go of: a stranger is not to fill anybody's traces.
        """
        span: Span | None = call.span
        if span is None or call.environment_id is None:
            return
        for trip in call.trips or ():
            self._tell_trip(call, span, trip)
        span.update_name(f"{call.method} {call.path_template}")
        told: dict[str, str | int | float | None] = {
            "http.request.method": call.method,
            "http.route": call.path_template,
            "http.response.status_code": call.status,
            "ledgerway.request_id": call.request_id,
            "ledgerway.environment_id": call.environment_id,
            "ledgerway.account_id": call.account_id,
            "ledgerway.integration": call.integration or None,
            "ledgerway.code": call.code,
            "ledgerway.provider_calls": call.provider_calls,
            "ledgerway.waited_ms": round(call.waited_seconds * 1000, 3),
        }
        span.set_attributes({name: value for name, value in told.items() if value is not None})
        _mark(span, call.status)
        span.end(self._nanoseconds(self._clock.monotonic()))

    async def close(self) -> None:
        """Bring what waits to the collector, if it takes it in time."""
        await asyncio.to_thread(self._spans.shutdown)

    def _tell_trip(self, call: Call, parent: Span, trip: Trip) -> None:
        from opentelemetry.trace import SpanKind, set_span_in_context  # noqa: PLC0415

        template = template_of(trip.path, all_providers()[call.integration].paths)
        span = self._tracer.start_span(
            f"{trip.method} {template}",
            set_span_in_context(parent),
            kind=SpanKind.CLIENT,
            start_time=self._nanoseconds(trip.started),
            attributes={
                "http.request.method": trip.method,
                "url.template": template,
                "ledgerway.integration": call.integration,
                "ledgerway.waited_ms": round((trip.started - trip.asked) * 1000, 3),
            },
        )
        if trip.status:
            span.set_attribute("http.response.status_code", trip.status)
        _mark(span, trip.status or 599)
        span.end(self._nanoseconds(trip.ended))

    def _nanoseconds(self, monotonic: float) -> int:
        """A moment of the monotonic clock as traces want it, in Unix time."""
        return int((self._clock.now().timestamp() - self._clock.monotonic() + monotonic) * 1e9)


def _mark(span: Span, status: int) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415

    if status >= 500:
        span.set_status(StatusCode.ERROR)


def _traces_at(endpoint: str) -> str:
    """Where a collector takes traces: at the usual path, unless another one was named."""
    return endpoint if urlsplit(endpoint).path.strip("/") else f"{endpoint.rstrip('/')}/v1/traces"
