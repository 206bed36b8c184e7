"""How Brightpearl's error answers read: `errors[].code`, or a bare text for refused tokens and throttling."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from providers.kit.errors import (
    BadAnswer,
    Conflict,
    Fault,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorised,
    Unavailable,
)
from providers.kit.waits import retry_after_seconds, whole_number

MESSAGE_SIZE_MAX = 500
NOTHING_FOUND = "CMNC-404"

_BY_STATUS: dict[int, type[ProviderError]] = {
    400: Rejected,
    403: Forbidden,
    404: NotFound,
    405: Rejected,
    409: Conflict,
    429: RateLimited,
}
# Three letters of the service, C for the caller's fault, a number: CMNC-018, ORDC-006. Sent with 400 and 500 alike.
_CALLERS_FAULT = re.compile(r"^[A-Z]{3}C-\d+$")
_THROTTLED = "too many requests"


class _Error(msgspec.Struct, frozen=True):
    code: str | None = None
    message: str | None = None


class _Errors(msgspec.Struct, frozen=True):
    errors: list[_Error] = []
    response: Any = None


_decode = msgspec.json.Decoder(_Errors).decode


def read_error(status: int, header: Callable[[str], str | None], body: bytes) -> Fault:
    """What an error answer means. A 401's own words hold the token and are never kept."""
    if status == 401:
        return Fault(error=Unauthorised)
    try:
        said = _decode(body)
    except msgspec.DecodeError:
        said = _Errors()
    text = said.response if isinstance(said.response, str) else None
    if status == 429 or (status == 503 and _is_throttled(header, text)):
        return Fault(error=RateLimited, message=text, retry_after_seconds=_wait_seconds(header))
    if not said.errors:
        return Fault(error=_by_status(status), message=text and text[:MESSAGE_SIZE_MAX])
    first = said.errors[0]
    message = "; ".join(error.message for error in said.errors if error.message)[:MESSAGE_SIZE_MAX]
    if first.code == NOTHING_FOUND and status == 404:
        return Fault(error=NotFound, code=first.code, message=message)
    is_callers = first.code is not None and _CALLERS_FAULT.match(first.code) is not None
    error = Rejected if is_callers and status >= 500 else _by_status(status)
    return Fault(error=error, code=first.code, message=message or None)


def _by_status(status: int) -> type[ProviderError]:
    return _BY_STATUS.get(status, Unavailable if status >= 500 else BadAnswer)


def _is_throttled(header: Callable[[str], str | None], text: str | None) -> bool:
    """A 503 is a real outage unless its words or its counter say otherwise."""
    return _THROTTLED in (text or "").lower() or header("brightpearl-requests-remaining") == "0"


def _wait_seconds(header: Callable[[str], str | None]) -> float | None:
    period_ms = whole_number(header("brightpearl-next-throttle-period"))
    return period_ms / 1000 if period_ms is not None else retry_after_seconds(header)
