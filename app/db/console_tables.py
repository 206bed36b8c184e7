"""The tables of the console."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from app.db.columns import Instant, metadata

# A way into the console that its owner's command line printed, good for one sign-in.
console_link = Table(
    "console_link",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("environment_id", String(36), ForeignKey("environment.id"), nullable=False),
    Column("spent_at", Instant),
    Column("expires_at", Instant, nullable=False, index=True),
)

# A browser that is signed in. Where an API token was given, the session goes with it.
console_session = Table(
    "console_session",
    metadata,
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("environment_id", String(36), ForeignKey("environment.id"), nullable=False),
    Column("token_id", String(36), ForeignKey("api_token.id", ondelete="CASCADE"), index=True),
    Column("expires_at", Instant, nullable=False, index=True),
)
