"""The id of a row of the ledger: its voucher, the moment it was made, and its place among its equals.

ERPNext makes rows under random names, and an hourly job gives them others (measured); `creation` stays, through
that and through a cancellation. It is told to the microsecond, and rows of one voucher are made one after the
other, so that it is one row's alone; rows that were brought in otherwise may share it, and then have a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked
from providers.erpnext.site import Site
from providers.erpnext.source import Joining, Source
from providers.erpnext.wire import Document
from providers.erpnext.wire_entries import EntryKey
from providers.kit.client import Client

DOCTYPE = "GL Entry"
_ID = re.compile(r"(.+):(\d{8})T(\d{6})(\d{6})(?::([1-9]\d*))?", re.DOTALL)
_NOT_DIGITS = re.compile(r"\D")
# Of what stays as it is: payments that are taken off a document change `against_voucher`.
_CONTENT = tuple(name for name in EntryKey.__struct_fields__ if name not in Document.__struct_fields__)
CONTENT_ORDER = ", ".join(f"{name} asc" for name in (*_CONTENT, "name"))

Places = Mapping[str, list[int]]
"""A row's place among those of its voucher and moment, by the name it has at the time."""


def entry_id(entry: EntryKey, place: int) -> str:
    """Our id; one that lacks what it is made of is known by its name."""
    if not entry.voucher_no or not entry.creation:
        return entry.name
    digits = _NOT_DIGITS.sub("", entry.creation).ljust(20, "0")
    made = f"{entry.voucher_no}:{digits[:8]}T{digits[8:]}"
    return f"{made}:{place}" if place else made


def parted(record_id: str) -> tuple[str, str, int] | None:
    """The voucher, the moment and the place that an id of ours names; None where it is none."""
    found = _ID.fullmatch(record_id)
    if found is None:
        return None
    voucher, day, time, parts, place = found.groups()
    second = f"{day[:4]}-{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]}:{time[4:]}"
    # As Frappe writes it: without parts of a second where there are none.
    return voucher, second if parts == "000000" else f"{second}.{parts}", int(place or 0)


def places(entries: Iterable[EntryKey]) -> Places:
    """Each row's place: by what it holds, and by name among those that hold the same and so are alike."""
    groups: dict[tuple[str | None, str | None], list[EntryKey]] = {}
    for entry in entries:
        groups.setdefault((entry.voucher_no, entry.creation), []).append(entry)
    return {
        entry.name: [place]
        for group in groups.values()
        for place, entry in enumerate(sorted(group, key=lambda entry: (_content(entry), entry.name)))
    }


def _content(entry: EntryKey) -> tuple[str, ...]:
    return tuple(str(getattr(entry, name)) for name in _CONTENT)


async def places_here(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """The places on a page that holds whole vouchers: nothing more need be asked."""
    del client, site, source
    return Joining(rows=places(head for head in heads if isinstance(head, EntryKey)))


async def read_places(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """The places on a page that may hold some rows of a voucher and not others of the same moment."""
    del site, source
    entries = [head for head in heads if isinstance(head, EntryKey)]
    asked = Asked(
        doctype=DOCTYPE,
        filters=[
            ["voucher_no", "in", sorted({each.voucher_no for each in entries if each.voucher_no})],
            ["creation", "in", sorted({each.creation for each in entries if each.creation})],
        ],
        order_by="creation asc, name asc",
        limit=0,
    )
    found = (await read_list(client, asked, EntryKey, ())).records
    return Joining(rows=_by_name(entries, found))


def _by_name(entries: Sequence[EntryKey], found: Sequence[EntryKey]) -> Places:
    """The places of the page's rows among all that were found, some under a name they were given since."""
    told, seen = dict(places(found)), {entry.name for entry in entries}
    renamed = [each for each in found if each.name not in seen]
    for entry in entries:
        if entry.name in told:
            continue
        same = next((each for each in renamed if _is_same(each, entry)), None)
        if same is not None:
            renamed.remove(same)
            told[entry.name] = told[same.name]
    return {entry.name: told.get(entry.name, [0]) for entry in entries}


def _is_same(one: EntryKey, other: EntryKey) -> bool:
    return one.creation == other.creation and _content(one) == _content(other)
