"""The OpenAPI of the whole surface: the control plane as FastAPI tells it, the hot paths added from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app import VERSION
from app.api.problems import CONTENT_TYPE, ProblemBody
from app.api.unified import Warning as UnifiedWarning
from app.batches.calls import BatchAnswer, BatchRequest
from app.error_catalogue import codes_of, error_classes
from app.openapi_paths import HOT_STATUSES, proxy_paths, request_id_header, unified_paths
from unified_models.catalogue import MODELS

DOCUMENT = Path("openapi/ledgerway.json")

Json = dict[str, Any]

_TEXTS = {
    400: "The query, a header or the path cannot be read.",
    401: "The API token is missing or not valid.",
    403: "A scope is missing here, or a right in the provider.",
    404: "No such account, resource or record in this environment.",
    405: "The account's provider does not support the operation; `Allow` names what exists.",
    409: "The account is not ready, or must be connected again.",
    413: "The body is too large.",
    415: "The body's type is not supported.",
    422: "The provider refused, or the body is not valid.",
    429: "Too many calls, by our pacing or the provider's; `Retry-After` tells when.",
    500: "Our fault; `request_id` finds it.",
    502: "The provider could not be reached, or its answer cannot be read.",
    503: "The process is about to stop.",
    504: "The provider took too long.",
}

_HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "required": True, "schema": {"type": "string"}}},
    405: {"Allow": {"description": "The methods that exist.", "required": True, "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "In seconds.", "required": True, "schema": {"type": "integer"}}},
}

# Everything else is a model or one of its parts, of which an answer holds every field.
_WITH_OPTIONAL = ("Problem", "BatchRequest", "BatchCall")


def build(app: FastAPI) -> Json:
    """The whole document."""
    document: Json = get_openapi(
        title="Ledgerway",
        version=VERSION,
        summary="One API to every set of books.",
        routes=app.routes,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    _correct(document)
    _, components = msgspec.json.schema_components(
        [*MODELS.values(), ProblemBody, UnifiedWarning, BatchAnswer, BatchRequest],
        ref_template="#/components/schemas/{name}",
    )
    schemas.update({_name(name): _presented(name, schema) for name, schema in components.items()})
    _rename(document, "ProblemBody", "Problem")
    _tell_decimals(schemas)
    document["components"].setdefault("securitySchemes", {})["token"] = {"type": "http", "scheme": "bearer"}
    schemas["Problem"]["properties"]["code"]["enum"] = sorted({error.code for error in error_classes()})
    problems = {str(status): response for status, response in problem_responses(*HOT_STATUSES).items()}
    for segment, model in MODELS.items():
        document["paths"].update(unified_paths(segment, model.__name__, problems))
    document["paths"].update(proxy_paths())
    return document


def write(app: FastAPI, *, check: bool, path: Path = DOCUMENT) -> bool:
    """Write the document, or with `check` say whether the committed one is up to date."""
    text = json.dumps(build(app), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if check:
        return path.exists() and path.read_text(encoding="utf-8") == text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def problem_responses(*statuses: int) -> dict[int | str, Json]:
    """The problem answers of a route, for FastAPI's `responses=`."""
    return {
        status: {
            "description": f"{_TEXTS[status]} Codes: {', '.join(f'`{code}`' for code in codes_of(status))}.",
            "headers": {**request_id_header(), **_HEADERS.get(status, {})},
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def _name(name: str) -> str:
    return "Problem" if name == "ProblemBody" else name


def _presented(name: str, schema: Json) -> Json:
    """A schema as an answer holds it: every field of a model is there, but for those that must be asked for."""
    properties = schema.get("properties")
    if properties is None:
        return schema
    required = set(schema.get("required", ()))
    if not name.startswith(_WITH_OPTIONAL):
        required |= {field for field, about in properties.items() if "default" in about}
    return {**schema, "required": sorted(required)}


def _correct(document: Json) -> None:
    """What FastAPI cannot know: every answer's request id, and that a bad parameter is a 400, never its 422."""
    for item in document["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                response.setdefault("headers", {}).update(request_id_header())
            if CONTENT_TYPE not in operation["responses"].get("422", {"content": (CONTENT_TYPE,)})["content"]:
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _tell_decimals(node: Any) -> None:
    """Decimals are numbers in an answer, and strings only where `decimals=string` asked for them."""
    if isinstance(node, dict):
        if node.get("type") == "string" and node.get("format") == "decimal":
            node["type"] = ["number", "string"]
        for value in node.values():
            _tell_decimals(value)
    elif isinstance(node, list):
        for value in node:
            _tell_decimals(value)


def _rename(node: Any, old: str, new: str) -> None:
    """Point every reference at the schema's new name."""
    if isinstance(node, dict):
        if node.get("$ref") == f"#/components/schemas/{old}":
            node["$ref"] = f"#/components/schemas/{new}"
        for value in node.values():
            _rename(value, old, new)
    elif isinstance(node, list):
        for value in node:
            _rename(value, old, new)
