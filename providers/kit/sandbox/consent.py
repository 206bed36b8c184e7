"""The pages of a sandbox that a person sees: may this app, who are you, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_STYLE = """
  :root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 30rem; padding: 1.5rem 1rem; }
  form { display: inline-block; margin: 0.5rem 0.5rem 0 0; }
  button { font: inherit; padding: 0.6rem 1.2rem; min-height: 44px; }
"""

Fields = Iterable[tuple[str, str]]


def page(title: str, inside: str) -> str:
    """A whole page."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def headers(framed_by: str) -> dict[str, str]:
    """What goes with a page: real consent is not shown inside other sites' frames, and neither is this."""
    return {"X-Frame-Options": framed_by, "Cache-Control": "no-store"}


def text(words: str) -> str:
    """A paragraph."""
    return f"<p>{escape(words)}</p>"


def points(words: Iterable[str]) -> str:
    """A list."""
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in words) + "</ul>"


def button(label: str, action: str, fields: Fields, *, method: str = "post") -> str:
    """A form of one button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields
    )
    return (
        f'<form method="{method}" action="{escape(action)}">{hidden}'
        f'<button type="submit" id="{escape(label.lower())}">{escape(label)}</button></form>'
    )
