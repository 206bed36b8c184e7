"""Settings come from the environment, have defaults that work, and keep their secrets to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LEDGERWAY_{name.upper()}", raising=False)


def test_without_any_setting_the_store_is_a_file_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = Settings()

    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/var/ledgerway.db"
    assert settings.is_embedded
    assert settings.private_hosts == []
    assert settings.encryption_keys is None


@pytest.mark.parametrize(
    ("given", "driven", "is_embedded"),
    [
        ("sqlite:////data/books.db", "sqlite+aiosqlite:////data/books.db", True),
        ("sqlite+aiosqlite:////data/books.db", "sqlite+aiosqlite:////data/books.db", True),
        ("postgresql://u:p@db/books", "postgresql+asyncpg://u:p@db/books", False),
        ("postgres://u:p@db/books", "postgresql+asyncpg://u:p@db/books", False),
        ("postgresql+asyncpg://u:p@db/books", "postgresql+asyncpg://u:p@db/books", False),
    ],
)
def test_a_databases_address_gets_its_driver(
    monkeypatch: pytest.MonkeyPatch, given: str, driven: str, is_embedded: bool
) -> None:
    monkeypatch.setenv("LEDGERWAY_DATABASE_URL", given)

    settings = Settings()

    assert (settings.database, settings.is_embedded) == (driven, is_embedded)


def test_private_hosts_are_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERWAY_ALLOW_PRIVATE_HOSTS", " 10.0.0.0/8, ,books.internal ,")

    assert Settings().private_hosts == ["10.0.0.0/8", "books.internal"]


def test_settings_do_not_show_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERWAY_DATABASE_URL", "postgresql://u:private@db/books")
    monkeypatch.setenv("LEDGERWAY_ENCRYPTION_KEYS", "k1:private")

    settings = Settings()

    assert "private@" not in f"{settings!r}{settings}{settings.model_dump()}"
    assert "k1:private" not in f"{settings!r}{settings}{settings.model_dump_json()}"


def test_settings_cannot_be_changed_while_the_gateway_runs() -> None:
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.log_level = "DEBUG"
