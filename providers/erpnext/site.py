"""What mappers must know of an ERPNext site: its time zone, and the day it is there; what is learnt at connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from providers.erpnext.dimensions import Dimensions, dimensions_of
from providers.erpnext.zone import end_of_repeated, start_of, zone_of
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, Rejected, Unauthorised, Unavailable
from providers.kit.provider import Settings

SITE, SITE_SECONDS = "site", 3_600.0
NOT_A_SITE = "the address does not answer as an ERPNext site"
_NOBODY = "Guest"
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = _EPOCH_UTC.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Site:
    """A site at one moment. `zone` is None where the site does not tell: then instants are unknown.

    `dimensions` are the fields that are accounting dimensions, `currencies` those of the companies' books; None
    where the site does not tell, or was not asked.
    """

    zone: ZoneInfo | None
    today: date
    dimensions: Dimensions | None = None
    currencies: Mapping[str, str | None] | None = None

    def base_currency(self, company: str | None) -> str | None:
        """The currency of the company's books."""
        return (self.currencies or {}).get(company or "")

    def to_utc(self, written: str | None) -> datetime | None:
        """A naive instant of the site as UTC; the earlier one in the hour that a clock repeats."""
        if not written or self.zone is None:
            return None
        # A fifth of the price of `replace` and `astimezone`, which a page of records pays twice a record.
        local = datetime.fromisoformat(written)
        return _EPOCH_UTC + (local - _EPOCH - cast(timedelta, self.zone.utcoffset(local)))

    def to_local(self, moment: datetime, *, is_end: bool = False) -> str:
        """A UTC instant as the bound that finds all that is on its side of it; extras are harmless.

        Where a clock changes, texts do not run as instants do: within a repeated hour both bounds take in what
        either pass may have written, and a lower one after a skipped hour what was written in it nevertheless.
        Raises `Rejected` where the zone is unknown.
        """
        if self.zone is None:
            raise Rejected("the site does not tell its time zone, so it cannot be filtered by time")
        try:
            local = end_of_repeated(moment, self.zone) if is_end else start_of(moment, self.zone)
        except OverflowError:
            local = moment  # At the ends of time, where no record is.
        return local.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


async def read_site(client: Client) -> Site:
    """The site as kept for the account."""
    zone, dimensions = await client.references.get(SITE, SITE_SECONDS, lambda: site_facts(client))
    now = client.clock.now()
    return Site(zone, (now.astimezone(zone) if zone else now).date(), dimensions)


async def site_facts(client: Client) -> tuple[ZoneInfo | None, Dimensions | None]:
    """What is kept of a site: its zone, and its dimensions."""
    return await zone_of(client), await dimensions_of(client)


class _User(msgspec.Struct, frozen=True):
    message: str


class _Zone(msgspec.Struct, frozen=True):
    class Message(msgspec.Struct, frozen=True):
        time_zone: str

    message: Message


class _Company(msgspec.Struct, frozen=True):
    class Data(msgspec.Struct, frozen=True):
        name: str

    data: Data


async def probe(client: Client) -> None:
    """Whether a Frappe site answers at the address: its time zone is told to anybody."""
    try:
        msgspec.json.decode(await client.get("api/method/frappe.client.get_time_zone"), type=_Zone)
    except msgspec.DecodeError:
        raise BadAnswer(NOT_A_SITE) from None
    except NotFound as error:
        raise _as(NOT_A_SITE, error) from error


async def check(client: Client) -> Settings:
    """Who the credentials belong to, and what is learnt of the site at connect."""
    await logged_user(client)
    zone = await zone_of(client)
    return {"time_zone": zone.key if zone else None, **await fixed_company(client)}


async def logged_user(client: Client) -> str:
    """Who the credentials belong to."""
    try:
        user = msgspec.json.decode(await client.get("api/method/frappe.auth.get_logged_user"), type=_User).message
    except msgspec.DecodeError:
        raise BadAnswer(NOT_A_SITE) from None
    except NotFound as error:
        raise _as(NOT_A_SITE, error) from error
    if user == _NOBODY:
        raise Unauthorised("the site takes the credentials for nobody's")
    return user


def _as(detail: str, error: NotFound) -> NotFound:
    """The error in our words, with what the provider said: without a word of its own it was not asked at all."""
    return NotFound(
        detail,
        provider_status=error.provider_status,
        provider_code=error.provider_code,
        provider_message=error.provider_message,
    )


async def fixed_company(client: Client) -> Settings:
    """The account's company, where it has one, as the site spells it, which finds it in any spelling."""
    given = client.settings.get("company")
    return {} if given is None else {"company": await _spelled(client, given)}


async def _spelled(client: Client, given: str) -> str:
    """As given where the user may not look."""
    try:
        body = await client.get(f"api/resource/Company/{quote(given, safe='')}")
        return msgspec.json.decode(body, type=_Company).data.name
    except NotFound as error:
        raise _as("there is no such company", error) from error
    except (Forbidden, Rejected, BadAnswer, Unavailable, msgspec.DecodeError):
        return given
