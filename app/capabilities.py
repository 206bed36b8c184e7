"""What each provider can do, told from its rows: for the API, and as the matrix in `docs/capabilities.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from providers.kit.provider import Provider
from providers.kit.registry import all_providers
from providers.kit.resource import AnyResource
from unified_models.base import Part

MATRIX = Path("docs/capabilities.md")


def capabilities_of(provider: Provider) -> dict[str, Any]:
    """`{"resources": {segment: {"operations": {…}, "fields": {…}, …}}}`."""
    return {"resources": {segment: _resource(row) for segment, row in sorted(provider.resources.items())}}


def _resource(row: AnyResource) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    if row.list is not None:
        rules = row.list_rules
        operations["list"] = {
            "filters": {
                name: {
                    "kind": rule.kind.value,
                    "operators": list(rule.operators),
                    **({"values": list(rule.values)} if rule.values else {}),
                }
                for name, rule in sorted(rules.filters.items())
            },
            "sort": [order for name in rules.sorts for order in (name, f"-{name}")],
            "calls": rules.calls,
            "max_limit": rules.limit_max,
        }
    if row.get is not None:
        operations["get"] = {"calls": row.get_calls}
    return {
        "operations": operations,
        "expand": dict(row.expands),
        "fields": {name: {"source": source} for name, source in row.sources.items() if source is not None},
        "not_provided": sorted(name for name, source in row.sources.items() if source is None),
        "unstamped": list(row.unstamped),
    }


def field_paths(model: type[Part], prefix: str = "") -> Iterator[str]:
    """Every field of a model, dotted into its parts: `line_items`, `line_items.sku`, …"""
    hints = get_type_hints(model, include_extras=False)
    for name in model.__struct_fields__:
        if name == "remote_data":
            continue
        yield f"{prefix}{name}"
        part = _part_of(hints[name])
        if part is not None:
            yield from field_paths(part, f"{prefix}{name}.")


def _part_of(hint: Any) -> type[Part] | None:
    if isinstance(hint, type) and issubclass(hint, Part):
        return hint
    return next((found for inner in get_args(hint) if (found := _part_of(inner)) is not None), None)


def write_matrix(*, check: bool, path: Path = MATRIX) -> bool:
    """Write the matrix, or with `check` say whether the committed one is up to date."""
    text = _matrix(all_providers())
    if check:
        return path.exists() and path.read_text(encoding="utf-8") == text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _matrix(providers: Mapping[str, Provider]) -> str:
    segments = sorted({segment for provider in providers.values() for segment in provider.resources})
    lines = [
        "# Capabilities",
        "",
        "Generated from the providers' rows by `ledgerway matrix`. An operation that is not listed does not exist.",
        "",
        f"| resource | {' | '.join(provider.name for provider in providers.values())} |",
        f"| --- | {' | '.join('---' for _ in providers)} |",
    ]
    for segment in segments:
        cells = [
            ", ".join(row.operations) if (row := provider.resource(segment)) else "–"
            for provider in providers.values()
        ]
        lines.append(f"| {segment} | {' | '.join(cells)} |")
    for provider in providers.values():
        for segment, row in sorted(provider.resources.items()):
            lines += _matrix_of(provider, segment, row)
    return "\n".join(lines) + "\n"


def _matrix_of(provider: Provider, segment: str, row: AnyResource) -> list[str]:
    rules = row.list_rules
    lines = ["", f"## {provider.name}: {segment}", ""]
    if row.list is not None:
        lines.append(f"- Calls per page: {rules.calls}")
    if row.get is not None:
        lines.append(f"- Calls per get: {row.get_calls}")
    filters = [f"`{name}` ({' '.join(rule.operators)})" for name, rule in sorted(rules.filters.items())]
    lines.append(f"- Filters: {', '.join(filters) or 'none'}")
    lines.append(f"- Sort: {', '.join(f'`{name}`' for name in rules.sorts) or 'none'}")
    lines += [f"- Expand `{name}`: {cost}" for name, cost in sorted(row.expands.items())]
    lines += [f"- Does not move `updated_at`: {change}" for change in row.unstamped]
    lines += ["", "| field | comes from |", "| --- | --- |"]
    for name in field_paths(row.model):
        source = row.sources.get(name)
        lines.append(f"| {name} | {_cell(source) if source else '–'} |")
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
