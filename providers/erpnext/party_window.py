"""A window of time, and with which of its changes a party is given: one of them, and always the same."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from providers.erpnext.mappers.party_stamp import ADDRESSES, CONTACTS, changed_at, stamps_of, whole
from providers.erpnext.questions import Condition
from providers.erpnext.source import Joined
from providers.erpnext.wire_contacts import Party

_TESTS: dict[str, Callable[[str, str], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
At = tuple[str, str]
"""A changed document's stamp and name."""
Ends = Sequence[str | None]
"""The last stamp of each stream that is done; None where it held nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """The bounds that a query sets to stamps, in the site's own time."""

    conditions: Sequence[Condition]

    def is_after_start(self, stamp: str) -> bool:
        """Whether the stamp is not before the window."""
        return self._meets(stamp, ">")

    def is_before_end(self, stamp: str) -> bool:
        """Whether the stamp is not behind the window."""
        return self._meets(stamp, "<")

    def holds(self, stamp: str) -> bool:
        """Whether the stamp is in the window."""
        return self.is_after_start(stamp) and self.is_before_end(stamp)

    def _meets(self, stamp: str, way: str) -> bool:
        return all(_TESTS[test](stamp, bound) for _, test, bound in self.conditions if test.startswith(way))


def is_own_due(record: Joined[Party], window: Window) -> bool:
    """Whether a party that was changed in the window is to be given: not where it changed again behind it."""
    changed = changed_at(record)
    return changed is None or window.is_before_end(changed)


def was_own(head: Party, window: Window, ends: Ends) -> bool:
    """Whether the party was given with its own change.

    One that changed after that stream had ended was not, though its stamp is in the window.
    """
    return _was_in(head.modified, window, ends[0])


def is_due(record: Joined[Party], table: str, at: At, window: Window, ends: Ends) -> bool:
    """Whether the party is to be given with this change of a Contact or an Address of its own."""
    changed = changed_at(record)
    if changed is not None and not window.is_before_end(changed):
        return False
    if table == ADDRESSES and any(_was_in(stamp, window, ends[1]) for stamp, _ in stamps_of(record, CONTACTS)):
        return False
    return max((each for each in stamps_of(record, table) if window.holds(each[0])), default=at) <= at


def _was_in(stamp: str | None, window: Window, end: str | None) -> bool:
    if not stamp or end is None:
        return False
    return window.is_after_start(whole(stamp)) and whole(stamp) <= end
