"""A provider: its address, its credentials, how its errors read, and its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from providers.kit.client import Client, ReadError
from providers.kit.resource import AnyResource
from providers.kit.upstream import Headers, Request

Settings = Mapping[str, Any]
"""What is not secret of a connection: addresses, account codes, company, time zone."""
Secrets = Mapping[str, str]
"""What is: keys and tokens. Sealed at rest, only ever handed to `sign` and `refresh`."""


_OAUTH_SECRETS = ("access_token", "refresh_token", "client_id", "client_secret")


class ContextError(ValueError):
    """An account's `context` that cannot be connected with; `field` is its dotted name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectField:
    """One thing a customer gives to connect; the hosted form and the import are made from these."""

    name: str
    label: str
    description: str
    secret: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """An account's checked `context`, parted into what may be shown and what may not."""

    settings: Settings
    secrets: Secrets = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokens:
    """What a token endpoint gave. `refresh_token` is None where the old one stays in use."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in_seconds: float | None = None
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """How OAuth tokens are renewed: the request to send, and how its answer reads.

    `read` raises `Unauthorised` when the provider says that only the customer can help, and any other
    `ProviderError` for an outage.
    """

    request: Callable[[Settings, Secrets], Request | None]
    read: Callable[[int, bytes], NewTokens]


RateModel = Literal["none", "wall_clock_minute", "server_seconds", "rolling_minute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the provider declares of its limits; None where it declares none."""

    model: RateModel = "none"
    calls_per_minute: int | None = None
    at_once_max: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """All that is known of one provider. Made once, in its package's `__init__`, as `provider`."""

    slug: str
    name: str
    connect_fields: tuple[ConnectField, ...]
    read_context: Callable[[Mapping[str, Any], datetime], Context]
    base_url: Callable[[Settings], str]
    sign: Callable[[Settings, Secrets], Headers]
    read_error: ReadError
    check: Callable[[Client], Awaitable[Settings]]
    resources: Mapping[str, AnyResource]
    limits: Limits = field(default_factory=Limits)
    refresh: Refresh | None = None
    headers: Headers = ()
    """What the gateway's own calls carry beside the credentials; a caller's through the proxy do not."""
    credential_headers: frozenset[bytes] = frozenset()
    """Lower-case names of every header the provider takes credentials in; callers may send none of them."""

    def merge_context(self, settings: Settings, secrets: Secrets, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """A context given later laid over the one in use; new credentials replace the old kind whole."""
        names = {field.name for field in self.connect_fields}
        kept = {name: value for name, value in settings.items() if name in names}
        if not any(field.secret and field.name in given for field in self.connect_fields):
            oauth = {name: secrets[name] for name in _OAUTH_SECRETS if name in secrets}
            kept |= {name: value for name, value in secrets.items() if name not in _OAUTH_SECRETS}
            if oauth:
                kept["oauth"] = oauth
        return {**kept, **given}

    def resource(self, path_segment: str) -> AnyResource | None:
        """The row for a unified resource, by its path segment."""
        return self.resources.get(path_segment)
