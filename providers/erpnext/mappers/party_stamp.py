"""When a customer or supplier last changed: itself, one of its Contacts, or one of its Addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from providers.erpnext.source import Joined
from providers.erpnext.wire_contacts import Party

CONTACTS, ADDRESSES = "contacts", "addresses"
_SECONDS = len("2026-01-31 09:00:00")


def whole(stamp: str) -> str:
    """The stamp with all its digits, so that stamps compare as texts: Python leaves a zero fraction out."""
    return stamp if len(stamp) > _SECONDS else f"{stamp}.000000"


def stamps_of(record: Joined[Party], table: str) -> list[tuple[str, str]]:
    """The stamp and name of each Contact or Address; those that are not told are left out."""
    rows: Sequence[Any] = record.table(table)
    return [(whole(row.modified), row.name) for row in rows if row.modified]


def changed_at(record: Joined[Party]) -> str | None:
    """The latest of the stamps, in the site's own time; None where the party's own is not told."""
    own = record.head.modified
    if not own:
        return None
    return max([whole(own), *(stamp for table in (CONTACTS, ADDRESSES) for stamp, _ in stamps_of(record, table))])
