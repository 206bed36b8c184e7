"""Reads Brightpearl's contact groups, with how many members each has, and with their members in bulk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from providers.brightpearl.dates import instant
from providers.brightpearl.idsets import read_list, read_set, sole
from providers.brightpearl.ledger_lists import search_rows
from providers.brightpearl.plain import number_of, numbered, page
from providers.brightpearl.search import PAGE_SIZE_MAX, search
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import ContactGroup, ContactGroupRecord
from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows

GROUPS = "contact-service/contact-group"
SEARCH = "contact-service/contact-group-search"
MEMBERS = "contact-service/contact-group-member-search"
EXPAND = "members"
MEMBER_PAGES_MAX = 400


class _Members(msgspec.Struct, frozen=True):
    contactMemberIds: list[int] = []


class _MembersAnswer(msgspec.Struct, frozen=True):
    response: _Members


_decode_members = msgspec.json.Decoder(_MembersAnswer).decode


async def list_groups(client: Client, site: Site, query: Query) -> Rows[ContactGroupRecord]:
    """One page of the groups. Members come from one search over all groups, never from a call for each."""
    listed = await read_list(client, GROUPS, ContactGroup, params=query.remote_query)
    counts, cautions = await _counts(client, ())
    entries = [numbered(row.id, _record(row, counts), raw) for row, raw in listed.rows]
    found = page(entries, listed.cautions, query, _values, always=(*site.cautions, *cautions))
    if EXPAND not in query.expand or not found.records:
        return found
    members = await _all_members(client)
    return Rows(
        records=[_with_members(record, members.get(record.group.id, ())) for record in found.records],
        next=found.next,
        remote_data=found.remote_data,
        cautions=found.cautions,
    )


async def get_group(
    client: Client, site: Site, record_id: str, expand: frozenset[str]
) -> Record[ContactGroupRecord]:
    """One group by its id."""
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such contact group")
    found = await read_set(client, GROUPS, [number], ContactGroup, lambda row: row.id, "id", with_raw=True)
    group = sole(found, number, "contact group")
    counts, cautions = await _counts(client, [("contactGroupId", str(number))])
    record = _record(group, counts)
    if EXPAND in expand:
        record = _with_members(record, await _members_of(client, number))
    return Record(wire=record, remote_data=found.raws.get(number), cautions=(*site.cautions, *cautions))


def _record(group: ContactGroup, counts: Mapping[int, int]) -> ContactGroupRecord:
    return ContactGroupRecord(group=group, member_count=counts.get(group.id))


def _with_members(record: ContactGroupRecord, members: Sequence[int]) -> ContactGroupRecord:
    return msgspec.structs.replace(record, members=sorted(set(members)))


async def _counts(client: Client, params: Params) -> tuple[Mapping[int, int], list[Caution]]:
    """How many members each group has; only the search tells."""
    try:
        rows = await search_rows(client, SEARCH, params)
    except Forbidden:
        return {}, [Caution(code="not_permitted", field="member_count")]
    return {
        row["contactGroupId"]: row["numberOfMembers"]
        for row in rows
        if isinstance(row.get("contactGroupId"), int) and isinstance(row.get("numberOfMembers"), int)
    }, []


async def _all_members(client: Client) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    first: int | None = 1
    order = [("sort", "contactGroupId.ASC,contactId.ASC")]
    for _ in range(MEMBER_PAGES_MAX):
        if first is None:
            return found
        rows = await search(client, MEMBERS, order, first, PAGE_SIZE_MAX)
        for row in rows.rows:
            group, contact = row.get("contactGroupId"), row.get("contactId")
            if isinstance(group, int) and isinstance(contact, int):
                found.setdefault(group, []).append(contact)
        first = rows.next_result
    raise BadAnswer("Brightpearl's groups have more members than can be read in one call")


async def _members_of(client: Client, number: int) -> Sequence[int]:
    try:
        body = await client.get(f"{GROUPS}/{number}/member")
    except NotFound:
        return ()  # Other lists of this service say "nothing found" so.
    try:
        return _decode_members(body).response.contactMemberIds
    except msgspec.DecodeError:
        raise BadAnswer("the members of the contact group cannot be read") from None


def _values(record: ContactGroupRecord) -> Mapping[str, Callable[[], Any]]:
    return {
        "name": lambda: record.group.name,
        "created_at": lambda: instant(record.group.createdOn),
    }
