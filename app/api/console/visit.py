"""A visit of the console: whose it is, what was sent, and screens as answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.console.rendering import Frame, Screen, Section, headers, render
from app.console.sessions import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A person who is signed in. `form` holds what a POST brought, already known to be of this session."""

    session: Session
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    def screen(self, screen: Screen, section: Section | None = None, status: int = 200) -> Response:
        """The screen in its frame."""
        frame = Frame(environment_name=self.session.environment_name, csrf=self.session.csrf, section=section)
        return Response(render(screen, frame), status, headers=headers())


def bare(screen: Screen, status: int = 200) -> Response:
    """A screen for somebody who is not signed in."""
    return Response(render(screen, Frame()), status, headers=headers())


def go(url: str) -> Response:
    """On to another page."""
    return RedirectResponse(url, 303, headers={"cache-control": "no-store"})


def is_navigation(request: Request) -> bool:
    """Whether the page is asked for by a person going there.

    What a script fetches is no page: one from elsewhere that runs on this origin, as `/docs` has, reads none.
    """
    return request.headers.get("sec-fetch-mode", "navigate") == "navigate"
