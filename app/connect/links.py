"""Link tokens: made for one tenant or one account, opened by whoever holds them, good for one connect."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from app.connect.store import LinkToken, LinkTokenStore
from app.connections.store import AccountStore, IntegratedAccount
from app.connections.vault import Place, Vault
from app.cursors import Cursors
from app.db.sealed import sealed_and_kept
from app.db.tables import link_token
from app.errors import InvalidCursor
from providers.kit.clock import Clock

LIFETIME = timedelta(hours=1)
RECONNECT_LIFETIME = timedelta(days=2)
KEPT_AFTER_EXPIRY = timedelta(days=7)
TEXT_SIZE_MAX = 1_000
PREFIX = "lwl_"
RECONNECT_PREFIX = "lwr_"
_SCOPE = ("reconnect",)


class BadLink(Exception):
    """A link that leads nowhere (any more)."""

    def __init__(self, kind: Literal["unknown", "expired", "used"], link: LinkToken | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.link = link


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """What an invitation is made of. `account_id` makes it the re-connect of that account."""

    tenant_id: str
    account_id: str | None = None
    integrations: Sequence[str] | None = None
    redirect_uri: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    keeps_context: bool = False
    lasts: timedelta = LIFETIME


class Links:
    """The invitations of all environments."""

    def __init__(
        self,
        store: LinkTokenStore,
        accounts: AccountStore,
        vault: Vault,
        seals: Cursors,
        public_url: str,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._vault = vault
        self._seals = seals
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def url(self, token: str) -> str:
        """Where the customer goes."""
        return f"{self._public_url}/link/{token}"

    def callback_url(self, slug: str) -> str:
        """Where a provider sends the browser back to; registered with the provider, letter by letter."""
        return f"{self._public_url}/connect/{slug}/callback"

    async def create(self, environment_id: str, new: NewLink) -> tuple[str, datetime]:
        """A link token, shown once, and when it expires."""
        token = f"{PREFIX}{secrets.token_urlsafe(32)}"
        expires_at = self._clock.now() + new.lasts
        await self._add(environment_id, token, new, expires_at)
        return token, expires_at

    def reconnect_url(self, environment_id: str, account_id: str, loss: str) -> str:
        """Where the customer of a lost account goes. Sealed rather than stored: it is told with every refusal.

        `loss` tells one loss of the account from another: each has an address of its own, spent by one connect.
        """
        # The same for an hour, so that what is told twice is one address.
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        sealed = self._seals.seal(json.dumps([environment_id, account_id, loss]), _SCOPE, hour)
        return self.url(f"{RECONNECT_PREFIX}{sealed}")

    def reconnect_url_of(self, account: IntegratedAccount) -> str | None:
        """The address for an account that needs its customer; None for one that does not."""
        if account.status in ("active", "connecting"):
            return None
        return self.reconnect_url(account.environment_id, account.id, str(account.version))

    async def open(self, token: str) -> LinkToken:
        """The invitation, spent or not. Raises `BadLink` for one that is unknown or has expired."""
        found = await self._store.by_hash(hash_of(token)) if len(token) <= TEXT_SIZE_MAX else None
        if found is None and token.startswith(RECONNECT_PREFIX):
            found = await self._first_use(token)
        if found is None:
            raise BadLink("unknown")
        if found.spent_at is None and self._clock.now() >= found.expires_at:
            raise BadLink("expired", found)
        return found

    async def begun_with(self, state: str) -> LinkToken | None:
        """The invitation whose consent was begun with that state, wherever its browser is."""
        return await self._store.by_state(hash_of(state))

    async def _first_use(self, token: str) -> LinkToken | None:
        """The row of a sealed address, made when it is first opened."""
        now = self._clock.now()
        try:
            position = self._seals.open(token.removeprefix(RECONNECT_PREFIX), _SCOPE, now)
        except InvalidCursor:
            return None
        environment_id, account_id, _ = json.loads(position)
        account = await self._accounts.find(environment_id, account_id)
        # It was for one loss of the account: after a connect by any other way there is nothing to do.
        if account is None or account.status in ("active", "connecting"):
            return None
        new = NewLink(tenant_id=account.tenant_id, account_id=account.id, keeps_context=True)
        await self._add(environment_id, token, new, now + RECONNECT_LIFETIME)
        return await self._store.by_hash(hash_of(token))

    async def _add(self, environment_id: str, token: str, new: NewLink, expires_at: datetime) -> None:
        await sealed_and_kept(lambda: self._written(environment_id, token, new, expires_at))

    async def _written(self, environment_id: str, token: str, new: NewLink, expires_at: datetime) -> None:
        place = Place(environment_id, str(uuid.uuid4()), link_token.name)
        key = await self._vault.new_key(place)
        await self._store.add(
            {
                "id": place.row_id,
                "environment_id": environment_id,
                "token_hash": hash_of(token),
                "tenant_id": new.tenant_id,
                "account_id": new.account_id,
                "integrations": list(new.integrations) if new.integrations is not None else None,
                "redirect_uri": new.redirect_uri,
                "keeps_context": new.keeps_context,
                "key_id": key.key_id,
                "wrapped_key": key.wrapped,
                "given": await self._vault.seal({"context": json.dumps(dict(new.context))}, key, place, "given"),
                "gathered": None,
                "step": "start",
                "version": 1,
                "expires_at": expires_at,
                "created_at": self._clock.now(),
            }
        )

    async def prune(self) -> None:
        """Forget those that expired long ago; called now and then by the background."""
        await self._store.prune(self._clock.now() - KEPT_AFTER_EXPIRY)


def hash_of(token: str) -> bytes:
    """A token, state or browser secret as it is stored: each holds 256 random bits, so a fast hash is safe."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
