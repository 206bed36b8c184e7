"""Builds the gateway: `create_app()` makes the parts, and nothing else builds anything."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, cast

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import VERSION, memory, openapi
from app.api import problems
from app.api.control.routes import routers
from app.api.hot import FrontDoor
from app.api.unified import Unified
from app.connections.keys import KeyProblem
from app.cursors import Cursors
from app.gateway import Gateway
from app.logs import configure_logs, lines
from app.parts import Parts, build_parts
from app.proxy import Proxy
from app.settings import Settings
from app.starting import NotStarted
from providers.kit.clock import Clock, SystemClock
from providers.kit.errors import ProviderError
from providers.kit.registry import all_providers

GIVE_BACK_SECONDS = 15.0
# FastAPI's would tell of paths, bodies and the words of exceptions; what may be told, `app.tracing` tells.
_NO_TELEMETRY_OF_ITS_OWN: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> ASGIApp:
    """The gateway as an ASGI app; its parts are made when the server starts it."""
    return Service(settings or Settings(), clock or SystemClock())


def control_app() -> FastAPI:
    """The control plane without its parts: enough to tell its routes."""
    app = FastAPI(
        title="Ledgerway", version=VERSION, docs_url="/docs", redoc_url=None, telemetry=_NO_TELEMETRY_OF_ITS_OWN
    )
    for router in routers():
        app.include_router(router)
    problems.install(app)
    app.openapi = lambda: openapi.build(app)  # type: ignore[method-assign]  # FastAPI's documented hook
    return app


class Service:
    """The ASGI app before and after its parts are made."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._control = control_app()
        self._control.router.lifespan_context = self._lifespan
        self._door: ASGIApp = self._control
        self.parts: Parts | None = None
        self.refusal: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._door(scope, receive, self._in_words(send) if scope["type"] == "lifespan" else send)

    def leave(self) -> None:
        """Say from now on that no more calls are to be sent here."""
        if self.parts is not None:
            self.parts.is_leaving = True

    def _in_words(self, send: Send) -> Send:
        """A refusal without its trace: it is told in words by whoever has started the server."""

        async def tell(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "lifespan.startup.failed" and self.refusal is not None:
                message["message"] = ""
            await send(message)

        return tell

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        configure_logs(self._settings.log_level)
        try:
            parts = await build_parts(self._settings, self._clock)
        except (NotStarted, KeyProblem, ProviderError) as error:
            self.refusal = error
            raise
        self.parts = app.state.parts = parts
        app.state.cursors = cursors = Cursors(parts.ring)
        gateway = Gateway(self._settings.call_deadline_seconds)
        control = cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", self._control)))
        pages = _when_asked(lambda: _link_pages(parts))
        console = _when_asked(lambda: _console(parts, cursors))
        unified = Unified(parts, gateway, cursors)
        self._door = FrontDoor(parts, unified, Proxy(parts), control, pages, console)
        app.state.door = self._door
        await parts.pacer.beat()
        parts.start_background()
        all_providers()  # The first call is not to wait for them, nor the collector to go through them.
        # Measured: freezing what lives for ever saves a fifth of a page's CPU. Collecting is cheap then, and must
        # not be rare: calls that were torn or left midway lie about with their frames and buffers until then.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        parts.background.repeat(GIVE_BACK_SECONDS, memory.give_back)
        try:
            yield
        finally:
            await parts.close()
            # The server ends by the signal that it was told to end with, and nothing runs after it.
            lines.flush()


def _when_asked(make: Callable[[], ASGIApp]) -> ASGIApp:
    """Pages for browsers, made when one is first asked for: many a process never shows one."""
    made = cache(make)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await made()(scope, receive, send)

    return answer


def _link_pages(parts: Parts) -> ASGIApp:
    from app.api.link.pages import LinkPages  # noqa: PLC0415

    return LinkPages(parts).app()


def _console(parts: Parts, cursors: Cursors) -> ASGIApp:
    from app.api.console.pages import ConsolePages  # noqa: PLC0415

    return ConsolePages(parts, cursors).app()
