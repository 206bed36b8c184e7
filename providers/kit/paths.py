"""A provider's paths as templates: what a call asked for, without the ids of anybody's records."""

from __future__ import annotations

from collections.abc import Iterable

UNKNOWN = "{path}"


def template_of(path: str, templates: Iterable[str]) -> str:
    """The first template that the path (below the API root, without its query) fits; `{…}` is any one segment."""
    segments = path.partition("?")[0].strip("/").split("/")
    return next((template for template in templates if _fits(segments, template.split("/"))), UNKNOWN)


def _fits(segments: list[str], template: list[str]) -> bool:
    return len(segments) == len(template) and all(
        part.startswith("{") or part == segment for segment, part in zip(segments, template, strict=True)
    )
