"""How a call asks for quota: who asks, in which lane, and how long it may wait; read only where it matters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

BACKGROUND_URGENCY = 6
"""`Priority: u=6` and `u=7` (RFC 9218) are background work, which yields to all other calls of the account."""
WAIT_SECONDS = 20.0
WAIT_SECONDS_MAX = 60.0

_URGENCY = re.compile(rb"(?:^|[,\s])u=([0-7])(?=$|[,;\s])")
_WAIT = re.compile(rb"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\"?(?=$|[,;\s])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller said: whether it is background work, and how long it waits at most."""

    is_background: bool = False
    wait_seconds: float = WAIT_SECONDS


class Asker(Protocol):
    """A call on its way to a provider, as far as quota is concerned."""

    caller_id: str
    waited_seconds: float

    def wishes(self) -> Wishes:
        """In which lane it goes, and how long it may wait."""


def read_wishes(headers: Iterable[tuple[bytes, bytes]]) -> Wishes:
    """The wishes in `Priority` and `Prefer`; what cannot be read is as if it were not there."""
    is_background, wait_seconds = False, WAIT_SECONDS
    for name, value in headers:
        if name == b"priority":
            found = _URGENCY.search(value)
            is_background = found is not None and int(found[1]) >= BACKGROUND_URGENCY
        elif name == b"prefer" and (found := _WAIT.search(value)):
            wait_seconds = min(float(found[1]), WAIT_SECONDS_MAX)
    return Wishes(is_background, wait_seconds)
