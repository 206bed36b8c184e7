"""Which figures a benchmark has, and what they may at most be."""

from __future__ import annotations

from collections.abc import Mapping

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
    "proxy_rps_c32",
    "nginx_rps_c32",
    "proxy_p99_ms_c32",
    "sql_per_warm_call",
    "rss_mb",
)
"""What every benchmark tells; `provider_calls_per_1000_<provider>_<resource>` comes for each row beside it."""

BOUNDS: Figures = {
    "proxy_1k_x_nginx": 19.0,
    "proxy_66k_x_nginx": 12.0,
    "unified_page_100_x_nginx": 36.0,
    "sql_per_warm_call": 0.0,
    "rss_mb": 120.0,
}


def broken(figures: Figures) -> list[str]:
    """The bounds that the figures break, each in words; a figure that is missing breaks its own."""
    told = [f"{name} is missing" for name in missing(figures)]
    told += [
        f"{name} is {figures[name]:g}, allowed {allowed:g}"
        for name, allowed in BOUNDS.items()
        if name in figures and figures[name] > allowed
    ]
    return told


def missing(figures: Figures) -> list[str]:
    """The figures that should be there and are not."""
    return [name for name in FIGURES if name not in figures]
