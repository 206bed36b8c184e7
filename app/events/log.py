"""The event log: numbered without a gap in each environment, written in the transaction that it tells of."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.news import Happened, tell
from app.db.tables import event, event_head

EventType = Literal[
    "integrated_account.created",
    "integrated_account.active",
    "integrated_account.needs_reauth",
    "integrated_account.reactivated",
    "integrated_account.validation_error",
    "integrated_account.deleted",
    "integrated_account.budget_soft_reached",
    "integrated_account.budget_hard_reached",
]


async def record(
    connection: AsyncConnection,
    kind: EventType,
    *,
    environment_id: str,
    account_id: str,
    at: datetime,
    body: Mapping[str, Any],
) -> None:
    """Write an event with the environment's next number, in the transaction that is open.

    The head's row stays locked until the commit: whoever reads number n has everything below it.
    """
    head = (
        update(event_head)
        .where(event_head.c.environment_id == environment_id)
        .values(number=event_head.c.number + 1)
        .returning(event_head.c.number)
    )
    number = (await connection.execute(head)).scalar_one_or_none()
    if number is None:
        try:
            async with connection.begin_nested():
                await connection.execute(insert(event_head).values(environment_id=environment_id, number=1))
            number = 1
        except IntegrityError:  # Another transaction has written the first one meanwhile.
            number = (await connection.execute(head)).scalar_one()
    await connection.execute(
        insert(event).values(
            environment_id=environment_id,
            number=number,
            id=f"evt_{uuid.uuid4().hex}",
            type=kind,
            account_id=account_id,
            at=at,
            body=dict(body),
        )
    )
    await tell(connection, Happened())
