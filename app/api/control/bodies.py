"""What the control plane takes and gives, as pydantic models."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.tokens.tokens import TokenScope
from app.usage.budget import Budget

# PostgreSQL cannot keep a NUL; refusing it everywhere keeps the two stores alike.
_NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
TenantId = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_NO_NUL)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=_NO_NUL)]
Calls = Annotated[int, Field(ge=1, le=1_000_000_000)]
Url = Annotated[AnyHttpUrl, Field(max_length=2_000)]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range in UTC") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Taken(BaseModel):
    """A body from a caller: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid")


class Brand(Taken):
    """How the hosted page looks."""

    name: Name | None = None
    logo_url: Url | None = None
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None


class NewEnvironment(Taken):
    """An environment to make."""

    name: Name
    brand: Brand = Brand()
    redirect_uris: Annotated[list[Url], Field(max_length=50)] = []
    origins: Annotated[list[Url], Field(max_length=50)] = []
    allow_private_hosts: bool = False


class EnvironmentChange(Taken):
    """What to change of an environment; what is left out stays."""

    name: Name | None = None
    brand: Brand | None = None
    redirect_uris: Annotated[list[Url], Field(max_length=50)] | None = None
    origins: Annotated[list[Url], Field(max_length=50)] | None = None
    allow_private_hosts: bool | None = None


class NewToken(Taken):
    """An API token to make."""

    name: Name = "token"
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=5)]
    expires_at: Moment | None = None


class DailyBudget(Taken):
    """How many calls to its provider an account may make in a day of UTC."""

    soft: Calls | None = Field(
        default=None, description="From here on only interactive calls pass; the others are 429 until the day ends."
    )
    hard: Calls | None = Field(default=None, description="From here on no call passes until the day ends.")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.soft is not None and self.hard is not None and self.soft > self.hard:
            raise ValueError("soft is not above hard")
        return self


def budget_of(given: DailyBudget | None) -> Budget:
    """The budget that a caller gave."""
    return Budget() if given is None else Budget(soft=given.soft, hard=given.hard)


class NewAccount(Taken):
    """An account to import."""

    tenant_id: TenantId
    integration: Word
    context: dict[str, Any] = Field(
        description="As the integration's `fields` say. Secrets are write-only, never echoed."
    )
    # `validate` shadows a method of pydantic's, so the attribute has another name.
    is_validated: bool = Field(default=True, alias="validate", description="Try the credentials by a real call.")
    daily_budget: DailyBudget | None = None


class AccountChange(Taken):
    """What to change of an account; a context is merged over the old one."""

    tenant_id: TenantId | None = None
    context: dict[str, Any] | None = None
    daily_budget: DailyBudget | None = Field(default=None, description="Replaced whole; null takes it away.")


class EnvironmentBody(BaseModel):
    """An environment."""

    id: str
    name: str
    brand: dict[str, Any]
    redirect_uris: list[str]
    origins: list[str]
    allow_private_hosts: bool
    created_at: datetime
    updated_at: datetime


class TokenBody(BaseModel):
    """An API token, without its text."""

    id: str
    environment_id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewTokenBody(TokenBody):
    """A new API token: its text is shown here and never again."""

    token: str


class CompanyBody(BaseModel):
    """One of the companies whose books the account holds."""

    id: str
    name: str
    currency: str | None


class FindingsBody(BaseModel):
    """What the last validation found out. None of it keeps an account from being `active`."""

    user: str | None = Field(description="Who the credentials belong to, as the provider names them.")
    time_zone: str | None
    base_currency: str | None = Field(description="Of the account's company, or of all if it is one.")
    companies: list[CompanyBody]
    missing_rights: dict[str, str] = Field(
        description="Resource → what the credentials lack, so that its list is refused with `provider_forbidden`."
    )
    limited_rights: dict[str, str] = Field(
        description="Resource → what they lack, so that its records come without a part, with a warning."
    )
    unknown_rights: list[str] = Field(description="Resources of which neither could be learnt this time.")
    custom_fields: dict[str, list[str]] | None = Field(
        description="Resource → the customer's own fields; a line's have their table before them. A resource that "
        "did not tell them is left out."
    )


class DailyBudgetBody(BaseModel):
    """How many calls to its provider the account may make in a day of UTC."""

    soft: int | None
    hard: int | None


class AccountBody(BaseModel):
    """An integrated account. `context` holds what is not secret."""

    id: str
    tenant_id: str
    integration: str
    status: str
    status_reason: str | None
    reason_code: str | None
    context: dict[str, Any]
    findings: FindingsBody | None
    daily_budget: DailyBudgetBody | None
    reconnect_url: str | None = Field(description="Where to send the customer, unless the account is active.")
    created_at: datetime
    updated_at: datetime


class CapabilitiesBody(BaseModel):
    """What can be done with each resource."""

    resources: dict[str, Any]


class LogEntryBody(BaseModel):
    """One call through the gateway."""

    id: str
    at: datetime
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
    request_id: str


class IdBody(BaseModel):
    """What was deleted."""

    id: str


class StateBody(BaseModel):
    """How the service is."""

    status: str


T = TypeVar("T")


class One(BaseModel, Generic[T]):
    """The envelope of one thing."""

    result: T
    warnings: list[Any] = []


class Many(BaseModel, Generic[T]):
    """The envelope of a list."""

    result: list[T]
    next_cursor: str | None
    prev_cursor: None = None
    result_count: int
    is_partial_response: bool = False
    warnings: list[Any] = []
