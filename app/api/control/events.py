"""`/webhook`: endpoints that are told of events, and their deliveries; `/event`: the same log, to be pulled."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api.control.access import AccountReader, Admin, Cursor, CursorsOf, Limit, Paging, PartsOf
from app.api.control.bodies import IdBody, Many, One
from app.api.control.event_bodies import (
    DeliveryBody,
    EventBody,
    NewWebhook,
    NewWebhookBody,
    Replay,
    ReplayedBody,
    SecretRotation,
    TrialBody,
    WebhookBody,
    WebhookChange,
)
from app.errors import InvalidRequest, NotFound
from app.events.attempts import State
from app.events.deliveries import Asked, Delivery
from app.events.log import EventType
from app.events.reading import Event
from app.events.webhooks import Webhook
from app.openapi import problem_responses
from app.parts import Parts
from app.tokens.tokens import Caller

webhooks = APIRouter(prefix="/webhook", tags=["webhooks"])
events = APIRouter(prefix="/event", tags=["events"])

NUMBER_DIGITS_MAX = 18

_Account = Annotated[str | None, Query(max_length=60, pattern=r"^[^\x00]*$")]
_After = Annotated[
    str | None, Query(max_length=4_096, description="A `next_cursor` of this list, or an event's `number`.")
]


@webhooks.get("", responses=problem_responses(400, 401, 403))
async def list_webhooks(
    caller: Admin, parts: PartsOf, cursors: CursorsOf, limit: Limit = 50, next_cursor: Cursor = None
) -> Many[WebhookBody]:
    """The endpoints of the caller's environment. Scope `admin`."""
    paging = Paging(parts, cursors, "webhook", caller.environment_id)
    rows = await parts.webhooks.page(caller.environment_id, paging.position(next_cursor), limit + 1)
    return paging.answer(rows, limit, _webhook)


@webhooks.post("", status_code=201, responses=problem_responses(400, 401, 403, 409, 413, 415, 422))
async def create_webhook(
    caller: Admin, body: NewWebhook, parts: PartsOf, response: Response
) -> One[NewWebhookBody]:
    """Make an endpoint, told of what happens from now on. Its secret is in this answer and nowhere else.

    Scope `admin`.
    """
    webhook, secret = await parts.webhooks.create(
        caller.environment_id, body.model_dump(mode="json"), allow_private=caller.allow_private_hosts
    )
    response.headers["Location"] = f"/webhook/{webhook.id}"
    return One(result=_with_secret(webhook, secret))


@webhooks.get("/{webhook_id}", responses=problem_responses(400, 401, 403, 404))
async def get_webhook(caller: Admin, webhook_id: str, parts: PartsOf) -> One[WebhookBody]:
    """One endpoint. Scope `admin`."""
    return One(result=_webhook(await _found(parts, caller, webhook_id)))


@webhooks.patch("/{webhook_id}", responses=problem_responses(400, 401, 403, 404, 413, 415, 422))
async def change_webhook(caller: Admin, webhook_id: str, body: WebhookChange, parts: PartsOf) -> One[WebhookBody]:
    """Change what the body names. A new `url`, or `is_enabled: true`, tries at once what waits. Scope `admin`."""
    webhook = await _found(parts, caller, webhook_id)
    changes = body.model_dump(mode="json", exclude_none=True)
    return One(
        result=_webhook(await parts.webhooks.change(webhook, changes, allow_private=caller.allow_private_hosts))
    )


@webhooks.delete("/{webhook_id}", responses=problem_responses(400, 401, 403, 404))
async def delete_webhook(caller: Admin, webhook_id: str, parts: PartsOf) -> One[IdBody]:
    """Delete the endpoint, its secrets, and what it was not sent yet. Scope `admin`."""
    await parts.webhooks.delete(await _found(parts, caller, webhook_id))
    return One(result=IdBody(id=webhook_id))


@webhooks.post("/{webhook_id}/rotate-secret", responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422))
async def rotate_webhook_secret(
    caller: Admin, webhook_id: str, parts: PartsOf, body: SecretRotation | None = None
) -> One[NewWebhookBody]:
    """Make a new secret; it and those of before sign until the overlap is over. Scope `admin`."""
    webhook = await _found(parts, caller, webhook_id)
    overlap = timedelta(seconds=(body or SecretRotation()).overlap_seconds)
    return One(result=_with_secret(*await parts.webhooks.rotate_secret(webhook, overlap)))


@webhooks.post(
    "/{webhook_id}/replay", status_code=202, responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422)
)
async def replay_events(caller: Admin, webhook_id: str, body: Replay, parts: PartsOf) -> One[ReplayedBody]:
    """Send events again: one by its id, or those of a time, or of these only the dead. Scope `admin`."""
    webhook = await _found(parts, caller, webhook_id)
    asked = Asked(event_id=body.event_id, since=body.since, until=body.until, only_dead=body.state == "dead")
    return One(result=ReplayedBody(count=await parts.deliveries.replay(webhook, asked)))


@webhooks.post("/{webhook_id}/test", responses=problem_responses(400, 401, 403, 404))
async def try_webhook(caller: Admin, webhook_id: str, parts: PartsOf) -> One[TrialBody]:
    """Send a `webhook.test` event now, once, and tell what the receiver made of it. Scope `admin`."""
    webhook = await _found(parts, caller, webhook_id)
    answered = await parts.courier.try_out(webhook, allow_private=caller.allow_private_hosts)
    return One(result=TrialBody(is_delivered=answered.error is None, status=answered.status, error=answered.error))


@webhooks.get("/{webhook_id}/delivery", responses=problem_responses(400, 401, 403, 404))
async def list_deliveries(
    caller: Admin,
    webhook_id: str,
    parts: PartsOf,
    cursors: CursorsOf,
    state: State | None = None,
    limit: Limit = 50,
    next_cursor: Cursor = None,
) -> Many[DeliveryBody]:
    """What became of each event, the newest first. `state=dead` are the dead letters. Scope `admin`."""
    webhook = await _found(parts, caller, webhook_id)
    paging = Paging(parts, cursors, "delivery", caller.environment_id, webhook_id, state or "")
    position = paging.position(next_cursor)
    rows = await parts.deliveries.page(webhook, state, int(position) if position else None, limit + 1)
    return paging.answer(rows, limit, _delivery)


@events.get("", responses=problem_responses(400, 401, 403))
async def list_events(
    caller: AccountReader,
    parts: PartsOf,
    cursors: CursorsOf,
    kind: Annotated[EventType | None, Query(alias="type")] = None,
    account_id: _Account = None,
    after: _After = None,
    limit: Limit = 50,
    next_cursor: Cursor = None,
) -> Many[EventBody]:
    """What happened, the oldest first; without a cursor from the oldest that is kept.

    `next_cursor` is always given: it is where to go on from, now or later, and an empty page means that there
    is nothing new yet. Scope `read`, `connect` or `admin`.
    """
    if after and next_cursor:
        raise InvalidRequest("give either after or next_cursor")
    asked = {"type": kind, "account_id": account_id}
    conditions = {name: value for name, value in asked.items() if value is not None}
    paging = Paging(parts, cursors, "event", caller.environment_id, repr(conditions))
    number = _number(after) if after else None
    if number is None and (position := paging.position(after or next_cursor)) is not None:
        number = int(position)
    found, newest = await parts.events.page(caller.environment_id, number, conditions, limit)
    return Many(
        result=[_event(parts, event) for event in found],
        next_cursor=paging.cursor(str(newest)),
        result_count=len(found),
    )


@events.get("/{event_id}", responses=problem_responses(400, 401, 403, 404))
async def get_event(caller: AccountReader, event_id: str, parts: PartsOf) -> One[EventBody]:
    """One event. Scope `read`, `connect` or `admin`."""
    event = await parts.events.find(caller.environment_id, event_id) if "\0" not in event_id else None
    if event is None:
        raise NotFound("there is no such event")
    return One(result=_event(parts, event))


async def _found(parts: Parts, caller: Caller, webhook_id: str) -> Webhook:
    webhook = await parts.webhooks.find(caller.environment_id, webhook_id) if "\0" not in webhook_id else None
    if webhook is None:
        raise NotFound("there is no such webhook")
    return webhook


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX
    return int(text) if is_number else None


def _webhook(webhook: Webhook) -> WebhookBody:
    return WebhookBody(**_shown(webhook))


def _with_secret(webhook: Webhook, secret: str) -> NewWebhookBody:
    return NewWebhookBody(**_shown(webhook), secret=secret)


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookBody.model_fields}


def _delivery(delivery: Delivery) -> DeliveryBody:
    return DeliveryBody(
        event_id=delivery.event_id,
        number=delivery.number,
        type=delivery.type,
        account_id=delivery.account_id,
        state=delivery.state,
        attempts=delivery.attempts,
        queued_at=delivery.queued_at,
        next_attempt_at=delivery.next_at,
        last_attempt_at=delivery.last_at,
        last_status=delivery.last_status,
        last_error=delivery.last_error,
    )


def _event(parts: Parts, event: Event) -> EventBody:
    return EventBody.model_validate(parts.events.shown(event))
