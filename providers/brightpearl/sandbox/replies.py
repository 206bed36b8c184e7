"""The sandbox's answers in Brightpearl's own shapes: compact JSON, digits as they are, errors with their codes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

Row = dict[str, Any]

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def written(body: Any) -> bytes:
    """JSON as Brightpearl writes it: numbers with their zeros, `=` as an escape."""
    # In JSON `=` only ever stands inside a text, so that it can be escaped afterwards.
    return _encode(body).replace(b"=", b"\\u003d")


def read(body: bytes) -> Any:
    """A JSON body, its digits kept."""
    if not body.strip():
        raise refused("CMNC-010", "A JSON body must be supplied")
    try:
        return _decode(body)
    except msgspec.DecodeError:
        raise unexplained() from None


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and what it says."""

    body: Any
    status: int = 200


class Refusal(Exception):
    """An answer that is not the one asked for."""

    def __init__(self, status: int, body: Row) -> None:
        super().__init__(str(status))
        self.reply = Reply(body, status)


def refused(code: str, message: str, status: int = 400) -> Refusal:
    """An error with its code and words."""
    return Refusal(status, {"errors": [{"code": code, "message": message}]})


def said(status: int, text: str) -> Refusal:
    """A refusal that is only a text: for credentials and throttling."""
    return Refusal(status, {"response": text})


def nothing_found(message: str) -> Refusal:
    """What many lists say instead of an empty list."""
    return refused("CMNC-404", message, 404)


def unexplained() -> Refusal:
    """The one answer that is known for bad requests in general; given where no source shows a better one."""
    return refused("CMNU-003", "Internal Server Error", 500)
