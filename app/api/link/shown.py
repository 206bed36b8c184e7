"""A visit of the hosted page: whose link it is, how it is shown, and its screens as answers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from app.connect.brands import House
from app.connect.failures import failure
from app.connect.outcomes import Visit
from app.connect.screens import Failure, Frame, Mode, Screen, render, security_headers
from app.connect.store import LinkToken
from app.connect.words import FailureKind

STATUS = {"unknown": 404, "expired": 410, "used": 410}
"""Of a link that leads nowhere."""
_MODES = ("page", "popup", "iframe", "redirect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A visit, and whose it is."""

    visit: Visit
    house: House

    @property
    def query(self) -> str:
        """What every address of the page carries on."""
        told = {"mode": self.visit.mode, "origin": self.visit.origin}
        kept = {name: value for name, value in told.items() if value is not None and value != "page"}
        return f"?{urlencode(kept)}" if kept else ""

    def to(self, path: str = "") -> str:
        """A page of this link."""
        return f"{self.visit.base}{'/' if path else ''}{path}{self.query}"

    def go(self, path: str) -> Response:
        """On to another page of this link."""
        return RedirectResponse(self.to(path), 303, headers={"cache-control": "no-store"})

    def screen(self, screen: Screen, status: int = 200) -> Response:
        """The screen, as the environment looks."""
        visit, house = self.visit, self.house
        if isinstance(screen, Failure) and visit.mode == "redirect" and visit.link.redirect_uri is not None:
            # The host page was left: whoever does not try again goes back to it, and it learns why.
            back = with_query(visit.link.redirect_uri, error_type=screen.error_type or "connection_error")
            screen = replace(screen, return_url=back)
        logo = f"{visit.base}/logo" if house.brand.get("logo_url") else None
        return _rendered(screen, _frame(house, visit.mode, visit.origin, visit.base, logo), status)

    def as_it_left(self, mode: str, origin: str | None) -> Shown:
        """The visit as it was when the browser left; what a frame opened is a window of its own."""
        known, checked = mode_and_origin({"mode": mode, "origin": origin or ""}, self.house)
        if known == "iframe":
            known, checked = "popup", None
        return replace(self, visit=replace(self.visit, mode=known, origin=checked))


def bare(
    kind: FailureKind,
    house: House | None,
    status: int,
    mode: Mode = "page",
    origin: str | None = None,
    button: tuple[str, str] | None = None,
) -> Response:
    """The screen of a failure that belongs to no link that is good."""
    if origin is not None:
        button = None  # The host page is around it: what leads back is the button that closes the page.
    return _rendered(failure(kind, None, button), _frame(house, mode, origin, "/link/-", None), status)


def way_back(
    link: LinkToken | None, house: House | None, error_type: str = "invalid_token"
) -> tuple[str, str] | None:
    """Where a customer whose link leads nowhere came from, as far as it is known."""
    if link is None or house is None:
        return None
    url = with_query(link.redirect_uri, error_type=error_type) if link.redirect_uri else None
    url = url or next(iter(house.origins), None)
    return (f"Back to {house.brand.get('name') or 'where you came from'}", url) if url else None


def mode_and_origin(query: Mapping[str, str], house: House | None) -> tuple[Mode, str | None]:
    """How the page is shown. A host page that the environment does not name gets an ordinary page, and no word."""
    mode = query.get("mode", "page")
    origin = query.get("origin")
    if mode not in _MODES:
        mode = "page"
    if mode == "popup" and not origin:
        return "popup", None  # A window that a frame of ours opened: it closes itself, and tells nobody.
    if mode in ("popup", "iframe") and (house is None or origin not in house.origins):
        return "page", None
    return cast(Mode, mode), origin if mode in ("popup", "iframe") else None


def in_this_mode(screen: Failure, query: str) -> Failure:
    """The way out of a failure, in the mode that the page is shown in."""
    if screen.button is None:
        return screen
    label, url = screen.button
    return replace(screen, button=(label, f"{url}{query}"))


def with_query(url: str, **more: str) -> str:
    """The address with more in its query."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(more)}"


def _frame(house: House | None, mode: Mode, origin: str | None, base: str, logo: str | None) -> Frame:
    brand = house.brand if house is not None else {}
    return Frame(
        brand_name=brand.get("name"),
        logo_src=logo,
        colour=brand.get("colour"),
        mode=mode,
        origin=origin,
        base=base,
        nonce=secrets.token_urlsafe(16),
    )


def _rendered(screen: Screen, frame: Frame, status: int) -> Response:
    ancestors = (frame.origin,) if frame.origin is not None else ()
    return Response(render(screen, frame), status, headers=dict(security_headers(frame, ancestors)))
