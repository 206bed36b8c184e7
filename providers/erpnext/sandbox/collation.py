"""How the database compares values: text without case and accents, instants without their offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_INSTANT = "0000-00-00 00:00:00.000000"


def fold(text: str) -> str:
    """Text as the database compares it: without case and accents."""
    return text.lower() if text.isascii() else _fold(text)


@lru_cache(maxsize=50_000)
def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _text(value: Any) -> str:
    return fold(value if type(value) is str else str(value))


def _number(value: Any) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0  # What text that is no number becomes beside one.


def _instant(value: Any) -> str:
    """A date or an instant, as long as the longest: an offset is ignored, a date is its midnight."""
    text = str(value)
    if len(text) == len(_INSTANT):
        return text if text[10] == " " else f"{text[:10]} {text[11:]}"
    text = _OFFSET.sub("", text.replace("T", " ", 1)) if len(text) > 10 else text
    return f"{text}{_INSTANT[len(text) :]}"


COMPARABLE: Mapping[str, Callable[[Any], Any]] = {
    "int": _number,
    "float": _number,
    "date": _instant,
    "datetime": _instant,
    "text": _text,
}
"""By a column's kind: a value in the form in which two of them compare."""
