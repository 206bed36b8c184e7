"""How ERPNext's error answers read: by exception class first, by status second (facts measured on version 15)."""

from __future__ import annotations

import html
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
from providers.kit.waits import retry_after_seconds

MESSAGE_SIZE_MAX = 500

_BY_EXCEPTION: dict[str, type[ProviderError]] = {
    "AuthenticationError": Unauthorised,
    "PermissionError": Forbidden,
    "DoesNotExistError": NotFound,
    "PageDoesNotExistError": NotFound,
    "DuplicateEntryError": Conflict,
    "NameError": Conflict,
    "TimestampMismatchError": Conflict,
    "TooManyRequestsError": RateLimited,
    "RateLimitExceededError": RateLimited,
    "SessionStopped": Unavailable,
    "QueryTimeoutError": Unavailable,
    "QueryDeadlockError": Unavailable,
    # Plain bad input comes back as one of these with status 500.
    "TypeError": Rejected,
    "AttributeError": Rejected,
    "JSONDecodeError": Rejected,
    "ProgrammingError": Rejected,
    "OperationalError": Rejected,
    "ImportError": Rejected,
}
_BY_STATUS: dict[int, type[ProviderError]] = {
    400: Rejected,
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    405: Rejected,
    409: Conflict,
    417: Rejected,
    429: RateLimited,
}
_TAG = re.compile(r"<[^>]+>")


class _Error(msgspec.Struct, frozen=True):
    exc_type: str | None = None
    exception: str | None = None
    server_messages: str | None = msgspec.field(name="_server_messages", default=None)


_decode = msgspec.json.Decoder(_Error).decode
_decode_texts = msgspec.json.Decoder(list[str]).decode


def read_error(status: int, header: Callable[[str], str | None], body: bytes) -> Fault:
    """What an error answer means. A page of HTML tells nothing but its status."""
    wait_seconds = retry_after_seconds(header)
    try:
        said = _decode(body)
    except msgspec.DecodeError:
        return Fault(error=_by_status(status), retry_after_seconds=wait_seconds)
    error = _BY_EXCEPTION.get(said.exc_type or "") or _by_status(status)
    if status == 417 and error not in (Conflict, RateLimited):
        error = Rejected
    return Fault(error=error, code=said.exc_type, message=_words(said), retry_after_seconds=wait_seconds)


def _by_status(status: int) -> type[ProviderError]:
    if 300 <= status < 400:
        return BadAnswer
    return _BY_STATUS.get(status, Unavailable if status >= 500 else BadAnswer)


def _words(said: _Error) -> str | None:
    """The last message meant for people, else the exception's own text; never a traceback."""
    text = _last_message(said.server_messages)
    if text is None and said.exception:
        text = said.exception.partition(":")[2] or None
    if text is None:
        return None
    return html.unescape(_TAG.sub("", text)).strip()[:MESSAGE_SIZE_MAX] or None


def _last_message(messages: str | None) -> str | None:
    """`_server_messages` is a JSON text of a list of JSON texts."""
    if not messages:
        return None
    try:
        texts = _decode_texts(messages)
        last: Any = msgspec.json.decode(texts[-1])
    except (msgspec.DecodeError, IndexError):
        return None
    found = last.get("message") if isinstance(last, dict) else last
    return found if isinstance(found, str) else None
