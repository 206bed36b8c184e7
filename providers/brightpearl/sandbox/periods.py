"""Accounting periods and the lock on them."""

from __future__ import annotations

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.journal_posts import day_of, required
from providers.brightpearl.sandbox.replies import Reply, nothing_found, unexplained


def post_period(call: Call) -> Reply:
    """A new period, after all others."""
    given, rows = call.given(), call.store.lists["accounting-period"]
    start, end = (day_of(required(given, name)) for name in ("startDate", "endDate"))
    if end <= start or any(start <= day_of(row["endDate"]) for row in rows):
        raise unexplained()
    number = call.store.next_id("period", (row["id"] for row in rows))
    dates = {"startDate": f"{start}T00:00:00.000Z", "endDate": f"{end}T23:59:59.999Z"}
    rows.append({"id": number, **dates})
    return Reply({"response": number})


def get_lock(call: Call) -> Reply:
    """Until when books are locked; nobody having locked them is a 404, with the space that theirs ends on."""
    rows = call.store.lists["accounting-period-lock"]
    if not rows:
        raise nothing_found("No accounting period lock is set ")
    return Reply({"response": rows[0]})


ROUTES: Routes = (
    ("POST", "accounting-service/accounting-period", post_period, "post-accounting-period"),
    ("GET", "accounting-service/accounting-period-lock", get_lock, "get-accounting-period-lock"),
)
