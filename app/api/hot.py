"""The front door: dispatches `/unified` and `/proxy` before the FastAPI app, and tells of every call."""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache

from starlette.types import ASGIApp

from app import metrics
from app.api import problems
from app.api.body_guard import guarded
from app.api.call import Call, HeaderLines, Message, Receive, Scope, Send, send_whole
from app.api.caller import CallerGone
from app.api.unified import PREFIX as UNIFIED
from app.api.unified import Unified
from app.calls.entry import CallEntry
from app.errors import NeedsReauth
from app.logs import call_teller
from app.parts import Parts
from app.proxy import PREFIX as PROXY
from app.proxy import Proxy
from providers.kit.errors import Unauthorised

CALLER_GONE_STATUS = 499
UNIFIED_TEMPLATE = "/unified/accounting/{resource}"
PROXY_TEMPLATE = "/proxy/{path}"
NO_ROUTE = "{path}"
# Asked again and again by machines, of which no line is to tell.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
PAGES = (b"/link/", b"/link-page.", b"/link-sdk.js", b"/connect/")
CONSOLE = b"/console"


class FrontDoor:
    """The whole HTTP surface as one ASGI app."""

    def __init__(
        self, parts: Parts, unified: Unified, proxy: Proxy, control: ASGIApp, pages: ASGIApp, console: ASGIApp
    ) -> None:
        self._parts = parts
        self._unified = unified
        self._proxy = proxy
        self._control = control
        self._pages = pages
        self._console = console
        settings = parts.settings
        self._tell = call_teller(settings.log_level, is_on=settings.call_log_lines)
        self._tracing = parts.tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._control(scope, receive, send)
            return
        path: bytes = scope["raw_path"]
        if path.startswith(UNIFIED):
            call = Call(scope["method"], "unified", self._parts.clock.monotonic(), path_template=UNIFIED_TEMPLATE)
            await self._answer(self._unified, call, scope, receive, send)
        elif path.startswith(PROXY):
            call = Call(scope["method"], "proxy", self._parts.clock.monotonic(), path_template=PROXY_TEMPLATE)
            await self._answer(self._proxy, call, scope, receive, send)
        elif path.startswith(PAGES):
            await self._pass_on(self._pages, scope, receive, send)
        elif path.startswith(CONSOLE):
            await self._pass_on(self._console, scope, receive, send)
        else:
            await self._pass_on(self._guarded_control, scope, receive, send)

    async def _answer(
        self, handler: Unified | Proxy, call: Call, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Run a hot handler; whatever it raises before its answer begins becomes a problem."""
        request_id = call.request_id.encode()
        has_begun = False
        if self._tracing is not None:
            self._tracing.begin(call, scope["headers"])

        async def tell(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message["headers"] += self._marks(message["headers"], request_id)
            await send(message)

        try:
            await handler(call, scope, receive, tell)
        except CallerGone:
            call.status = CALLER_GONE_STATUS
        except Exception as error:
            url = self._reconnect_url(call, error)
            rendered = problems.render(error, call.request_id, call.integration or None, url)
            call.status, call.code = rendered.status, rendered.code
            if has_begun:
                return
            await _send_problem(rendered, tell)
        finally:
            self._note(call)

    def _reconnect_url(self, call: Call, error: Exception) -> str | None:
        """Where the customer of an account goes that is lost, or was lost by this very call."""
        if isinstance(error, NeedsReauth) and error.lost is not None:
            return self._parts.connect.links.reconnect_url(*error.lost)
        if isinstance(error, NeedsReauth | Unauthorised) and call.environment_id and call.account_id:
            return self._parts.connect.links.reconnect_url(call.environment_id, call.account_id, call.request_id)
        return None

    def _marks(self, lines: HeaderLines, request_id: bytes) -> HeaderLines:
        """What every answer carries: a request id, and a date where the provider gave none."""
        marks: HeaderLines = [(b"x-request-id", request_id)]
        if not any(len(name) == 4 and name.lower() == b"date" for name, _ in lines):
            marks.append((b"date", _written_date(int(self._parts.clock.now().timestamp()))))
        return marks

    def _note(self, call: Call) -> None:
        """Tell of a hot call: to the metrics, the call log and the log's lines."""
        seconds = self._parts.clock.monotonic() - call.started
        metrics.count_call(call.route, call.integration, call.status, call.code, seconds)
        if call.provider_calls:
            added_seconds = seconds - call.away_seconds
            metrics.count_provider(call.route, call.integration, call.provider_calls, added_seconds)
        entry = self._entry(call, seconds)
        self._parts.calls.record(entry)
        self._tell(entry)
        if self._tracing is not None:
            self._tracing.end(call)

    def _entry(self, call: Call, seconds: float) -> CallEntry:
        return CallEntry(
            at=self._parts.clock.now(),
            request_id=call.request_id,
            environment_id=call.environment_id,
            account_id=call.account_id,
            integration=call.integration or None,
            method=call.method,
            path=call.path_template,
            status=call.status,
            code=call.code,
            duration_ms=round(seconds * 1000, 3),
            provider_calls=call.provider_calls,
            provider_ms=round(call.provider_seconds * 1000, 3),
            added_ms=round((seconds - call.away_seconds) * 1000, 3),
            waited_ms=round(call.waited_seconds * 1000, 3),
        )

    async def _guarded_control(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._control(scope, guarded(scope, receive), send)

    async def _pass_on(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a call to the control plane or the hosted pages, with a request id on its answer."""
        call = Call(scope["method"], "control", self._parts.clock.monotonic())
        scope["request_id"] = call.request_id
        has_begun = False

        async def tell(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                call.status = message["status"]
                marks = self._marks(message["headers"], call.request_id.encode())
                message["headers"] = [*message["headers"], *marks]
            await send(message)

        try:
            await app(scope, receive, tell)
        except Exception as error:
            # FastAPI answers and raises again what nobody expected; the server would log its words.
            if not has_begun:
                rendered = problems.render(error, call.request_id)
                call.code = rendered.code
                await _send_problem(rendered, tell)
        finally:
            call.path_template = getattr(scope.get("route"), "path", NO_ROUTE)
            call.environment_id, call.code = scope.get("environment_id"), scope.get("problem", call.code)
            seconds = self._parts.clock.monotonic() - call.started
            metrics.count_call(call.route, "", call.status, call.code, seconds)
            if call.path_template not in PROBES:
                self._tell(self._entry(call, seconds))


@lru_cache(1)
def _written_date(timestamp: int) -> bytes:
    return formatdate(timestamp, usegmt=True).encode()


async def _send_problem(rendered: problems.Rendered, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in rendered.headers]
    await send_whole(send, rendered.status, headers, rendered.body)
