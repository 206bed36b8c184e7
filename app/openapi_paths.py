"""The hot paths of the OpenAPI: unified resources with every provider's filters, and the proxy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.api.query import LIMIT_DEFAULT, LIMIT_MAX
from providers.kit.pages import FilterRule, Operator, ValueKind
from providers.kit.registry import all_providers

Json = dict[str, Any]

HOT_STATUSES = (400, 401, 403, 404, 405, 409, 422, 429, 500, 502, 504)

_FLAG: Json = {"type": "string", "enum": ["true", "false", "1", "0"]}
_TEXT: Json = {"type": "string"}
_KINDS: dict[ValueKind, Json] = {
    ValueKind.TEXT: _TEXT,
    ValueKind.FLAG: _FLAG,
    ValueKind.DATE: {"type": "string", "format": "date"},
    ValueKind.INSTANT: {"type": "string", "format": "date-time"},
}


def unified_paths(segment: str, model: str, problems: Json) -> Json:
    """The paths of one resource. `problems` are the answers that any hot path may give."""
    listed = _envelope(
        {
            "result": {
                "anyOf": [
                    {"type": "array", "items": _record(model)},
                    {"type": "object", "additionalProperties": _record(model)},
                ]
            },
            "next_cursor": {"type": ["string", "null"]},
            "prev_cursor": {"type": ["string", "null"]},
            "result_count": {"type": "integer"},
            "is_partial_response": {"type": "boolean"},
        }
    )
    member_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    common = [*_ACCOUNT, *_HASTE, *_common(segment)]
    return {
        f"/unified/accounting/{segment}": {
            "get": _operation(f"list_{segment}", f"List {segment}", [*common, *_list(segment)])
            | {"responses": {"200": _good("One page.", listed), **problems}}
        },
        f"/unified/accounting/{segment}/{{id}}": {
            "get": _operation(f"get_{segment}", f"Get one of {segment}", [member_id, *common])
            | {"responses": {"200": _good("One record.", _envelope({"result": _record(model)})), **problems}}
        },
    }


def proxy_paths() -> Json:
    """The proxy, whatever the method."""
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    operation: Json = {
        "tags": ["proxy"],
        "summary": "One to one to the provider, below the account's API root",
        "security": [{"token": []}],
        "parameters": [path, *_ACCOUNT, *_HASTE],
        "responses": {
            "default": {
                "description": "The provider's answer, or one of our problems.",
                "headers": request_id_header(),
            }
        },
    }
    methods = ("get", "head", "options", "post", "put", "patch", "delete")
    return {"/proxy/{path}": {method: {**operation, "operationId": f"proxy_{method}"} for method in methods}}


def request_id_header() -> Json:
    """What every answer carries."""
    about = {"description": "Finds the call in the log.", "required": True, "schema": {"type": "string"}}
    return {"X-Request-Id": about}


def _operation(name: str, summary: str, parameters: list[Json]) -> Json:
    return {
        "operationId": name,
        "tags": ["unified"],
        "summary": summary,
        "security": [{"token": []}],
        "parameters": parameters,
    }


def _good(description: str, schema: Json) -> Json:
    content = {"application/json": {"schema": schema}}
    return {"description": description, "headers": request_id_header(), "content": content}


def _envelope(properties: Json) -> Json:
    warnings = {"type": "array", "items": {"$ref": "#/components/schemas/Warning"}}
    properties = {**properties, "warnings": warnings}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _record(model: str) -> Json:
    # `fields` trims records, and `truto_response_format=raw` answers the provider's own.
    return {"anyOf": [{"$ref": f"#/components/schemas/{model}"}, {"type": "object"}]}


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


_ACCOUNT = (
    _query("integrated_account_id", "The account; or by header.", {"type": "string", "minLength": 1}),
    {
        "name": "X-Integrated-Account-Id",
        "in": "header",
        "description": "The account; or by query.",
        "schema": {"type": "string", "minLength": 1},
    },
)
_HASTE = (
    {
        "name": "Prefer",
        "in": "header",
        "description": "`wait=5`: wait 5 seconds at most for the provider's quota; 20 by default, 60 at most.",
        "schema": {"type": "string"},
    },
    {
        "name": "Priority",
        "in": "header",
        "description": "`u=7` or `u=6` (RFC 9218): background work, which lets the account's other calls pass.",
        "schema": {"type": "string"},
    },
)


def _common(segment: str) -> Iterator[Json]:
    expands = [
        f"`{name}` ({provider.name}: {cost})"
        for provider in all_providers().values()
        if (row := provider.resource(segment)) is not None
        for name, cost in row.expands.items()
    ]
    yield _query("fields", "Only these fields, parted by commas.", _TEXT)
    yield _query("expand", f"What costs more calls: {', '.join(expands) or 'nothing here'}.", _TEXT)
    yield _query("remote_data", "Add the provider's own record.", _FLAG)
    yield _query("decimals", "How decimals are written.", {"type": "string", "enum": ["number", "string"]})
    yield _query("ignore_unsupported", "Make unsupported filters a warning.", _FLAG)
    yield _query("truto_ignore_remote_data", "Leave `remote_data` out.", _FLAG)
    yield _query("truto_exclude_fields[]", "Leave this field out; may be repeated.", _TEXT)
    yield _query(
        "truto_response_format",
        "`raw`: the provider's own records.",
        {"type": "string", "enum": ["unified", "raw"]},
    )


def _list(segment: str) -> Iterator[Json]:
    limit = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT}
    yield _query("limit", "Records a page.", limit)
    yield _query("next_cursor", "Where the last page ended.", _TEXT)
    yield _query("sort_by", f"A field, or `-field`: {_sorts(segment)}.", _TEXT)
    yield _query("truto_key_by", "`id`: `result` is an object keyed by id.", {"type": "string", "enum": ["id"]})
    yield _query("truto_ignore_limit", "Take `limit` as not given.", _FLAG)
    yield {
        **_query("remote_query", "Sent to the provider as it is.", {"type": "object"}),
        "style": "deepObject",
        "explode": True,
    }
    for (name, operator), (rules, names) in sorted(_filters(segment).items(), key=lambda found: found[0]):
        spelled = name if operator == "eq" else f"{name}[{operator}]"
        yield _query(spelled, f"Only at {', '.join(names)}. {_VALUES[operator]}", _value(rules, operator))


_VALUES: dict[Operator, str] = {
    "eq": "Equal to this.",
    "ne": "Not equal to this.",
    "gt": "Above this.",
    "gte": "This or above.",
    "lt": "Below this.",
    "lte": "This or below.",
    "in": "One of these, parted by commas.",
}


def _filters(segment: str) -> dict[tuple[str, Operator], tuple[list[FilterRule], list[str]]]:
    """Every filter of every provider's list, each provider's rule of it, and who has it."""
    found: dict[tuple[str, Operator], tuple[list[FilterRule], list[str]]] = {}
    for provider in all_providers().values():
        row = provider.resource(segment)
        for name, rule in row.list_rules.filters.items() if row is not None else ():
            for operator in rule.operators:
                rules, names = found.setdefault((name, operator), ([], []))
                rules.append(rule)
                names.append(provider.name)
    return found


def _value(rules: Sequence[FilterRule], operator: Operator) -> Json:
    """What may be given: where every provider takes words of its own alone, those of any."""
    if operator == "in":
        return _TEXT
    if all(rule.values for rule in rules):
        return {"type": "string", "enum": list(dict.fromkeys(value for rule in rules for value in rule.values))}
    return _KINDS[rules[0].kind]


def _sorts(segment: str) -> str:
    said = [
        f"{', '.join(f'`{name}`' for name in row.list_rules.sorts)} ({provider.name})"
        for provider in all_providers().values()
        if (row := provider.resource(segment)) is not None and row.list_rules.sorts
    ]
    return "; ".join(said) or "none here"
