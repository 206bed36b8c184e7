"""The steps of a connect: form, consent, trial, choice of company, done. Each may be repeated, none half done.

Nothing is an account before it has worked: the token is spent and the account written in one transaction. What
is on its way stands in the link token's row, where every step moves it by compare-and-set, so that of two
browsers, two tabs or two presses of one button one counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from app.connect.ending import Ending, again, leads_elsewhere
from app.connect.gathered import Gathered, opened, sealed
from app.connect.known import Known, texts
from app.connect.links import hash_of
from app.connect.offers import Offer
from app.connect.outcomes import Consent, Go, Outcome, Refill, Visit, told, wrong
from app.connect.screens import Continue
from app.connect.store import LinkTokenStore
from app.connect.trial import Trials
from app.connections.oauth import OAuthCalls, TokenCall, authorization_url
from app.connections.vault import Vault
from app.errors import Problem
from providers.kit.errors import ProviderError
from providers.kit.provider import ContextError, OAuthClient, Way


class Flow:
    """Takes each step. What it needs is handed in; it keeps nothing between two calls."""

    def __init__(
        self,
        *,
        links: LinkTokenStore,
        known: Known,
        ending: Ending,
        trials: Trials,
        calls: OAuthCalls,
        vault: Vault,
        callback_url: Callable[[str], str],
    ) -> None:
        self._links = links
        self._known = known
        self.ending = ending
        self._trials = trials
        self._calls = calls
        self._vault = vault
        self.callback_url = callback_url

    async def submit(self, visit: Visit, offer: Offer, way: Way, posted: Mapping[str, str]) -> Outcome:
        """The form was sent: on to consent, or straight to the trial."""
        fields = {field.name for field in offer.fields(way)}
        fixed = texts(await self._known.context_given(visit.link))
        values = {name: text for name in fields if (text := posted.get(name, "").strip())}
        form = {**offer.provider.tidy(values), **{name: fixed[name] for name in fixed if name in fields}}
        gathered = Gathered(
            integration=offer.provider.slug, way=way.slug, mode=visit.mode, origin=visit.origin, form=form
        )
        try:
            if way.is_oauth:
                return await self._to_consent(visit, offer, gathered)
            context = await self._known.whole(visit.link, form)
            return await self.ending.tried(visit, offer, replace_context(gathered, context))
        except ContextError as error:
            shown = [field.name for field in offer.fields(way) if not field.secret]
            kept = {name: form[name] for name in shown if name in form}
            return Refill(offer, way, kept, error.field, error.message)
        except (ProviderError, Problem) as error:
            return wrong(visit, offer, error)

    async def _to_consent(self, visit: Visit, offer: Offer, gathered: Gathered) -> Outcome:
        oauth = offer.provider.oauth
        assert oauth is not None  # noqa: S101 - only a provider with OAuth has a way that is
        company = await self._known.company_kept(visit.link)
        settings = oauth.read_form({**gathered.form, **company})
        account = await self._known.account_of(visit.link)
        if account is not None and leads_elsewhere(offer, account, {**account.settings, **settings}):
            return told(visit, offer, "other_books")
        await self._trials.probe(offer.provider, settings, allow_private=visit.allow_private)
        state, browser, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        call = TokenCall(
            oauth=oauth,
            client=client_for(offer, gathered.form),
            settings=settings,
            allow_private=visit.allow_private,
        )
        url = authorization_url(
            call, redirect_uri=self.callback_url(offer.provider.slug), state=state, verifier=verifier
        )
        begun = {
            "step": "consent",
            "integration": offer.provider.slug,
            "state_hash": hash_of(state),
            "browser_hash": hash_of(browser),
            "gathered": await sealed(self._vault, visit.link, msgspec.structs.replace(gathered, verifier=verifier)),
        }
        if not await self._links.move(visit.link, begun):
            return Go("")  # Another tab was quicker.
        return Consent(Continue(name=offer.provider.name, url=url), state, browser)

    async def came_back(
        self, visit: Visit, offer: Offer | None, state: str, browser: str, answer: Mapping[str, str]
    ) -> Outcome:
        """The browser is back from the provider, with a code or a refusal.

        The state has to be the row's, and the browser the one that left: a callback that somebody else began, or
        one that was seen before, moves nothing.
        """
        link = visit.link
        gathered = await opened(self._vault, link)
        is_ours = (
            link.step == "consent"
            and link.state_hash is not None
            and link.browser_hash is not None
            and secrets.compare_digest(link.state_hash, hash_of(state))
            and secrets.compare_digest(link.browser_hash, hash_of(browser))
        )
        if not is_ours or gathered is None or offer is None or offer.provider.slug != link.integration:
            return Go("")
        # Whatever comes of it, this state is used up: moving on is what makes the code good for one exchange.
        spent = {"step": "start", "state_hash": None, "browser_hash": None}
        if not await self._links.move(link, spent):
            return Go("")
        link = await again(self._links, link)
        visit = replace(visit, link=link)
        code = answer.get("code")
        if not code:
            is_denied = answer.get("error") == "access_denied"
            return told(visit, offer, "denied" if is_denied else "refused")
        try:
            context = await self._exchanged(visit, offer, gathered, code)
        except (ProviderError, Problem) as error:
            return wrong(visit, offer, error)
        return await self.ending.tried_or_wrong(visit, offer, replace_context(gathered, context))

    async def _exchanged(self, visit: Visit, offer: Offer, gathered: Gathered, code: str) -> dict[str, Any]:
        oauth = offer.provider.oauth
        assert oauth is not None  # noqa: S101 - the flow began with it
        client = client_for(offer, gathered.form)
        company = await self._known.company_kept(visit.link)
        settings = oauth.read_form({**gathered.form, **company})
        call = TokenCall(oauth=oauth, client=client, settings=settings, allow_private=visit.allow_private)
        tokens = await self._calls.exchange(
            call,
            code=code,
            redirect_uri=self.callback_url(offer.provider.slug),
            verifier=gathered.verifier,
        )
        given = oauth.context({**gathered.form, **company}, client, tokens)
        return await self._known.whole(visit.link, given)

    async def resume(self, visit: Visit, offer: Offer) -> Outcome:
        """Credentials are here already: a page that was reloaded, or a gateway that died, goes on from them."""
        gathered = await opened(self._vault, visit.link)
        if gathered is None:
            return Go("")
        return await self.ending.tried_or_wrong(visit, offer, gathered)


def client_for(offer: Offer, form: Mapping[str, str]) -> OAuthClient:
    """The client that asks: the environment's own, or the one that the customer named."""
    if offer.client is not None:
        return offer.client
    if "client_id" not in form:
        raise ContextError("client_id", "is required")
    return OAuthClient(client_id=form["client_id"], client_secret=form.get("client_secret"))


def replace_context(gathered: Gathered, context: Mapping[str, Any]) -> Gathered:
    """With the credentials that are here now; the form that led to them is no longer needed."""
    return msgspec.structs.replace(gathered, context=dict(context), form={}, verifier="")
