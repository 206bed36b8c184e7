"""What `/metrics` tells, read as a scraper reads it."""

from __future__ import annotations

import httpx2
from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, frozenset[tuple[str, str]]]


class Readings:
    """Counts since this was made: one process serves every test, and its counters only grow."""

    def __init__(self, http: httpx2.AsyncClient, before: dict[Sample, float]) -> None:
        self._http = http
        self._before = before

    async def grown(self, name: str, **labels: str) -> float:
        """By how much the series of that name with these labels have grown, together."""
        return summed(await read(self._http), name, labels) - summed(self._before, name, labels)


async def readings(http: httpx2.AsyncClient) -> Readings:
    """Count from now on."""
    return Readings(http, await read(http))


async def read(http: httpx2.AsyncClient) -> dict[Sample, float]:
    """Every series that is told, by its name and labels."""
    told = (await http.get("/metrics")).text
    return {
        (sample.name, frozenset(sample.labels.items())): float(sample.value)
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def summed(samples: dict[Sample, float], name: str, labels: dict[str, str]) -> float:
    """The series of that name with these labels, together."""
    return sum(
        value for (found, has), value in samples.items() if found == name and frozenset(labels.items()) <= has
    )
