"""Reference lists of an account: kept for an hour, and read anew once for an id that they lack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from providers.kit.client import Client
from providers.kit.errors import BadAnswer, ProviderError
from providers.kit.pages import Caution

KEPT_SECONDS = 3_600.0
MISSED_MAX = 1_000

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Reference(Generic[K, V]):
    """A list that records refer to, and how it is read."""

    name: str
    load: Callable[[Client], Awaitable[Mapping[K, V]]]


class Table(Mapping[K, V]):
    """A reference list as one call sees it. Mappers look things up; lists tell it first which ids they met."""

    def __init__(self, reference: Reference[K, V], rows: Mapping[K, V] | None) -> None:
        self._reference = reference
        self._is_told = rows is not None
        self._rows = rows or {}

    def __getitem__(self, key: K) -> V:
        return self._rows[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    async def meet(self, client: Client, wanted: Iterable[K | None]) -> None:
        """Read the list anew where it lacks one of these, unless it was read for the same one already."""
        unknown = {key for key in wanted if key is not None and key not in self._rows}
        if not unknown or not self._is_told:
            return
        missed = await client.references.get(f"{self._reference.name}.missed", KEPT_SECONDS, _nothing_missed)
        if unknown <= missed or len(missed) >= MISSED_MAX:
            return
        client.references.forget(self._reference.name)
        self._rows = await _kept(client, self._reference) or self._rows
        missed |= unknown - self._rows.keys()


async def meet(client: Client, rows: Mapping[K, V], wanted: Iterable[K | None]) -> None:
    """Tell a site's list which ids were met."""
    if isinstance(rows, Table):
        await rows.meet(client, wanted)


async def _nothing_missed() -> set[object]:
    return set()


async def table(client: Client, what: Reference[K, V], field: str, cautions: list[Caution]) -> Table[K, V]:
    """The list; an empty one and a caution where the account does not give it."""
    rows = await _kept(client, what)
    if rows is None:
        cautions.append(Caution(code="reference_unknown", field=field, detail=what.name))
    return Table(what, rows)


async def _kept(client: Client, what: Reference[K, V]) -> Mapping[K, V] | None:
    async def guarded() -> Mapping[K, V] | None:
        try:
            return await what.load(client)
        except ProviderError as error:
            if error.retryable and not isinstance(error, BadAnswer):
                raise
            return None

    return await client.references.get(what.name, KEPT_SECONDS, guarded)
