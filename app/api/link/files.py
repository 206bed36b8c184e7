"""The style sheet and scripts of the hosted page, and the browser SDK."""

from __future__ import annotations

from functools import cache, partial
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FILES = {"link-page.css": "text/css", "link-page.js": "text/javascript", "link-sdk.js": "text/javascript"}


def routes() -> list[Route]:
    """One route for each file."""
    return [Route(f"/{name}", partial(_file, name=name, kind=kind)) for name, kind in _FILES.items()]


@cache
def _content(name: str) -> bytes:
    return resources.files("app.connect").joinpath("static", name).read_bytes()


async def _file(request: Request, *, name: str, kind: str) -> Response:
    del request
    headers = {"x-content-type-options": "nosniff", "cache-control": "public, max-age=300"}
    if name == "link-sdk.js":
        headers["cross-origin-resource-policy"] = "cross-origin"  # It is loaded by pages of other sites.
    return Response(_content(name), media_type=kind, headers=headers)
