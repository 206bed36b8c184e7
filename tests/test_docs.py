"""The documents for people tell of what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import error_catalogue
from app.error_catalogue import NEXT_STEPS, error_classes
from app.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("app/*.md"),
        *ROOT.glob("providers/*.md"),
        *ROOT.glob("docs/adr/*.md"),
        *ROOT.glob("docs/providers/*.md"),
    ]
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


@pytest.mark.parametrize("error", error_classes(), ids=lambda error: f"{error.__module__}.{error.__name__}")
def test_every_error_is_explained(error: error_catalogue.ErrorClass) -> None:
    page = (ROOT / error_catalogue.PAGE).read_text(encoding="utf-8")
    section = page.partition(f"\n## `{error.code}`\n")[2].partition("\n## ")[0]

    assert error.__doc__
    assert error.__doc__ not in (error.__base__.__doc__, "")
    assert f"{error.status} " in section
    assert " ".join(error.__doc__.split()) in section
    assert NEXT_STEPS[error.code] in section


def test_the_errors_of_both_modules_are_found_and_no_other_next_step_is_kept() -> None:
    modules = {error.__module__ for error in error_classes()}

    assert modules == {"app.errors", "providers.kit.errors"}
    assert set(NEXT_STEPS) == {error.code for error in error_classes()}


def test_errors_of_one_code_have_one_status() -> None:
    statuses = {(error.code, error.status) for error in error_classes()}

    assert len(statuses) == len({code for code, _ in statuses})


def test_the_page_of_errors_is_up_to_date_and_an_old_one_is_told(tmp_path: Path) -> None:
    old = tmp_path / "errors.md"
    old.write_text("# Errors\n", encoding="utf-8")

    assert error_catalogue.write_page(check=True, path=ROOT / error_catalogue.PAGE)
    assert not error_catalogue.write_page(check=True, path=old)
    assert not error_catalogue.write_page(check=True, path=tmp_path / "none.md")
    assert error_catalogue.write_page(check=False, path=old)
    assert error_catalogue.write_page(check=True, path=old)


@pytest.mark.parametrize("command", ["openapi", "matrix", "errors"])
def test_each_generated_file_is_held_by_a_check(command: str) -> None:
    assert f'ledgerway" {command} --check' in (ROOT / "scripts/check.sh").read_text(encoding="utf-8")
    assert f"ledgerway {command}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_readme_names_only_files_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    named = re.findall(r"`((?:app|providers|unified_models)/[\w/.]+)`", readme)

    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
