"""The parts of a running gateway, put together once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from app.background import Background
from app.calls.store import CallLog
from app.connect.assembly import Connecting, connecting
from app.connections.accounts import Accounts
from app.connections.connections import Connections
from app.connections.key_register import KeyRegister
from app.connections.key_service import KeptKeys, KeyService, KeyServices
from app.connections.keys import KeyRing, key_ring
from app.connections.lease_store import LeaseStore
from app.connections.oauth import OAuthCalls
from app.connections.opening import AccountOpener
from app.connections.recovery import Recovery
from app.connections.refresh import TokenKeeper
from app.connections.renewal import Renewals
from app.connections.store import AccountStore
from app.connections.vault import Vault
from app.console.sessions import Sessions
from app.console.store import ConsoleStore
from app.db.engine import Database, origin
from app.db.news import Changed, News, listen
from app.environments.integrations import EnvironmentIntegrations
from app.environments.store import EnvironmentStore
from app.events.courier import Courier
from app.events.deliveries import Deliveries
from app.events.outbox import Outbox
from app.events.reading import EventLog
from app.events.webhooks import Webhooks
from app.freshness import Freshness
from app.quota.pacer import Pacer
from app.settings import Settings
from app.starting import NotStarted
from app.tokens.store import TokenStore
from app.tokens.tokens import Tokens
from app.tracing import Tracing, tracing
from app.upstream.guard import AllowedHosts
from app.upstream.sender import Upstream
from app.usage.report import Usage
from app.usage.store import UsageStore
from app.vitals import Vitals
from providers.kit.clock import Clock

if TYPE_CHECKING:
    from app.quota.shared.link import Link

WRITE_LOG_SECONDS = 0.5
WRITE_USAGE_SECONDS = 0.5
LOOK_FOR_CHANGES_SECONDS = 1.0
WRITE_USES_SECONDS = 15.0
DELIVER_SECONDS = 0.9
PRUNE_SECONDS = 3600.0
EXPIRE_SECONDS = 60.0
SETTLE_RENEWALS_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 60.0
SHRED_SECONDS = 5.0
READ_VITALS_SECONDS = 5.0
COUNT_BACKLOG_SECONDS = 15.0
BEAT_SECONDS = 0.5


@dataclass(slots=True, kw_only=True)
class Parts:
    """Everything that is made at start and closed at the end."""

    settings: Settings
    clock: Clock
    database: Database
    ring: KeyRing
    register: KeyRegister
    vault: Vault
    opener: AccountOpener
    upstream: Upstream
    pacer: Pacer
    environments: EnvironmentStore
    integrations: EnvironmentIntegrations
    tokens: Tokens
    token_store: TokenStore
    accounts: Accounts
    account_store: AccountStore
    connections: Connections
    keeper: TokenKeeper
    recovery: Recovery
    calls: CallLog
    usage: Usage
    connect: Connecting
    events: EventLog
    webhooks: Webhooks
    deliveries: Deliveries
    courier: Courier
    console: Sessions
    freshness: Freshness
    background: Background
    is_leaving: bool = False
    vitals: Vitals = field(init=False)
    tracing: Tracing | None = None
    to_deliver: asyncio.Event = field(default_factory=asyncio.Event)

    def start_background(self) -> None:
        """Begin the work that no caller waits for."""
        self.vitals = vitals = Vitals(self)
        self.database.hear = self._hear
        if self.database.carries_news:
            self.background.run(listen(self.database.engine, self._hear, self.notice_changes))
        for seconds, work in (
            (READ_VITALS_SECONDS, vitals.read),
            (COUNT_BACKLOG_SECONDS, vitals.count_backlog),
            (WRITE_LOG_SECONDS, self.calls.write),
            (WRITE_USAGE_SECONDS, self.usage.spendings.write),
            (LOOK_FOR_CHANGES_SECONDS, self.notice_changes),
            (WRITE_USES_SECONDS, self.tokens.write_uses),
            (PRUNE_SECONDS, self.calls.prune),
            (PRUNE_SECONDS, self.usage.spendings.prune),
            (PRUNE_SECONDS, self.connect.links.prune),
            (EXPIRE_SECONDS, self.accounts.expire),
            (PRUNE_SECONDS, self.courier.prune),
            (PRUNE_SECONDS, self.console.prune),
            (SHRED_SECONDS, self.database.shred),
            (BEAT_SECONDS, self.pacer.beat),
        ):
            self.background.repeat(seconds, work)
        self.background.repeat(DELIVER_SECONDS, self.courier.deliver, bell=self.to_deliver)
        # What a process has left behind is taken up when the next one starts.
        self.background.repeat(SETTLE_RENEWALS_SECONDS, self.recovery.settle_renewals, at_once=True)
        self.background.repeat(KEEP_ALIVE_SECONDS, self.recovery.keep_alive, at_once=True)

    async def notice_changes(self) -> None:
        """Forget what is kept in memory if there was a change that this process was not told of."""
        await self.freshness.look()

    def _hear(self, news: News) -> None:
        if isinstance(news, Changed):
            self.freshness.hear(news)
        else:
            self.to_deliver.set()

    async def close(self) -> None:
        """Stop the background, write what waits, close every connection."""
        await self.background.close()
        origin.set("background")
        await self.courier.close()
        await self.recovery.close()
        await self.keeper.close()
        await self.calls.close()
        await self.usage.spendings.write()
        await self.tokens.write_uses()
        await self.pacer.close()
        await self.upstream.close()
        if self.tracing is not None:
            await self.tracing.close()
        await self.register.close()
        try:
            await self.database.shred()
        finally:
            await self.database.close()


async def build_parts(settings: Settings, clock: Clock, *, check_keys: bool = True) -> Parts:
    """Make the parts, and bring the database up to date. Needs a running loop.

    `KeyProblem` where the keys are not those of this store, unless it is the keys that are looked into.
    """
    if settings.is_embedded:
        settings.var_dir.mkdir(parents=True, exist_ok=True)
    traced = tracing(settings, clock)
    ring = key_ring(settings)
    try:
        database = Database(settings.database)
    except ModuleNotFoundError as error:
        raise NotStarted(f"this database needs {error.name}: install ledgerway[postgres]") from error
    try:
        await database.migrate()
    except BaseException:
        await database.close()
        raise
    register = KeyRegister(database, _key_service(settings, ring), ring, clock)
    if check_keys:
        await _checked(register, database)
    parts = _parts(settings, clock, ring, database, register)
    parts.tracing = traced
    return parts


def _parts(settings: Settings, clock: Clock, ring: KeyRing, database: Database, register: KeyRegister) -> Parts:
    vault = Vault(KeptKeys(register, clock) if settings.key_service else register)
    upstream = Upstream(AllowedHosts(settings.private_hosts))
    pacer = Pacer(clock, _redis(settings, clock))
    token_store = TokenStore(database)
    tokens = Tokens(token_store, clock)
    account_store = AccountStore(database)
    integrations = EnvironmentIntegrations(database, vault, clock)
    opener = AccountOpener(account_store, vault, register, clock)
    calls = OAuthCalls(upstream)
    leases = LeaseStore(database)
    renewals = Renewals(account_store, leases, vault, opener, calls, integrations.client, clock)
    keeper = TokenKeeper(account_store, leases, opener, renewals, clock)
    usage = Usage(UsageStore(database), pacer, clock)
    connections = Connections(account_store, opener, upstream, keeper, clock, pacer, usage.spendings)
    environments = EnvironmentStore(database)
    connect = connecting(
        database=database,
        accounts=account_store,
        environments=environments,
        integrations=integrations,
        connections=connections,
        vault=vault,
        ring=ring,
        upstream=upstream,
        pacer=pacer,
        calls=calls,
        public_url=settings.public_url,
        clock=clock,
    )
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        ring=ring,
        register=register,
        vault=vault,
        opener=opener,
        upstream=upstream,
        pacer=pacer,
        environments=environments,
        integrations=integrations,
        tokens=tokens,
        token_store=token_store,
        accounts=Accounts(account_store, vault, opener, connections, clock),
        account_store=account_store,
        connections=connections,
        connect=connect,
        keeper=keeper,
        recovery=Recovery(account_store, leases, renewals, keeper, clock),
        calls=CallLog(database, clock, timedelta(days=settings.log_retention_days)),
        usage=usage,
        **_telling(settings, clock, database, Webhooks(database, vault, upstream, clock), connect, upstream),
        console=Sessions(ConsoleStore(database), tokens, settings.public_url, clock),
        freshness=Freshness(token_store, tokens, connections),
        background=Background(clock),
    )


class _Telling(TypedDict):
    """The parts that tell of what happens to accounts."""

    events: EventLog
    webhooks: Webhooks
    deliveries: Deliveries
    courier: Courier


def _telling(
    settings: Settings, clock: Clock, database: Database, webhooks: Webhooks, links: Connecting, upstream: Upstream
) -> _Telling:
    kept = timedelta(days=settings.event_retention_days)
    events = EventLog(database, clock, kept, links.links.reconnect_url)
    return {
        "events": events,
        "webhooks": webhooks,
        "deliveries": Deliveries(database, clock),
        "courier": Courier(Outbox(database), events, webhooks, upstream, clock),
    }


async def _checked(register: KeyRegister, database: Database) -> None:
    try:
        await register.check()
    except BaseException:
        await register.close()
        await database.close()
        raise


def _redis(settings: Settings, clock: Clock) -> Link | None:
    if settings.redis_url is None:
        return None
    from app.quota.shared.link import Link  # noqa: PLC0415

    return Link(settings.redis_url.get_secret_value(), clock)


def _key_service(settings: Settings, ring: KeyRing) -> KeyService:
    """What wraps and opens data keys. The ring stays for what it has wrapped, and for cursors."""
    if not settings.key_service:
        return ring
    # It brings an HTTP client of its own, which a gateway with the ring alone need not hold.
    from app.connections.transit import transit  # noqa: PLC0415

    service = transit(settings, settings.key_service)
    return KeyServices((ring, service) if settings.key_service_only_opens else (service, ring))
