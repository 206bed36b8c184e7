"""What the control plane takes as a body: JSON of at most 1 MiB, refused before it is read further."""

from __future__ import annotations

from app.api.call import Message, Receive, Scope, header
from app.errors import PayloadTooLarge, UnsupportedMediaType

BODY_SIZE_MAX = 1024 * 1024


def guarded(scope: Scope, receive: Receive) -> Receive:
    """`receive`, but for a body that is too large or not JSON, which raises."""
    length = header(scope, b"content-length")
    has_body = (length is not None and length != b"0") or header(scope, b"transfer-encoding") is not None
    if not has_body:
        return receive
    if length is not None and int(length) > BODY_SIZE_MAX:
        raise PayloadTooLarge("the body may be 1 MiB at most")
    kind = (header(scope, b"content-type") or b"").partition(b";")[0].strip().lower()
    if kind != b"application/json" and not (kind.startswith(b"application/") and kind.endswith(b"+json")):
        raise UnsupportedMediaType("send the body as application/json")
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > BODY_SIZE_MAX:
            raise PayloadTooLarge("the body may be 1 MiB at most")
        return message

    return counted
