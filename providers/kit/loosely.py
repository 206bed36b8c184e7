"""JSON that is not quite JSON, read as far as it goes, to tell what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def loosely(body: bytes) -> Any:
    """JSON as Python writes it, NaN and infinities included, as texts; None where it is not even that.

    Numbers keep their digits: they are carried as raw JSON, and written back as they were.
    """
    try:
        return json.loads(body, parse_constant=str, parse_float=lambda digits: msgspec.Raw(digits.encode()))
    except ValueError:
        return None
