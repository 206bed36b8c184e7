"""Logs: one JSON object a line, without an exception's own words."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO, cast

# structlog's console for developers would load rich and pygments: 4 MB that lines of JSON never use.
_KEEPS_RICH = "rich" in sys.modules
if not _KEEPS_RICH:
    cast("dict[str, Any]", sys.modules)["rich"] = None

import structlog  # noqa: E402

if not _KEEPS_RICH:
    del sys.modules["rich"]

get_logger = structlog.get_logger


def configure_logs(level: str, file: TextIO | None = None) -> None:
    """Write what is of this level or above, to standard output by default."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_messages,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    )


def _without_messages(_: object, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Traces as places in the code: an exception's own words may hold a customer's values."""
    error = entry.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        entry["trace"] = _places(error)
    return entry


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return [type(error).__name__, *places]
