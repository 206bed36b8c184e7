"""The hosted connect page over HTTP: `/link/{token}…`, `/connect/{slug}/callback`, and the files they need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.link import files
from app.api.link.cookies import left_with, returning, tokens_of
from app.api.link.forms import filled, sentence
from app.api.link.shown import STATUS, Shown, bare, in_this_mode, mode_and_origin, way_back, with_query
from app.api.link.state import told_state
from app.connect.failures import failure
from app.connect.gathered import opened
from app.connect.links import BadLink
from app.connect.offers import Offer
from app.connect.outcomes import Go, Outcome, Refill, Visit, told
from app.connect.screens import Choice, Choose, Continue, Done, Failure, Form, Waiting
from app.logs import get_logger
from app.pages.forms import is_from_our_own_page, posted
from app.parts import Parts
from providers.kit.provider import Way
from providers.kit.registry import all_providers

log = get_logger()

SEEN_AGAIN_SECONDS = 600.0
"""How long a page that follows another window still finds what came of it."""


class LinkPages:
    """Answers the customer's browser."""

    def __init__(self, parts: Parts) -> None:
        self._links = parts.connect.links
        self._flow = parts.connect.flow
        self._known = parts.connect.known
        self._brands = parts.connect.brands
        self._vault = parts.vault
        self._is_secure = parts.settings.public_url.startswith("https://")
        self._clock = parts.clock

    def app(self) -> Starlette:
        """The routes."""
        pages: list[tuple[str, str, Callable[[Shown, Request], Awaitable[Response]]]] = [
            ("GET", "/link/{token}", self._start),
            ("GET", "/link/{token}/done", self._done),
            ("GET", "/link/{token}/company", self._company),
            ("POST", "/link/{token}/company", self._choose),
            ("GET", "/link/{token}/waiting", self._waiting),
            ("GET", "/link/{token}/logo", self._logo),
            ("GET", "/link/{token}/{slug}", self._form),
            ("POST", "/link/{token}/{slug}", self._submit),
        ]
        state = Route("/link/{token}/state", self._state, methods=["GET"])
        callback = Route("/connect/{slug}/callback", self._came_back, methods=["GET"])
        rest = [Route(path, self._shown(page), methods=[method]) for method, path, page in pages]
        return Starlette(routes=[*files.routes(), state, callback, *rest])

    def _shown(
        self, page: Callable[[Shown, Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The page of a link that is good; every other link, and every failure of ours, has its own screen."""

        async def answer(request: Request) -> Response:
            if request.method == "POST" and not is_from_our_own_page(request):
                return bare("consent_lost", None, 403)
            try:
                shown = await self._visit(request.path_params["token"], request.query_params)
                return await page(shown, request)
            except BadLink as bad:
                house = await self._brands.of(bad.link.environment_id) if bad.link is not None else None
                mode, origin = mode_and_origin(request.query_params, house)
                return bare(bad.kind, house, STATUS[bad.kind], mode, origin, way_back(bad.link, house))
            except Exception as error:
                log.exception("hosted page failed", kind=type(error).__name__)
                again = f"/link/{quote(request.path_params['token'], safe='')}?{urlencode(_asked(request))}"
                return bare("internal", None, 500, button=("Try again", again))

        return answer

    async def _visit(self, token: str, query: Mapping[str, str]) -> Shown:
        link = await self._links.open(token)
        house = await self._brands.of(link.environment_id)
        if house is None:
            raise BadLink("unknown")
        mode, origin = mode_and_origin(query, house)
        visit = Visit(link=link, token=token, mode=mode, origin=origin, allow_private=house.allow_private)
        return Shown(visit=visit, house=house)

    # The pages.

    async def _start(self, shown: Shown, request: Request) -> Response:
        link = shown.visit.link
        if link.spent_at is not None:
            # A window that follows another one finds here what came of it.
            age = (self._clock.now() - link.spent_at).total_seconds()
            if shown.visit.mode == "iframe" and age < SEEN_AGAIN_SECONDS:
                return shown.go("done")
            raise BadLink("used", link)
        offers = await self._known.offers_of(link)
        chosen = offers.get(link.integration or "")
        if link.step == "approved" and chosen is not None:
            return self._answer(shown, await self._flow.resume(shown.visit, chosen))
        if link.step == "choice" and chosen is not None:
            return shown.go("company")
        if not offers:
            return shown.screen(failure("not_offered", None, None), 404)
        only = request.query_params.get("integrations")
        if only is not None:
            offers = {slug: offer for slug, offer in offers.items() if slug in only.split(",")} or offers
        asked = request.query_params.get("integration")
        if asked is not None and asked not in offers:
            return shown.screen(failure("not_offered", None, None), 404)
        if asked is not None or len(offers) == 1:
            return await self._form_of(shown, offers[asked or next(iter(offers))], request, len(offers) > 1)
        choices = tuple(
            Choice(slug=slug, name=offer.provider.name, url=shown.to(slug)) for slug, offer in offers.items()
        )
        return shown.screen(Choose(integrations=choices))

    async def _form(self, shown: Shown, request: Request) -> Response:
        _expect_unspent(shown)
        offers = await self._known.offers_of(shown.visit.link)
        offer = offers.get(request.path_params["slug"])
        if offer is None:
            return shown.screen(failure("not_offered", None, ("Back", shown.to())), 404)
        return await self._form_of(shown, offer, request, len(offers) > 1)

    async def _form_of(self, shown: Shown, offer: Offer, request: Request, has_others: bool) -> Response:
        way = offer.way(request.query_params.get("way"))
        if way is None:
            return shown.go(offer.provider.slug)
        has_others = has_others and "no_back" not in request.query_params
        known = await self._known.known_values(shown.visit.link)
        return shown.screen(self._filled(shown, offer, way, known, {}, has_others))

    def _filled(
        self,
        shown: Shown,
        offer: Offer,
        way: Way,
        values: Mapping[str, str],
        errors: Mapping[str, str],
        has_others: bool,
    ) -> Form:
        callback_url = self._flow.callback_url(offer.provider.slug)
        return filled(shown, offer, way, values, errors, has_others=has_others, callback_url=callback_url)

    async def _submit(self, shown: Shown, request: Request) -> Response:
        _expect_unspent(shown)
        offers = await self._known.offers_of(shown.visit.link)
        offer = offers.get(request.path_params["slug"])
        way = offer.way(request.query_params.get("way")) if offer is not None else None
        if offer is None or way is None:
            return shown.screen(failure("not_offered", None, ("Back", shown.to())), 404)
        form = await posted(request)
        if form is None:
            return shown.go(offer.provider.slug)
        outcome = await self._flow.submit(shown.visit, offer, way, form)
        return self._answer(shown, outcome, has_others=len(offers) > 1)

    async def _company(self, shown: Shown, _: Request) -> Response:
        _expect_unspent(shown)
        offers = await self._known.offers_of(shown.visit.link)
        offer = offers.get(shown.visit.link.integration or "")
        screen = (
            await self._flow.ending.choices(shown.visit, offer, shown.to("company")) if offer is not None else None
        )
        return shown.screen(screen) if screen is not None else shown.go("")

    async def _choose(self, shown: Shown, request: Request) -> Response:
        _expect_unspent(shown)
        offers = await self._known.offers_of(shown.visit.link)
        offer = offers.get(shown.visit.link.integration or "")
        form = await posted(request)
        if offer is None or form is None:
            return shown.go("")
        return self._answer(shown, await self._flow.ending.choose(shown.visit, offer, form.get("company", "")))

    async def _waiting(self, shown: Shown, _: Request) -> Response:
        provider = all_providers().get(shown.visit.link.integration or "")
        if provider is None or shown.visit.link.step != "consent":
            return shown.go("")
        return shown.screen(Waiting(integration_name=provider.name, retry_url=shown.to(provider.slug)))

    async def _done(self, shown: Shown, _: Request) -> Response:
        link = shown.visit.link
        account = await self._known.made_by(link)
        if link.spent_at is None or account is None:
            return shown.go("")
        result = {"integrated_account_id": account.id, "integration": account.integration}
        return_url = with_query(link.redirect_uri, **result) if link.redirect_uri else None
        if shown.visit.mode == "redirect" and return_url is not None:
            return shown.screen(Continue(name=None, url=return_url))
        missing = (account.findings or {}).get("missing_rights", {})
        return shown.screen(
            Done(
                integration_name=all_providers()[account.integration].name,
                integration=account.integration,
                account_id=account.id,
                tenant_words=None,
                return_url=return_url,
                missing=tuple(dict.fromkeys(missing.values())),
            ),
        )

    async def _logo(self, shown: Shown, _: Request) -> Response:
        logo = await self._brands.logo(shown.house)
        if logo is None:
            return Response(status_code=404)
        # A drawing may hold script, which must not run should somebody open the picture by itself.
        headers = {
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "x-content-type-options": "nosniff",
            "cache-control": "private, max-age=600",
        }
        return Response(logo.content, media_type=logo.kind, headers=headers)

    async def _state(self, request: Request) -> Response:
        return await told_state(self._links, self._known, self._brands, request)

    async def _came_back(self, request: Request) -> Response:
        """The browser comes back from the provider, with the cookie that it left with."""
        found = returning(request)
        if found is None and "error" in request.query_params and "state" not in request.query_params:
            return await self._declined(request)
        if found is None:
            return await self._lost(request)

        async def page(shown: Shown, request: Request) -> Response:
            shown, offer = await self._as_it_left(shown, request)
            answer = dict(request.query_params)
            outcome = await self._flow.came_back(shown.visit, offer, found.state, found.browser, answer)
            return found.forgotten_by(self._answer(shown, outcome), is_secure=self._is_secure)

        request.path_params["token"] = found.token
        return await self._shown(page)(request)

    async def _lost(self, request: Request) -> Response:
        """A callback in a browser that never left: nothing moves, and only the way back to the host is told."""
        link = await self._links.begun_with(request.query_params.get("state", ""))
        house = await self._brands.of(link.environment_id) if link is not None else None
        return bare("consent_lost", house, 400, button=way_back(link, house, "connection_error"))

    async def _declined(self, request: Request) -> Response:
        """A refusal without the state, as ERPNext's page sends it: it is shown, and moves nothing."""
        left = tokens_of(request)

        async def page(shown: Shown, request: Request) -> Response:
            shown, offer = await self._as_it_left(shown, request)
            if offer is None:
                return bare("denied", shown.house, 200)
            return self._answer(shown, told(shown.visit, offer, "denied"))

        if len(left) != 1:
            return bare("denied", None, 200)
        request.path_params["token"] = left.pop()
        return await self._shown(page)(request)

    async def _as_it_left(self, shown: Shown, request: Request) -> tuple[Shown, Offer | None]:
        gathered = await opened(self._vault, shown.visit.link)
        if gathered is not None:
            shown = shown.as_it_left(gathered.mode, gathered.origin)
        offers = await self._known.offers_of(shown.visit.link)
        return shown, offers.get(request.path_params["slug"])

    # What becomes of an outcome.

    def _answer(self, shown: Shown, outcome: Outcome, *, has_others: bool = False) -> Response:
        if isinstance(outcome, Go):
            return shown.go(outcome.to)
        if isinstance(outcome, Failure):
            return shown.screen(in_this_mode(outcome, shown.query))
        if isinstance(outcome, Refill):
            errors = {outcome.field: sentence(outcome.message)}
            form = self._filled(shown, outcome.offer, outcome.way, outcome.values, errors, has_others)
            return shown.screen(form, 422)
        return left_with(shown, outcome, is_secure=self._is_secure)


def _expect_unspent(shown: Shown) -> None:
    if shown.visit.link.spent_at is not None:
        raise BadLink("used", shown.visit.link)


def _asked(request: Request) -> dict[str, str]:
    """How the page is to be shown, as its address says."""
    return {name: request.query_params[name] for name in ("mode", "origin") if name in request.query_params}
