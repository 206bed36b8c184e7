"""Which figures a benchmark has, and what they may at most be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

Figures = Mapping[str, float]

FIGURES = (
    "nginx_cpu_us_1k",
    "proxy_cpu_us_1k",
    "proxy_1k_x_nginx",
    "nginx_cpu_us_66k",
    "proxy_cpu_us_66k",
    "proxy_66k_x_nginx",
    "unified_page_100_cpu_us",
    "unified_page_100_x_nginx",
    "unified_page_100_invoices_cpu_us",
    "proxy_added_p50_ms_c1",
    "proxy_p50_x_nginx_c1",
    "proxy_p99_x_nginx_c1",
    "proxy_rps_c32",
    "nginx_rps_c32",
    "proxy_p99_ms_c32",
    "proxy_p50_x_nginx_c32",
    "proxy_p99_x_nginx_c32",
    "sql_per_warm_call",
    "rss_mb",
    "cold_account_ms",
    "sql_per_cold_account",
    "sql_per_warm_call_10k",
    "proxy_1k_10k_accounts_cpu_us",
    "rss_10k_accounts_mb",
    "rss_per_account_kb",
    "walk_1m_records_per_second",
    "walk_1m_rss_growth_mb",
)
"""What every benchmark of one process tells, beside `provider_calls_per_1000_<provider>_<resource>` of each row."""

OF_FLEETS = (
    "workers_2_cpu_us",
    "workers_2_x_one",
    "workers_2_share_max_pct",
    "proxy_1k_scaled_out_cpu_us",
    "proxy_1k_scaled_out_x_embedded",
    "redis_trips_per_unlimited_call",
    "proxy_1k_limited_cpu_us",
    "proxy_1k_limited_x_unlimited",
    "proxy_1k_limited_redis_cpu_us",
    "proxy_1k_limited_redis_x_unlimited",
    "redis_trips_per_limited_call",
    "rss_scaled_out_mb",
)
"""What one that takes its time tells besides."""

BASELINE = Path(__file__).parent / "baseline.json"
WORSE_MAX = 1.3
"""How many times worse than what was committed a caller's wait may become."""

_FIXED: Figures = {
    "proxy_1k_x_nginx": 17.0,
    "proxy_66k_x_nginx": 10.0,
    "unified_page_100_x_nginx": 30.0,
    "sql_per_warm_call": 0.0,
    "rss_mb": 120.0,
    "workers_2_x_one": 1.1,
    "workers_2_share_max_pct": 65.0,
    "proxy_1k_scaled_out_x_embedded": 1.15,
    # A heartbeat more or less in one of two silences; a trip a call would be 1.
    "redis_trips_per_unlimited_call": 0.01,
    # Once a minute the token is read anew, by whoever calls at that moment.
    "sql_per_warm_call_10k": 0.01,
    "walk_1m_rss_growth_mb": 4.0,
}


def baseline() -> Figures:
    """The waits beside nginx's that were measured once and committed."""
    found: Figures = json.loads(BASELINE.read_text(encoding="utf-8"))["figures"]
    return found


def keep_baseline(figures: Figures, path: Path = BASELINE) -> Figures:
    """Have these waits be the ones that later ones are held against; gives them."""
    kept = {name: figures[name] for name in baseline()}
    path.write_text(json.dumps({"figures": kept}, indent=1) + "\n", encoding="utf-8")
    return kept


BOUNDS: Figures = {**_FIXED, **{name: value * WORSE_MAX for name, value in baseline().items()}}


def broken(figures: Figures) -> list[str]:
    """The bounds that the figures break, each in words; a figure that is missing breaks its own."""
    told = [f"{name} is missing" for name in missing(figures)]
    told += [
        f"{name} is {figures[name]:g}, allowed {allowed:g}"
        for name, allowed in BOUNDS.items()
        if name in figures and figures[name] > allowed
    ]
    return told


def missing(figures: Figures, expected: Sequence[str] = FIGURES + OF_FLEETS) -> list[str]:
    """The figures that should be there and are not."""
    return [name for name in expected if name not in figures]
