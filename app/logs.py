"""Logs: one JSON object a line, of fields from a closed set, without an exception's or a library's own words."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO, TypedDict, Unpack, cast

import msgspec

from app.log_lines import LogLines

# structlog's console for developers would load rich and pygments: 4 MB that lines of JSON never use.
_KEEPS_RICH = "rich" in sys.modules
if not _KEEPS_RICH:
    cast("dict[str, Any]", sys.modules)["rich"] = None

import structlog  # noqa: E402

if not _KEEPS_RICH:
    del sys.modules["rich"]


class Fields(TypedDict, total=False):
    """All that a line may hold beside its event, level and time: ids, counts and words of this code.

    None of them is for what a caller, a customer or a provider has written.
    """

    account_id: str
    code: int | None
    """What a process ended with."""
    count: int
    environment_id: str
    event_id: str
    exc_info: BaseException
    """Told as its class and its places in the code, in `trace`."""
    integration: str
    key: str
    """The id of a key that wraps."""
    kind: str
    """The class of an exception."""
    library: str
    """Which library's logger speaks."""
    place: str
    """Where in the code it speaks."""
    processes: int
    reason: str
    """One of a few codes."""
    request_id: str
    webhook_id: str
    work: str
    """The name of a piece of background work."""
    worker: int
    """The id of its process."""
    workers: int


class Logger(Protocol):
    """What code logs with; no other field passes the type checker."""

    def info(self, event: str, /, **fields: Unpack[Fields]) -> None:
        """Tell what happened."""

    def warning(self, event: str, /, **fields: Unpack[Fields]) -> None:
        """Tell what somebody should look at one day."""

    def error(self, event: str, /, **fields: Unpack[Fields]) -> None:
        """Tell what is broken."""

    def exception(self, event: str, /, **fields: Unpack[Fields]) -> None:
        """Tell what is broken, with the places of the exception at hand."""


_encode = msgspec.json.Encoder().encode


def _tell_dropped(count: int) -> bytes:
    told = {"event": "log lines were dropped", "level": "error", "time": datetime.now(UTC), "count": count}
    return _encode(told)


lines = LogLines(_tell_dropped)


def get_logger() -> Logger:
    """A logger for a module."""
    logger: Logger = structlog.get_logger()
    return logger


def configure_logs(level: str, file: TextIO | None = None) -> None:
    """Write what is of this level or above, to standard output by default."""
    number = logging.getLevelNamesMapping()[level.upper()]
    lines.direct(file)
    structlog.configure(
        processors=[structlog.processors.add_log_level, _without_messages, _written],
        logger_factory=lambda *_: _Door(),
        wrapper_class=structlog.make_filtering_bound_logger(number),
    )
    root = logging.getLogger()
    root.setLevel(max(number, logging.WARNING))
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries())


def call_teller(level: str, *, is_on: bool) -> Callable[[msgspec.Struct], None]:
    """What writes the line of a call: its entry, encoded as it is, for a tenth of what a processor chain takes."""
    if not is_on or logging.getLevelNamesMapping()[level.upper()] > logging.INFO:
        return lambda _: None
    put = lines.put
    return lambda entry: put(_encode(entry))


class _Door:
    """What structlog hands a written line to, whatever its level."""

    def msg(self, line: bytes) -> None:
        """Put it down."""
        lines.put(line)

    debug = info = warning = error = critical = msg


class _Libraries(logging.Handler):
    """Tells that a library has something to say and where; its words may hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line of ours for a record of theirs."""
        fields: Fields = {
            "library": record.name,
            "place": f"{record.filename}:{record.lineno} {record.funcName}",
        }
        error = record.exc_info[1] if record.exc_info else record.msg
        if isinstance(error, BaseException):
            fields["exc_info"] = error
        if isinstance(error, OSError) and error.errno is not None:
            fields["reason"] = errno.errorcode.get(error.errno, "unknown")
        tell = _library_log.error if record.levelno >= logging.ERROR else _library_log.warning
        tell("a library speaks", **fields)


_library_log = get_logger()


def _without_messages(_: object, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Traces as places in the code: an exception's own words may hold a customer's values."""
    error = entry.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        entry["trace"] = _places(error)
    return entry


def _written(_: object, __: str, entry: structlog.typing.EventDict) -> bytes:
    first = {"event": entry.pop("event"), "level": entry.pop("level"), "time": datetime.now(UTC)}
    return _encode({**first, **entry})


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return [type(error).__name__, *places]
