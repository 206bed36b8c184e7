"""Reads Brightpearl's journals: a search that gives their lines, then whole journals by id set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.idsets import Found, read_set, sole
from providers.brightpearl.journal_kinds import KINDS, codes_of
from providers.brightpearl.plain import number_of
from providers.brightpearl.search import PAGE_SIZE_MAX, period, remote_query, search, widened
from providers.brightpearl.site import Site
from providers.brightpearl.walks import Ids, bounds, cautions_of, passes
from providers.brightpearl.wire_journals import Journal, JournalLine
from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.pages import Query
from providers.kit.references import meet
from providers.kit.resource import Record, Rows

JOURNALS = "accounting-service/journal"
SEARCH = "accounting-service/journal-search"
# A journal has two lines at least, mostly three or four.
LINES_A_JOURNAL, PAGE_SIZE_MIN = 4, 100
_DAY = timedelta(days=1)
# Searched by, with the name each filter has for it. Whole journals are checked again: accounts of 2015 know fewer.
_PERIODS = {
    "created_at": "journalDateEntered",
    "updated_at": "journalDateEntered",
    "transaction_date": "journalDate",
    "issue_date": "journalDate",
    "due_date": "journalDueDate",
}
_EXACT = {"contact": "contactId", "number": "invoiceReference"}


class Position(msgspec.Struct, frozen=True, array_like=True):
    """The type that is searched for, the line its page starts at, and the journal before."""

    phase: int = 0
    first_result: int = 1
    last_id: int = 0


class _Journals(msgspec.Struct, frozen=True):
    journals: list[msgspec.Raw]


class _Answer(msgspec.Struct, frozen=True):
    response: _Journals


_decode_position = msgspec.json.Decoder(Position).decode
_decode_journals = msgspec.json.Decoder(_Answer).decode


async def list_journals(client: Client, site: Site, query: Query) -> Rows[Journal]:
    """One page, in the order of ids; by type where types are asked for, since a search takes one at a time."""
    return await page_of(client, site, query, _codes(query), _values)


async def page_of(
    client: Client,
    site: Site,
    query: Query,
    codes: Sequence[str | None],
    values: Callable[[Journal], Mapping[str, Callable[[], Any]]],
) -> Rows[Journal]:
    """One page of the journals of these types, in their order; `values` are what filters are checked against."""
    page = await next_journals(client, query, codes)
    found = await read_journals(client, page.ids)
    journals = [found.records[number] for number in page.ids if number in found.records]
    journals = [journal for journal in journals if passes(query.filters, values(journal))]
    await look_up(client, site, journals)
    return Rows(
        records=journals,
        next=page.next,
        remote_data=[found.raws[journal.id] for journal in journals] if query.remote_data else (),
        cautions=(*site.cautions, *cautions_of(page, found)),
    )


async def get_journal(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Journal]:
    """One journal by its number."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such journal")
    found = await read_journals(client, [number])
    journal = sole(found, number, "journal")
    await look_up(client, site, [journal])
    return Record(wire=journal, remote_data=found.raws.get(number), cautions=site.cautions)


async def read_journals(client: Client, ids: Sequence[int]) -> Found[Journal]:
    """Whole journals by id, each with its raw JSON."""
    return await read_set(client, JOURNALS, ids, Journal, lambda journal: journal.id, "id", raws_of=_raws_of)


def _raws_of(body: bytes) -> list[msgspec.Raw]:
    try:
        return _decode_journals(body).response.journals
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's journals cannot be read") from None


async def look_up(client: Client, site: Site, journals: Sequence[Journal]) -> None:
    """Make sure of the accounts, tax codes and currencies that these journals name."""
    lines = [line for journal in journals for line in lines_of(journal)]
    await meet(client, site.nominals, [line.nominalCode or None for line in lines])
    await meet(client, site.tax_codes, [line.taxCode or None for line in lines])
    await meet(client, site.currencies, [journal.currencyId or None for journal in journals])


def lines_of(journal: Journal) -> Iterable[JournalLine]:
    """All its lines, debits first."""
    return (*journal.debits, *journal.credits)


async def next_journals(client: Client, query: Query, codes: Sequence[str | None]) -> Ids:
    """The ids of one page. A search's rows are lines, and a journal's lines may stand on two of its pages."""
    position = _decode_position(query.position) if query.position else Position()
    params = _params(query, codes[position.phase])
    page = await search(
        client,
        SEARCH,
        [*params, ("sort", "journalId.ASC"), *remote_query(query, params)],
        position.first_result,
        min(PAGE_SIZE_MAX, max(PAGE_SIZE_MIN, LINES_A_JOURNAL * query.limit)),
    )
    ids: list[int] = []
    last, following = position.last_id, page.next_result
    for index, row in enumerate(page.rows):
        number = row.get("journalId")
        if not isinstance(number, int) or number < last:
            raise BadAnswer("Brightpearl's journal search is not in the order of journals")
        if number == last:
            continue
        if len(ids) == query.limit:
            following = position.first_result + index
            break
        ids.append(number)
        last = number
    if following is not None:
        return Ids(ids, _written(Position(position.phase, following, last)))
    if position.phase + 1 < len(codes):
        return Ids(ids, _written(Position(position.phase + 1)))
    return Ids(ids, None)


def _written(position: Position) -> str:
    return msgspec.json.encode(position).decode()


def _codes(query: Query) -> Sequence[str | None]:
    code, kind = query.filter("remote_type"), query.filter("type")
    if code is not None:
        return [str(code)]
    return codes_of(str(kind)) if kind is not None else [None]


def _params(query: Query, code: str | None) -> Params:
    params: list[tuple[str, str]] = [("journalType", code)] if code is not None else []
    wanted: dict[str, str] = {}
    for name, column in _PERIODS.items():
        lower, upper = bounds(query, name)
        # A day wider than asked: what is entered and what is booked on are calendar days to some accounts.
        written = period(lower and widened(lower, -_DAY), upper and widened(upper, _DAY))
        if written is not None:
            wanted.setdefault(column, written)
    for name, column in _EXACT.items():
        value = query.filter(name)
        if value is not None:
            wanted[column] = str(value)
    return [*params, *wanted.items()]


def _values(journal: Journal) -> Mapping[str, Callable[[], Any]]:
    """What filters are checked against once the whole journal is at hand."""
    kind = KINDS.get(journal.journalTypeCode or "")
    return {
        **dates_of(journal),
        "type": lambda: kind.type if kind else None,
        "remote_type": lambda: journal.journalTypeCode,
    }


def dates_of(journal: Journal) -> Mapping[str, Callable[[], Any]]:
    """What every filter of journals is checked against: when, and with whom."""
    return {
        "created_at": lambda: instant(journal.createdOn),
        "updated_at": lambda: instant(journal.createdOn),
        "transaction_date": lambda: calendar_date(journal.taxDate),
        "issue_date": lambda: calendar_date(journal.taxDate),
        "contact": lambda: str(journal.contactId),
    }
