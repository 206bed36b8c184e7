"""Runs the gateway under uvicorn."""

from __future__ import annotations

import cProfile
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.main import create_app


def serve(host: str, port: int, profile: Path | None) -> None:
    """Serve until stopped; with `profile`, write where the time went."""
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
        timeout_graceful_shutdown=20,
    )
