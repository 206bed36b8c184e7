"""Learns what may be read: every list is run as it is, against answers that the provider gives once for each right.

Nothing says by hand which rights a list needs: it asks for them itself. What several lists ask of one right is one
call; the rows it would give are left out, so that no list reads further than it must.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote

from providers.kit.client import Client
from providers.kit.errors import Forbidden, NotFound, ProviderError, RateLimited, Unauthorised, Unreadable, is_told
from providers.kit.pages import Query
from providers.kit.resource import AnyResource, ListRecords
from providers.kit.upstream import RawHeaders, Request

AT_ONCE = 4
PAGES_MAX = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What a list is answered with. `is_partial`: the right lets rows be chosen from, but not read."""

    body: bytes
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one call of a list comes to: the right that it needs, and how the provider is asked for it.

    `name` is what people call that which may be read by the right; None for what is asked on the way, which is no
    right to a resource.
    """

    right: str
    name: str | None
    ask: Callable[[], Awaitable[Told]]
    needs_whole: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a list makes, decoded."""

    method: str
    path: str
    params: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of one list: the rights that it lacks, and the calls that it made.

    `is_whole`: each of them was answered, be it by a refusal, whether or not the list could do without.
    """

    is_listed: bool
    is_known: bool
    lacks: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    is_whole: bool = True

    @property
    def words(self) -> str:
        """What it lacks, for people."""
        return f"cannot read {', '.join(self.lacks)}" if self.lacks else "cannot be read"


@dataclass(slots=True)
class _Run:
    """One list on its way through its calls."""

    lacks: dict[str, None] = field(default_factory=dict)
    partial: dict[str, None] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    is_whole: bool = True

    def note(self, question: Question, *, is_partial: bool = False) -> None:
        """The right is lacking, or there in part."""
        if question.name is not None:
            (self.partial if is_partial else self.lacks)[question.name] = None


class Rehearsal:
    """One account's lists, rehearsed.

    `site_of` gathers what a list must know; it may answer from what is known already. `who` asks who the
    credentials belong to, and raises where they are refused.
    """

    def __init__(
        self,
        client: Client,
        *,
        question_of: Callable[[Call], Question],
        site_of: Callable[[AnyResource, Client], Awaitable[Any]],
        who: Callable[[], Awaitable[object]],
    ) -> None:
        self._client = client
        self._question_of = question_of
        self._site_of = site_of
        self._who = who
        self._told: dict[str, Told | ProviderError] = {}
        self._stopped: RateLimited | None = None
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def of(self, resources: Mapping[str, AnyResource]) -> Mapping[str, Rehearsed]:
        """What comes of each list; raises `Unauthorised` where the credentials turn out to be refused."""
        listed = {name: (each, each.list) for name, each in resources.items() if each.list is not None}
        # None is left running when one of them has failed for good.
        found = await asyncio.gather(*(self._rehearsed(*each) for each in listed.values()), return_exceptions=True)
        for each in found:
            if isinstance(each, BaseException):
                raise each
        return {name: each for name, each in zip(listed, found, strict=True) if isinstance(each, Rehearsed)}

    async def told(self, question: Question) -> Told:
        """What the provider says to a question, asked once; raises what it is refused with, or `Unreadable`."""
        async with self._locks[question.right]:
            if question.right not in self._told:
                try:
                    self._told[question.right] = await self._asked(question)
                except Unauthorised as error:
                    self._told[question.right] = error
        told = self._told[question.right]
        if isinstance(told, ProviderError):
            raise told
        return told

    async def _rehearsed(self, resource: AnyResource, read: ListRecords[Any, Any]) -> Rehearsed:
        async with self._gate:
            return await self._run(resource, read)

    async def _run(self, resource: AnyResource, read: ListRecords[Any, Any]) -> Rehearsed:
        run = _Run()

        async def send(request: Request) -> _Said:
            return await self._answer(run, request)

        client = self._client.through(send, _Kept())
        is_listed, is_known = False, True
        beside: dict[str, None] = {}
        try:
            position: str | None = None
            site = await self._site_of(resource, client)
            # What a list only refers to need but be chosen from.
            beside, run.lacks, run.partial = run.lacks, {}, {}
            for _ in range(PAGES_MAX):
                rows = await read(client, site, Query(limit=2, position=position))
                is_listed, position = True, rows.next
                if position is None:
                    break
        except Unauthorised:
            raise
        except (Forbidden, NotFound):
            pass
        except ProviderError:
            is_known = False
        # What a refused list lacks beside is of no use to whoever asks for rights.
        lacks = {**run.lacks, **run.partial, **beside} if is_listed else run.lacks
        return Rehearsed(is_listed, is_known, tuple(lacks), tuple(run.calls), run.is_whole)

    async def _answer(self, run: _Run, request: Request) -> _Said:
        call = self._call(request)
        run.calls.append(call)
        question = self._question_of(call)
        try:
            told = await self.told(question)
        except (Forbidden, NotFound):
            run.note(question)
            raise
        except ProviderError:
            run.is_whole = False
            raise
        if told.is_partial and question.needs_whole:
            run.note(question)
            raise Forbidden("it may be chosen from, but not read")
        if told.is_partial:
            run.note(question, is_partial=True)
        return _Said(told.body)

    def _call(self, request: Request) -> Call:
        path, _, query = request.url.removeprefix(self._client.base_url).partition("?")
        body = request.body if isinstance(request.body, bytes) else None
        return Call(request.method, unquote(path), dict(parse_qsl(query, keep_blank_values=True)), body)

    async def _asked(self, question: Question) -> Told | ProviderError:
        if self._stopped is not None:
            return not_learnt(self._stopped.detail)
        try:
            return await question.ask()
        except RateLimited as error:
            self._stopped = error  # Whoever has no more calls to give is not asked for the rest.
            return not_learnt(error.detail)
        except Unauthorised:
            # A 401 may be about this call alone: only credentials that are refused everywhere are no good.
            return await self._refused_here()
        except (Forbidden, NotFound) as error:
            return error if is_told(error) else not_learnt(error.detail)
        except ProviderError as error:
            return not_learnt(error.detail)

    async def _refused_here(self) -> ProviderError:
        try:
            await self._who()
        except Unauthorised:
            raise
        except ProviderError as error:
            return not_learnt(error.detail)
        return Forbidden("the provider refuses this call, but not the account's credentials", provider_status=401)


def not_learnt(detail: str) -> ProviderError:
    """That nothing is known of a question, whatever the reason: it is not asked again."""
    return Unreadable(detail)


class _Kept:
    """References for one list, for as long as it is rehearsed: what it is told here is nobody else's."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    async def get(self, key: str, ttl_seconds: float, load: Callable[[], Awaitable[T]]) -> T:
        """The kept value, or what `load` gives."""
        del ttl_seconds
        if key not in self._kept:
            self._kept[key] = await load()
        found: T = self._kept[key]
        return found

    def forget(self, key: str) -> None:
        """Drop what is kept under the key."""
        self._kept.pop(key, None)


class _Said:
    """An answer that came without a connection."""

    status = 200
    headers: RawHeaders = ()

    def __init__(self, body: bytes) -> None:
        self._body = body

    def header(self, name: str) -> str | None:
        """It has none."""
        del name
        return None

    async def stream(self) -> AsyncIterator[bytes]:
        """The body in one piece."""
        yield self._body

    async def read(self, size_max: int) -> bytes:
        """The body."""
        del size_max
        return self._body

    async def close(self) -> None:
        """Nothing is open."""


async def known(reading: Awaitable[T]) -> T | None:
    """What was read; None where it was not told. Refused credentials and no time left are not about this part."""
    try:
        return await reading
    except Unauthorised:
        raise
    except ProviderError:
        return None
