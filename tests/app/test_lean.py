"""A process that serves does not hold what it never uses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

_LOADED = """
import json, sys
import app.server
from app.main import create_app
from app.settings import Settings
from providers.kit.registry import all_providers

create_app(Settings())
all_providers()
print(json.dumps([name for name, module in sys.modules.items() if module is not None]))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a process that has made the gateway, ready to serve."""
    command = [sys.executable, "-c", _LOADED]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60).stdout  # noqa: S603 - our own
    return set(json.loads(printed))


@pytest.mark.parametrize(
    "unused", ["sqlalchemy.orm", "pydantic.v1", "rich", "alembic", "jinja2", "opentelemetry.sdk"]
)
def test_a_process_that_serves_does_not_load(loaded: set[str], unused: str) -> None:
    assert "sqlalchemy.ext.asyncio.engine" in loaded

    assert unused not in loaded
