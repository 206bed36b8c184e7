"""What wraps data keys: the local ring, or a key service of the owner's; and what can go wrong with either."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from cachetools import LRUCache

from app.errors import KeysUnavailable
from providers.kit.clock import Clock


class KeyProblem(Exception):
    """The keys cannot be used as they are; the message says what to do, and holds no key."""


class KeyGone(KeyProblem):
    """The key that wrapped a data key is not to be had here: lost, retired, or never given to this process."""


class VaultProblem(Exception):
    """A sealed record that does not open: wrong key, another row's, or damaged. Holds no secret."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A record's data key, wrapped by the key of that id."""

    key_id: str
    wrapped: bytes


class KeyService(Protocol):
    """Wraps data keys and unwraps them; `bound` is the place they belong to, and must be the same for both.

    Where it cannot be asked it raises `KeysUnavailable`, which says nothing about the key.
    """

    async def wrap(self, data_key: bytes, bound: bytes) -> WrappedKey:
        """The data key under the key of now."""

    async def unwrap(self, key: WrappedKey, bound: bytes) -> bytes:
        """The data key; `KeyGone` without the key, `VaultProblem` where it does not open with it."""

    async def current_id(self) -> str:
        """The id of the key that wraps now."""

    def has_made(self, key_id: str) -> bool:
        """Whether a key of that id would be this service's."""

    async def close(self) -> None:
        """Let go of connections."""


class KeyServices:
    """Several at once: the first wraps, each opens what it has wrapped, so that an owner may move between them."""

    def __init__(self, services: Sequence[KeyService]) -> None:
        self._services = services

    async def wrap(self, data_key: bytes, bound: bytes) -> WrappedKey:
        """By the first."""
        return await self._services[0].wrap(data_key, bound)

    async def unwrap(self, key: WrappedKey, bound: bytes) -> bytes:
        """By whichever has wrapped it."""
        for service in self._services:
            if service.has_made(key.key_id):
                return await service.unwrap(key, bound)
        raise KeyGone(f"the key {key.key_id} is of a key service that is not set")

    async def current_id(self) -> str:
        """The first's."""
        return await self._services[0].current_id()

    def has_made(self, key_id: str) -> bool:
        """Whether any of them has."""
        return any(service.has_made(key_id) for service in self._services)

    async def close(self) -> None:
        """Close them all."""
        for service in self._services:
            await service.close()


@dataclass(frozen=True, slots=True)
class _Kept:
    data_key: bytes
    asked_at: float


class KeptKeys:
    """A service over a network, asked as seldom as is safe.

    A data key is used for `FRESH_SECONDS` after it was unwrapped, then asked for again, so that a key that
    was taken away stops opening; while the service cannot be asked it serves for `STALE_SECONDS`.
    """

    FRESH_SECONDS = 300.0
    STALE_SECONDS = 3_600.0
    KEPT_MAX = 20_000

    def __init__(self, service: KeyService, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._kept: LRUCache[tuple[WrappedKey, bytes], _Kept] = LRUCache(self.KEPT_MAX)
        self._asking: dict[tuple[WrappedKey, bytes], asyncio.Task[bytes]] = {}

    async def wrap(self, data_key: bytes, bound: bytes) -> WrappedKey:
        """Always asks; what was wrapped need not be asked for next."""
        key = await self._service.wrap(data_key, bound)
        self._keep((key, bound), data_key)
        return key

    async def unwrap(self, key: WrappedKey, bound: bytes) -> bytes:
        """From memory while it is fresh; callers at once share one question."""
        named = (key, bound)
        kept = self._kept.get(named)
        age = self._clock.monotonic() - kept.asked_at if kept is not None else 0.0
        if kept is not None and age < self.FRESH_SECONDS:
            return kept.data_key
        task = self._asking.get(named)
        if task is None:
            task = self._asking[named] = asyncio.create_task(self._service.unwrap(key, bound))
            task.add_done_callback(partial(self._asked, named))
        try:
            data_key = await asyncio.shield(task)
        except KeysUnavailable:
            if kept is not None and age < self.STALE_SECONDS:
                return kept.data_key
            raise
        except (KeyGone, VaultProblem):
            self._kept.pop(named, None)
            raise
        self._keep(named, data_key)
        return data_key

    async def current_id(self) -> str:
        """Always asks."""
        return await self._service.current_id()

    def has_made(self, key_id: str) -> bool:
        """As the service says."""
        return self._service.has_made(key_id)

    async def close(self) -> None:
        """Forget what is kept, and close the service."""
        self._kept.clear()
        await self._service.close()

    def _asked(self, named: tuple[WrappedKey, bytes], task: asyncio.Task[bytes]) -> None:
        del self._asking[named]
        if not task.cancelled():
            task.exception()  # Everybody who asked may have left.

    def _keep(self, named: tuple[WrappedKey, bytes], data_key: bytes) -> None:
        self._kept[named] = _Kept(data_key, self._clock.monotonic())
