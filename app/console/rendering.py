"""How a screen of the console becomes a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from markupsafe import Markup, escape

from app.console import words
from app.pages.headers import page_headers
from app.pages.templates import templates_of

if TYPE_CHECKING:
    from jinja2 import Environment

Section = Literal["overview", "calls", "accounts", "capabilities"]

_CODE = re.compile("`([^`]+)`")
_WORDS = (
    "account_state",
    "ago",
    "clock_time",
    "count",
    "moment",
    "resource_name",
    "share",
    "span",
    "stamp",
    "tone",
)


class Screen(Protocol):
    """What a page shows; its template is named after it."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is around a screen. Without an environment nobody is signed in, and there is nothing to choose from."""

    environment_name: str | None = None
    csrf: str = ""
    section: Section | None = None


@cache
def _templates() -> Environment:
    templates = templates_of("app.console")
    templates.filters.update({name: getattr(words, name) for name in _WORDS}, marked=_marked)
    return templates


def _marked(text: str) -> Markup:
    """Words in which `code` is marked as it is in a document."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - it was escaped before


def render(screen: Screen, frame: Frame) -> bytes:
    """The whole page."""
    return _templates().get_template(screen.template).render(screen=screen, frame=frame).encode()


def render_rows(template: str, **values: Any) -> bytes:
    """A piece of a page, for a script to put in its place."""
    return _templates().get_template(template).render(**values).encode()


def headers() -> dict[str, str]:
    """What a page of the console may do: nothing beyond itself, and nobody may frame it."""
    return dict(page_headers())
