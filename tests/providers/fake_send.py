"""A way out that reaches no network: records each call and answers from functions."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from app.connections.references import KeptReferences
from providers.kit.client import Client
from providers.kit.pages import Query
from providers.kit.provider import Provider
from providers.kit.resource import AnyResource
from providers.kit.upstream import Headers, RawHeaders, Request

RECORDINGS = Path(__file__).parent.parent / "recordings"

_encode = msgspec.json.Encoder(decimal_format="number").encode


def written(value: object) -> bytes:
    """JSON, every decimal as a number with its own digits."""
    return _encode(value)


def exact_json(text: str | bytes) -> Any:
    """JSON read without losing a digit."""
    return json.loads(text, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, decoded."""

    method: str
    path: str
    params: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]
    url: str

    def argument(self, name: str) -> Any:
        """A JSON argument of the query or of the body; None where there is none."""
        if self.body is not None:
            return self.body.get(name)
        text = self.params.get(name)
        return json.loads(text) if text is not None else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answers."""

    body: Any = b""
    status: int = 200
    headers: Headers = ()


class FakeAnswer:
    """A reply as the kit's client reads it."""

    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self._body = reply.body if isinstance(reply.body, bytes) else written(reply.body)
        self._headers = reply.headers

    @property
    def headers(self) -> RawHeaders:
        return [(name.encode(), value.encode()) for name, value in self._headers]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self._headers if key.lower() == name.lower()), None)

    async def stream(self) -> AsyncIterator[bytes]:
        yield self._body

    async def read(self, size_max: int) -> bytes:
        assert len(self._body) <= size_max
        return self._body

    async def close(self) -> None:
        pass


Answerer = Callable[[Call], Reply]


@dataclass
class FakeSend:
    """Answers by the first answerer whose path begins the call's; the newest is asked first."""

    root: str
    calls: list[Call] = field(default_factory=list)
    _answerers: list[tuple[str, Answerer]] = field(default_factory=list)

    def on(self, path: str, answer: Answerer | Reply) -> None:
        """Answer paths that begin so."""
        answerer: Answerer = (lambda _: answer) if isinstance(answer, Reply) else answer
        self._answerers.insert(0, (path, answerer))

    async def __call__(self, request: Request) -> FakeAnswer:
        assert request.url.startswith(self.root), request.url
        parts = urlsplit(request.url.removeprefix(self.root))
        assert isinstance(request.body, bytes | None)
        call = Call(
            method=request.method,
            path=unquote(parts.path, errors="strict"),
            params=dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))),
            body=json.loads(request.body) if request.body else None,
            headers=dict(request.headers),
            url=request.url,
        )
        self.calls.append(call)
        for path, answerer in self._answerers:
            if call.path.startswith(path):
                return FakeAnswer(answerer(call))
        raise AssertionError(f"nobody answers {call.method} {call.path}")

    def paths(self) -> list[str]:
        """The paths called, in order."""
        return [call.path for call in self.calls]


class FakeClock:
    """Time that stands still but for waiting, which takes no time."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)) -> None:
        self.moment = now
        self.seconds = 0.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


def client_for(
    provider: Provider,
    send: FakeSend,
    settings: Mapping[str, Any],
    *,
    clock: FakeClock | None = None,
    references: KeptReferences | None = None,
) -> Client:
    """A client of the provider whose way out is the fake."""
    clock = clock or FakeClock()
    return Client(
        provider_name=provider.name,
        base_url=provider.base_url(settings),
        settings=settings,
        send=send,
        read_error=provider.read_error,
        clock=clock,
        references=references or KeptReferences(clock),
        headers=provider.headers,
    )


async def walk(client: Client, resource: AnyResource, query: Query, pages_max: int = 500) -> list[Any]:
    """The ids of every record, page after page."""
    assert resource.list is not None
    site = await resource.site(client)
    ids: list[Any] = []
    for _ in range(pages_max):
        rows = await resource.list(client, site, query)
        assert len(rows.records) <= query.limit
        ids += [resource.id_of(record) for record in rows.records]
        if rows.next is None:
            return ids
        query = replace(query, position=rows.next)
    raise AssertionError("the walk does not end")
