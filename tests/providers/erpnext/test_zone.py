"""The site's own time zone, whoever asks; and filters that miss nothing where its clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from providers.erpnext.conditions import value_of
from providers.erpnext.sandbox import API_KEY, API_SECRET, create_sandbox
from providers.erpnext.site import Site, read_site
from providers.kit.errors import ProviderError, RateLimited, TimedOut, Unauthorised, Unavailable
from providers.kit.pages import Filter
from tests.providers.erpnext.frappe import FORBIDDEN, Frappe
from tests.providers.fake_send import Call, Reply

DEFAULTS, USERS = "api/resource/DefaultValue", "api/method/frappe.client.get_time_zone"


def of_the_zone(site: Frappe) -> list[str]:
    """The calls that asked for the zone."""
    return [path for path in site.send.paths() if path in (DEFAULTS, USERS)]


async def test_a_users_own_zone_is_not_taken_for_the_sites() -> None:
    site = Frappe(zone="America/New_York", user_zone="Asia/Tokyo")

    assert (await read_site(site.client())).zone == ZoneInfo("America/New_York")
    assert of_the_zone(site) == [DEFAULTS]


@pytest.mark.parametrize(
    "reply",
    [
        FORBIDDEN,
        Reply({"exc_type": "DoesNotExistError"}, 404),
        Reply(b"<h1>Not Found</h1>", 404),
        Reply({"data": []}, 404),
        Reply({"exc_type": "ValidationError"}, 417),
        Reply(b"", 500),
        Reply(b"<html>", 503),
        Reply({"exc_type": "OperationalError"}, 500),
        Reply(b"", 302),
        Reply(b"<html>a page</html>"),
        Reply({"data": []}),
        Reply({"data": {}}),
        Reply({"data": [{"name": "ACC-SINV-2026-00001"}]}),
        Reply({"data": [{"defvalue": None}]}),
        Reply({"data": [{"defvalue": ""}]}),
        Reply({"data": [{"defvalue": 7}]}),
        Reply({"data": [{"defvalue": "Nowhere/Else"}]}),
        Reply({"data": [{"defvalue": "Asia/Tokyo"}, {"defvalue": "Asia/Kolkata"}]}),
        Reply({"message": "ok"}),
    ],
)
async def test_a_site_that_does_not_tell_its_defaults_is_asked_as_the_user_sees_it(reply: Reply) -> None:
    site = Frappe(zone="Europe/Paris")
    site.send.on(DEFAULTS, reply)

    assert (await read_site(site.client())).zone == ZoneInfo("Europe/Paris")
    assert of_the_zone(site)[-1] == USERS


async def test_a_site_that_tells_neither_keeps_what_was_learnt_at_connect() -> None:
    site = Frappe(zone=None, settings={"time_zone": "Europe/Paris"})

    assert (await read_site(site.client())).zone == ZoneInfo("Europe/Paris")
    assert of_the_zone(site) == [DEFAULTS, USERS]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"exc_type": "AuthenticationError"}, 401), Unauthorised),
        (Reply({"exc_type": "TooManyRequestsError"}, 429, (("Retry-After", "600"),)), RateLimited),
    ],
)
async def test_what_the_caller_must_act_on_rises_and_is_not_asked_another_way(
    reply: Reply, error: type[ProviderError]
) -> None:
    site = Frappe()
    site.send.on(DEFAULTS, reply)

    with pytest.raises(error):
        await read_site(site.client())

    assert USERS not in site.send.paths()


async def test_a_call_that_lasts_too_long_rises() -> None:
    site = Frappe()

    def slow(_: Call) -> Reply:
        raise TimedOut("it took too long")

    site.send.on(DEFAULTS, slow)

    with pytest.raises(TimedOut):
        await read_site(site.client())


async def test_a_site_that_is_down_is_down_and_not_without_a_zone() -> None:
    site = Frappe(settings={"time_zone": "Europe/Paris"})
    site.send.on("api/", Reply(b"<html>", 503))

    with pytest.raises(Unavailable):
        await read_site(site.client())


async def test_the_zone_is_kept_for_an_hour_by_whichever_way_it_came() -> None:
    site = Frappe()
    site.send.on(DEFAULTS, FORBIDDEN)
    await read_site(site.client())
    await read_site(site.client())

    assert of_the_zone(site) == [DEFAULTS, USERS]


async def test_the_sandbox_tells_the_sites_zone_by_its_defaults_and_the_users_by_the_method() -> None:
    box = create_sandbox(seed=None, time_zone="America/New_York", user_time_zone="Asia/Tokyo")
    transport = httpx2.ASGITransport(app=box.app)  # type: ignore[arg-type]  # it is an ASGI app
    signed = {"Authorization": f"token {API_KEY}:{API_SECRET}"}
    own: dict[str, Any] = {
        "parent": "User",
        "filters": '[["parent","=","__default"],["defkey","=","time_zone"]]',
        "fields": '["defvalue"]',
    }

    async with httpx2.AsyncClient(transport=transport, base_url="http://site") as http:
        defaults = await http.get(f"/{DEFAULTS}", params=own, headers=signed)
        other = await http.get(f"/{DEFAULTS}", params={**own, "filters": '[["defkey","=","x"]]'}, headers=signed)
        bare = await http.get(f"/{DEFAULTS}", headers=signed)
        user = await http.get(f"/{USERS}", headers=signed)
        guest = await http.get(f"/{USERS}")

    assert defaults.json() == {"data": [{"defvalue": "America/New_York"}]}
    assert other.json() == {"data": []}
    assert bare.status_code == 403
    assert user.json() == {"message": {"time_zone": "Asia/Tokyo"}}
    assert guest.json() == {"message": {"time_zone": "America/New_York"}}


ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # Half an hour.
    "America/Havana",  # At midnight.
    "Africa/Casablanca",  # Back for a month.
    "Pacific/Apia",  # Skipped a day in 2011.
    "Asia/Kolkata",
    "UTC",
)
CHANGES = {
    "Europe/London": ["2026-03-29 01:00", "2026-10-25 01:00"],
    "America/New_York": ["2026-03-08 07:00", "2026-11-01 06:00"],
    "Australia/Lord_Howe": ["2026-10-03 15:30", "2026-04-04 15:00"],
    "America/Havana": ["2026-03-08 05:00", "2026-11-01 05:00"],
    "Africa/Casablanca": ["2026-02-15 02:00", "2026-03-22 02:00"],
    "Pacific/Apia": ["2011-12-30 10:00", "2011-09-24 14:00"],
    "Asia/Kolkata": ["2026-03-29 01:00"],
    "UTC": ["2026-03-29 01:00"],
}
SHIFTS = st.integers(-3 * 3_600, 3 * 3_600).map(lambda seconds: timedelta(seconds=seconds)) | st.sampled_from(
    [timedelta(), timedelta(hours=1), timedelta(minutes=30), timedelta(microseconds=1), timedelta(microseconds=-1)]
)


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime, datetime, datetime]:
    """A zone, a window around one of its changes, and what a clock there might have been read as."""
    zone = draw(st.sampled_from(ZONES))
    change = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    first, last = sorted((change + draw(SHIFTS), change + draw(SHIFTS)))
    shown = (change + draw(SHIFTS)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return zone, first, last, shown + draw(SHIFTS)


def is_found(site: Site, written: str, first: datetime, last: datetime, upper: str) -> bool:
    """Whether the texts that the two filters become let the record pass, as the database compares them."""
    low = value_of(site, Filter(name="updated_at", operator="gte", value=first))
    high = value_of(site, Filter(name="updated_at", operator=upper, value=last))  # type: ignore[arg-type]
    return bool(low <= written and (written < high if upper == "lt" else written <= high))  # type: ignore[operator]


@settings(max_examples=600, deadline=None)
@example(
    (
        "Europe/London",
        datetime(2026, 10, 25, 0, 40, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 20, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 50),  # noqa: DTZ001 - as the site writes it
    )
)
@given(found=moments())
def test_every_record_shown_within_a_window_is_found_by_that_windows_filters(
    found: tuple[str, datetime, datetime, datetime],
) -> None:
    zone, first, last, local = found
    site = Site(ZoneInfo(zone), date(2026, 1, 1))
    written = local.isoformat(sep=" ", timespec="microseconds")
    shown = site.to_utc(written)
    assert shown is not None

    if first <= shown < last:
        assert is_found(site, written, first, last, "lt")
    if first <= shown <= last:
        assert is_found(site, written, first, last, "lte")


@pytest.mark.parametrize(
    ("zone", "moment", "lower", "upper"),
    [
        ("Europe/London", "2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 01:00"),
        ("Europe/London", "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"),
        ("Europe/London", "2026-10-25 01:00", "2026-10-25 01:00", "2026-10-25 02:00"),
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 01:30", "2026-10-25 02:00"),
        ("Europe/London", "2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 02:00"),
        ("Australia/Lord_Howe", "2026-04-04 15:10", "2026-04-05 01:40", "2026-04-05 02:00"),
        ("Europe/London", "2026-03-29 01:10", "2026-03-29 01:10", "2026-03-29 02:10"),
        ("Europe/London", "2026-03-29 02:00", "2026-03-29 03:00", "2026-03-29 03:00"),
    ],
)
def test_bounds_are_widened_only_where_the_clock_is_changed(zone: str, moment: str, lower: str, upper: str) -> None:
    site = Site(ZoneInfo(zone), date(2026, 1, 1))
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert site.to_local(at) == f"{lower}:00.000000"
    assert site.to_local(at, is_end=True) == f"{upper}:00.000000"


@settings(max_examples=600, deadline=None)
@given(found=moments())
def test_every_record_changed_within_a_window_is_found_whichever_pass_of_an_hour_it_was_written_in(
    found: tuple[str, datetime, datetime, datetime],
) -> None:
    zone, first, last, local = found
    site = Site(ZoneInfo(zone), date(2026, 1, 1))
    changed = local.replace(tzinfo=UTC)
    written = changed.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")

    if first <= changed < last:
        assert is_found(site, written, first, last, "lt")
    if first <= changed <= last:
        assert is_found(site, written, first, last, "lte")


def test_windows_back_to_back_over_a_repeated_hour_leave_out_no_record() -> None:
    site = Site(ZoneInfo("America/New_York"), date(2026, 1, 1))
    starts = [datetime(2026, 11, 1, 4, tzinfo=UTC) + timedelta(minutes=7 * n) for n in range(40)]

    for minute in range(170):
        written = (datetime(2026, 11, 1, 0, 30, tzinfo=UTC) + timedelta(minutes=minute)).strftime(
            "%Y-%m-%d %H:%M:%S"
        )
        windows = pairwise(starts)
        assert any(is_found(site, f"{written}.000000", first, last, "lt") for first, last in windows)
