"""The parts of connecting, put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from app.connect.brands import Brands
from app.connect.known import Known
from app.connect.links import RECONNECT_LIFETIME, Links
from app.connect.offers import Offers
from app.connect.store import LinkTokenStore
from app.connections.connections import Connections
from app.connections.keys import KeyRing
from app.connections.oauth import OAuthCalls
from app.connections.store import AccountStore
from app.connections.vault import Vault
from app.cursors import Cursors
from app.db.engine import Database
from app.environments.integrations import EnvironmentIntegrations
from app.environments.store import EnvironmentStore
from app.quota.pacer import Pacer
from app.upstream.sender import Upstream
from providers.kit.clock import Clock

if TYPE_CHECKING:
    from app.connect.flow import Flow


class Connecting:
    """What the hosted page and its routes need. The flow is made when somebody opens a page."""

    def __init__(self, links: Links, brands: Brands, known: Known, make_flow: Callable[[], Flow]) -> None:
        self.links = links
        self.brands = brands
        self.known = known
        self._make_flow = make_flow

    @cached_property
    def flow(self) -> Flow:
        """The steps of a connect."""
        return self._make_flow()


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
    pacer: Pacer,
    calls: OAuthCalls,
    public_url: str,
    clock: Clock,
) -> Connecting:
    """All of it."""
    store = LinkTokenStore(database)
    seals = Cursors(ring, "reconnect", RECONNECT_LIFETIME)
    links = Links(store, accounts, vault, seals, public_url, clock)
    known = Known(accounts, Offers(integrations), vault)

    def flow() -> Flow:
        # A gateway whose customers all are connected need not hold what shows a page.
        from app.connect.ending import Ending  # noqa: PLC0415
        from app.connect.flow import Flow  # noqa: PLC0415
        from app.connect.trial import Trials  # noqa: PLC0415

        trials = Trials(upstream, clock, pacer)
        return Flow(
            links=store,
            known=known,
            ending=Ending(
                links=store, known=known, trials=trials, connections=connections, vault=vault, clock=clock
            ),
            trials=trials,
            calls=calls,
            vault=vault,
            callback_url=links.callback_url,
        )

    return Connecting(links, Brands(environments, upstream, clock), known, flow)
