"""The `ledgerway` command, run as its owner runs it: a process of its own on a store of its own."""

from __future__ import annotations

import json
from pathlib import Path

from app.connections.keys import new_key
from app.settings import Settings
from tests.app.commands import ledgerway
from tests.world import encoded_key, gateway, settings_in

ACCOUNT = {
    "tenant_id": "acme",
    "integration": "erpnext",
    "context": {"site_url": "http://127.0.0.1:9", "api_key": "private-key", "api_secret": "private-secret"},
    "validate": False,
}


async def test_a_first_environment_token_and_account_come_from_the_command_line(settings: Settings) -> None:
    environment = (await ledgerway(settings, "env", "create", "production")).told
    again = (await ledgerway(settings, "env", "create", "production")).told
    token = (
        await ledgerway(settings, "token", "create", "--environment", environment["id"], "--scopes", "read, proxy")
    ).told
    imported = await ledgerway(
        settings, "account", "import", "--environment", environment["id"], "-", stdin=json.dumps(ACCOUNT)
    )

    assert environment == again
    assert "private" not in imported.out + imported.err
    async with gateway(settings) as world:
        headers = {"Authorization": f"Bearer {token['token']}"}
        accounts = (await world.http.get("/integrated-account", headers=headers)).json()["result"]
        refused = await world.http.get("/api-token", headers=headers)
    assert [(item["id"], item["status"], item["tenant_id"]) for item in accounts] == [
        (imported.told["id"], "active", "acme")
    ]
    assert refused.status_code == 403


async def test_an_admin_token_opens_environments_and_nothing_else(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    token = (await ledgerway(settings, "admin-token", "create")).told["token"]

    async with gateway(settings) as world:
        headers = {"Authorization": f"Bearer {token}"}
        opened = await world.http.get("/environment", headers=headers)
        refused = await world.http.get("/integrated-account", headers=headers)
    assert (opened.status_code, refused.status_code) == (200, 401)


async def test_an_import_is_refused_by_the_name_of_what_is_wrong_and_never_its_value(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    environment = (await ledgerway(settings, "env", "create", "e")).told["id"]

    async def refused(body: str) -> str:
        ran = await ledgerway(settings, "account", "import", "--environment", environment, "-", stdin=body)
        assert ran.code == 1, ran.err
        assert "private" not in ran.out + ran.err
        assert "Traceback" not in ran.err
        return ran.err

    assert "JSON" in await refused('{"tenant_id": "private')
    assert "tenant_id" in await refused(json.dumps({**ACCOUNT, "tenant_id": 7}))
    assert "surprise" in await refused(json.dumps({**ACCOUNT, "surprise": "private"}))
    assert "context.api_secret" in await refused(
        json.dumps({**ACCOUNT, "context": {"site_url": "http://127.0.0.1:9", "api_key": "private"}})
    )
    assert "integration" in await refused(json.dumps({**ACCOUNT, "integration": "no-such"}))


async def test_a_command_that_cannot_be_carried_out_says_why_and_fails(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    environment = (await ledgerway(settings, "env", "create", "e")).told["id"]

    async def refused(*arguments: str, stdin: str = "") -> str:
        ran = await ledgerway(settings, *arguments, stdin=stdin)
        assert (ran.code, ran.out) in ((1, ""), (2, "")), ran
        assert "Traceback" not in ran.err
        return ran.err

    assert "scopes are" in await refused("token", "create", "--environment", environment, "--scopes", "read,all")
    assert "no such environment" in await refused("token", "create", "--environment", "x")
    assert "no such environment" in await refused(
        "account", "import", "--environment", "x", "-", stdin=json.dumps(ACCOUNT)
    )
    assert "name" in await refused("env", "create", "n" * 201)


async def test_a_shared_database_without_keys_is_refused_in_words(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, database_url="postgresql://somebody:private@127.0.0.1:9/books")

    ran = await ledgerway(settings, "db", "upgrade")

    assert ran.code == 1
    assert "LEDGERWAY_ENCRYPTION_KEYS" in ran.err
    assert "private" not in ran.err
    assert "Traceback" not in ran.err


async def test_a_database_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    url, keys = "postgresql://somebody:private@127.0.0.1:9/books", encoded_key("k1", new_key())
    settings = settings_in(tmp_path, database_url=url, encryption_keys=keys)

    ran = await ledgerway(settings, "db", "upgrade")

    assert ran.code == 1
    assert "the database cannot be reached" in ran.err
    assert "private" not in ran.err
    assert "Traceback" not in ran.err


async def test_db_upgrade_makes_the_tables_and_may_be_repeated(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "new")

    first = await ledgerway(settings, "db", "upgrade")
    second = await ledgerway(settings, "db", "upgrade")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert (tmp_path / "new" / "ledgerway.db").exists()


async def test_generated_files_are_checked_and_not_written(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    files = {"openapi": Path("openapi/ledgerway.json"), "matrix": Path("docs/capabilities.md")}
    before = {path: path.read_bytes() for path in files.values()}

    ran = {name: await ledgerway(settings, name, "--check") for name in files}

    assert {name: (each.code, each.err) for name, each in ran.items()} == dict.fromkeys(files, (0, ""))
    assert {path: path.read_bytes() for path in files.values()} == before


async def test_a_generated_file_that_is_old_fails_the_check_by_name(tmp_path: Path) -> None:
    # The command writes below the folder it is run in, where there is nothing yet.
    ran = await ledgerway(settings_in(tmp_path), "matrix", "--check", folder=tmp_path)

    assert ran.code == 1
    assert "docs/capabilities.md" in ran.err
    assert _names(tmp_path) == []


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
