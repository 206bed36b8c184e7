"""A walk over the parties that changed: by their own stamps, then by their Contacts' and their Addresses'.

A change of a Contact does not stamp the party, so a window of time is walked in three streams of each kind: parties
changed in it, Contacts changed in it, Addresses changed in it, each by the key of its stamps. A party that is in
several of them is given once: with its own change, else with its latest Contact, else with its latest Address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from providers.erpnext.conditions import condition, conditions_of
from providers.erpnext.joins import join
from providers.erpnext.lists import Key, next_key, page_of
from providers.erpnext.party_joins import ADDRESSES, PEOPLE
from providers.erpnext.party_streams import Pair, Part, changed_documents, end_of, parties_of
from providers.erpnext.party_window import Window, is_due, is_own_due, was_own
from providers.erpnext.remote_query import remote_query
from providers.erpnext.site import Site
from providers.erpnext.source import Join, Joined, Source
from providers.erpnext.walk import read_heads, rows_of
from providers.kit.client import Client
from providers.kit.errors import Forbidden, UnsupportedFilter
from providers.kit.pages import Caution, Query
from providers.kit.resource import Rows

UPDATED = "updated_at"
STEPS_MAX = 6
"""How many streams, or batches of one, a page may look through before it finds something."""
JOINED_MIN = 20
"""So many parties are looked at together, however short the page: which of them are due is only known then."""


class Stand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the walk stands: the kind, its stream, and the last key there.

    `part` says how many of the parties of the document after the key are done. `ends` are the last stamps of the
    kind's streams that are done, `refused` the kinds that may not be read.
    """

    kind: str
    stream: int = 0
    key: tuple[str, str, int] | None = None
    part: Part | None = None
    ends: list[str | None] = []
    refused: list[str] = []

    def last(self) -> Key | None:
        """The last key."""
        return Key(value=self.key[0], name=self.key[1], start=self.key[2]) if self.key else None


LINKED: dict[int, tuple[str, Join]] = {1: ("Contact", PEOPLE), 2: ("Address", ADDRESSES)}
"""The streams after the parties' own: a DocType that is linked to them, and the join that reads it."""
_decode = msgspec.json.Decoder(Stand).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one stream gave, and where the walk goes on. `is_whole` says that a page may end here."""

    next: Stand | None
    records: Sequence[Joined[Any]] = ()
    raws: Sequence[Any] = ()
    cautions: Sequence[Caution] = field(default_factory=tuple)
    is_whole: bool = False


async def read_changed(client: Client, site: Site, sources: Sequence[Source], query: Query) -> Rows[Joined[Any]]:
    """One page of the parties that changed in the window that the query names."""
    if query.sort is not None:
        raise UnsupportedFilter("sort_by cannot be combined with updated_at: it takes several lists")
    reached = [source for source in sources if source.reaches(source, query)]
    window = Window([condition(site, "modified", item) for item in query.filters if item.name == UPDATED])
    walk = Walk(client=client, site=site, reached=reached, query=query, window=window)
    stand = _start(sources, reached, query)
    if stand is None:
        return Rows(records=[])
    cautions: list[Caution] = []
    for _ in range(STEPS_MAX):
        step = await _step(walk, stand)
        cautions += step.cautions
        if step.next is None or step.is_whole:
            break
        stand = step.next
    return Rows(
        records=step.records,
        remote_data=step.raws if query.remote_data else (),
        next=msgspec.json.encode(step.next).decode() if step.next else None,
        cautions=tuple(cautions),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What is asked, of whom."""

    client: Client
    site: Site
    reached: Sequence[Source]
    query: Query
    window: Window


def _start(sources: Sequence[Source], reached: Sequence[Source], query: Query) -> Stand | None:
    """Where the page starts: what a kind was reached by may be gone since the last one."""
    kinds = [source.kind for source in reached]
    if query.position is None:
        return Stand(kind=kinds[0]) if kinds else None
    stand = _decode(query.position)
    if stand.kind in kinds:
        return stand
    order = [source.kind for source in sources]
    later = [kind for kind in kinds if order.index(kind) > order.index(stand.kind)]
    return Stand(kind=later[0], refused=stand.refused) if later else None


async def _step(walk: Walk, stand: Stand) -> Step:
    source = next(each for each in walk.reached if each.kind == stand.kind)
    try:
        return await (_linked if stand.stream else _own)(walk, source, stand)
    except Forbidden as error:
        if stand.key is not None or stand.part is not None:
            raise
        return _refused(walk, source, stand, error)


def _refused(walk: Walk, source: Source, stand: Stand, error: Forbidden) -> Step:
    """Without the parties there is no such kind; without Contacts or Addresses theirs are unknown."""
    if stand.stream:
        _, belongs = LINKED[stand.stream]
        return Step(
            next=_after_stream(walk, stand, None), cautions=[Caution(code="not_permitted", field=belongs.ours)]
        )
    refused = [*stand.refused, source.kind]
    if len(refused) == len(walk.reached):
        raise error
    caution = Caution(code="not_permitted", field="type", detail=source.kind)
    return Step(next=_after_kind(walk, stand, refused), cautions=[caution])


def _after_stream(walk: Walk, stand: Stand, end: str | None) -> Stand | None:
    if stand.stream + 1 > max(LINKED):
        return _after_kind(walk, stand, stand.refused)
    return Stand(kind=stand.kind, stream=stand.stream + 1, ends=[*stand.ends, end], refused=stand.refused)


def _after_kind(walk: Walk, stand: Stand, refused: list[str]) -> Stand | None:
    kinds = [source.kind for source in walk.reached]
    after = kinds[kinds.index(stand.kind) + 1 :]
    return Stand(kind=after[0], refused=refused) if after else None


def _at(stand: Stand, key: Key | None, part: Part | None = None) -> Stand:
    place = (key.value, key.name, key.start) if key else None
    return msgspec.structs.replace(stand, key=place, part=part)


async def _own(walk: Walk, source: Source, stand: Stand) -> Step:
    """Parties that changed themselves."""
    client, site, query, after = walk.client, walk.site, walk.query, stand.last()
    conditions = conditions_of(client, site, query, source)
    asked = page_of(source.doctype, query, ("modified", False), conditions, after, remote_query(query))
    page = await read_heads(client, source, asked)
    following = next_key(page.read, asked, after)
    joined, raws, cautions = await join(client, site, query, page, rows_of(page))
    due = [index for index, record in enumerate(joined) if is_own_due(record, walk.window)]
    return Step(
        next=_at(stand, following) if following else _after_stream(walk, stand, end_of(page.read, after)),
        records=[joined[index] for index in due],
        raws=[raws[index] for index in due],
        cautions=[*page.read.cautions, *cautions],
        is_whole=page.read.count > 0,
    )


async def _linked(walk: Walk, source: Source, stand: Stand) -> Step:
    """Parties of Contacts or Addresses that changed."""
    client, site, query = walk.client, walk.site, walk.query
    doctype, belongs = LINKED[stand.stream]
    changed = await changed_documents(client, doctype, source, query.limit, walk.window, stand.last(), stand.part)
    beyond = _at(stand, changed.next) if changed.next else _after_stream(walk, stand, changed.end)
    if not changed.pairs:
        return Step(next=beyond)
    page = await parties_of(client, site, source, query, changed.pairs)
    heads = {row[1].name.casefold(): row for row in rows_of(page)}
    waiting = [
        pair
        for pair in changed.pairs
        if (row := heads.get(pair.party.casefold())) and not was_own(row[1], walk.window, stand.ends)
    ]
    if not waiting:
        return Step(next=beyond, cautions=page.read.cautions)
    looked_at = waiting[: max(query.limit, JOINED_MIN)]
    rows = [heads[pair.party.casefold()] for pair in looked_at]
    joined, raws, cautions = await join(client, site, query, page, rows)
    found = {record.head.name.casefold(): index for index, record in enumerate(joined)}
    due = [
        (pair, index)
        for pair in looked_at
        if (index := found.get(pair.party.casefold())) is not None
        and is_due(joined[index], belongs.field, pair.at, walk.window, stand.ends)
    ]
    last = _last_pair(waiting, looked_at, [pair for pair, _ in due], query.limit)
    given = due[: query.limit]
    return Step(
        next=_at(stand, *changed.cut(last)) if last else beyond,
        records=[joined[index] for _, index in given],
        raws=[raws[index] for _, index in given],
        cautions=[*page.read.cautions, *cautions],
        is_whole=True,
    )


def _last_pair(waiting: Sequence[Pair], looked_at: Sequence[Pair], due: Sequence[Pair], limit: int) -> Pair | None:
    """The pair after which the walk goes on; None where the batch is done."""
    if len(due) > limit:
        return due[limit - 1]
    return looked_at[-1] if len(looked_at) < len(waiting) else None
