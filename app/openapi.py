"""The OpenAPI of the whole surface: the control plane as FastAPI tells it, the hot paths added from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.problems import CONTENT_TYPE, ProblemBody
from app.api.unified import Warning as UnifiedWarning
from app.batches.calls import BatchAnswer, BatchRequest
from unified_models.catalogue import MODELS

DOCUMENT = Path("openapi/ledgerway.json")
VERSION = "0.1.0"

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
    504: "The provider took too long.",
}
_HOT_STATUSES = (400, 401, 403, 404, 405, 409, 422, 429, 500, 502, 504)
_REQUEST_ID = {"X-Request-Id": {"description": "Finds the call in the log.", "schema": {"type": "string"}}}

# Everything else is a model or one of its parts, of which an answer holds every field.
_WITH_OPTIONAL = ("Problem", "Warning", "BatchRequest", "BatchCall")


def build(app: FastAPI) -> Json:
    """The whole document."""
    document: Json = get_openapi(
        title="Ledgerway",
        version=VERSION,
        summary="One API to every set of books.",
        routes=app.routes,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    _, components = msgspec.json.schema_components(
        [*MODELS.values(), ProblemBody, UnifiedWarning, BatchAnswer, BatchRequest],
        ref_template="#/components/schemas/{name}",
    )
    schemas.update({_name(name): _presented(name, schema) for name, schema in components.items()})
    _rename(document, "ProblemBody", "Problem")
    document["components"].setdefault("securitySchemes", {})["token"] = {"type": "http", "scheme": "bearer"}
    for segment, model in MODELS.items():
        document["paths"].update(_unified_paths(segment, model.__name__))
    document["paths"]["/proxy/{path}"] = _proxy_path()
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
            "description": _TEXTS[status],
            "headers": _REQUEST_ID,
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
    optional = (
        {"remote_data"}
        if not name.startswith(("Problem", "Warning", "BatchRequest", "BatchCall"))
        else set(properties)
    )
    required = set(schema.get("required", ())) | {field for field in properties if field not in optional}
    return {**schema, "required": sorted(required)}


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


def _responses(description: str, schema: Json) -> Json:
    good = {
        "description": description,
        "headers": _REQUEST_ID,
        "content": {"application/json": {"schema": schema}},
    }
    problems = {str(status): response for status, response in problem_responses(*_HOT_STATUSES).items()}
    return {"200": good, **problems}


def _unified_paths(segment: str, model: str) -> Json:
    reference = {"$ref": f"#/components/schemas/{model}"}
    # `fields` trims records, and `truto_response_format=raw` answers the provider's own.
    record = {"anyOf": [reference, {"type": "object"}]}
    warnings = {"type": "array", "items": {"$ref": "#/components/schemas/Warning"}}
    listed: Json = {
        "type": "object",
        "properties": {
            "result": {
                "anyOf": [
                    {"type": "array", "items": record},
                    {"type": "object", "additionalProperties": record},
                ]
            },
            "next_cursor": {"type": ["string", "null"]},
            "prev_cursor": {"type": ["string", "null"]},
            "result_count": {"type": "integer"},
            "is_partial_response": {"type": "boolean"},
            "warnings": warnings,
        },
        "required": [
            "result",
            "next_cursor",
            "prev_cursor",
            "result_count",
            "is_partial_response",
            "warnings",
        ],
    }
    got: Json = {
        "type": "object",
        "properties": {"result": record, "warnings": warnings},
        "required": ["result", "warnings"],
    }
    member_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {
        f"/unified/accounting/{segment}": {
            "get": {
                "operationId": f"list_{segment}",
                "tags": ["unified"],
                "summary": f"List {segment}",
                "security": [{"token": []}],
                "parameters": [*_COMMON, *_LIST],
                "responses": _responses("One page.", listed),
            }
        },
        f"/unified/accounting/{segment}/{{id}}": {
            "get": {
                "operationId": f"get_{segment}",
                "tags": ["unified"],
                "summary": f"Get one of {segment}",
                "security": [{"token": []}],
                "parameters": [member_id, *_COMMON],
                "responses": _responses("One record.", got),
            }
        },
    }


def _query(name: str, description: str, schema: Json, **more: Any) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


_FLAG: Json = {"type": "string", "enum": ["true", "false", "1", "0"]}
_TEXT: Json = {"type": "string"}
_COMMON = [
    _query("integrated_account_id", "The account; or by header.", {"type": "string", "minLength": 1}),
    {
        "name": "X-Integrated-Account-Id",
        "in": "header",
        "description": "The account; or by query.",
        "schema": {"type": "string", "minLength": 1},
    },
    _query("fields", "Only these fields, parted by commas.", _TEXT),
    _query("expand", "What costs more calls; see capabilities.", _TEXT),
    _query("remote_data", "Add the provider's own record.", _FLAG),
    _query("decimals", "Write decimals as numbers or strings.", {"type": "string", "enum": ["number", "string"]}),
    _query("truto_ignore_remote_data", "Leave `remote_data` out.", _FLAG),
    _query("truto_exclude_fields[]", "Leave this field out; may be repeated.", _TEXT),
    _query(
        "truto_response_format",
        "`raw`: the provider's own records.",
        {"type": "string", "enum": ["unified", "raw"]},
    ),
    _query("ignore_unsupported", "Make unsupported filters a warning.", _FLAG),
]
_LIST = [
    _query("limit", "Records a page.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
    _query("next_cursor", "Where the last page ended.", _TEXT),
    _query("sort_by", "A field, or `-field`; see capabilities.", _TEXT),
    _query(
        "updated_at[gte]",
        "An instant. Other filters are named by the account's capabilities.",
        {"type": "string", "format": "date-time"},
    ),
    _query("truto_key_by", "`id`: `result` is an object keyed by id.", {"type": "string", "enum": ["id"]}),
]


def _proxy_path() -> Json:
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    header = next(item for item in _COMMON if item["name"] == "X-Integrated-Account-Id")
    operation: Json = {
        "tags": ["proxy"],
        "summary": "One to one to the provider, below the account's API root",
        "security": [{"token": []}],
        "parameters": [path, header, _COMMON[0]],
        "responses": {"default": {"description": "The provider's answer, or one of our problems."}},
    }
    methods = ("get", "head", "options", "post", "put", "patch", "delete")
    return {method: {**operation, "operationId": f"proxy_{method}"} for method in methods}
