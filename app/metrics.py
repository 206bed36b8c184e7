"""What the gateway counts of itself, for Prometheus."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import Counter, Histogram

_CALLS = Counter("ledgerway_calls", "Calls answered.", ["route", "integration", "status"])
_SECONDS = Histogram(
    "ledgerway_call_seconds",
    "Time from request to the end of the answer.",
    ["route", "integration"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_PROVIDER_CALLS = Counter("ledgerway_provider_calls", "Calls made to providers.", ["integration"])


@lru_cache(maxsize=4_096)
def _calls(route: str, integration: str, status: int) -> Counter:
    return _CALLS.labels(route, integration, str(status))


@lru_cache(maxsize=256)
def _seconds(route: str, integration: str) -> Histogram:
    return _SECONDS.labels(route, integration)


@lru_cache(maxsize=64)
def _provider_calls(integration: str) -> Counter:
    return _PROVIDER_CALLS.labels(integration)


def count_call(route: str, integration: str, status: int, seconds: float, provider_calls: int) -> None:
    """Count one answered call and the calls it made to its provider."""
    _calls(route, integration, status).inc()
    _seconds(route, integration).observe(seconds)
    if provider_calls:
        _provider_calls(integration).inc(provider_calls)
