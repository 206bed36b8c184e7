"""Style sheets, scripts and pictures, served from the package that they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def file_route(path: str, package: str, more_headers: Mapping[str, str] | None = None) -> Route:
    """The route of a file in the package's folder `static`, which bears the last name of the path."""
    name = PurePath(path).name
    headers = {
        "x-content-type-options": "nosniff",
        "cache-control": "public, max-age=300",
        **(more_headers or {}),
    }

    async def file(request: Request) -> Response:
        del request
        return Response(_content(package, name), media_type=_KINDS[PurePath(name).suffix], headers=headers)

    return Route(path, file)


@cache
def _content(package: str, name: str) -> bytes:
    return resources.files(package).joinpath("static", name).read_bytes()
