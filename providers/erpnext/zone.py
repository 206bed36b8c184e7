"""The site's time zone: who tells it, and where its clock repeats or skips an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, Rejected, Unavailable

_SITES_OWN = (
    ("parent", "User"),
    ("filters", '[["parent","=","__default"],["defkey","=","time_zone"]]'),
    ("fields", '["defvalue"]'),
)
_DAY = timedelta(days=1)


async def zone_of(client: Client) -> ZoneInfo | None:
    """The site's zone, as its defaults tell it, else as it tells this user, else as learnt at connect.

    What it tells a user is that user's own zone where there is one, though every record is kept in the site's.
    """
    zone = _zone(await _sites_own(client))
    if zone is None:
        zone = _zone(await _users(client))
    return zone or _zone(client.settings.get("time_zone"))


class _Defaults(msgspec.Struct, frozen=True):
    class Row(msgspec.Struct, frozen=True):
        defvalue: str | None = None

    data: list[Row]


async def _sites_own(client: Client) -> str | None:
    """What the site's defaults hold; None where they cannot be read, whatever the reason."""
    try:
        body = await client.get("api/resource/DefaultValue", _SITES_OWN)
        rows = msgspec.json.decode(body, type=_Defaults).data
    except (Forbidden, NotFound, Rejected, BadAnswer, Unavailable, msgspec.DecodeError):
        return None
    return rows[0].defvalue if len(rows) == 1 else None


class _ZoneAnswer(msgspec.Struct, frozen=True):
    class Message(msgspec.Struct, frozen=True):
        time_zone: str | None = None

    message: Message


async def _users(client: Client) -> str | None:
    try:
        body = await client.get("api/method/frappe.client.get_time_zone")
        return msgspec.json.decode(body, type=_ZoneAnswer).message.time_zone
    except (Forbidden, NotFound, Rejected, msgspec.DecodeError):
        return None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def end_of_repeated(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant in the zone; in the second pass of a repeated hour that hour's end, as the clock shows it.

    All that is written in a repeated hour is taken for its first pass, and so comes before the second.
    """
    local = moment.astimezone(zone)
    if not local.fold:
        return local
    naive = local.replace(tzinfo=None, fold=0)
    return _edge(naive, naive + _repeated(naive, zone), zone)


def start_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant in the zone as a lower bound that misses nothing, whatever the clock was put back or forward for.

    In the first pass of a repeated hour that hour's start: what the clock shows there may be of the second pass,
    and so later. After a skipped hour, the same as a clock that was not put forward shows it: no clock shows a
    skipped hour, but a record may be written with one; it is taken for the instant after.
    """
    local = moment.astimezone(zone)
    naive = local.replace(tzinfo=None)
    repeated = _repeated(naive, zone)
    if repeated and not local.fold:
        return _edge(naive, naive - repeated, zone)
    unmoved = naive - (_offset(naive, zone) - _offset(naive - _DAY, zone))
    if unmoved < naive and unmoved - _offset(unmoved, zone) == naive - _offset(naive, zone):
        return unmoved
    return local


def _edge(within: datetime, beyond: datetime, zone: ZoneInfo) -> datetime:
    """Where a repeated hour starts or ends, between an instant within it and one beyond: by halving."""
    is_end = beyond > within
    while abs(beyond - within) > timedelta(microseconds=1):
        middle = within + (beyond - within) / 2
        within, beyond = (middle, beyond) if _repeated(middle, zone) else (within, middle)
    return beyond if is_end else within


def _repeated(naive: datetime, zone: ZoneInfo) -> timedelta:
    """How long the clock was put back for, where it shows this twice; else nothing."""
    return max(_offset(naive, zone) - _offset(naive.replace(fold=1), zone), timedelta())


def _offset(naive: datetime, zone: ZoneInfo) -> timedelta:
    return cast(timedelta, zone.utcoffset(naive))
