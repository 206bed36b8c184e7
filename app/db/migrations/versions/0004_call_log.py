"""The call log: waits and added time; an index for each way it is asked; each call once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("added_ms", "waited_ms"):
        op.add_column("call_log", sa.Column(name, sa.Float, nullable=False, server_default="0"))
    op.create_index("call_log_by_time", "call_log", ["environment_id", "at"])
    op.create_index("call_log_of_account", "call_log", ["environment_id", "account_id", "at"])
    _create_partial("call_log_by_status", "status", "status >= 400")
    _create_partial("call_log_by_code", "code", "code IS NOT NULL")
    # A batch whose commit got lost on its way back was written twice.
    op.execute("DELETE FROM call_log WHERE id NOT IN (SELECT min(id) FROM call_log GROUP BY request_id)")
    op.create_index("call_log_by_request", "call_log", ["request_id"], unique=True)
    op.drop_index("ix_call_log_at", "call_log")
    op.drop_index("ix_call_log_environment_id", "call_log")


def _create_partial(name: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "call_log", ["environment_id", column, "at"], postgresql_where=where, sqlite_where=where)
