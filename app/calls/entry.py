"""One call through the gateway, as it is kept and as it is told in a line."""

from __future__ import annotations

from datetime import datetime

import msgspec


class CallEntry(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="event", tag="call", rename={"at": "time"}
):
    """One call; never its bodies, its query or anybody's secrets. Encoded, it is the call's line in the log."""

    at: datetime
    level: str = "info"
    request_id: str
    environment_id: str | None
    account_id: str | None
    integration: str | None
    method: str
    path: str
    status: int
    code: str | None
    duration_ms: float
    provider_calls: int
    provider_ms: float
    added_ms: float
    waited_ms: float
