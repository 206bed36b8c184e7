"""The tables. Ids are UUIDs as text; instants are UTC; documents are JSON."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from app.db.columns import Instant, metadata
from app.db.console_tables import console_link, console_session  # noqa: F401 - the metadata is to be whole
from app.db.usage_tables import usage_day, usage_hour  # noqa: F401 - likewise

# The keys that wrap data keys: every row that is sealed names one, so that none is retired while it is needed.
sealing_key = Table(
    "sealing_key",
    metadata,
    Column("id", String(60), primary_key=True),
    # A data key of nothing, wrapped: whoever opens it has this key. Null until somebody who has it comes by.
    Column("canary", LargeBinary),
    # The owner has said that nobody has it any more.
    Column("lost_at", Instant),
    Column("created_at", Instant, nullable=False),
)


def _key_id() -> Column[str]:
    return Column("key_id", String(60), ForeignKey("sealing_key.id"), nullable=False, index=True)


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
    # Why the customer must act, for programs: `revoked`, `rotated_away`, `wrong_client`, …
    Column("reason_code", String(30)),
    Column("settings", JSON, nullable=False),
    # What the last validation found out: the user, companies, missing rights, custom fields.
    Column("findings", JSON),
    # Calls to the provider a day: above the first only interactive ones pass, above the second none.
    Column("budget_soft", Integer),
    Column("budget_hard", Integer),
    _key_id(),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    # The refresh token before the newest, until the newest access token has worked.
    Column("previous_secrets", LargeBinary),
    Column("token_expires_at", Instant),
    Column("version", Integer, nullable=False),
    # When the tokens were last renewed or first given; null where there is nothing to renew.
    Column("renewed_at", Instant, index=True),
    # A renewal's lease, and its intent: set before the provider is asked, cleared once what it did is known.
    Column("refresh_owner", String(36)),
    Column("refresh_until", Instant),
    Column("refresh_started_at", Instant, index=True),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("integrated_account_of_tenant", "environment_id", "tenant_id"),
    UniqueConstraint("environment_id", "id"),
)

# An environment's own OAuth client of an integration, its secret sealed.
environment_integration = Table(
    "environment_integration",
    metadata,
    Column("environment_id", String(36), ForeignKey("environment.id"), primary_key=True),
    Column("integration", String(50), primary_key=True),
    Column("is_enabled", Boolean, nullable=False),
    Column("client_id", String(500)),
    Column("has_secret", Boolean, nullable=False),
    Column("settings", JSON, nullable=False),
    _key_id(),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

link_token = Table(
    "link_token",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", String(36), ForeignKey("environment.id"), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    # A new account of this tenant, or the re-connect of that account.
    Column("tenant_id", String(500), nullable=False),
    Column("account_id", String(36), index=True),
    Column("integrations", JSON),
    Column("redirect_uri", String(2_000)),
    Column("keeps_context", Boolean, nullable=False),
    # What the caller gave of the context, and what the flow has gathered so far: sealed together.
    _key_id(),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("given", LargeBinary, nullable=False),
    Column("gathered", LargeBinary),
    # Where the customer stands: `start`, `consent`, `choice`, `done`; moves by compare-and-set on `version`.
    Column("step", String(20), nullable=False),
    Column("integration", String(50)),
    Column("state_hash", LargeBinary(32), unique=True),
    Column("browser_hash", LargeBinary(32)),
    # The account that the flow has made or re-connects, once its credentials are there.
    Column("made_account_id", String(36)),
    Column("version", Integer, nullable=False),
    Column("spent_at", Instant),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
)

# The number of each environment's last event. Its row is locked until the event is committed, so that a reader
# never sees a number before those below it.
event_head = Table(
    "event_head",
    metadata,
    Column("environment_id", String(36), ForeignKey("environment.id"), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("environment_id", String(36), ForeignKey("environment.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("type", String(60), nullable=False),
    Column("account_id", String(36), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("body", JSON, nullable=False),
)

# Where an environment is told of its events. `position` is the number up to which the log has become deliveries;
# whoever writes an endpoint's deliveries updates its row first, so that they go one after another.
webhook = Table(
    "webhook",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", String(36), ForeignKey("environment.id"), nullable=False, index=True),
    Column("url", String(2_000), nullable=False),
    Column("events", JSON, nullable=False),
    Column("description", String(500)),
    Column("is_enabled", Boolean, nullable=False),
    Column("disabled_reason", String(200)),
    _key_id(),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("position", BigInteger, nullable=False),
    # Failed attempts since the last that succeeded, when they began, and before when nothing is sent.
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("retry_at", Instant),
    Column("lease_owner", String(36)),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

# An event for an endpoint. Of each account at most one is `waiting`; those after it are `queued`.
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("webhook_id", String(36), ForeignKey("webhook.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", String(36), nullable=False),
    # When the event was.
    Column("at", Instant, nullable=False, index=True),
    # `queued`, `waiting`, `delivered` or `dead`.
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("last_at", Instant),
    Column("last_status", Integer),
    Column("last_error", String(200)),
    Index("webhook_delivery_due", "webhook_id", "state", "next_at"),
    Index("webhook_delivery_of_account", "webhook_id", "account_id", "state", "number"),
)


def _failed(name: str, column: str, condition: str) -> Index:
    where = text(condition)
    return Index(name, "environment_id", column, "at", postgresql_where=where, sqlite_where=where)


call_log = Table(
    "call_log",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("environment_id", String(36)),
    Column("account_id", String(36)),
    Column("integration", String(50)),
    Column("method", String(20), nullable=False),
    Column("path", String(200), nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", String(60)),
    Column("duration_ms", Float, nullable=False),
    Column("provider_calls", Integer, nullable=False),
    Column("provider_ms", Float, nullable=False),
    Column("added_ms", Float, nullable=False, server_default="0"),
    Column("waited_ms", Float, nullable=False, server_default="0"),
    Column("request_id", String(40), nullable=False),
    Index("call_log_by_time", "environment_id", "at"),
    Index("call_log_of_account", "environment_id", "account_id", "at"),
    # Most calls succeed: those that failed are found by an index of their own, which the others do not cost.
    _failed("call_log_by_status", "status", "status >= 400"),
    _failed("call_log_by_code", "code", "code IS NOT NULL"),
    # Ids begin with their moment, so that this index grows at its end.
    Index("call_log_by_request", "request_id", unique=True),
)

# One row; its number moves whenever a token, account or environment changes, so that other processes notice.
change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
