"""Reads the query string of a unified call: reserved switches, filters, and what is asked of the provider."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, cast, get_args
from urllib.parse import unquote_plus

from app.errors import FieldError, InvalidRequest, UnsupportedFilter
from providers.kit.pages import Caution, Filter, FilterRule, FilterValue, Operator, Query, Sort, ValueKind
from providers.kit.resource import AnyResource

LIMIT_DEFAULT = 50
LIMIT_MAX = 500
PARAMETERS_MAX = 100
IN_VALUES_MAX = 100
ACCOUNT = "integrated_account_id"

Pairs = Sequence[tuple[str, str]]
Format = Literal["unified", "raw"]

_OPERATORS: frozenset[str] = frozenset(get_args(Operator))
_ARRAY = re.compile(r"\[[0-9]{0,3}\]$")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the caller wants the answer written."""

    fields: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    decimals_as_text: bool = False
    format: Format = "unified"
    key_by_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A unified read, taken apart. `position` of the query is filled in once the cursor is opened."""

    query: Query
    wanted: Wanted
    cursor: str | None
    cautions: tuple[Caution, ...]


def pairs_of(query_string: bytes) -> Pairs:
    """The decoded pairs of a query string, in order; refuses bytes that are not UTF-8."""
    if not query_string:
        return ()
    try:
        text = query_string.decode("ascii")
        parts = text.split("&")
        if len(parts) > PARAMETERS_MAX:
            raise InvalidRequest(f"more than {PARAMETERS_MAX} parameters")
        return [_pair(part) for part in parts if part]
    except UnicodeError:
        raise InvalidRequest("the query string is not valid UTF-8, percent-encoded") from None


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")


def read_query(pairs: Pairs, resource: AnyResource, *, is_list: bool) -> Asked:
    """The whole query of a list or a get, checked against what the account's provider can do."""
    switches: dict[str, str] = {}
    conditions: list[tuple[str, str]] = []
    excluded: list[str] = []
    remote: list[tuple[str, str]] = []
    for name, value in pairs:
        if name in _SWITCHES:
            if switches.setdefault(name, value) != value:
                raise InvalidRequest(f"{name} is given twice", errors=[FieldError(name, "given twice")])
        elif name.startswith("remote_query[") and name.endswith("]"):
            remote.append((name[13:-1], value))
        elif _ARRAY.sub("", name) == "truto_exclude_fields":
            excluded += value.split(",")
        else:
            conditions.append((name, value))
    ignore = _flag(switches, "ignore_unsupported", default=False)
    cautions: list[Caution] = []
    if remote and not is_list:
        # A get has no query of the provider's to add to: what cannot be said to it is refused.
        _unsupported(f"remote_query[{remote[0][0]}]", "none here", ignore, cautions)
    filters, sort = _narrowing(conditions, switches, resource, is_list, ignore, cautions)
    format_ = _choice(switches, "truto_response_format", ("unified", "raw"), "unified")
    is_raw = format_ == "raw"
    query = Query(
        limit=_limit(switches) if is_list else 1,
        filters=filters,
        sort=sort,
        remote_query=tuple(remote),
        remote_data=_wants_remote_data(switches) or is_raw,
        expand=_expand(switches, resource),
    )
    wanted = Wanted(
        fields=_fields(switches.get("fields"), resource, "fields"),
        excluded=_fields(",".join(excluded) or None, resource, "truto_exclude_fields") or frozenset(),
        decimals_as_text=_choice(switches, "decimals", ("number", "string"), "number") == "string",
        format="raw" if is_raw else "unified",
        key_by_id=is_list and _choice(switches, "truto_key_by", ("id",), "") == "id",
    )
    cursor = switches.get("next_cursor") if is_list else None
    return Asked(query=query, wanted=wanted, cursor=cursor or None, cautions=tuple(cautions))


_SWITCHES = frozenset(
    {
        ACCOUNT,
        "limit",
        "next_cursor",
        "fields",
        "expand",
        "remote_data",
        "sort_by",
        "ignore_unsupported",
        "decimals",
        "truto_ignore_remote_data",
        "truto_response_format",
        "truto_key_by",
        "truto_ignore_limit",
    }
)


def _narrowing(
    conditions: Pairs,
    switches: Mapping[str, str],
    resource: AnyResource,
    is_list: bool,
    ignore: bool,
    cautions: list[Caution],
) -> tuple[tuple[Filter, ...], Sort | None]:
    """The filters and the order; what is unsupported is an error, or a caution where it may be ignored."""
    rules = resource.list_rules
    known = rules.filters if is_list else {}
    found: dict[tuple[str, Operator], list[str]] = {}
    for name, value in conditions:
        # `parent[type]` is a filter's whole name, where a row has it.
        field, operator = (name, "eq") if name in known else _field_and_operator(name)
        rule = known.get(field)
        if rule is None or operator not in rule.operators:
            _unsupported(name, _supported(known), ignore, cautions)
            continue
        values = found.setdefault((field, operator), [])
        # `status[]=a&status[]=b` names whole values; `status[in]=a,b` parts them by commas.
        values += value.split(",") if name.endswith("[in]") else [value]
        if operator != "in" and len(values) > 1:
            raise InvalidRequest("a filter is given twice", errors=[FieldError(name, "given twice")])
    # In one order whatever the caller's, so that a cursor opens however the same filters are written.
    filters = tuple(
        Filter(name=field, operator=operator, value=_value(field, operator, values, known[field]))
        for (field, operator), values in sorted(found.items())
    )
    wish = switches.get("sort_by")
    if not wish or not is_list:
        return filters, None
    name = wish.removeprefix("-")
    if name not in rules.sorts:
        _unsupported("sort_by", ", ".join(f"{each}, -{each}" for each in rules.sorts) or "none", ignore, cautions)
        return filters, None
    return filters, Sort(name=name, descending=wish.startswith("-"))


def _field_and_operator(name: str) -> tuple[str, Operator | None]:
    """`status`, `status[ne]`, and arrays as `status[]` or `status[0]`; None for an operator that no list has."""
    field, bracket, operator = name.partition("[")
    if not bracket:
        return field, "eq"
    if _ARRAY.sub("", name) == field:
        return field, "in"
    operator = operator.removesuffix("]")
    # Checked against the literal's own values.
    return field, cast(Operator, operator) if operator in _OPERATORS and name.endswith("]") else None


def _supported(rules: Mapping[str, FilterRule]) -> str:
    """The filters by name, with the operators that each takes."""
    return ", ".join(f"{name} ({' '.join(rule.operators)})" for name, rule in sorted(rules.items())) or "none"


def _unsupported(name: str, supported: str, ignore: bool, cautions: list[Caution]) -> None:
    shown = name[:60] if name.isprintable() else "a parameter"
    if not ignore:
        raise UnsupportedFilter(
            f"{shown} is not supported here; supported: {supported}", errors=[FieldError(shown, "not supported")]
        )
    cautions.append(Caution(code="unsupported_filter", field=shown, detail=f"ignored; supported: {supported}"))


def _value(field: str, operator: Operator, values: Sequence[str], rule: FilterRule) -> FilterValue:
    name = field if operator == "eq" else f"{field}[{operator}]"
    if operator != "in":
        return _one_value(name, values[0], rule)
    asked = tuple(dict.fromkeys(value for value in values if value))
    if not 0 < len(asked) <= IN_VALUES_MAX:
        raise _invalid(name, f"1 to {IN_VALUES_MAX} values, parted by commas")
    for value in asked:
        _one_value(name, value, rule)
    return asked


def _one_value(name: str, value: str, rule: FilterRule) -> FilterValue:
    if "\0" in value:
        raise _invalid(name, "a text without NUL")
    if rule.values and value not in rule.values:
        raise _invalid(name, f"one of {', '.join(rule.values)}")
    try:
        if rule.kind is ValueKind.DATE:
            return date.fromisoformat(value)
        if rule.kind is ValueKind.INSTANT:
            return _instant(value)
        if rule.kind is ValueKind.FLAG:
            return _FLAGS[value]
    except (ValueError, KeyError, OverflowError):
        raise _invalid(name, _FORMS[rule.kind]) from None
    return value


_FORMS = {
    ValueKind.DATE: "a date, YYYY-MM-DD",
    ValueKind.INSTANT: "an instant with its zone, 2026-01-31T09:00:00Z (encode + as %2B)",
    ValueKind.FLAG: "true or false",
}


def _instant(value: str) -> datetime:
    """An instant; a bare date is its midnight in UTC. Without a zone it would be a guess, and is refused."""
    if len(value) == 10:
        return datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC)


def _limit(switches: Mapping[str, str]) -> int:
    text = switches.get("limit")
    if text is None or _flag(switches, "truto_ignore_limit", default=False):
        return LIMIT_DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LIMIT_MAX):
        raise _invalid("limit", f"a whole number from 1 to {LIMIT_MAX}")
    return int(text)


def _flag(switches: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = switches.get(name)
    if text is None:
        return default
    if text not in _FLAGS:
        raise _invalid(name, "true or false")
    return _FLAGS[text]


def _wants_remote_data(switches: Mapping[str, str]) -> bool:
    """Off unless asked for; Truto's switch only ever takes it away."""
    is_ignored = _flag(switches, "truto_ignore_remote_data", default=False)
    return _flag(switches, "remote_data", default=False) and not is_ignored


def _choice(switches: Mapping[str, str], name: str, values: tuple[str, ...], default: str) -> str:
    text = switches.get(name, default)
    if text != default and text not in values:
        raise _invalid(name, f"one of {', '.join(values)}")
    return text


def _fields(text: str | None, resource: AnyResource, name: str) -> frozenset[str] | None:
    if not text:
        return None
    asked = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not asked <= frozenset(resource.model.__struct_fields__):
        raise _invalid(name, "fields of the model, parted by commas")
    return asked


def _expand(switches: Mapping[str, str], resource: AnyResource) -> frozenset[str]:
    asked = frozenset(part.strip() for part in switches.get("expand", "").split(",") if part.strip())
    if not asked <= resource.expands.keys():
        raise _invalid("expand", f"one of: {', '.join(resource.expands) or 'nothing here'}")
    return asked


def _invalid(name: str, wanted: str) -> InvalidRequest:
    shown = name[:60] if name.isprintable() else "a parameter"
    return InvalidRequest(f"{shown} must be {wanted}", errors=[FieldError(shown, f"must be {wanted}")])
