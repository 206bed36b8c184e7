"""What a field is measured in, said beside its description; both end up in the OpenAPI."""

from __future__ import annotations

from msgspec import Meta


def _unit(unit: str, description: str) -> Meta:
    return Meta(description=description, extra_json_schema={"x-unit": unit})


def money(description: str) -> Meta:
    """An amount of money, in the currency that the description names, with the provider's own digits."""
    return _unit("money", description)


def rate(description: str) -> Meta:
    """A ratio: an exchange rate, or a percentage where the description says so."""
    return _unit("rate", description)


def count(description: str) -> Meta:
    """A quantity of things, or a number of days or places."""
    return _unit("count", description)


def date(description: str) -> Meta:
    """A calendar date, `YYYY-MM-DD`, in the books' own calendar; never shifted by a time zone."""
    return _unit("date", description)


def instant(description: str) -> Meta:
    """A moment, in UTC, ISO 8601 with `Z`."""
    return _unit("instant", description)


def text(description: str) -> Meta:
    """Words, codes, identifiers, and the values of an enum."""
    return _unit("text", description)


def flag(description: str) -> Meta:
    """True or false; null where the provider does not tell."""
    return _unit("flag", description)


def parts(description: str) -> Meta:
    """An object or a list, whose own fields say their units."""
    return _unit("parts", description)
