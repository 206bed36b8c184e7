"""The cookie that a browser takes to the provider's consent, so that only the one that left can come back."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.api.link.shown import Shown
from app.connect.outcomes import Consent

PREFIX = "lw_"
PATH = "/connect"
LASTS_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Returning:
    """A browser that is back: the link it left from, and the secret that it was given."""

    state: str
    token: str
    browser: str

    def forgotten_by(self, answer: Response, *, is_secure: bool) -> Response:
        """The answer, which ends the cookie."""
        answer.delete_cookie(_name(self.state), path=PATH, secure=is_secure, httponly=True, samesite="lax")
        return answer


def left_with(shown: Shown, consent: Consent, *, is_secure: bool) -> Response:
    """The page that leads to the provider, with the cookie of this one consent."""
    answer = shown.screen(consent.screen)
    answer.set_cookie(
        _name(consent.state),
        f"{shown.visit.token}.{consent.browser}",
        max_age=LASTS_SECONDS,
        path=PATH,
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def returning(request: Request) -> Returning | None:
    """Who is back, by the state in the address; None where this browser has never left with it."""
    state = request.query_params.get("state", "")
    token, _, browser = request.cookies.get(_name(state), "").partition(".")
    return Returning(state, token, browser) if state and token and browser else None


def tokens_of(request: Request) -> set[str]:
    """The links that this browser has left from, and not come back to."""
    return {value.partition(".")[0] for name, value in request.cookies.items() if name.startswith(PREFIX)}


def _name(state: str) -> str:
    # Several tabs may be on their way at once.
    return f"{PREFIX}{state[:12]}" if state[:12].isascii() else PREFIX
