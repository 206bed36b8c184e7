"""A call as its handler sees it, and the books it works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from providers.brightpearl.sandbox.idsets import IDS_MAX, asked
from providers.brightpearl.sandbox.quirks import Quirks
from providers.brightpearl.sandbox.replies import Reply, Row, read, refused, unexplained
from providers.brightpearl.sandbox.store import Store

ANY = "*"
STAFF_ID = 4
"""The member of staff whom the app acts as."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to one route: what its path held, its query, its body."""

    store: Store
    quirks: Quirks
    parts: Sequence[str]
    params: Sequence[tuple[str, str]]
    raw_body: bytes

    def id_set(self, ids_max: int | None = IDS_MAX, index: int = 0) -> list[tuple[int, int]] | None:
        """The id set at this place of the path; None where it was left out or is `*`, which stands for any."""
        text = self.parts[index] if len(self.parts) > index else ANY
        return None if text == ANY else asked(text, ids_max)

    def number(self, index: int = 0) -> int:
        """One id of the path."""
        text = self.parts[index]
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise refused("CMNC-008", f"Invalid ID: {text}")
        return int(text)

    def body(self) -> Any:
        """The JSON body."""
        return read(self.raw_body)

    def given(self) -> Row:
        """The JSON body where it must be an object."""
        found = self.body()
        if not isinstance(found, dict):
            raise unexplained()
        return found

    def optional(self) -> frozenset[str]:
        """The parts that `includeOptional` asks for."""
        return frozenset(",".join(value for name, value in self.params if name == "includeOptional").split(","))


Handler = Callable[[Call], Reply]
Routes = Sequence[tuple[str, str, Handler, str]]
"""Verb, path with `*` for what it takes, who answers, and the name of the operation."""
