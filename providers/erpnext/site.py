"""What mappers must know of an ERPNext site: its time zone, the day it is there, and its custom fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, ProviderError, Rejected
from providers.kit.provider import Settings

TIME_ZONE_SECONDS = 3_600.0
DOCTYPE_SECONDS = 3_600.0
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = _EPOCH_UTC.replace(tzinfo=None)
_NOT_COLUMNS = frozenset(
    {
        "Section Break",
        "Column Break",
        "Tab Break",
        "HTML",
        "Button",
        "Fold",
        "Heading",
        "Image",
        "Table",
        "Table MultiSelect",
    }
)


@dataclass(frozen=True, slots=True)
class Site:
    """A site at one moment. `zone` is None where the site does not tell: then instants are unknown."""

    zone: ZoneInfo | None
    today: date

    def to_utc(self, written: str | None) -> datetime | None:
        """A naive instant of the site as UTC; the earlier one in the hour that a clock repeats."""
        if not written or self.zone is None:
            return None
        # A fifth of the price of `replace` and `astimezone`, which a page of records pays twice a record.
        local = datetime.fromisoformat(written)
        return _EPOCH_UTC + (local - _EPOCH - cast(timedelta, self.zone.utcoffset(local)))

    def to_local(self, moment: datetime) -> str:
        """A UTC instant as the site writes it; raises `Rejected` where the zone is unknown."""
        if self.zone is None:
            raise Rejected("the site does not tell its time zone, so it cannot be filtered by time")
        try:
            local = moment.astimezone(self.zone)
        except OverflowError:
            local = moment  # At the ends of time, where no record is.
        # In the repeated hour both instants are written alike; nothing earlier is needed, as text compares so.
        return local.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


class _ZoneAnswer(msgspec.Struct, frozen=True):
    class Message(msgspec.Struct, frozen=True):
        time_zone: str | None = None

    message: Message


async def read_site(client: Client) -> Site:
    """The site as kept for the account."""
    zone = await client.references.get("time_zone", TIME_ZONE_SECONDS, lambda: _zone(client))
    now = client.clock.now()
    return Site(zone, (now.astimezone(zone) if zone else now).date())


async def _zone(client: Client) -> ZoneInfo | None:
    """The site's zone; what was learnt at connect where the site no longer says."""
    try:
        body = await client.get("api/method/frappe.client.get_time_zone")
        name = msgspec.json.decode(body, type=_ZoneAnswer).message.time_zone
    except (Forbidden, NotFound, Rejected, msgspec.DecodeError):
        name = client.settings.get("time_zone")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


class _User(msgspec.Struct, frozen=True):
    message: str


async def check(client: Client) -> Settings:
    """Who the credentials belong to, and what is learnt of the site at connect."""
    try:
        msgspec.json.decode(await client.get("api/method/frappe.auth.get_logged_user"), type=_User)
    except msgspec.DecodeError:
        raise BadAnswer("the address does not answer as an ERPNext site") from None
    except NotFound as error:
        raise NotFound("the address does not answer as an ERPNext site") from error
    zone = await _zone(client)
    return {"time_zone": zone.key if zone else None}


class Field(msgspec.Struct, frozen=True):
    """A field of a DocType."""

    fieldname: str
    fieldtype: str
    is_custom_field: int | None = None


class _DocType(msgspec.Struct, frozen=True):
    name: str
    fields: list[Field] = []


class _DocTypes(msgspec.Struct, frozen=True):
    docs: list[_DocType]


@dataclass(frozen=True, slots=True)
class DocType:
    """What is known of a DocType: the fields that the customer added."""

    custom: tuple[str, ...] = ()


async def doctypes(client: Client, name: str) -> dict[str, DocType]:
    """The DocType and its child tables, by name, kept for an hour; empty where the site would not tell."""
    return await client.references.get(f"doctype:{name}", DOCTYPE_SECONDS, lambda: _doctypes(client, name))


async def _doctypes(client: Client, name: str) -> dict[str, DocType]:
    try:
        body = await client.get("api/method/frappe.desk.form.load.getdoctype", [("doctype", name)])
        found = msgspec.json.decode(body, type=_DocTypes).docs
    except (Forbidden, NotFound, Rejected, msgspec.DecodeError):
        return {}
    except ProviderError as error:
        if error.retryable:
            raise
        return {}
    return {doctype.name: _doctype(doctype) for doctype in found}


def _doctype(doctype: _DocType) -> DocType:
    return DocType(
        custom=tuple(
            field.fieldname
            for field in doctype.fields
            if field.is_custom_field and field.fieldtype not in _NOT_COLUMNS
        )
    )
