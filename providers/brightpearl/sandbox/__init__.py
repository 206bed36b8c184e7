"""A stateful look-alike of Brightpearl, for tests, proofs and the demo: recorded behaviour, made-up books."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from providers.brightpearl.sandbox.access import (
    ACCOUNT,
    ACCOUNT_TOKEN,
    APP_REF,
    CLIENT,
    CLIENT_SECRET,
    DEV_REF,
    DEV_SECRET,
    REDIRECT_URI,
    STAFF_TOKEN,
    Access,
)
from providers.brightpearl.sandbox.app import TROUBLES, App
from providers.brightpearl.sandbox.books import furnish
from providers.brightpearl.sandbox.documents import keep
from providers.brightpearl.sandbox.quirks import Quirks
from providers.brightpearl.sandbox.seed import fill
from providers.brightpearl.sandbox.sizes import SIZES, SizeName
from providers.brightpearl.sandbox.store import Store
from providers.brightpearl.sandbox.throttle import Throttle
from providers.kit.sandbox.grants import Client
from providers.kit.sandbox.shell import Shell

__all__ = [
    "ACCOUNT",
    "ACCOUNT_TOKEN",
    "APP_REF",
    "CLIENT_SECRET",
    "DEV_REF",
    "DEV_SECRET",
    "REDIRECT_URI",
    "STAFF_TOKEN",
    "BrightpearlSandbox",
    "Client",
    "Quirks",
    "client",
    "context",
    "create_sandbox",
]
REQUESTS_PER_MINUTE = 200


def context(url: str) -> dict[str, str]:
    """What an account of the sandbox at that address is connected with."""
    return {"account_code": ACCOUNT, "api_domain": url, "app_ref": APP_REF, "staff_token": STAFF_TOKEN}


def client(url: str) -> dict[str, object]:
    """The OAuth client that the sandbox at that address knows, as an environment's settings take it."""
    settings = {"dev_ref": DEV_REF, "authorize_origin": url, "token_origin": url}
    return {"client_id": APP_REF, "client_secret": CLIENT_SECRET, "settings": settings}


@dataclass(frozen=True, slots=True)
class BrightpearlSandbox:
    """The ASGI app, its books, and the credentials it knows."""

    app: Shell
    store: Store
    access: Access

    @property
    def calls(self) -> list[tuple[str, str, str]]:
        """Method, raw path and raw query of every call since the last reset."""
        return self.app.calls


def create_sandbox(
    *,
    seed: int | None = 1,
    size: SizeName = "small",
    documents: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    requests_per_minute: int | None = REQUESTS_PER_MINUTE,
    quirks: Quirks | None = None,
    oauth_client: Client = CLIENT,
    time_zone: str = "America/Chicago",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BrightpearlSandbox:
    """A sandbox with books made from a number, with given documents, or (neither) empty but for its lists.

    Whoever changes the books of a full one by hand says so by `store.changed()`.
    """
    quirks = quirks or Quirks()
    store = Store(ZoneInfo(time_zone), clock)
    furnish(store)
    if documents is not None:
        keep(store, documents)
    elif seed is not None:
        fill(store, seed, SIZES[size])
        # A large account answers thousands of searches; a small one makes each anew, whoever changed its books.
        store.remembered = {} if size == "full" else None
    access = Access(clock, rotates=quirks.are_refresh_tokens_rotated, client=oauth_client)
    throttle = Throttle(requests_per_minute, clock)
    inner = App(store, access, throttle, quirks)
    app = Shell(
        inner,
        grants=access.grants,
        bodies=TROUBLES,
        throttled=inner.throttled,
        settings={"limits": throttle.limit, "foreign": throttle.share},
    )
    return BrightpearlSandbox(app, store, access)
