"""Compares two bodies by shape: keys, JSON kinds, places of decimals, null or absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

MAPS = frozenset({"orderRows", "customFields", "options", "resourceStatuses", "productOptions"})
"""Maps whose keys are ids or codes: it is their values that have a shape."""
_NUMERAL = re.compile(r"^-?\d+\.(\d+)$")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$")


def kind(value: Any) -> str:
    """The JSON kind of a value; of texts, whether they hold an amount (and its places) or an instant."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Decimal):
        return f"number of {-int(value.as_tuple().exponent)} places"
    if isinstance(value, str):
        numeral = _NUMERAL.match(value)
        if numeral:
            return f"text of {len(numeral[1])} places"
        return "instant" if _INSTANT.match(value) else "text"
    names = {int: "integer", list: "list", dict: "object", type(None): "null"}
    return names[type(value)]


def differences(theirs: Any, mine: Any, path: str = "") -> Iterator[str]:
    """Where my body has another shape than theirs."""
    if kind(theirs) != kind(mine):
        yield f"{path}: {kind(mine)} for {kind(theirs)}"
    elif isinstance(theirs, dict):
        yield from _of_maps(theirs, mine, path)
    elif isinstance(theirs, list):
        if bool(theirs) != bool(mine):
            yield f"{path}: {len(mine)} items for {len(theirs)}"
        # Items of a list have one shape each at its place; where mine has more, that of theirs' last.
        for place, item in enumerate(mine):
            if theirs:
                yield from differences(theirs[min(place, len(theirs) - 1)], item, f"{path}[]")


def _of_maps(theirs: dict[str, Any], mine: dict[str, Any], path: str) -> Iterator[str]:
    if path.rpartition(".")[2] in MAPS:
        yield from differences(list(theirs.values()), list(mine.values()), path)
        return
    if theirs.keys() != mine.keys():
        missing, extra = sorted(theirs.keys() - mine.keys()), sorted(mine.keys() - theirs.keys())
        yield f"{path}: lacks {missing}, has {extra}"
        return
    for key, value in theirs.items():
        yield from differences(value, mine[key], f"{path}.{key}")


def paths(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every path of a document with the kind that stands there."""
    yield path, kind(value)
    if isinstance(value, dict):
        is_map = path.rpartition(".")[2] in MAPS
        for key, inner in value.items():
            yield from paths(inner, f"{path}[]" if is_map else f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[]")
