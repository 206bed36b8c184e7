"""Id sets as paths and filters hold them: `1,3,7-9`, ascending, two hundred at a time."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from providers.brightpearl.sandbox.replies import refused

IDS_MAX = 200
_PART = re.compile(r"^(\d{1,18})(?:-(\d{1,18}))?$")


class NotAnIdSet(ValueError):
    """Text that is no id set."""


class NotAscending(ValueError):
    """An id set in the wrong order."""


def ranges(text: str) -> list[tuple[int, int]]:
    """The parts of a set, each from its lowest to its highest id."""
    found: list[tuple[int, int]] = []
    for part in text.split(","):
        match = _PART.match(part)
        if match is None:
            raise NotAnIdSet(text)
        low = int(match[1])
        found.append((low, int(match[2] or low)))
    if any(low > high for low, high in found) or any(one[1] >= other[0] for one, other in pairwise(found)):
        raise NotAscending(text)
    return found


def asked(text: str, ids_max: int | None = IDS_MAX) -> list[tuple[int, int]]:
    """The set in a path; refused where it is malformed, out of order or too large."""
    try:
        found = ranges(text)
    except NotAnIdSet:
        raise refused("CMNC-008", f"Invalid ID set: {text}") from None
    except NotAscending:
        raise refused("CMNC-006", f"ID set is not in ascending order: {text}") from None
    if ids_max is not None and sum(high - low + 1 for low, high in found) > ids_max:
        raise refused("CMNC-008", f"ID set holds more than {ids_max} IDs")
    return found


def within(number: int, parts: Sequence[tuple[int, int]]) -> bool:
    """Whether the set holds this id."""
    return any(low <= number <= high for low, high in parts)


def known(ids: Collection[int], parts: Sequence[tuple[int, int]] | None) -> list[int]:
    """Those of the ids that the set names (all without a set), ascending."""
    if parts is None:
        return sorted(ids)
    if sum(high - low + 1 for low, high in parts) <= len(ids):
        return [number for low, high in parts for number in range(low, high + 1) if number in ids]
    return sorted(number for number in ids if within(number, parts))


def shuffled(ids: Iterable[int]) -> list[int]:
    """The ids in an order that is nobody's: answers to a set do not come in the order of the set."""
    return sorted(ids, key=lambda number: zlib.crc32(b"%d" % number))


def text_of(ids: Sequence[int]) -> str:
    """Ascending ids as a set, neighbours joined."""
    found: list[list[int]] = []
    for number in ids:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in found)


def get_uris(resource: str, ids: Sequence[int]) -> list[str]:
    """What OPTIONS answers: addresses that together hold these ids, two hundred each."""
    return [f"/{resource}/{text_of(ids[start : start + IDS_MAX])}" for start in range(0, len(ids), IDS_MAX)]
