"""The screens around signing in, and those that say that something is not to be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

HOME = "/console"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Paste an API token. `next_url` is where the person was going, `error` what was wrong with the last try."""

    template: ClassVar[str] = "sign-in.html"

    next_url: str
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A one-time link, which is used up by a button: those who only look at links to preview them press none."""

    template: ClassVar[str] = "open-link.html"

    environment_name: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that cannot be shown or done: what, why, and the way on."""

    template: ClassVar[str] = "notice.html"

    title: str
    text: str
    button: tuple[str, str] | None = ("Go to the overview", HOME)
    command: str | None = None
    """What to run, where that is what helps."""
    request_id: str | None = None


LINK_COMMAND = "ledgerway console link --environment <id>"

LINK_WORDS = {
    "unknown": ("This link does not work", "It is not known here. It may have been cut short when it was copied."),
    "expired": ("This link has expired", "A link to the console works for 10 minutes."),
    "used": ("This link has been used", "A link to the console signs in once."),
}


def bad_link(kind: str) -> Notice:
    """A link that opens nothing (any more)."""
    title, text = LINK_WORDS[kind]
    button = ("Sign in with an API token", f"{HOME}/sign-in")
    return Notice(
        title=title, text=f"{text} Make a new one where the gateway runs:", button=button, command=LINK_COMMAND
    )


def way_on(wanted: str | None) -> str:
    """Where to go after signing in: a page of the console, whatever the address asked for."""
    if not wanted or not wanted.isascii() or not wanted.isprintable() or "\\" in wanted:
        return HOME
    parts = urlsplit(wanted)
    is_ours = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    # A path with dots in it could climb out of the console.
    if parts.scheme or parts.netloc or not is_ours or ".." in parts.path:
        return HOME
    return wanted
