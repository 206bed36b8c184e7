"""The tables of what accounts ask of their providers. An account that is gone keeps its days until they are old."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, String, Table

from app.db.columns import Instant, metadata

# By days of UTC.
usage_day = Table(
    "usage_day",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("day", Date, primary_key=True, index=True),
    Column("calls", Integer, nullable=False),
    Column("throttled", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("provider_ms", BigInteger, nullable=False),
    # When the event was recorded that this much of the day's budget is spent.
    Column("soft_reached_at", Instant),
    Column("hard_reached_at", Instant),
)

# By hours, for two days: how fast calls come now.
usage_hour = Table(
    "usage_hour",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("hour", Instant, primary_key=True, index=True),
    Column("calls", Integer, nullable=False),
)
