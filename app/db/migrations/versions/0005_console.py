"""The console: one-time links and the sessions of those who signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "console_link",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), nullable=False),
        sa.Column("spent_at", _instant),
        sa.Column("expires_at", _instant, nullable=False, index=True),
    )
    op.create_table(
        "console_session",
        sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), nullable=False),
        sa.Column("token_id", sa.String(36), sa.ForeignKey("api_token.id", ondelete="CASCADE"), index=True),
        sa.Column("expires_at", _instant, nullable=False, index=True),
    )
