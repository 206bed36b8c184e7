"""Statuses, what is to be paid, what is overdue, and instants in the site's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from providers.erpnext.mappers.invoice import to_unified
from providers.erpnext.mappers.invoice_status import STATUSES, status_of
from providers.erpnext.mappers.totals import payable
from providers.erpnext.site import Site, check, read_site
from providers.erpnext.source import Joined
from providers.erpnext.wire_invoices import SalesInvoice
from providers.kit.clock import Clock
from providers.kit.errors import BadAnswer, NotFound, Unauthorised
from tests.providers.erpnext.frappe import FORBIDDEN, Frappe
from tests.providers.fake_send import FakeClock, Reply

SITE = Site(ZoneInfo("Asia/Kolkata"), date(2026, 11, 24))


def head(**fields: Any) -> SalesInvoice:
    """A posted invoice over 100.50 GBP, rounded to 100, nothing paid."""
    amounts = {"grand_total": "100.50", "rounded_total": "100.0", "outstanding_amount": "100.0"}
    given = {
        "docstatus": 1,
        "status": "Unpaid",
        "currency": "GBP",
        "party_account_currency": "GBP",
        "due_date": date(2026, 11, 23),
        **{name: Decimal(fields.pop(name, value)) for name, value in amounts.items()},
        **fields,
    }
    return SalesInvoice(name="S1", **given)


@pytest.mark.parametrize(("theirs", "ours"), STATUSES.items())
def test_each_status_of_a_posted_document_has_one_of_ours(theirs: str, ours: str) -> None:
    assert status_of(head(status=theirs)) == ours


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"docstatus": 0, "status": "Paid"}, "draft"),
        ({"docstatus": 2, "status": "Paid"}, "voided"),
        ({"status": "A status of the customer's own"}, None),
        ({"status": None}, None),
        ({"status": "Overdue", "outstanding_amount": "40.0"}, "partially_paid"),
        ({"status": "Overdue", "outstanding_amount": "100.0"}, "authorised"),
        ({"status": "Overdue", "outstanding_amount": "0.0"}, "authorised"),
        ({"status": "Overdue", "outstanding_amount": "40.0", "party_account_currency": "EUR"}, "authorised"),
        ({"status": "Return", "is_return": 1, "outstanding_amount": "40.0"}, "authorised"),
        ({"status": "Paid", "outstanding_amount": "40.0"}, "paid"),
    ],
)
def test_the_document_status_comes_first_and_overdue_does_not_hide_a_part_payment(
    fields: dict[str, Any], status: str | None
) -> None:
    assert status_of(head(**fields)) == status


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({}, "100.0"),
        ({"rounded_total": "0"}, "100.50"),
        ({"disable_rounded_total": 1}, "100.50"),
        ({"rounded_total": "-100.0", "grand_total": "-100.50"}, "-100.0"),
    ],
)
def test_what_is_to_be_paid_is_the_rounded_total_where_the_site_rounds(fields: dict[str, Any], total: str) -> None:
    assert payable(head(**fields)) == Decimal(total)


@pytest.mark.parametrize(
    ("fields", "is_overdue"),
    [
        ({}, True),
        ({"due_date": date(2026, 11, 24)}, False),
        ({"outstanding_amount": "0.0"}, False),
        ({"outstanding_amount": "-5.0"}, False),
        ({"docstatus": 0}, False),
        ({"docstatus": 2}, False),
        ({"due_date": None}, None),
    ],
)
def test_overdue_is_computed_from_today_and_not_taken_from_the_status(
    fields: dict[str, Any], is_overdue: bool | None
) -> None:
    assert to_unified(Joined(kind="invoice", head=head(**fields)), SITE).is_overdue is is_overdue


@pytest.mark.parametrize("docstatus", [0, 2])
def test_a_draft_or_cancelled_document_has_no_balance_though_erpnext_keeps_one(docstatus: int) -> None:
    unified = to_unified(Joined(kind="invoice", head=head(docstatus=docstatus)), SITE)

    assert unified.balance is None
    assert unified.total_amount == Decimal("100.0")


@pytest.mark.parametrize(
    ("zone", "written", "universal"),
    [
        ("Asia/Kolkata", "2026-11-21 15:27:02.470000", datetime(2026, 11, 21, 9, 57, 2, 470000, UTC)),
        ("Asia/Kolkata", "2026-11-21 15:27:02", datetime(2026, 11, 21, 9, 57, 2, tzinfo=UTC)),
        ("Europe/London", "2026-07-01 12:00:00.000001", datetime(2026, 7, 1, 11, 0, 0, 1, UTC)),
        ("Europe/London", "2026-10-25 00:59:59", datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC)),
        ("Europe/London", "2026-10-25 01:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Europe/London", "2026-10-25 02:00:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("America/New_York", "2026-03-08 03:00:00", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
    ],
)
def test_instants_of_the_site_become_utc_and_the_earlier_one_in_a_repeated_hour(
    zone: str, written: str, universal: datetime
) -> None:
    assert Site(ZoneInfo(zone), SITE.today).to_utc(written) == universal


@pytest.mark.parametrize(("hour", "start"), [(0, "01:00"), (1, "01:30")])
def test_a_start_in_a_repeated_hours_first_pass_takes_in_its_second(hour: int, start: str) -> None:
    site = Site(ZoneInfo("Europe/London"), SITE.today)

    assert site.to_local(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) == f"2026-10-25 {start}:00.000000"


def test_without_a_zone_instants_are_unknown_and_never_guessed() -> None:
    assert Site(None, SITE.today).to_utc("2026-11-21 15:27:02") is None


@pytest.mark.parametrize(("zone", "day"), [("Asia/Kolkata", 25), ("America/New_York", 24), (None, 24)])
async def test_today_is_the_day_it_is_at_the_site(zone: str | None, day: int) -> None:
    clock: Clock = FakeClock(datetime(2026, 11, 24, 20, tzinfo=UTC))
    site = Frappe(zone=zone, clock=clock)  # type: ignore[arg-type]

    assert (await read_site(site.client())).today == date(2026, 11, day)


@pytest.mark.parametrize("zone", ["Nowhere/Else", "../../etc/passwd", "Asia/Kolkata\n"])
async def test_a_zone_that_does_not_exist_is_no_zone(zone: str) -> None:
    assert (await read_site(Frappe(zone=zone).client())).zone is None


async def test_a_site_that_no_longer_tells_its_zone_keeps_the_one_learnt_at_connect() -> None:
    site = Frappe(zone=None, settings={"time_zone": "Europe/Paris"})

    assert (await read_site(site.client())).zone == ZoneInfo("Europe/Paris")


async def test_the_zone_and_the_dimensions_are_asked_once_an_hour() -> None:
    site = Frappe()
    await read_site(site.client())
    await read_site(site.client())
    site.clock.seconds += 3_601
    await read_site(site.client())

    assert len(site.send.calls) == 4


async def test_a_check_learns_the_zone_of_the_site() -> None:
    site = Frappe()
    site.send.on("api/method/frappe.auth.get_logged_user", Reply({"message": "api@acme.example"}))

    assert await check(site.client()) == {"time_zone": "Asia/Kolkata"}


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(b"<html>a shop</html>"), BadAnswer),
        (Reply(b"<html>nothing</html>", 404), NotFound),
        (Reply({"exc_type": "AuthenticationError"}, 401), Unauthorised),
        (FORBIDDEN, Exception),
    ],
)
async def test_a_check_of_what_is_no_site_or_refuses_the_key_says_so(reply: Reply, error: type[Exception]) -> None:
    site = Frappe()
    site.send.on("api/method/frappe.auth.get_logged_user", reply)

    with pytest.raises(error):
        await check(site.client())
