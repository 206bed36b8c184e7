"""Walks every field of every model and part, as a reader of the OpenAPI meets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from unified_models.base import Part
from unified_models.catalogue import MODELS


def structs() -> list[type[Part]]:
    """Every model, and every part that one is made of."""
    found: dict[str, type[Part]] = {}
    waiting: list[type[Part]] = list(MODELS.values())
    while waiting:
        struct = waiting.pop()
        if struct.__name__ not in found:
            found[struct.__name__] = struct
            waiting += [part for hint in get_type_hints(struct).values() for part in parts_of(hint)]
    return [found[name] for name in sorted(found)]


def parts_of(hint: Any) -> Iterator[type[Part]]:
    """The parts inside a type, however they are wrapped."""
    if isinstance(hint, type) and issubclass(hint, Part):
        yield hint
    for inner in get_args(hint):
        yield from parts_of(inner)


def paths(model: type[Part], prefix: str = "") -> Iterator[str]:
    """The field paths of a model, dotted into its parts; `remote_data` is the provider's, not ours."""
    for name, hint in get_type_hints(model).items():
        if name == "remote_data" or name not in model.__struct_fields__:
            continue
        yield f"{prefix}{name}"
        for part in parts_of(hint):
            yield from paths(part, f"{prefix}{name}.")


def meta_of(struct: type[Part], name: str) -> msgspec.Meta | None:
    """What is said of a field beside its type."""
    hint = get_type_hints(struct, include_extras=True)[name]
    if get_origin(hint) is not Annotated:
        return None
    return next((each for each in get_args(hint)[1:] if isinstance(each, msgspec.Meta)), None)
