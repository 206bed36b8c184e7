"""The schema as it was: brings an empty database to any revision, and tells what a revision does."""

from __future__ import annotations

import io
from types import ModuleType

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.db.migrating import MIGRATIONS


def upgrade_to(connection: Connection, revision: str) -> None:
    """Run the migrations up to that one."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revisions() -> list[str]:
    """All, the oldest first."""
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def statements_of(module: ModuleType) -> list[str]:
    """What a migration runs on PostgreSQL, each statement in one line."""
    written = io.StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written})
    with Operations.context(context):
        module.upgrade()
    return [" ".join(each.split()) for each in written.getvalue().split(";") if each.strip()]


def module_of(revision: str) -> ModuleType:
    """The migration itself."""
    script = ScriptDirectory(str(MIGRATIONS)).get_revision(revision)
    assert script is not None
    module: ModuleType = script.module
    return module
