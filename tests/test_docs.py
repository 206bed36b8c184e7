"""The documents for people tell of what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("app/*.md"), *ROOT.glob("providers/*.md"), *ROOT.glob("docs/adr/*.md")]
)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_readme_tells_of_each_setting(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"`LEDGERWAY_{name.upper()}`" in readme


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_documents_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))

    lost = [link for link in links if "://" not in link and not (document.parent / link).exists()]

    assert not lost


def test_the_readme_names_only_files_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    named = re.findall(r"`((?:app|providers|unified_models)/[\w/.]+)`", readme)

    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
