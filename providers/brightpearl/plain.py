"""Lists that Brightpearl gives whole, in one call: ordered by id, filtered and paged here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from providers.brightpearl.walks import passes
from providers.kit.errors import NotFound, UnsupportedFilter
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows, Wire

ROWS_MAX = 2_000
"""As many rows as are filtered here at most; of a longer list no part may be asked for."""

W = TypeVar("W", bound=Wire)

Place = tuple[Any, ...]
"""Where a record stands in its list: what is sorted and compared."""
Values = Callable[[W], Mapping[str, Callable[[], Any]]]
"""What a record's filters are checked against, by the filter's name."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[W]):
    """One record of a list: its id, its place, itself, and its raw JSON."""

    id: str
    place: Place
    record: W
    raw: object


def numbered(number: int, record: W, raw: object) -> Entry[W]:
    """An entry whose id is a number."""
    return Entry(str(number), (number,), record, raw)


def number_of(record_id: str) -> int | None:
    """The number that an id is; None where it is none that Brightpearl could have given."""
    is_number = record_id.isascii() and record_id.isdigit() and len(record_id) <= 18
    return (int(record_id) or None) if is_number else None


def place_of_number(position: str) -> Place:
    """The place of an entry whose id is a number."""
    return (number_of(position) or 0,)


def page(
    entries: Sequence[Entry[W]],
    cautions: Sequence[Caution],
    query: Query,
    values: Values[W],
    place_of: Callable[[str], Place] = place_of_number,
    always: Sequence[Caution] = (),
) -> Rows[W]:
    """One page of a whole list. A position is the id before it: any process can go on, whatever was added."""
    if query.filters and len(entries) > ROWS_MAX:
        raise UnsupportedFilter(f"Brightpearl cannot filter this list, and it is longer than {ROWS_MAX} here")
    after = place_of(query.position) if query.position else ()
    left = [
        entry
        for entry in sorted(entries, key=lambda entry: entry.place)
        if entry.place > after and passes(query.filters, values(entry.record))
    ]
    shown = left[: query.limit]
    return Rows(
        records=[entry.record for entry in shown],
        next=shown[-1].id if len(left) > len(shown) else None,
        remote_data=[entry.raw for entry in shown] if query.remote_data else (),
        # Rows that cannot be read have no place among the others: they are told once, with the first page.
        cautions=(*always, *(cautions if query.position is None else ())),
    )


def picked(entries: Sequence[Entry[W]], record_id: str, what: str, cautions: Sequence[Caution] = ()) -> Record[W]:
    """The one entry with this id."""
    for entry in entries:
        if entry.id == record_id:
            return Record(wire=entry.record, remote_data=entry.raw, cautions=tuple(cautions))
    raise NotFound(f"there is no such {what}")
