"""The call log as a screen: what is asked of it, its rows, and one call with what its code means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from app.calls.store import CallsWanted
from app.error_catalogue import Explanation, explanation, explanations
from providers.kit.registry import all_providers

TEXT_SIZE_MAX = 500
FIELDS = ("account", "status", "code", "within", "request_id", "since", "until")

SPANS = {
    "15m": ("Last 15 minutes", timedelta(minutes=15)),
    "1h": ("Last hour", timedelta(hours=1)),
    "24h": ("Last 24 hours", timedelta(hours=24)),
    "7d": ("Last 7 days", timedelta(days=7)),
}
_CLASSES = {
    "errors": ("All errors", (400, 599)),
    "2xx": ("Success (2xx)", (200, 299)),
    "4xx": ("Caller’s side (4xx)", (400, 499)),
    "5xx": ("Our or the provider’s side (5xx)", (500, 599)),
}


def status_choices() -> Mapping[str, tuple[str, tuple[int, int]]]:
    """What the filter by status offers: classes, and each status that an error has."""
    exact = sorted({*(told.status for told in explanations()), 499})
    return {**_CLASSES, **{str(status): (str(status), (status, status)) for status in exact}}


def code_choices() -> tuple[str, ...]:
    """Every code that a call may end with."""
    return tuple(sorted(told.code for told in explanations()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the person asked for, as it was written, and what of it cannot be read."""

    values: Mapping[str, str]
    wrong: Mapping[str, str]
    since: datetime | None
    until: datetime | None

    @property
    def query(self) -> str:
        """The filters as an address has them."""
        return urlencode({name: value for name, value in self.values.items() if value})

    @property
    def is_open_ended(self) -> bool:
        """Whether calls that are still to come belong to it."""
        return self.until is None and not self.wrong

    def wanted(self, accounts: tuple[str, ...] | None, now: datetime) -> CallsWanted:
        """The same as the log understands it."""
        within = SPANS.get(self.values["within"])
        starts = [moment for moment in (self.since, now - within[1] if within else None) if moment is not None]
        chosen = status_choices().get(self.values["status"])
        return CallsWanted(
            any_account_of=accounts,
            statuses=chosen[1] if chosen else None,
            code=self.values["code"] or None,
            request_id=self.values["request_id"] or None,
            since=max(starts, default=None),
            until=self.until,
        )


def filters_of(query: Mapping[str, str]) -> Filters:
    """The filters in an address."""
    values = {name: query.get(name, "").strip() for name in FIELDS}
    wrong = {
        name: "This cannot be read."
        for name, value in values.items()
        if len(value) > TEXT_SIZE_MAX or not value.isprintable()
    }
    choices = {"status": status_choices(), "code": code_choices(), "within": SPANS}
    wrong |= {
        name: "Choose one of these."
        for name, known in choices.items()
        if values[name] and values[name] not in known
    }
    moments: dict[str, datetime | None] = {"since": None, "until": None}
    for name in moments:
        try:
            moments[name] = _moment(values[name])
        except (ValueError, OverflowError):
            wrong[name] = "This is not a time."
    return Filters(values=values, wrong=wrong, since=moments["since"], until=moments["until"])


def _moment(text: str) -> datetime | None:
    """A moment as a browser's field gives it, in UTC where it names no zone."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call in a table."""

    id: int
    at: datetime
    account_id: str | None
    tenant: str | None
    integration_name: str | None
    method: str
    path: str
    status: int
    code: str | None
    duration_ms: float
    provider_calls: int
    provider_ms: float
    waited_ms: float
    added_ms: float
    request_id: str


def call_row(row: Any, tenants: Mapping[str, str]) -> CallRow:
    """A row of the log, with its account's tenant."""
    provider = all_providers().get(row.integration or "")
    return CallRow(
        id=row.id,
        at=row.at,
        account_id=row.account_id,
        tenant=tenants.get(row.account_id or ""),
        integration_name=provider.name if provider else row.integration,
        method=row.method,
        path=row.path,
        status=row.status,
        code=row.code,
        duration_ms=row.duration_ms,
        provider_calls=row.provider_calls,
        provider_ms=row.provider_ms,
        waited_ms=row.waited_ms,
        added_ms=row.added_ms,
        request_id=row.request_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The log. `tail_url` gives what came after `after`; None where nothing can come."""

    template: ClassVar[str] = "calls.html"

    filters: Filters
    rows: Sequence[CallRow]
    statuses: Mapping[str, tuple[str, tuple[int, int]]]
    codes: Sequence[str]
    next_url: str | None
    is_first: bool
    tail_url: str | None
    after: int
    spans: ClassVar[Mapping[str, tuple[str, timedelta]]] = SPANS


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, and what its code means."""

    template: ClassVar[str] = "call.html"

    row: CallRow
    meaning: Explanation | None


def call_screen(row: CallRow) -> Call:
    """The screen of a row of the log."""
    return Call(row=row, meaning=explanation(row.code) if row.code else None)
