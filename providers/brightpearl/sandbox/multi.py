"""Several writes in one call: each answered as it would have been alone, its body as a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.brightpearl.sandbox.replies import Reply, Row, read, unexplained, written

MESSAGES_MAX = 10
WRITES = ("POST", "PUT", "PATCH", "DELETE")
Answer = Callable[[str, str, bytes], Reply]


def answer(raw_body: bytes, one: Answer) -> Reply:
    """Do the messages in turn; 207 where one failed, and with STOP the rest is left alone."""
    given = read(raw_body)
    messages = given.get("messages") if isinstance(given, dict) else None
    if not isinstance(messages, list) or not 0 < len(messages) <= MESSAGES_MAX:
        raise unexplained()
    if any(message.get("httpMethod") not in WRITES or not message.get("uri") for message in messages):
        raise unexplained()
    done: list[Row] = []
    left: list[str] = []
    has_failed = False
    for message in messages:
        if has_failed and given.get("onFail") == "STOP":
            left.append(message.get("label"))
            continue
        reply = one(message["httpMethod"], message["uri"], _body(message))
        has_failed = has_failed or reply.status >= 300
        content = written(reply.body).decode()
        done.append({"label": message.get("label"), "statusCode": reply.status, "body": {"content": content}})
    told = {"response": {"processedMessages": done, "unprocessedMessages": left}}
    return Reply(told, 207 if has_failed else 200)


def _body(message: dict[str, Any]) -> bytes:
    return written(message["body"]) if "body" in message else b""
