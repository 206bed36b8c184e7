"""Opens connections and keeps them at hand, so that a warm call needs no query."""

from __future__ import annotations

from cachetools import LRUCache

from app.connections.connection import Connection, Credentials
from app.connections.opening import AccountOpener
from app.connections.references import KeptReferences
from app.connections.refresh import OnTrial, TokenKeeper
from app.connections.store import AccountStore, IntegratedAccount
from app.errors import Internal, NotFound
from app.quota.pacer import Pacer
from app.tokens.tokens import Caller
from app.upstream.health import Health, Healths, alone
from app.upstream.sender import Upstream
from app.usage.spendings import Spendings
from providers.kit.clock import Clock
from providers.kit.registry import all_providers

OPEN_MAX = 20_000


class Connections:
    """The accounts in use, opened. `clear` forgets them when something changed anywhere."""

    def __init__(
        self,
        store: AccountStore,
        opener: AccountOpener,
        upstream: Upstream,
        keeper: TokenKeeper,
        clock: Clock,
        pacer: Pacer,
        spendings: Spendings,
    ) -> None:
        self._store = store
        self._opener = opener
        self._upstream = upstream
        self._clock = clock
        self._keeper = keeper
        self._healths = Healths(clock)
        self._pacer = pacer
        self._spendings = spendings
        self._open: LRUCache[tuple[str, str], Connection] = LRUCache(OPEN_MAX)
        # These outlive a re-opening: what was learnt is not lost by it.
        self._shared: LRUCache[str, tuple[KeptReferences, Health]] = LRUCache(OPEN_MAX)
        self._forgotten = 0

    async def open(self, caller: Caller, account_id: str) -> Connection:
        """The account's connection, from memory where it is there.

        Raises `NotFound`, also for another environment's account. Whether it may be used, `check_ready` says.
        """
        found = self._open.get((caller.environment_id, account_id))
        if found is None:
            forgotten = self._forgotten
            account = await self._store.find(caller.environment_id, account_id)
            if account is None:
                raise NotFound("there is no such account")
            found = await self.connect(account, allow_private=caller.allow_private_hosts)
            # What was read before something was forgotten may be old, and is not kept.
            if forgotten == self._forgotten:
                self._open[caller.environment_id, account_id] = found
        return found

    async def connect(
        self, account: IntegratedAccount, *, allow_private: bool, is_trial: bool = False
    ) -> Connection:
        """A connection for the account as it is. On trial, refused credentials do not change its status.

        A trial also asks a provider that is left alone: whoever had it made wants to know.
        """
        provider = all_providers().get(account.integration)
        if provider is None:
            raise Internal(f"this gateway has no integration {account.integration}")
        if account.id not in self._shared:
            health = self._healths.of_account(provider.slug, provider.base_url(account.settings))
            self._shared[account.id] = KeptReferences(self._clock), health
        references, health = self._shared[account.id]
        credentials: Credentials = OnTrial(self._keeper) if is_trial else self._keeper
        connection = Connection(
            provider=provider,
            allow_private=allow_private,
            pace=self._pacer.pace(account.id, account.environment_id, provider),
            references=KeptReferences(self._clock) if is_trial else references,
            health=alone(provider.slug, self._clock) if is_trial else health,
            upstream=self._upstream,
            clock=self._clock,
            credentials=credentials,
            spending=await self._spendings.open(account),
        )
        connection.adopt(*await self._opener.open(account))
        return connection

    def rest_seconds(self, account_id: str) -> float:
        """For how long this process leaves the account's provider alone yet."""
        shared = self._shared.get(account_id)
        return shared[1].rest_seconds if shared is not None else 0.0

    def clear(self) -> None:
        """Forget what is open; the next call of each account reads its row again."""
        self._forgotten += 1
        self._open.clear()

    def reopen(self, environment_id: str, account_id: str) -> None:
        """Forget what is open of one account; its next call reads its row again."""
        self._forgotten += 1
        self._open.pop((environment_id, account_id), None)

    def forget(self, account_id: str) -> None:
        """Forget all that was learnt of one account: it was changed or deleted here."""
        self._forgotten += 1
        for key in [key for key in self._open if key[1] == account_id]:
            del self._open[key]
        self._shared.pop(account_id, None)
