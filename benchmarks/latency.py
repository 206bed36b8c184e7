"""How long callers wait, beside nginx in the same minute: medians of several interleaved rounds."""

from __future__ import annotations

from statistics import median

from benchmarks.load import Load, Target
from benchmarks.stage import DOCUMENT, Stage

CONNECTIONS = (1, 32)
PERCENTILES = (50, 99)


async def latency(on: Stage, *, rounds: int, seconds: float) -> dict[str, float]:
    """Percentiles of a proxied call of 1 kB and how many times nginx's they are, at one connection and at many."""
    direct: list[Load] = []
    plain: dict[int, list[Load]] = {count: [] for count in CONNECTIONS}
    proxied: dict[int, list[Load]] = {count: [] for count in CONNECTIONS}
    for _ in range(rounds):
        direct.append(await on.load(Target(url=f"{on.upstream.url}/{DOCUMENT}"), 1, seconds))
        for count in CONNECTIONS:
            plain[count].append(await on.load(Target(url=f"{on.proxy.url}/{DOCUMENT}"), count, seconds))
            proxied[count].append(await on.load(on.proxied(DOCUMENT), count, seconds))
    one, many = CONNECTIONS
    return {
        "proxy_added_p50_ms_c1": median(
            ours.percentiles_ms[50] - theirs.percentiles_ms[50]
            for ours, theirs in zip(proxied[one], direct, strict=True)
        ),
        "proxy_rps_c32": median(found.per_second for found in proxied[many]),
        "nginx_rps_c32": median(found.per_second for found in plain[many]),
        "proxy_p99_ms_c32": median(found.percentiles_ms[99] for found in proxied[many]),
    } | {
        f"proxy_p{percent}_x_nginx_c{count}": median(
            ours.percentiles_ms[percent] / theirs.percentiles_ms[percent]
            for ours, theirs in zip(proxied[count], plain[count], strict=True)
        )
        for count in CONNECTIONS
        for percent in PERCENTILES
    }
