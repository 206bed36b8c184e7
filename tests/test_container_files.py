"""What can be known of the container files without an engine: their sources, users, tags, commands and settings."""

from __future__ import annotations

import fnmatch
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from app.cli import app as commands
from app.main import control_app
from app.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GATEWAYS = ("gateway-1", "gateway-2")
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:[?-])?([^}]*)\}")


def _instructions() -> list[tuple[str, str]]:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    words = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    return [(name, " ".join(rest.split())) for name, rest in words]


def _given(name: str) -> list[str]:
    return [rest for found, rest in _instructions() if found == name]


def copied() -> list[str]:
    """What the image takes of this repository."""
    taken = [rest.split()[:-1] for rest in _given("COPY") if not rest.startswith("--from=")]
    return [source for sources in taken for source in sources]


def _is_let_through(path: str) -> bool:
    """By the last line of .dockerignore that the path, or a folder of it, matches."""
    parts = path.split("/")
    folders = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    is_in = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split():
        pattern = line.removeprefix("!").removeprefix("**/")
        names = parts if "**/" in line else folders
        if any(fnmatch.fnmatchcase(name, pattern) for name in names) or f"{path}/".startswith(f"{pattern}/"):
            is_in = line.startswith("!")
    return is_in


@pytest.mark.parametrize("source", copied())
def test_a_source_of_the_image_exists_and_is_let_through(source: str) -> None:
    assert (ROOT / source).exists()
    assert _is_let_through(source)


@pytest.mark.parametrize("path", [".env", ".git/config", "var/keys", "tests/world.py", "app/__pycache__/cli.pyc"])
def test_what_is_no_part_of_it_is_not(path: str) -> None:
    assert not _is_let_through(path)


def test_every_package_and_the_files_that_belong_to_it_are_copied() -> None:
    packages = [name.rstrip("*") for name in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]]
    assert set(packages) <= set(copied())
    for package, patterns in PROJECT["tool"]["setuptools"]["package-data"].items():
        folder = ROOT / package.replace(".", "/")
        for pattern in patterns:
            found = [path.relative_to(ROOT).as_posix() for path in folder.glob(pattern)]
            assert found, f"{package} has no {pattern}"
            assert all(path.split("/")[0] in copied() and _is_let_through(path) for path in found)


@pytest.mark.parametrize(
    "image",
    [*(rest.split()[0] for rest in _given("FROM")), *(service["image"] for service in SERVICES.values())],
)
def test_an_image_has_a_tag_that_names_a_version(image: str) -> None:
    assert re.fullmatch(r"[a-z][a-z/]*:\d+\.?\d*[a-z0-9.-]*", image)


def test_the_image_is_not_run_by_root() -> None:
    *_, last = _given("USER")

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last)
    assert f"--uid {last.partition(':')[0]} " in " ".join(_given("RUN"))


def test_the_dependencies_are_those_that_were_locked() -> None:
    lock = (ROOT / "requirements/fleet.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    locked = [line for line in lock.splitlines() if line.strip() and not line.startswith("#")]

    assert "--require-hashes -r /requirements.txt" in " ".join(_given("RUN"))
    assert "requirements/fleet.txt" in copied()
    assert all("==" in line and "--hash=sha256:" in line for line in locked)
    names = {line.partition("==")[0].partition("[")[0] for line in locked}
    optional = PROJECT["project"]["optional-dependencies"]
    wanted = [
        *PROJECT["project"]["dependencies"],
        *(each for extra in ("postgres", "redis", "telemetry") for each in optional[extra]),
    ]
    assert {re.split(r"[\[><=; ]", each)[0] for each in wanted} <= names


def test_the_image_starts_a_command_that_there_is() -> None:
    ((entrypoint,), command) = (json.loads(_given(name)[0]) for name in ("ENTRYPOINT", "CMD"))
    known = typer.main.get_command(commands).commands  # type: ignore[attr-defined]

    assert entrypoint in PROJECT["project"]["scripts"]
    assert f"> /venv/bin/{entrypoint}" in " ".join(_given("RUN"))
    options = {option for each in known[command[0]].params for option in each.opts}
    assert {word for word in command if word.startswith("--")} <= options


def test_health_is_asked_for_where_it_is_told() -> None:
    asked = [*_given("HEALTHCHECK"), " ".join(SERVICES["entrance"]["healthcheck"]["test"])]
    paths = control_app().openapi()["paths"]

    for each in asked:
        (path,) = re.findall(r"http://127\.0\.0\.1:\d+(/\w+)", each)
        assert "get" in paths[path]


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateways_settings_are_settings(name: str) -> None:
    settings = {f"LEDGERWAY_{field.upper()}" for field in Settings.model_fields}

    assert set(SERVICES[name]["environment"]) <= settings


def test_secrets_are_asked_for_and_have_no_default() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found = {(name, how) for name, how, _ in _VARIABLE.findall(text)}

    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "LEDGERWAY_ENCRYPTION_KEYS", "LEDGERWAY_PUBLIC_URL"):
        assert {how for found_name, how in found if found_name == name} == {":?"}
    assert {how for _, how in found} == {":?", ":-"}
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert "${" in value or not re.search("PASSWORD|SECRET|TOKEN|KEY|AUTH|URL", name)


def test_only_the_entrance_is_reached_from_outside_and_the_stores_have_no_way_out() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["entrance"]
    assert COMPOSE["networks"]["store"]["internal"] is True
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["store"]
    assert SERVICES["entrance"]["networks"] == ["front"]


def test_what_a_service_waits_for_can_tell_that_it_is_well() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            # The gateways' is the image's.
            assert other in GATEWAYS or "healthcheck" in SERVICES[other]


def test_volumes_and_configs_are_declared() -> None:
    for service in SERVICES.values():
        assert {each.partition(":")[0] for each in service.get("volumes", ())} <= set(COMPOSE["volumes"])
        assert {each["source"] for each in service.get("configs", ())} <= set(COMPOSE["configs"])
    kept = [each for service in SERVICES.values() for each in service.get("volumes", ())]
    assert kept == ["postgres:/var/lib/postgresql/data"]


@pytest.mark.parametrize("name", [*GATEWAYS, "entrance"])
def test_a_service_that_faces_others_can_change_nothing(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_entrance_knows_every_gateway() -> None:
    known = re.findall(r"server (\S+):8000 resolve", COMPOSE["configs"]["entrance"]["content"])

    assert set(known) == set(GATEWAYS) == set(SERVICES["entrance"]["depends_on"])
