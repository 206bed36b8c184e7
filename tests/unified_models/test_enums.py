"""Every enum is one table in `unified_models`, shown in the OpenAPI, and kept to by every provider."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import unified_models
from app.main import control_app
from providers.kit.provider import Provider
from providers.kit.registry import all_providers
from tests.unified_models.fields import structs
from unified_models.attachment import AttachmentParent
from unified_models.catalogue import MODELS

ROWS = [
    pytest.param(provider, segment, id=f"{provider.slug} {segment}")
    for provider in all_providers().values()
    for segment in provider.resources
]


def _modules() -> Iterator[Any]:
    for found in pkgutil.iter_modules(unified_models.__path__):
        yield importlib.import_module(f"unified_models.{found.name}")


def _tables() -> dict[str, tuple[str, ...]]:
    """The named enums: `InvoiceStatus` → its values."""
    return {
        name: get_args(value)
        for module in _modules()
        for name, value in vars(module).items()
        if get_origin(value) is Literal
    }


def _enum_of(hint: Any) -> tuple[str, ...] | None:
    return next((get_args(kind) for kind in (hint, *get_args(hint)) if get_origin(kind) is Literal), None)


def _fields() -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (struct.__name__, name, values)
        for struct in structs()
        for name, hint in get_type_hints(struct).items()
        if (values := _enum_of(hint)) is not None
    ]


def test_the_enums_are_found() -> None:
    assert {"ContactType", "ContactStatus", "InvoiceType", "InvoiceStatus", "ItemStatus", "OrderStatus"} <= set(
        _tables()
    )


@pytest.mark.parametrize("name", _tables())
def test_each_enum_is_the_type_of_some_field(name: str) -> None:
    assert _tables()[name] in {values for _, _, values in _fields()}


@pytest.mark.parametrize(("struct", "field", "values"), _fields(), ids=lambda value: str(value)[:40])
def test_an_enums_values_are_shown_in_the_openapi(struct: str, field: str, values: tuple[str, ...]) -> None:
    schema = control_app().openapi()["components"]["schemas"][struct]["properties"][field]

    shown = [value for each in (schema, *schema.get("anyOf", ())) for value in each.get("enum", ())]

    assert {value for value in shown if value is not None} == set(values)


@pytest.mark.parametrize("path", sorted(Path(unified_models.__path__[0]).glob("*.py")), ids=lambda path: path.stem)
def test_no_enum_is_written_inside_a_field(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    inside = [
        node.lineno
        for struct in ast.walk(tree)
        if isinstance(struct, ast.ClassDef)
        for node in ast.walk(struct)
        if isinstance(node, ast.Name) and node.id == "Literal"
    ]

    assert not inside


@pytest.mark.parametrize(("provider", "segment"), ROWS)
def test_a_filter_offers_no_value_that_the_field_cannot_hold(provider: Provider, segment: str) -> None:
    hints = get_type_hints(MODELS[segment])
    hints["parent[type]"] = get_type_hints(AttachmentParent)["type"]
    # Truto's own name of the filter on `type`.
    spelled = {"contact_type": "type"}

    for name, rule in provider.resources[segment].list_rules.filters.items():
        enum = _enum_of(hints[name] if name in hints else hints.get(spelled.get(name, name)))
        if rule.values:
            assert enum is not None, name
            assert set(rule.values) <= set(enum), name


def _mapping_tables(provider: Provider) -> Iterator[tuple[str, Mapping[str, Any]]]:
    package = importlib.import_module(f"providers.{provider.slug}.mappers")
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, Mapping):
                yield f"{found.name}.{name}", value


@pytest.mark.parametrize("provider", all_providers().values(), ids=all_providers())
def test_a_mappers_tables_lead_only_to_values_of_one_enum(provider: Provider) -> None:
    enums = [set(values) for values in _tables().values()]
    tables = dict(_mapping_tables(provider))

    assert tables
    for name, table in tables.items():
        values = {value for value in table.values() if isinstance(value, str)}
        assert not values or any(values <= enum for enum in enums), name
