"""The first tables: environments, tokens, accounts, the call log, the change number."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "environment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("brand", sa.JSON, nullable=False),
        sa.Column("redirect_uris", sa.JSON, nullable=False),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("allow_private_hosts", sa.Boolean, nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("updated_at", _instant, nullable=False),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("expires_at", _instant),
        sa.Column("last_used_at", _instant),
    )
    op.create_table(
        "integrated_account",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), nullable=False),
        sa.Column("tenant_id", sa.String(500), nullable=False),
        sa.Column("integration", sa.String(50), nullable=False),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("status_reason", sa.String(500)),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False, index=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("previous_secrets", sa.LargeBinary),
        sa.Column("token_expires_at", _instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("refresh_owner", sa.String(36)),
        sa.Column("refresh_until", _instant),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("updated_at", _instant, nullable=False),
        sa.UniqueConstraint("environment_id", "id"),
    )
    op.create_index("integrated_account_of_tenant", "integrated_account", ["environment_id", "tenant_id"])
    op.create_table(
        "call_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", _instant, nullable=False, index=True),
        sa.Column("environment_id", sa.String(36), index=True),
        sa.Column("account_id", sa.String(36)),
        sa.Column("integration", sa.String(50)),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("code", sa.String(60)),
        sa.Column("duration_ms", sa.Float, nullable=False),
        sa.Column("provider_calls", sa.Integer, nullable=False),
        sa.Column("provider_ms", sa.Float, nullable=False),
        sa.Column("request_id", sa.String(40), nullable=False),
    )
    change = op.create_table(
        "change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(change, [{"id": 1, "number": 0}])
