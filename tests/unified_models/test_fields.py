"""Every field of every model says what it is, in what unit, and where each provider has it from."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import get_args, get_type_hints

import msgspec
import pytest

from app.capabilities import capabilities_of, field_paths
from providers.kit.provider import Provider
from providers.kit.registry import all_providers
from tests.unified_models.fields import meta_of, parts_of, paths, structs
from unified_models import units
from unified_models.base import Part
from unified_models.catalogue import MODELS

_EXPAND = re.compile(r"`expand=(\w+)`")
UNITS = {"money", "rate", "count", "date", "instant", "text", "flag", "parts"}
FIELDS = [
    pytest.param(struct, name, id=f"{struct.__name__}.{name}")
    for struct in structs()
    for name in struct.__struct_fields__
]
ROWS = [
    pytest.param(provider, segment, id=f"{provider.slug} {segment}")
    for provider in all_providers().values()
    for segment in provider.resources
]


def test_the_units_are_those_that_this_test_knows() -> None:
    made = {name for name, value in vars(units).items() if callable(value) and value.__module__ == units.__name__}

    assert made - {"_unit"} == UNITS


@pytest.mark.parametrize(("struct", "name"), FIELDS)
def test_a_field_has_a_description_and_a_unit(struct: type[Part], name: str) -> None:
    meta = meta_of(struct, name)

    assert meta is not None
    assert meta.description
    assert meta.description.endswith((".", ")"))
    assert (meta.extra_json_schema or {}).get("x-unit") in UNITS


@pytest.mark.parametrize(("struct", "name"), FIELDS)
def test_a_fields_unit_agrees_with_its_type(struct: type[Part], name: str) -> None:
    hint = get_type_hints(struct)[name]
    kinds = {kind for kind in (hint, *get_args(hint)) if isinstance(kind, type)} - {type(None), msgspec.UnsetType}
    meta = meta_of(struct, name)
    assert meta is not None
    unit = (meta.extra_json_schema or {})["x-unit"]

    wanted = {
        "money": {Decimal},
        "rate": {Decimal},
        "date": {date},
        "instant": {datetime},
        "flag": {bool},
    }
    if unit in wanted:
        assert kinds == wanted[unit]
    elif unit == "count":
        assert kinds <= {Decimal, int}
    elif unit == "text":
        assert not kinds & {Decimal, int, float, bool, date, datetime}
    else:
        assert name in ("remote_data", "custom_fields") or list(parts_of(hint)) or list in (get_args(hint), list)
    assert float not in kinds


@pytest.mark.parametrize("struct", structs(), ids=lambda struct: struct.__name__)
def test_a_record_cannot_be_changed_and_says_what_it_is(struct: type[Part]) -> None:
    assert struct.__struct_config__.frozen
    assert struct.__doc__


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_models_schema_says_each_fields_unit(model: type[Part]) -> None:
    schema = msgspec.json.schema(model)["$defs"][model.__name__]

    untold = [
        name for name, field in schema["properties"].items() if "x-unit" not in field or not field["description"]
    ]

    assert not untold


@pytest.mark.parametrize("segment", MODELS)
def test_only_what_must_be_asked_for_may_be_absent(segment: str) -> None:
    absent = {field.name for field in msgspec.structs.fields(MODELS[segment]) if field.default is msgspec.UNSET}
    said = {name: _EXPAND.findall(_description(segment, name)) for name in absent - {"remote_data"}}

    rows = [row for provider in all_providers().values() if (row := provider.resource(segment)) is not None]

    assert "remote_data" in absent
    assert all(len(options) == 1 for options in said.values())
    assert {option for options in said.values() for option in options} == {
        option for row in rows for option in row.expands
    }


def _description(segment: str, name: str) -> str:
    meta = meta_of(MODELS[segment], name)
    return (meta.description if meta else None) or ""


@pytest.mark.parametrize(("provider", "segment"), ROWS)
def test_a_row_names_a_source_for_exactly_the_fields_of_its_model(provider: Provider, segment: str) -> None:
    sources = provider.resources[segment].sources

    assert set(sources) == set(paths(MODELS[segment]))
    assert all(source is None or source.strip() for source in sources.values())


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_matrix_walks_the_same_fields(model: type[Part]) -> None:
    assert list(field_paths(model)) == list(paths(model))


@pytest.mark.parametrize(("provider", "segment"), ROWS)
def test_the_capabilities_part_the_fields_into_those_provided_and_those_not(
    provider: Provider, segment: str
) -> None:
    told = capabilities_of(provider)["resources"][segment]

    assert {*told["fields"], *told["not_provided"]} == set(paths(MODELS[segment]))
    assert not set(told["fields"]) & set(told["not_provided"])
    assert "id" in told["fields"]
    assert "remote_id" in told["fields"]
