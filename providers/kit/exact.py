"""Numbers as the provider wrote them: decimals that can be written back digit by digit, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

import msgspec

_SIX_PLACES = Decimal("0.000000")


class Inexact(ValueError):
    """NaN, an infinity, or a number that only an exponent can write."""


def exact(number: Decimal | None) -> Decimal | None:
    """The number itself, where plain digits can say it; raises `Inexact` otherwise.

    Providers send NaN and exponents when their books are broken; such a number must be reported,
    not passed on. A zero with many places (`0E-9` to Python) is still a plain zero.
    """
    if number is None:
        return None
    written = str(number)
    if "E" not in written and number.is_finite():
        return number
    if number.is_zero():
        return number.quantize(_SIX_PLACES)
    raise Inexact


def find_inexact(record: object, path: str = "") -> str | None:
    """The path, in the provider's names, of the first number in a wire record that is not exact."""
    if isinstance(record, Decimal):
        try:
            exact(record)
        except Inexact:
            return path
        return None
    for name, value in _members(record):
        found = find_inexact(value, f"{path}.{name}" if path else name)
        if found is not None:
            return found
    return None


@runtime_checkable
class Nested(Protocol):
    """A record that was put together from several, and tells its parts as the provider names them."""

    def named_parts(self) -> Sequence[tuple[str, Any]]:
        """The parts by name; the name of the record itself is empty."""


def _members(record: object) -> Sequence[tuple[str, Any]]:
    if isinstance(record, Nested):
        return record.named_parts()
    if isinstance(record, msgspec.Struct):
        fields = msgspec.structs.fields(record)
        return [(field.encode_name, getattr(record, field.name)) for field in fields]
    if isinstance(record, Mapping):
        return [(str(name), value) for name, value in record.items()]
    if isinstance(record, (list, tuple)):
        return [(str(index), value) for index, value in enumerate(record)]
    return []
