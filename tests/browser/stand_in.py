"""Serves the screens and the scripts as the gateway would, without a gateway behind them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import app.connect
from app.connect.screens import render, security_headers
from tests.browser.samples import SCREENS, frame

STATIC = Path(app.connect.__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 180 40">'
    b'<rect width="40" height="40" rx="9" fill="#e4572e"/>'
    b'<path d="M12 28V12l16 16V12" fill="none" stroke="#fff" stroke-width="4"/>'
    b'<text x="52" y="27" font-family="sans-serif" font-size="20" fill="#888">Northwind</text></svg>'
)


async def static(request: Request) -> Response:
    """A file of the page or of the SDK."""
    path = STATIC / request.path_params["name"]
    return Response(
        path.read_bytes(),
        media_type=_TYPES[path.suffix],
        headers={"x-content-type-options": "nosniff", "cross-origin-resource-policy": "cross-origin"},
    )


async def screen(request: Request) -> Response:
    """A sample, in the brand's colour of the query."""
    around = frame(secrets.token_urlsafe(12), colour=request.query_params.get("colour"))
    if "logo" in request.query_params:
        around = replace(around, logo_src="/link/sample/logo")
    return Response(
        render(SCREENS[request.path_params["name"]], around), headers=dict(security_headers(around, ()))
    )


async def slow(_: Request) -> Response:
    """Where the way on leads to; it has not answered yet."""
    return Response(status_code=204)


async def logo(_: Request) -> Response:
    """The brand's logo, proxied."""
    return Response(LOGO, media_type="image/svg+xml")


samples = Starlette(
    routes=[
        Route("/screens/{name}", screen),
        Route("/link/sample/logo", logo),
        Route("/slow", slow),
        Route("/{name:path}", static),
    ]
)
