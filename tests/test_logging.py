"""Code can log nothing but words of its own and fields that are known: what a customer wrote has no way in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import Fields

ROOT = Path(__file__).parent.parent
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log", "bind", "msg"})
DOOR = ROOT / "app/logs.py"


def _modules() -> Iterator[Path]:
    for tree in ("app", "providers", "unified_models"):
        yield from sorted((ROOT / tree).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def wrong_in(source: str) -> list[str]:
    """What a module logs in a way that nobody may."""
    return [found for node in ast.walk(ast.parse(source)) for found in _wrong(node)]


def _wrong(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        if {"logging", "structlog", "warnings"} & {name.partition(".")[0] for name in names}:
            yield f"line {node.lineno} goes around app.logs"
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if not isinstance(node.func.value, ast.Name) or node.func.value.id != "log" or node.func.attr not in LEVELS:
        return
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
        yield f"line {node.lineno} has no event of fixed words"
    for keyword in node.keywords:
        if keyword.arg not in Fields.__annotations__:
            yield f"line {node.lineno} logs {keyword.arg}"
        if keyword.arg == "kind" and not ast.unparse(keyword.value).startswith("type("):
            yield f"line {node.lineno} has a kind that is no class"


@pytest.mark.parametrize("path", [path for path in _modules() if path != DOOR], ids=_name)
def test_a_module_logs_only_known_fields(path: Path) -> None:
    assert wrong_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "log.info(f'account {name}')",
        "log.info('it broke: ' + str(error))",
        "log.error('it broke', error)",
        "log.error('it broke', kind=str(error))",
        "log.warning('it broke', detail=error.detail)",
        "log.warning('it broke', **fields)",
        "log.bind(token=token)",
        "import logging",
        "from structlog import get_logger",
    ],
)
def test_the_walk_sees_what_nobody_may_log(line: str) -> None:
    assert wrong_in(line)
