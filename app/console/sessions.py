"""Who may use the console: a one-time link or an admin's token opens a session of one environment."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from app.console.store import ConsoleStore, Link, NewSession
from app.errors import Forbidden, Unauthenticated
from app.tokens.tokens import Caller, Tokens
from providers.kit.clock import Clock

LINK_LIFETIME = timedelta(minutes=10)
LINK_KEPT = timedelta(days=1)
"""For how long after its time a link can still say that it was used, or is too old."""
SESSION_LIFETIME = timedelta(hours=12)
PREFIX = "lwc_"
TEXT_SIZE_MAX = 200
_CSRF = b"ledgerway console form"


class BadLink(Exception):
    """A link that opens nothing (any more)."""

    def __init__(self, kind: Literal["unknown", "expired", "used"]) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser: the environment that it sees, and the secret in its cookie."""

    environment_id: str
    environment_name: str
    allow_private_hosts: bool
    token_id: str | None
    expires_at: datetime
    secret: str = field(repr=False)

    @property
    def csrf(self) -> str:
        """What every form of this session carries; it tells nothing of the secret."""
        return hmac.new(self.secret.encode(), _CSRF, hashlib.sha256).hexdigest()

    def has_sent(self, csrf: str) -> bool:
        """Whether a form is of this session."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))

    @property
    def caller(self) -> Caller:
        """As whom the session acts: an admin of its environment."""
        return Caller(
            environment_id=self.environment_id,
            token_id=self.token_id or "",
            scopes=frozenset({"admin"}),
            allow_private_hosts=self.allow_private_hosts,
            expires_at=self.expires_at,
        )


class Sessions:
    """Opens, finds and ends them. Each is looked up anew, so that what is revoked is over at once everywhere."""

    def __init__(self, store: ConsoleStore, tokens: Tokens, public_url: str, clock: Clock) -> None:
        self._store = store
        self._tokens = tokens
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    async def new_link(self, environment_id: str) -> tuple[str, datetime]:
        """An address that signs in once, and when it expires."""
        token = f"{PREFIX}{secrets.token_urlsafe(32)}"
        expires_at = self._clock.now() + LINK_LIFETIME
        await self._store.add_link(_hash(token), environment_id, expires_at)
        return f"{self._public_url}/console/link/{token}", expires_at

    async def link(self, token: str) -> Link:
        """The link, which is left as it is; `BadLink` for one that is not good."""
        found = await self._store.link(_hash(token)) if len(token) <= TEXT_SIZE_MAX else None
        if found is None:
            raise BadLink("unknown")
        if found.spent_at is not None:
            raise BadLink("used")
        if self._clock.now() >= found.expires_at:
            raise BadLink("expired")
        return found

    async def open_by_link(self, token: str) -> str:
        """Use the link up; the secret of a new session. `BadLink` for one that is not good."""
        found = await self.link(token)
        secret, opened = self._new(found.environment_id, None, None)
        if not await self._store.spend_link(_hash(token), self._clock.now(), opened):
            raise BadLink("used")
        return secret

    async def open_by_token(self, token: str) -> str:
        """The secret of a new session. `Unauthenticated` or `Forbidden` for a token that is not an admin's."""
        caller = await self._tokens.check(token)
        if "admin" not in caller.scopes:
            raise Forbidden("the console needs an API token with the scope admin")
        secret, opened = self._new(caller.environment_id, caller.token_id, caller.expires_at)
        if not await self._store.add_session(opened):
            # It was revoked, and this process has not noticed yet.
            raise Unauthenticated("the API token is not known here")
        return secret

    async def find(self, secret: str) -> Session | None:
        """The session of a cookie, if it is still good."""
        if not 0 < len(secret) <= TEXT_SIZE_MAX:
            return None
        found = await self._store.session(_hash(secret), self._clock.now())
        return Session(**found._mapping, secret=secret) if found is not None else None

    async def end(self, secret: str) -> None:
        """Sign out; what is no session is left alone."""
        if 0 < len(secret) <= TEXT_SIZE_MAX:
            await self._store.end_session(_hash(secret))

    async def prune(self) -> None:
        """Forget what is over; called now and then by the background."""
        now = self._clock.now()
        await self._store.prune(now - LINK_KEPT, now)

    def _new(
        self, environment_id: str, token_id: str | None, token_expires_at: datetime | None
    ) -> tuple[str, NewSession]:
        # Always a secret of its own: what a browser brought along is never adopted.
        secret = secrets.token_urlsafe(32)
        expires_at = self._clock.now() + SESSION_LIFETIME
        if token_expires_at is not None:
            expires_at = min(expires_at, token_expires_at)
        return secret, NewSession(
            secret_hash=_hash(secret),
            environment_id=environment_id,
            token_id=token_id,
            expires_at=expires_at,
        )


def _hash(secret: str) -> bytes:
    # Each holds 256 random bits, so a fast hash is safe.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
