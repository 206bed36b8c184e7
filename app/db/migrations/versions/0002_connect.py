"""Connecting accounts: environments' integrations, link tokens, events; what a renewal leaves behind."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sealing_key",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("canary", sa.LargeBinary),
        sa.Column("lost_at", _instant),
        sa.Column("created_at", _instant, nullable=False),
    )
    op.execute(
        "INSERT INTO sealing_key (id, created_at) SELECT DISTINCT key_id, CURRENT_TIMESTAMP FROM integrated_account"
    )
    with op.batch_alter_table("integrated_account") as table:
        table.add_column(sa.Column("reason_code", sa.String(30)))
        table.add_column(sa.Column("findings", sa.JSON))
        table.add_column(sa.Column("renewed_at", _instant))
        table.add_column(sa.Column("refresh_started_at", _instant))
        table.create_foreign_key("integrated_account_key_id_fkey", "sealing_key", ["key_id"], ["id"])
    # Where there is nothing to renew, the first attempt says so.
    op.execute("UPDATE integrated_account SET renewed_at = updated_at")
    op.create_index("ix_integrated_account_renewed_at", "integrated_account", ["renewed_at"])
    op.create_index("ix_integrated_account_refresh_started_at", "integrated_account", ["refresh_started_at"])
    op.create_table(
        "environment_integration",
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), primary_key=True),
        sa.Column("integration", sa.String(50), primary_key=True),
        sa.Column("is_enabled", sa.Boolean, nullable=False),
        sa.Column("client_id", sa.String(500)),
        sa.Column("has_secret", sa.Boolean, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("key_id", sa.String(60), sa.ForeignKey("sealing_key.id"), nullable=False, index=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("updated_at", _instant, nullable=False),
    )
    op.create_table(
        "link_token",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("tenant_id", sa.String(500), nullable=False),
        sa.Column("account_id", sa.String(36), index=True),
        sa.Column("integrations", sa.JSON),
        sa.Column("redirect_uri", sa.String(2_000)),
        sa.Column("keeps_context", sa.Boolean, nullable=False),
        sa.Column("key_id", sa.String(60), sa.ForeignKey("sealing_key.id"), nullable=False, index=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("given", sa.LargeBinary, nullable=False),
        sa.Column("gathered", sa.LargeBinary),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("integration", sa.String(50)),
        sa.Column("state_hash", sa.LargeBinary(32), unique=True),
        sa.Column("browser_hash", sa.LargeBinary(32)),
        sa.Column("made_account_id", sa.String(36)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("spent_at", _instant),
        sa.Column("expires_at", _instant, nullable=False, index=True),
        sa.Column("created_at", _instant, nullable=False),
    )
    op.create_table(
        "event_head",
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False, index=True),
        sa.Column("at", _instant, nullable=False, index=True),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("environment_id", sa.String(36), sa.ForeignKey("environment.id"), nullable=False, index=True),
        sa.Column("url", sa.String(2_000), nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("description", sa.String(500)),
        sa.Column("is_enabled", sa.Boolean, nullable=False),
        sa.Column("disabled_reason", sa.String(200)),
        sa.Column("key_id", sa.String(60), sa.ForeignKey("sealing_key.id"), nullable=False, index=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", _instant),
        sa.Column("retry_at", _instant),
        sa.Column("lease_owner", sa.String(36)),
        sa.Column("lease_until", _instant),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("updated_at", _instant, nullable=False),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("webhook_id", sa.String(36), sa.ForeignKey("webhook.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("at", _instant, nullable=False, index=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", _instant, nullable=False),
        sa.Column("next_at", _instant),
        sa.Column("last_at", _instant),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.String(200)),
    )
    op.create_index("webhook_delivery_due", "webhook_delivery", ["webhook_id", "state", "next_at"])
    op.create_index(
        "webhook_delivery_of_account", "webhook_delivery", ["webhook_id", "account_id", "state", "number"]
    )
