"""Runs the gateway under uvicorn."""

from __future__ import annotations

import cProfile
import ctypes
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.main import create_app

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
LARGE_SIZE = 512 * 1024


def give_back_memory() -> None:
    """Have glibc return a large answer's memory once it is sent.

    By itself it keeps what was once freed for the next of that size, and a heap for each thread: measured,
    some 2 MB of a process that has answered pages of invoices.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return  # Another C library, which has its own ways.
    mallopt(_M_MMAP_THRESHOLD, LARGE_SIZE)
    mallopt(_M_ARENA_MAX, 2)


def serve(host: str, port: int, profile: Path | None) -> None:
    """Serve until stopped; with `profile`, write where the time went."""
    give_back_memory()
    server = uvicorn.Server(config(host, port, create_app()))
    if profile is None:
        server.run()
        return
    watch = cProfile.Profile()
    watch.runcall(server.run)
    watch.dump_stats(profile)


def config(host: str, port: int, app: ASGIApp) -> uvicorn.Config:
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
        lifespan="on",
        # Only the control plane asks for the caller's address and scheme; `create_app` sees to that.
        proxy_headers=False,
        timeout_graceful_shutdown=20,
    )
