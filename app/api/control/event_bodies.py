"""What the routes of events and webhooks take and give, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.api.control.bodies import Moment, Taken
from app.events.attempts import State
from app.events.log import EventType

URL_SIZE_MAX = 2_000
OVERLAP_SECONDS = 86_400
OVERLAP_SECONDS_MAX = 7 * 86_400


def _plain(url: AnyHttpUrl) -> AnyHttpUrl:
    if url.username is not None or url.password is not None:
        raise ValueError("an address has no user name and password in it: the signature tells who sends")
    if url.fragment is not None:
        raise ValueError("an address has no fragment")
    if len(str(url)) > URL_SIZE_MAX:
        raise ValueError("the address is too long")
    return url


WebhookUrl = Annotated[AnyHttpUrl, Field(max_length=URL_SIZE_MAX), AfterValidator(_plain)]
Events = Annotated[list[EventType | Literal["*", "integrated_account.*"]], Field(min_length=1, max_length=20)]
Description = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
EventId = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class NewWebhook(Taken):
    """An endpoint to make."""

    url: WebhookUrl = Field(description="`https`; `http` only where the environment may reach private hosts.")
    events: Events = ["*"]
    is_enabled: bool = True
    description: Description | None = None


class WebhookChange(Taken):
    """What to change of an endpoint; what is left out stays."""

    url: WebhookUrl | None = None
    events: Events | None = None
    is_enabled: bool | None = Field(
        default=None, description="What happens while it is disabled is sent once it is enabled, if still kept."
    )
    description: Description | None = None


class SecretRotation(Taken):
    """For how long the secrets of before sign too."""

    overlap_seconds: Annotated[int, Field(ge=0, le=OVERLAP_SECONDS_MAX)] = OVERLAP_SECONDS


class Replay(Taken):
    """What to send again: one event, or those of a time."""

    event_id: EventId | None = None
    since: Moment | None = None
    until: Moment | None = None
    state: Literal["dead"] | None = Field(default=None, description="`dead`: only what was given up.")

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.event_id is None) == (self.since is None):
            raise ValueError("give either event_id or since")
        if self.event_id is not None and (self.until or self.state):
            raise ValueError("until and state go with since")
        return self


class WebhookBody(BaseModel):
    """An endpoint. Its secret is shown when it is made, and when it is rotated."""

    id: str
    url: str
    events: list[str]
    description: str | None
    is_enabled: bool
    disabled_reason: str | None = Field(description="Why it was disabled by itself: the receiver answered 410.")
    failing_since: datetime | None = Field(description="Since when no attempt has succeeded.")
    created_at: datetime
    updated_at: datetime


class NewWebhookBody(WebhookBody):
    """An endpoint with its secret, which is in this answer and nowhere else."""

    secret: str


class ReplayedBody(BaseModel):
    """How many events were put in line."""

    count: int


class TrialBody(BaseModel):
    """What the receiver made of a test event."""

    is_delivered: bool
    status: int | None
    error: str | None


class DeliveryBody(BaseModel):
    """An event for an endpoint, and how far it came."""

    event_id: str
    number: int
    type: str
    account_id: str
    state: State = Field(
        description="`waiting` for its turn or its next attempt, `queued` behind an earlier event of its account, "
        "`delivered`, or `dead`: given up."
    )
    attempts: int
    queued_at: datetime
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None


class EventAccountBody(BaseModel):
    """The account as it was when the event happened."""

    model_config = ConfigDict(extra="allow")

    id: str
    tenant_id: str
    integration: str
    status: str
    status_reason: str | None
    reason_code: str | None
    environment_id: str
    reconnect_url: str | None = Field(description="Where its customer connects again; with `needs_reauth`.")


class EventBody(BaseModel):
    """Something that happened to an account: the same here and at a webhook."""

    id: str
    type: str
    timestamp: datetime
    number: int = Field(description="Counts the environment's events, without a gap.")
    data: EventAccountBody
