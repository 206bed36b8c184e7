"""Usage: budgets of accounts, and what they asked of their providers by days and hours."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("integrated_account", sa.Column("budget_soft", sa.Integer))
    op.add_column("integrated_account", sa.Column("budget_hard", sa.Integer))
    op.create_table(
        "usage_day",
        sa.Column("account_id", sa.String(36), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True, index=True),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("throttled", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("provider_ms", sa.BigInteger, nullable=False),
        sa.Column("soft_reached_at", _instant),
        sa.Column("hard_reached_at", _instant),
    )
    op.create_table(
        "usage_hour",
        sa.Column("account_id", sa.String(36), primary_key=True),
        sa.Column("hour", _instant, primary_key=True, index=True),
        sa.Column("calls", sa.Integer, nullable=False),
    )
