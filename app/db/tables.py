"""The tables. Ids are UUIDs as text; instants are UTC; documents are JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


environment = Table(
    "environment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("brand", JSON, nullable=False),
    Column("redirect_uris", JSON, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("allow_private_hosts", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", String(36), primary_key=True),
    # Null for the instance's admin token, which belongs to no environment.
    Column("environment_id", String(36), ForeignKey("environment.id"), nullable=True, index=True),
    Column("name", String(200), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
)

integrated_account = Table(
    "integrated_account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", String(36), ForeignKey("environment.id"), nullable=False),
    Column("tenant_id", String(500), nullable=False),
    Column("integration", String(50), nullable=False),
    Column("status", String(30), nullable=False),
    Column("status_reason", String(500)),
    Column("settings", JSON, nullable=False),
    Column("key_id", String(60), nullable=False, index=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    # The refresh token before the newest, until the newest access token has worked.
    Column("previous_secrets", LargeBinary),
    Column("token_expires_at", Instant),
    Column("version", Integer, nullable=False),
    Column("refresh_owner", String(36)),
    Column("refresh_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("integrated_account_of_tenant", "environment_id", "tenant_id"),
    UniqueConstraint("environment_id", "id"),
)

call_log = Table(
    "call_log",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False, index=True),
    Column("environment_id", String(36), index=True),
    Column("account_id", String(36)),
    Column("integration", String(50)),
    Column("method", String(20), nullable=False),
    Column("path", String(200), nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", String(60)),
    Column("duration_ms", Float, nullable=False),
    Column("provider_calls", Integer, nullable=False),
    Column("provider_ms", Float, nullable=False),
    Column("request_id", String(40), nullable=False),
)

# One row; its number moves whenever a token, account or environment changes, so that other processes notice.
change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
