"""The parts of connecting, put together."""

from __future__ import annotations

from dataclasses import dataclass

from app.connect.brands import Brands
from app.connect.ending import Ending
from app.connect.flow import Flow
from app.connect.known import Known
from app.connect.links import RECONNECT_LIFETIME, Links
from app.connect.offers import Offers
from app.connect.store import LinkTokenStore
from app.connect.trial import Trials
from app.connections.connections import Connections
from app.connections.keys import KeyRing
from app.connections.oauth import OAuthCalls
from app.connections.store import AccountStore
from app.connections.vault import Vault
from app.cursors import Cursors
from app.db.engine import Database
from app.environments.integrations import EnvironmentIntegrations
from app.environments.store import EnvironmentStore
from app.upstream.sender import Upstream
from providers.kit.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Connecting:
    """What the hosted page and its routes need."""

    links: Links
    known: Known
    flow: Flow
    brands: Brands


def connecting(
    *,
    database: Database,
    accounts: AccountStore,
    environments: EnvironmentStore,
    integrations: EnvironmentIntegrations,
    connections: Connections,
    vault: Vault,
    ring: KeyRing,
    upstream: Upstream,
    calls: OAuthCalls,
    public_url: str,
    clock: Clock,
) -> Connecting:
    """All of it."""
    store = LinkTokenStore(database)
    known = Known(accounts, Offers(integrations), vault)
    trials = Trials(upstream, clock)
    ending = Ending(links=store, known=known, trials=trials, connections=connections, vault=vault, clock=clock)
    seals = Cursors(ring, "reconnect", RECONNECT_LIFETIME)
    return Connecting(
        links=Links(store, accounts, vault, seals, public_url, clock),
        known=known,
        flow=Flow(
            links=store,
            known=known,
            ending=ending,
            trials=trials,
            calls=calls,
            vault=vault,
            public_url=public_url,
        ),
        brands=Brands(environments, upstream, clock),
    )
