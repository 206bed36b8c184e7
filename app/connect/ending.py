"""The end of a connect: credentials are tried by real calls, a company is chosen, the account is written."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from app.connect.gathered import Gathered, opened, sealed
from app.connect.known import Known
from app.connect.offers import Offer
from app.connect.outcomes import Go, Outcome, Visit, told, wrong
from app.connect.screens import ALL_COMPANIES, Companies
from app.connect.store import LinkToken, LinkTokenStore
from app.connect.trial import Trials
from app.connections.connections import Connections
from app.connections.shown import findings_of
from app.connections.store import IntegratedAccount
from app.connections.vault import Place, Vault
from app.db.sealed import sealed_and_kept
from app.errors import Problem
from providers.kit.clock import Clock
from providers.kit.errors import ProviderError
from providers.kit.provider import Context, ContextError, Inspection


class Ending:
    """From credentials to an account."""

    def __init__(
        self,
        *,
        links: LinkTokenStore,
        known: Known,
        trials: Trials,
        connections: Connections,
        vault: Vault,
        clock: Clock,
    ) -> None:
        self._links = links
        self._known = known
        self._trials = trials
        self._connections = connections
        self._vault = vault
        self._clock = clock

    async def tried_or_wrong(self, visit: Visit, offer: Offer, gathered: Gathered) -> Outcome:
        try:
            return await self.tried(visit, offer, gathered)
        except ContextError:
            return told(visit, offer, "internal")
        except (ProviderError, Problem) as error:
            if not getattr(error, "retryable", False):
                # These will not work the next time either: the customer begins anew.
                await self._links.move(await again(self._links, visit.link), {"step": "start", "gathered": None})
            return wrong(visit, offer, error)

    async def tried(self, visit: Visit, offer: Offer, gathered: Gathered) -> Outcome:
        """Try the credentials by real calls; then the company is chosen, or all is done."""
        provider = offer.provider
        context = provider.read_context(gathered.context, self._clock.now())
        account = await self._known.account_of(visit.link)
        if account is not None and leads_elsewhere(offer, account, context.settings):
            return told(visit, offer, "other_books")
        if gathered.context.get("oauth") and visit.link.step != "approved":
            # A code is good once: its tokens are kept before anything else can go wrong.
            kept = await sealed(self._vault, visit.link, gathered)
            if not await self._links.move(
                visit.link, {"step": "approved", "integration": provider.slug, "gathered": kept}
            ):
                return Go("")
            visit = replace(visit, link=await again(self._links, visit.link))
        found = await self._trials.inspect(provider, context, allow_private=visit.allow_private)
        learnt = msgspec.structs.replace(gathered, settings=dict(found.settings), findings=findings_of(found))
        if self._has_to_choose(context, found, account):
            kept = await sealed(self._vault, visit.link, learnt)
            moved = await self._links.move(
                visit.link, {"step": "choice", "integration": provider.slug, "gathered": kept}
            )
            return Go("company" if moved else "")
        return await self._finished(visit, offer, learnt, context)

    @staticmethod
    def _has_to_choose(context: Context, found: Inspection, account: IntegratedAccount | None) -> bool:
        return account is None and "company" not in context.settings and len(found.companies) > 1

    async def choices(self, visit: Visit, offer: Offer, action: str) -> Companies | None:
        """The companies to choose from, if that is where the customer stands."""
        gathered = await opened(self._vault, visit.link)
        if gathered is None or visit.link.step != "choice":
            return None
        companies = tuple((company["id"], company["name"]) for company in gathered.findings["companies"])
        return Companies(
            integration_name=offer.provider.name, action=action, companies=companies, allows_all=True, hidden=()
        )

    async def choose(self, visit: Visit, offer: Offer, company: str) -> Outcome:
        """A company was chosen, or all of them."""
        gathered = await opened(self._vault, visit.link)
        if gathered is None or visit.link.step != "choice":
            return Go("")
        known = {found["id"]: found for found in gathered.findings["companies"]}
        if company != ALL_COMPANIES and company not in known:
            return Go("company")
        given = dict(gathered.context)
        findings = dict(gathered.findings)
        if company != ALL_COMPANIES:
            given["company"] = company
            findings["base_currency"] = known[company]["currency"]
        try:
            context = offer.provider.read_context(given, self._clock.now())
        except ContextError:
            return told(visit, offer, "internal")
        chosen = msgspec.structs.replace(
            gathered,
            context=given,
            settings={**gathered.settings, **({} if company == ALL_COMPANIES else {"company": company})},
            findings=findings,
        )
        return await self._finished(visit, offer, chosen, context)

    async def _finished(self, visit: Visit, offer: Offer, gathered: Gathered, context: Context) -> Outcome:
        """Spend the token and write the account, both or neither."""
        return await sealed_and_kept(lambda: self._written(visit, offer, gathered, context))

    async def _written(self, visit: Visit, offer: Offer, gathered: Gathered, context: Context) -> Outcome:
        link = visit.link
        account = await self._known.account_of(link)
        if link.account_id is not None and account is None:
            return told(visit, offer, "unknown")
        place = Place(link.environment_id, account.id if account is not None else str(uuid.uuid4()))
        key = await self._vault.new_key(place)
        now = self._clock.now()
        values: dict[str, Any] = {
            "status": "active",
            "status_reason": None,
            "reason_code": None,
            "settings": {**context.settings, **gathered.settings},
            "findings": gathered.findings,
            # A key of its own for what is new: what the old one sealed is gone with it.
            "key_id": key.key_id,
            "wrapped_key": key.wrapped,
            "secrets": await self._vault.seal(context.secrets, key, place),
            "previous_secrets": None,
            "token_expires_at": context.expires_at,
            "renewed_at": now if context.secrets.get("refresh_token") else None,
            "refresh_owner": None,
            "refresh_until": None,
            "refresh_started_at": None,
        }
        if account is None:
            made = {
                **values,
                "id": place.row_id,
                "environment_id": link.environment_id,
                "tenant_id": link.tenant_id,
                "integration": offer.provider.slug,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            }
            done = await self._links.finish_new(link, made, now)
        else:
            done = await self._links.finish_again(link, account, values, now)
        self._connections.forget(place.row_id)
        return Go("done" if done else "")


async def again(links: LinkTokenStore, link: LinkToken) -> LinkToken:
    """The link as it stands now."""
    found = await links.by_hash(link.token_hash)
    return found if found is not None else link


def leads_elsewhere(offer: Offer, account: IntegratedAccount, settings: Mapping[str, Any]) -> bool:
    """Whether these settings lead to other books than the account's."""
    books_of = offer.provider.books_of
    return books_of(account.settings) != books_of(settings)
