"""Runs the gateway under uvicorn."""

from __future__ import annotations

import cProfile
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp

from app import memory
from app.main import Service
from app.serving.ending import GracefulServer
from app.serving.places import Places
from app.settings import Settings
from app.starting import NotStarted
from providers.kit.clock import SystemClock

if TYPE_CHECKING:
    from app.serving.accepting import SharedSocket

KEEP_ALIVE_SECONDS = 75
"""Longer than nginx (60) and clients (httpx 5, aiohttp 15) keep a connection: its end must be the caller's doing,
or a call is lost that is just being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where connections come from: an address, or a socket that a supervisor has opened.

    `places` and `place` are a worker's, among those who share the socket.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    descriptor: int | None = None
    places: int | None = None
    place: int = 0


def serve(where: Listening, profile: Path | None = None) -> None:
    """Serve until stopped; with `profile`, write where the time went. What keeps it from starting is raised."""
    memory.keep_little()
    settings = Settings()
    service = Service(settings, SystemClock())
    handed = [_handed(where.descriptor)] if where.descriptor is not None else None
    server = GracefulServer(
        config(where.host, where.port, service, settings.shutdown_seconds),
        leave=service.leave,
        shared=_shared(where, handed[0]) if handed and where.places is not None else None,
        notice_seconds=settings.drain_seconds,
    )
    run = cProfile.Profile() if profile is not None else None
    try:
        if run is None:
            server.run(handed)
        else:
            run.runcall(server.run, handed)
    except SystemExit:
        # uvicorn only says that it could not start; the service has kept why.
        if service.refusal is not None:
            raise service.refusal from None
        raise
    finally:
        if run is not None and profile is not None:
            run.dump_stats(profile)


def _handed(descriptor: int) -> socket.socket:
    """The listening socket with that descriptor."""
    try:
        listener = socket.socket(fileno=descriptor)
        is_listening = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        is_listening = 0
    if not is_listening:
        raise NotStarted(f"descriptor {descriptor} is not a listening socket")
    return listener


def _shared(where: Listening, listener: socket.socket) -> SharedSocket:
    from app.serving.accepting import SharedSocket  # noqa: PLC0415 - only a worker needs it

    assert where.places is not None  # noqa: S101 - only a worker comes here
    return SharedSocket(listener, Places(where.places), where.place)


def config(host: str, port: int, app: ASGIApp, shutdown_seconds: float = 20.0) -> uvicorn.Config:
    """How uvicorn runs the gateway: the fast parser and loop, and no access log (the call log is ours)."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        loop="uvloop",
        access_log=False,
        server_header=False,
        # The provider's own date goes through the proxy; `app.api.hot` dates every other answer.
        date_header=False,
        log_level="warning",
        # Its loggers speak through ours.
        log_config=None,
        lifespan="on",
        # Only the control plane asks for the caller's address and scheme; `create_app` sees to that.
        proxy_headers=False,
        timeout_graceful_shutdown=round(shutdown_seconds),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
