"""Forms as browsers send them: whether from a page of ours, and what is in them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

FORM_SIZE_MAX = 64 * 1024
FIELDS_MAX = 100


def is_from_our_own_page(request: Request) -> bool:
    """Whether a form was sent by a page of ours, as every browser of the last years tells."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def posted(request: Request) -> dict[str, str] | None:
    """The form's fields; None for a body that is no form of ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return None
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_SIZE_MAX:
            return None
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        return None
    return dict(pairs)
