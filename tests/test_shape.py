"""The code keeps the size and shape that a reader was promised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TREES = ("app", "providers", "unified_models", "tests", "benchmarks")
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60


def _modules() -> Iterator[Path]:
    for tree in TREES:
        for path in sorted((ROOT / tree).rglob("*.py")):
            # A migration is history: it is neither shortened nor split.
            if "migrations" not in path.parts:
                yield path


def _is_table(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A table of fields is as long as its model: what is written out, with no steps, may be."""
    return len(function.body) <= 2 and not any(
        isinstance(node, ast.For | ast.If | ast.Try) for node in function.body
    )


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(_modules()), ids=_name)
def test_a_module_is_short_and_says_what_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)

    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION_LINES_MAX
        and not _is_table(node)
    ]

    assert ast.get_docstring(tree), "the module does not say what it holds"
    assert len(text.splitlines()) < FILE_LINES_MAX
    assert not long
