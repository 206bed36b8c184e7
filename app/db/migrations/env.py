"""Runs migrations on the connection that `Database.migrate` hands over."""

from alembic import context

from app.db.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # On PostgreSQL no lock is held for longer than one migration takes.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
