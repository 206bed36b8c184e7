"""One call on a hot path: who asks, for which account, and what is told of it afterwards."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from app.connections.meter import Trip
from app.errors import Forbidden, InvalidRequest, NotFound, Unauthenticated
from app.quota.asking import Wishes, read_wishes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
HeaderLines = list[tuple[bytes, bytes]]

ACCOUNT_HEADER = b"x-integrated-account-id"


def new_request_id() -> str:
    """Its own, and no secret: asking the system for each would be a fortieth of a proxied call's CPU.

    It begins with the moment, for whoever keeps ids in order; some 270 µs of it are one digit.
    """
    return f"{time.time_ns() >> 18:012x}{random.getrandbits(80):020x}"


@dataclass(slots=True)
class Call:
    """What is known of a call while it runs; `CallLog` and metrics are told at its end."""

    method: str
    route: str
    started: float
    request_id: str = field(default_factory=new_request_id)
    path_template: str = ""
    environment_id: str | None = None
    account_id: str | None = None
    integration: str = ""
    status: int = 500
    code: str | None = None
    provider_calls: int = 0
    provider_seconds: float = 0.0
    caller_id: str = ""
    waited_seconds: float = 0.0
    headers: HeaderLines = field(default_factory=list, repr=False)
    away_seconds: float = 0.0
    """How long it was elsewhere: at the provider or waiting for quota, once for all that ran side by side."""
    span: Any = None
    """Of a call that is traced; only `app.tracing` knows what it is."""
    trips: list[Trip] | None = None
    """Of a call that is traced: what it asked of its provider."""
    _away: int = 0
    _left_at: float = 0.0

    def leave(self, now: float) -> None:
        """Begin to wait for quota or the provider, perhaps not for the first thing at once."""
        if self._away == 0:
            self._left_at = now
        self._away += 1

    def come_back(self, now: float) -> None:
        """End what `leave` began."""
        self._away -= 1
        if self._away == 0:
            self.away_seconds += now - self._left_at

    def wishes(self) -> Wishes:
        """What the caller wishes of the provider's quota; read only where there may not be enough."""
        return read_wishes(self.headers)


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that (lower-case) name."""
    for key, value in scope["headers"]:
        if key == name:
            return value  # type: ignore[no-any-return]  # the scope is untyped
    return None


def bearer(scope: Scope) -> str:
    """The API token of a request; `Unauthenticated` where there is none."""
    value = header(scope, b"authorization")
    if value is None or value[:7].lower() != b"bearer ":
        raise Unauthenticated("send an API token: Authorization: Bearer …")
    try:
        return value[7:].strip().decode("ascii")
    except UnicodeDecodeError:
        raise Unauthenticated("the API token is not one of ours") from None


def require_scope(scopes: frozenset[str], *needed: str) -> None:
    """Refuse a token that lacks one of the scopes."""
    missing = [scope for scope in needed if scope not in scopes]
    if missing:
        raise Forbidden(f"the API token lacks the scope {', '.join(missing)}")


def account_of(scope: Scope, from_query: Iterable[str]) -> str:
    """The account a call names, by header or query; both given and different is refused."""
    named = set(from_query)
    value = header(scope, ACCOUNT_HEADER)
    if value is not None:
        named.add(value.decode("latin-1"))
    if len(named) > 1:
        raise InvalidRequest("the header and the query name different accounts")
    for account_id in named:
        if "\0" in account_id:
            raise NotFound("there is no such account")
        if account_id:
            return account_id
    raise InvalidRequest("name an account: integrated_account_id=… or X-Integrated-Account-Id")


async def send_whole(send: Send, status: int, headers: HeaderLines, body: bytes) -> None:
    """Answer with a body that is at hand."""
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
