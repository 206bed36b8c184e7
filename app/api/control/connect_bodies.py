"""What connecting takes and gives on the control plane, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from app.api.control.bodies import Taken, TenantId, Url, Word

Secret = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[\x21-\x7e]+$")]


class NewLinkToken(Taken):
    """An invitation to connect: of a tenant's new account, or of one that is to be connected again."""

    tenant_id: TenantId | None = None
    integrated_account_id: Word | None = None
    integrations: Annotated[list[Word], Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="Offer only these; all that are enabled when left out."
    )
    redirect_uri: Url | None = Field(
        default=None, description="Where the customer goes afterwards; one of the environment's `redirect_uris`."
    )
    context: Annotated[dict[str, Any], Field(max_length=50)] = Field(
        default={}, description="What is known already: it is not asked, and cannot be changed by the customer."
    )
    persist_previous_context: bool = Field(
        default=False,
        description="For a re-connect: keep of the old context what is not asked.",
    )
    expires_in: Annotated[int, Field(ge=60, le=604_800)] = Field(default=3_600, description="Seconds.")


class EnvironmentIntegrationChange(Taken):
    """An environment's settings of an integration, replaced whole. A secret left out stays with its client."""

    is_enabled: bool = True
    client_id: Secret | None = None
    client_secret: Secret | None = Field(default=None, description="Write-only.")
    settings: dict[str, Any] = Field(default={}, description="As the integration's `client_fields` say.")


class LinkTokenBody(BaseModel):
    """A link token: its text is shown here and never again."""

    link_token: str
    link_url: str
    expires_at: datetime


class EnvironmentIntegrationBody(BaseModel):
    """An environment's settings of an integration."""

    integration: str
    is_enabled: bool
    client_id: str | None
    has_client_secret: bool
    settings: dict[str, Any]
    callback_url: str = Field(description="The redirect URI to register with the provider, letter by letter.")
    created_at: datetime | None = Field(description="Null where the settings were never put.")
    updated_at: datetime | None


class ConnectFieldBody(BaseModel):
    """One thing a customer gives to connect."""

    name: str
    label: str
    description: str
    secret: bool
    required: bool
    example: str | None


class WayBody(BaseModel):
    """One way to connect on the hosted page: what its form asks, in order."""

    slug: str
    label: str
    is_oauth: bool = Field(description="Whether the form is followed by the provider's consent.")
    fields: list[ConnectFieldBody]
    client_fields: list[ConnectFieldBody] = Field(
        description="Asked too where the environment has no OAuth client of its own."
    )
    steps: list[str] = Field(description="How a customer gets what is asked.")
    client_steps: list[str] = Field(description="How a customer makes an OAuth client of their own site.")


class IntegrationBody(BaseModel):
    """A provider that can be connected."""

    slug: str
    name: str
    fields: list[ConnectFieldBody] = Field(description="What the `context` of an import may hold.")
    ways: list[WayBody] = Field(description="What the hosted page asks.")
    client_fields: list[ConnectFieldBody] = Field(
        description="What an environment's own OAuth client has beside id and secret."
    )
    callback_url: str = Field(description="The redirect URI to register with the provider, letter by letter.")
    resources: list[str]
