"""A stateful look-alike of ERPNext 15, for tests, proofs and the demo: measured behaviour, made-up books."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from providers.erpnext.sandbox.access import (
    API_KEY,
    API_SECRET,
    CLIENT,
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT_URI,
    Access,
)
from providers.erpnext.sandbox.app import TROUBLES, App
from providers.erpnext.sandbox.balances import Balance, trial_balance
from providers.erpnext.sandbox.ledger import rename
from providers.erpnext.sandbox.rate_limit import RateLimit
from providers.erpnext.sandbox.rights import Rights
from providers.erpnext.sandbox.seed import CUSTOM, fill
from providers.erpnext.sandbox.store import Store
from providers.kit.sandbox.grants import Client
from providers.kit.sandbox.shell import Shell

__all__ = [
    "API_KEY",
    "API_SECRET",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REDIRECT_URI",
    "Client",
    "ErpnextSandbox",
    "Rights",
    "client",
    "context",
    "create_sandbox",
]


def context(url: str) -> dict[str, str]:
    """What an account of the sandbox at that address is connected with."""
    return {"site_url": url, "api_key": API_KEY, "api_secret": API_SECRET}


def client(url: str) -> dict[str, object]:
    """The OAuth client that the sandbox knows, as an environment's settings take it."""
    del url  # Each site has its own endpoints.
    return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "settings": {}}


@dataclass(frozen=True, slots=True)
class ErpnextSandbox:
    """The ASGI app, its books, and the credentials it knows."""

    app: Shell
    store: Store
    access: Access

    @property
    def calls(self) -> list[tuple[str, str, str]]:
        """Method, raw path and raw query of every call since the last reset."""
        return self.app.calls

    def trial_balance(self, company: str) -> dict[tuple[str, str], Balance]:
        """The sandbox's own truth: each account's debits and credits, by account and its currency."""
        return trial_balance(self.store, company)


def create_sandbox(
    *,
    seed: int | None = 1,
    size: str = "small",
    documents: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    custom: Mapping[str, Sequence[str]] = CUSTOM,
    unreadable: Collection[str] = (),
    rights: Rights | None = None,
    oauth_client: Client = CLIENT,
    time_zone: str = "Asia/Kolkata",
    user_time_zone: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ErpnextSandbox:
    """A sandbox with books made from a number, with given documents, or (neither) empty.

    The books are `small`, for tests, or `full`. The sandbox's one user may have another time zone than the site,
    and may not read the DocTypes that are `unreadable`, or what else its `rights` keep back.
    """
    store = Store(ZoneInfo(time_zone), clock)
    if documents is not None:
        for doctype, rows in documents.items():
            for row in rows:
                store.add(doctype, row)
    elif seed is not None:
        fill(store, seed, size)
    rights = rights or Rights()
    access = Access(clock, replace(rights, unreadable=rights.unreadable | set(unreadable)), oauth_client)
    inner = App(store, access, custom, user_time_zone)
    limited = RateLimit(inner, clock)
    app = Shell(
        limited,
        grants=access.grants,
        bodies=TROUBLES,
        throttled=limited.throttled,
        settings={"limits": limited.limit},
        more={"rename": lambda: rename(store), "message": inner.say},
    )
    return ErpnextSandbox(app, store, access)
