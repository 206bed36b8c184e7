"""What the gateway counts of itself, for Prometheus.

Labels come from small closed sets: routes, integrations, codes. Never an account, an environment or a path.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from prometheus_client import Counter, Gauge, Histogram

Whose = Literal["ours", "provider"]
Reach = Literal["account", "provider"]
Renewed = Literal["renewed", "lost", "failed"]


class PoolUse(NamedTuple):
    """How many connections of a pool are in use, how many are kept for later, and how many it may hold."""

    in_use: int
    idle: int
    limit: int


_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ADDED_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5)
_WAITED_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60)

_CALLS = Counter("ledgerway_calls", "Calls answered.", ["route", "integration", "status"])
_REFUSALS = Counter(
    "ledgerway_refusals", "Calls answered with an error of ours, by its code.", ["route", "integration", "code"]
)
_CALL_SECONDS = Histogram(
    "ledgerway_call_seconds",
    "Time from request to the end of the answer.",
    ["route", "integration"],
    buckets=_SECONDS,
)
_ADDED = Histogram(
    "ledgerway_added_seconds",
    "What the gateway itself took of a call: its time less the provider's and less waits for quota.",
    ["route", "integration"],
    buckets=_ADDED_SECONDS,
)
_PROVIDER_CALLS = Counter("ledgerway_provider_calls", "Calls made to providers.", ["integration"])
_WAITS = Histogram(
    "ledgerway_quota_wait_seconds",
    "How long a call to a provider waited for quota, where it waited.",
    ["integration"],
    buckets=_WAITED_SECONDS,
)
_THROTTLES = Counter(
    "ledgerway_throttles",
    "Calls to providers turned away for quota: by `ours`, the gateway's own pacing, or by the `provider`.",
    ["integration", "whose"],
)
_RENEWALS = Counter(
    "ledgerway_token_renewals",
    "Renewals of access tokens: `renewed`, `lost` (only the customer can bring it back) or `failed` (an outage).",
    ["integration", "outcome"],
)
_BREAKERS_OPENED = Counter(
    "ledgerway_breakers_opened",
    "How often a breaker opened, of an `account` or of a whole `provider`.",
    ["integration", "reach"],
)
_BREAKERS_OPEN = Gauge(
    "ledgerway_breakers_open",
    "Breakers that are open now.",
    ["integration", "reach"],
    multiprocess_mode="livesum",
)

_WORK_DONE = Gauge(
    "ledgerway_background_last_success_timestamp_seconds",
    "When a piece of background work was last done, in Unix time.",
    ["work"],
    multiprocess_mode="max",
)
_WORK_FAILED = Counter("ledgerway_background_failures", "Turns of background work that failed.", ["work"])
_LOST_ENTRIES = Counter("ledgerway_call_log_lost", "Calls that are missing from the call log.")
_QUOTA_SHARED = Gauge(
    "ledgerway_quota_shared",
    "1 while quota is counted in Redis for all processes, 0 while this one keeps to its part, or without Redis.",
    multiprocess_mode="livemin",
)


@lru_cache(maxsize=4_096)
def _calls(route: str, integration: str, status: int) -> Counter:
    return _CALLS.labels(route, integration, str(status))


@lru_cache(maxsize=1_024)
def _refusals(route: str, integration: str, code: str) -> Counter:
    return _REFUSALS.labels(route, integration, code)


@lru_cache(maxsize=256)
def _call_seconds(route: str, integration: str) -> Histogram:
    return _CALL_SECONDS.labels(route, integration)


@lru_cache(maxsize=256)
def _added(route: str, integration: str) -> Histogram:
    return _ADDED.labels(route, integration)


@lru_cache(maxsize=64)
def _provider_calls(integration: str) -> Counter:
    return _PROVIDER_CALLS.labels(integration)


@lru_cache(maxsize=64)
def _waits(integration: str) -> Histogram:
    return _WAITS.labels(integration)


def count_call(route: str, integration: str, status: int, code: str | None, seconds: float) -> None:
    """Count one answered call, on whatever route."""
    _calls(route, integration, status).inc()
    _call_seconds(route, integration).observe(seconds)
    if code is not None:
        _refusals(route, integration, code).inc()


def count_provider(route: str, integration: str, calls: int, added_seconds: float) -> None:
    """Count the calls that an answered call made to its provider, and what the gateway added to them."""
    _provider_calls(integration).inc(calls)
    _added(route, integration).observe(added_seconds)


def count_wait(integration: str, seconds: float) -> None:
    """Count that a call to a provider waited for quota. One that did not wait is not counted."""
    _waits(integration).observe(seconds)


def count_throttle(integration: str, whose: Whose) -> None:
    """Count a call to a provider that was turned away for quota."""
    _THROTTLES.labels(integration, whose).inc()


def count_renewal(integration: str, outcome: Renewed) -> None:
    """Count a renewal of an access token by what came of it."""
    _RENEWALS.labels(integration, outcome).inc()


def breaker_opened(integration: str, reach: Reach) -> None:
    """Count that a breaker opened; `breaker_closed` must follow once it closes or is forgotten."""
    _BREAKERS_OPENED.labels(integration, reach).inc()
    _BREAKERS_OPEN.labels(integration, reach).inc()


def breaker_closed(integration: str, reach: Reach) -> None:
    """Count that an open breaker closed."""
    _BREAKERS_OPEN.labels(integration, reach).dec()


def count_lost_entries(count: int) -> None:
    """Count calls that will not be in the call log, for the database was away too long."""
    _LOST_ENTRIES.inc(count)


def work_succeeded(work: str, at: float) -> None:
    """Note when a piece of background work was last done."""
    _WORK_DONE.labels(work).set(at)


def work_failed(work: str) -> None:
    """Count that a piece of background work failed; it is tried again at its next turn."""
    _WORK_FAILED.labels(work).inc()


def tell_quota_shared(*, is_shared: bool) -> None:
    """Tell whether quota is counted for all processes together."""
    _QUOTA_SHARED.set(is_shared)
