"""The SDK's script and module are one, and its types name what it has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app import browser_sdk
from app.browser_sdk import MODULE, SCRIPT, write_script

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_committed_script_is_the_module() -> None:
    assert write_script(check=True)


def test_a_script_that_is_not_the_module_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "link-sdk.js"
    changed.write_text(SCRIPT.read_text(encoding="utf-8").replace("30000", "90000"), encoding="utf-8")
    monkeypatch.setattr(browser_sdk, "SCRIPT", changed)

    assert not write_script(check=True)


def test_the_types_name_what_the_module_has() -> None:
    exported = r"^export (?:async )?(function|class) (\w+)"
    module = re.findall(exported, MODULE.read_text(encoding="utf-8"), re.MULTILINE)
    types = re.findall(exported, (ROOT / "sdk/link/index.d.ts").read_text(encoding="utf-8"), re.MULTILINE)

    assert module
    assert sorted(module) == sorted(types)


def test_the_package_holds_the_files_it_names() -> None:
    package = json.loads((ROOT / "sdk/link/package.json").read_text(encoding="utf-8"))

    assert all((ROOT / "sdk/link" / name).exists() for name in package["files"])


def test_nothing_is_sent_to_just_any_window() -> None:
    static = ROOT / "app/connect/static"

    for script in (static / "link-page.js", static / "link-sdk.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"""postMessage\([^;]*["'`]\*["'`]""", text)
        assert "innerHTML" not in text
        assert "eval(" not in text
