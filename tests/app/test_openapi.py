"""The OpenAPI is valid, up to date, and tells of every route, switch, filter and error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from fastapi.routing import APIRoute

from app.api import query
from app.api.control.routes import routers
from app.error_catalogue import error_classes
from app.main import control_app
from app.openapi import DOCUMENT, write
from providers.kit.registry import all_providers
from unified_models.catalogue import MODELS

METHODS = ("get", "put", "post", "patch", "delete", "head", "options")
# The contract's table of errors.
CODES = {
    "unauthenticated": 401,
    "forbidden": 403,
    "invalid_request": 400,
    "unsupported_filter": 400,
    "invalid_cursor": 400,
    "validation_failed": 422,
    "forbidden_address": 422,
    "not_found": 404,
    "unsupported_operation": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "account_not_ready": 409,
    "needs_reauth": 409,
    "provider_forbidden": 403,
    "provider_rejected": 422,
    "conflict": 409,
    "idempotency_conflict": 409,
    "in_progress": 409,
    "retry": 409,
    "rate_limited": 429,
    "provider_unavailable": 502,
    "provider_bad_answer": 502,
    "not_created": 502,
    "provider_timeout": 504,
    "outcome_unknown": 504,
    "internal": 500,
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is served."""
    return control_app().openapi()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_the_committed_document_is_up_to_date() -> None:
    assert write(control_app(), check=True), f"{DOCUMENT} is old: make openapi"


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(document).validate()

    assert document["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(_references(document)):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]


def test_every_schema_is_a_valid_json_schema(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        assert jsonschema_rs.validator_for({**schema, "components": document["components"]}), name


def test_every_route_is_documented(document: dict[str, Any]) -> None:
    routes = {
        (route.path_format, method.lower())
        for router in routers()
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert len(routes) > 20
    unified = {(f"/unified/accounting/{segment}{member}", "get") for segment in MODELS for member in ("", "/{id}")}
    proxied = {("/proxy/{path}", method) for method in METHODS}

    assert {(path, method) for path, method, _ in _operations(document)} == routes | unified | proxied


def test_every_operation_has_a_name_of_its_own_and_its_path_parameters(document: dict[str, Any]) -> None:
    operations = list(_operations(document))

    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)
    for path, _, operation in operations:
        in_path = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
        assert in_path == {part.partition("}")[0] for part in path.split("{")[1:]}, path
        pairs = [(each["in"], each["name"]) for each in operation.get("parameters", ())]
        assert len(set(pairs)) == len(pairs), path


def test_every_operation_but_those_of_the_service_itself_asks_for_a_token(document: dict[str, Any]) -> None:
    open_to_all = {path for path, _, operation in _operations(document) if not operation.get("security")}

    assert open_to_all == {"/healthz", "/readyz", "/metrics"}


def test_every_refusal_is_a_problem_with_a_request_id(document: dict[str, Any]) -> None:
    for path, method, operation in _operations(document):
        for status, response in operation["responses"].items():
            if status == "default" or int(status) < 400:
                continue
            assert response["headers"]["X-Request-Id"], (path, method, status)
            assert response["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def test_every_code_of_the_contract_is_declared_with_its_status(document: dict[str, Any]) -> None:
    declared = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    statuses = {error.code: error.status for error in error_classes()}

    assert set(declared) == set(statuses)
    assert CODES.items() <= statuses.items()
    for code, status in CODES.items():
        told = [
            response["description"]
            for _, _, operation in _operations(document)
            for number, response in operation["responses"].items()
            if number == str(status)
        ]
        assert any(f"`{code}`" in description for description in told), code


def test_every_switch_is_documented(document: dict[str, Any]) -> None:
    for segment in MODELS:
        names = {each["name"] for each in document["paths"][f"/unified/accounting/{segment}"]["get"]["parameters"]}
        assert query._SWITCHES | {"truto_exclude_fields[]", "remote_query"} <= names


def test_a_get_is_documented_without_what_only_a_list_takes(document: dict[str, Any]) -> None:
    for segment in MODELS:
        path = f"/unified/accounting/{segment}/{{id}}"
        names = {each["name"] for each in document["paths"][path]["get"]["parameters"]}
        assert not names & {"limit", "next_cursor", "sort_by", "truto_key_by", "truto_ignore_limit", "remote_query"}
        assert {"fields", "expand", "remote_data", "decimals", "X-Integrated-Account-Id"} <= names


@pytest.mark.parametrize("segment", MODELS)
def test_every_filter_of_every_provider_is_documented(document: dict[str, Any], segment: str) -> None:
    parameters = {
        each["name"]: each for each in document["paths"][f"/unified/accounting/{segment}"]["get"]["parameters"]
    }

    for provider in all_providers().values():
        row = provider.resource(segment)
        for name, rule in row.list_rules.filters.items() if row is not None else ():
            for operator in rule.operators:
                spelled = name if operator == "eq" else f"{name}[{operator}]"
                assert provider.name in parameters[spelled]["description"], spelled
                if rule.values and operator == "eq":
                    assert set(rule.values) <= set(parameters[spelled]["schema"]["enum"])


def test_decimals_are_told_as_numbers_and_required_fields_as_required(document: dict[str, Any]) -> None:
    invoice = document["components"]["schemas"]["Invoice"]

    assert invoice["properties"]["total_amount"]["anyOf"][0]["type"] == ["number", "string"]
    assert set(invoice["required"]) == set(invoice["properties"]) - {"remote_data"}
