"""A provider: its address, its credentials, how its errors read, and its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from providers.kit.client import Client, ReadError
from providers.kit.limits import Limits
from providers.kit.resource import AnyResource
from providers.kit.tidy import stripped
from providers.kit.upstream import Headers

Settings = Mapping[str, Any]
"""What is not secret of a connection: addresses, account codes, company, time zone."""
Secrets = Mapping[str, str]
"""What is: keys and tokens. Sealed at rest, only ever handed to `sign` and to the token calls."""


_OAUTH_SECRETS = ("access_token", "refresh_token", "client_id", "client_secret")

REDIRECT_MISMATCH = "redirect_uri_mismatch"
"""The `provider_code` of a code that was asked for at another address than the app has registered."""


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
    example: str | None = None


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

    def as_context(self) -> dict[str, Any]:
        """The `oauth` of an import's context."""
        told = {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": self.expires_in_seconds,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """An app registered with the provider. `settings` holds what else it has there (a developer reference)."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """The provider's authorization-code flow. `form` is what the customer gave, `settings` a connected account's.

    `read_form` checks a form before it leads to consent, as `Provider.read_context` checks a whole context.
    `read_tokens` (status, body) raises `Unauthorised`, its `provider_code` OAuth's own error name, when the
    provider says that only the customer or the app's owner can help, and any other `ProviderError` for an outage.
    `context` makes of form, client and tokens what an import would have given.
    """

    read_form: Callable[[Mapping[str, Any]], Settings]
    authorize_url: Callable[[Settings, OAuthClient], str]
    token_url: Callable[[Settings, OAuthClient], str]
    read_tokens: Callable[[int, bytes], NewTokens]
    context: Callable[[Mapping[str, Any], OAuthClient, NewTokens], Mapping[str, Any]]
    client_id_of: Callable[[Settings], str | None] = lambda _: None
    """The client's id where an account's settings name it."""
    scope: str | None = None
    takes_pkce: bool = False
    renewed_within_days: float = 7.0
    """How often an account that nobody calls is renewed: a refresh token that is not used for long may die."""
    client_fields: tuple[ConnectField, ...] = ()
    """What an environment's own client has beside id and secret; the `settings` of `OAuthClient`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to connect: what the hosted form asks, in order, and how a customer gets it.

    With `is_oauth` the form is followed by the provider's consent. `client_fields` name an OAuth client of the
    customer's own site, which they are asked for, and shown `client_steps`, unless the environment has one; the
    latter may hold `{callback_url}`.
    """

    slug: str
    label: str
    fields: tuple[ConnectField, ...]
    steps: tuple[str, ...] = ()
    is_oauth: bool = False
    client_fields: tuple[ConnectField, ...] = ()
    client_steps: tuple[str, ...] = ()

    def asked(self, *, has_client: bool) -> tuple[tuple[ConnectField, ...], tuple[str, ...]]:
        """The fields to show and the steps to them; `has_client`: the environment has an OAuth client."""
        if has_client:
            return self.fields, self.steps
        return self.fields + self.client_fields, self.client_steps + self.steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One of the companies whose books the account holds."""

    id: str
    name: str
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What real calls found out of an account. `settings` are laid over the account's own.

    `missing` says, of each unified resource whose list these credentials are refused, what they lack; `limited` the
    same of lists that come without a part. Of the `unknown` ones it could not be learnt. Resources that
    `custom_fields` leaves out have told nothing of theirs.
    """

    settings: Settings = field(default_factory=dict)
    user: str | None = None
    time_zone: str | None = None
    base_currency: str | None = None
    companies: tuple[Company, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    limited: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    custom_fields: Mapping[str, tuple[str, ...]] | None = None


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
    """Who are we? One quick call; raises `Unauthorised` where the credentials are refused."""
    inspect: Callable[[Client], Awaitable[Inspection]]
    """All that is found out at connect; raises as `check` does where the credentials are no good at all."""
    books_of: Callable[[Settings], str]
    """Whose books the settings lead to: a re-connect that leads to others is refused."""
    ways: tuple[Way, ...]
    resources: Mapping[str, AnyResource]
    limits: Limits = field(default_factory=Limits)
    paths: tuple[str, ...] = ()
    """Its paths below the API root as templates, those with the fewest `{…}` first: all that is told of a call."""
    oauth: OAuth | None = None
    tidy: Callable[[Mapping[str, str]], Mapping[str, str]] = stripped
    """What a person gave in the hosted form, as they meant it; an import's context is taken to the letter."""
    probe: Callable[[Client], Awaitable[None]] | None = None
    """Whether an address that a customer typed is a site of the provider's; without credentials."""
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
