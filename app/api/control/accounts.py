"""`/integrated-account`: customers' accounts; `/integration`: what can be connected."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.control.access import (
    AccountReader,
    AccountWriter,
    AnyCaller,
    Cursor,
    CursorsOf,
    Limit,
    Paging,
    PartsOf,
    known_id,
    provider_named,
)
from app.api.control.bodies import (
    AccountBody,
    AccountChange,
    CapabilitiesBody,
    IdBody,
    Many,
    NewAccount,
    One,
    budget_of,
)
from app.api.control.connect_bodies import ConnectFieldBody, IntegrationBody, WayBody
from app.capabilities import capabilities_of
from app.connections.shown import shown
from app.connections.store import IntegratedAccount
from app.openapi import problem_responses
from app.parts import Parts
from providers.kit.provider import ConnectField, Provider
from providers.kit.registry import all_providers

accounts = APIRouter(prefix="/integrated-account", tags=["integrated accounts"])
integrations = APIRouter(prefix="/integration", tags=["integrations"])

_Condition = Annotated[str | None, Query(max_length=500, pattern=r"^[^\x00]*$")]


@accounts.get("", responses=problem_responses(400, 401, 403))
async def list_accounts(
    caller: AccountReader,
    parts: PartsOf,
    cursors: CursorsOf,
    tenant_id: _Condition = None,
    integration: _Condition = None,
    status: _Condition = None,
    limit: Limit = 50,
    next_cursor: Cursor = None,
) -> Many[AccountBody]:
    """The accounts of the caller's environment. Scope `read`, `connect` or `admin`."""
    asked = {"tenant_id": tenant_id, "integration": integration, "status": status}
    conditions = {name: value for name, value in asked.items() if value is not None}
    paging = Paging(parts, cursors, "integrated-account", caller.environment_id, repr(conditions))
    rows = await parts.accounts.page(caller, conditions, paging.position(next_cursor), limit + 1)
    return paging.answer(rows, limit, lambda account: _body(parts, account))


@accounts.post("", status_code=201, responses=problem_responses(400, 401, 403, 409, 413, 415, 422))
async def import_account(
    caller: AccountWriter, body: NewAccount, parts: PartsOf, response: Response
) -> One[AccountBody]:
    """Import an account. One that fails its validation is kept, with status `validation_error`.

    Scope `connect` or `admin`.
    """
    account = await parts.accounts.create(
        caller,
        body.tenant_id,
        body.integration,
        body.context,
        budget=budget_of(body.daily_budget),
        validate=body.is_validated,
    )
    response.headers["Location"] = f"/integrated-account/{account.id}"
    return One(result=_body(parts, account))


@accounts.get("/{account_id}", responses=problem_responses(400, 401, 403, 404))
async def get_account(caller: AccountReader, account_id: str, parts: PartsOf) -> One[AccountBody]:
    """One account. Scope `read`, `connect` or `admin`."""
    return One(result=_body(parts, await parts.accounts.find(caller, known_id(account_id))))


@accounts.patch("/{account_id}", responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422))
async def change_account(
    caller: AccountWriter, account_id: str, body: AccountChange, parts: PartsOf
) -> One[AccountBody]:
    """Change the tenant or the budget, or give a new context, which is validated. Scope `connect` or `admin`."""
    plain: dict[str, object] = {} if body.tenant_id is None else {"tenant_id": body.tenant_id}
    if "daily_budget" in body.model_fields_set:
        plain |= budget_of(body.daily_budget).columns()
    account = await parts.accounts.change(caller, known_id(account_id), plain, body.context)
    return One(result=_body(parts, account))


@accounts.delete("/{account_id}", responses=problem_responses(400, 401, 403, 404))
async def delete_account(caller: AccountWriter, account_id: str, parts: PartsOf) -> One[IdBody]:
    """Delete the account and its credentials. Scope `connect` or `admin`."""
    await parts.accounts.delete(caller, known_id(account_id))
    return One(result=IdBody(id=account_id))


@accounts.post("/{account_id}/validate", responses=problem_responses(400, 401, 403, 404, 409, 422))
async def validate_account(caller: AccountWriter, account_id: str, parts: PartsOf) -> One[AccountBody]:
    """Try the account's credentials by real calls. Scope `connect` or `admin`."""
    return One(result=_body(parts, await parts.accounts.validate(caller, known_id(account_id))))


@accounts.get("/{account_id}/capabilities", responses=problem_responses(400, 401, 403, 404))
async def account_capabilities(caller: AccountReader, account_id: str, parts: PartsOf) -> One[CapabilitiesBody]:
    """What can be done with the account. Scope `read`, `connect` or `admin`."""
    account = await parts.accounts.find(caller, known_id(account_id))
    return One(result=CapabilitiesBody.model_validate(capabilities_of(provider_named(account.integration))))


@integrations.get("", responses=problem_responses(401))
async def list_integrations(caller: AnyCaller, parts: PartsOf) -> Many[IntegrationBody]:
    """What can be connected. Any API token."""
    found = [_integration(parts, provider) for provider in all_providers().values()]
    return Many(result=found, next_cursor=None, result_count=len(found))


@integrations.get("/{slug}", responses=problem_responses(401, 404))
async def get_integration(caller: AnyCaller, slug: str, parts: PartsOf) -> One[IntegrationBody]:
    """One integration, with what its customers must give. Any API token."""
    return One(result=_integration(parts, provider_named(slug)))


@integrations.get("/{slug}/capabilities", responses=problem_responses(401, 404))
async def integration_capabilities(caller: AnyCaller, slug: str) -> One[CapabilitiesBody]:
    """Resource × operation × filter × field, told from the code. Any API token."""
    return One(result=CapabilitiesBody.model_validate(capabilities_of(provider_named(slug))))


def _integration(parts: Parts, provider: Provider) -> IntegrationBody:
    return IntegrationBody(
        slug=provider.slug,
        name=provider.name,
        fields=[_field(field) for field in provider.connect_fields],
        ways=[
            WayBody(
                slug=way.slug,
                label=way.label,
                is_oauth=way.is_oauth,
                fields=[_field(field) for field in way.fields],
                client_fields=[_field(field) for field in way.client_fields],
                steps=list(way.steps),
                client_steps=list(way.client_steps),
            )
            for way in provider.ways
        ],
        client_fields=[_field(field) for field in (provider.oauth.client_fields if provider.oauth else ())],
        callback_url=parts.connect.links.callback_url(provider.slug),
        resources=sorted(provider.resources),
    )


def _field(field: ConnectField) -> ConnectFieldBody:
    return ConnectFieldBody(**asdict(field))


def _body(parts: Parts, account: IntegratedAccount) -> AccountBody:
    return AccountBody.model_validate(
        {**shown(account), "reconnect_url": parts.connect.links.reconnect_url_of(account)}
    )
