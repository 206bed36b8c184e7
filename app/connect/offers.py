"""What a customer can choose: the integrations of a link, the ways of each, and what its form asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.connect.store import LinkToken
from app.connections.store import IntegratedAccount
from app.environments.integrations import EnvironmentIntegrations
from providers.kit.provider import ConnectField, OAuthClient, Provider, Way
from providers.kit.registry import all_providers


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One integration as this environment offers it, by the ways that it can be connected here."""

    provider: Provider
    ways: Sequence[Way]
    client: OAuthClient | None

    def way(self, slug: str | None) -> Way | None:
        """The way of that name; the first one where none is named."""
        if slug is None:
            return self.ways[0]
        return next((way for way in self.ways if way.slug == slug), None)

    def fields(self, way: Way) -> Sequence[ConnectField]:
        """What the form asks: the client of the customer's own site only where the environment has none."""
        return way.asked(has_client=self.client is not None)[0]

    def steps(self, way: Way) -> Sequence[str]:
        """How a customer gets it."""
        return way.asked(has_client=self.client is not None)[1]


class Offers:
    """What each environment offers."""

    def __init__(self, integrations: EnvironmentIntegrations) -> None:
        self._integrations = integrations

    async def of(self, link: LinkToken, account: IntegratedAccount | None) -> Mapping[str, Offer]:
        """By slug; a re-connect offers the account's own integration alone."""
        put = {found.integration: found for found in await self._integrations.of(link.environment_id)}
        found: dict[str, Offer] = {}
        for slug, provider in all_providers().items():
            if account is not None and slug != account.integration:
                continue
            if link.integrations is not None and slug not in link.integrations:
                continue
            if slug in put and not put[slug].is_enabled:
                continue
            client = await self._integrations.client_of(put[slug]) if slug in put else None
            ways = [way for way in provider.ways if not way.is_oauth or way.client_fields or client is not None]
            if ways:
                found[slug] = Offer(provider=provider, ways=ways, client=client)
        return found
