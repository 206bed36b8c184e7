"""`/link-token`: invitations to connect; `/environment-integration`: an environment's own OAuth clients."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path

from app.api.control.access import AccountReader, AccountWriter, Admin, PartsOf, provider_named
from app.api.control.bodies import Many, One
from app.api.control.connect_bodies import (
    EnvironmentIntegrationBody,
    EnvironmentIntegrationChange,
    LinkTokenBody,
    NewLinkToken,
)
from app.connect.links import NewLink
from app.environments.integrations import EnvironmentIntegration
from app.errors import FieldError, ValidationFailed
from app.openapi import problem_responses
from app.parts import Parts
from app.tokens.tokens import Caller
from providers.kit.context import origin
from providers.kit.provider import ContextError, Provider
from providers.kit.registry import all_providers

links = APIRouter(tags=["connect"])
environment_integrations = APIRouter(prefix="/environment-integration", tags=["connect"])

CONTEXT_SIZE_MAX = 16 * 1024
SETTING_SIZE_MAX = 500

_Slug = Annotated[str, Path(max_length=50)]


@links.post("/link-token", status_code=201, responses=problem_responses(400, 401, 403, 404, 413, 415, 422))
async def create_link_token(caller: AccountWriter, body: NewLinkToken, parts: PartsOf) -> One[LinkTokenBody]:
    """Invite a tenant to connect, or the customer of an account to connect it again.

    The token is good for one successful connect. Scope `connect` or `admin`.
    """
    new = await _new_link(caller, body, parts)
    token, expires_at = await parts.connect.links.create(caller.environment_id, new)
    return One(
        result=LinkTokenBody(link_token=token, link_url=parts.connect.links.url(token), expires_at=expires_at)
    )


@environment_integrations.get("", responses=problem_responses(401, 403))
async def list_environment_integrations(caller: AccountReader, parts: PartsOf) -> Many[EnvironmentIntegrationBody]:
    """The environment's settings of every integration. Scope `read`, `connect` or `admin`."""
    put = {found.integration: found for found in await parts.integrations.of(caller.environment_id)}
    found = [_body(parts, slug, put.get(slug)) for slug in all_providers()]
    return Many(result=found, next_cursor=None, result_count=len(found))


@environment_integrations.get("/{slug}", responses=problem_responses(401, 403, 404))
async def get_environment_integration(
    caller: AccountReader, slug: _Slug, parts: PartsOf
) -> One[EnvironmentIntegrationBody]:
    """The environment's settings of one integration. Scope `read`, `connect` or `admin`."""
    provider = provider_named(slug)
    found = await parts.integrations.find(caller.environment_id, provider.slug)
    return One(result=_body(parts, provider.slug, found))


@environment_integrations.put("/{slug}", responses=problem_responses(400, 401, 403, 404, 413, 415, 422))
async def put_environment_integration(
    caller: Admin, slug: _Slug, body: EnvironmentIntegrationChange, parts: PartsOf
) -> One[EnvironmentIntegrationBody]:
    """Replace the environment's settings of an integration: its own OAuth client, enabled or not. Scope `admin`."""
    provider = provider_named(slug)
    if body.client_secret is not None and body.client_id is None:
        raise _refused("client_id", "is required with a client_secret")
    settings = _settings(provider, body)
    for name in filter(_is_origin, settings):
        parts.upstream.check(settings[name], allow_private=caller.allow_private_hosts)
    put = await parts.integrations.put(
        caller.environment_id,
        provider.slug,
        is_enabled=body.is_enabled,
        client_id=body.client_id,
        client_secret=body.client_secret,
        settings=settings,
    )
    parts.connections.clear()
    return One(result=_body(parts, provider.slug, put))


async def _new_link(caller: Caller, body: NewLinkToken, parts: Parts) -> NewLink:
    if (body.tenant_id is None) == (body.integrated_account_id is None):
        raise _refused("tenant_id", "give either tenant_id or integrated_account_id")
    context = _context(body.context)
    redirect_uri = str(body.redirect_uri) if body.redirect_uri is not None else None
    house = await parts.connect.brands.of(caller.environment_id)
    if redirect_uri is not None and (house is None or redirect_uri not in house.redirect_uris):
        raise _refused("redirect_uri", "is not one of the environment's redirect_uris")
    lasts = timedelta(seconds=body.expires_in)
    if body.integrated_account_id is not None:
        account = await parts.accounts.find(caller, body.integrated_account_id)
        return NewLink(
            tenant_id=account.tenant_id,
            account_id=account.id,
            redirect_uri=redirect_uri,
            context=context,
            keeps_context=body.persist_previous_context,
            lasts=lasts,
        )
    for slug in body.integrations or ():
        if slug not in all_providers():
            raise _refused("integrations", f"each must be one of: {', '.join(all_providers())}")
    return NewLink(
        tenant_id=str(body.tenant_id),
        integrations=body.integrations,
        redirect_uri=redirect_uri,
        context=context,
        lasts=lasts,
    )


def _context(given: Mapping[str, Any]) -> Mapping[str, Any]:
    known = {field.name for provider in all_providers().values() for field in provider.connect_fields}
    for name in given:
        if name not in known:
            raise _refused("context", "holds a field that no integration has")
    if len(json.dumps(dict(given))) > CONTEXT_SIZE_MAX:
        raise _refused("context", "is too large")
    return given


def _settings(provider: Provider, body: EnvironmentIntegrationChange) -> dict[str, str]:
    """What the client has beside id and secret, checked against what the provider declares."""
    known = {field.name: field for field in provider.oauth.client_fields} if provider.oauth is not None else {}
    found: dict[str, str] = {}
    for name, value in body.settings.items():
        if name not in known:
            raise _refused("settings", f"may hold: {', '.join(known) or 'nothing'}")
        if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= SETTING_SIZE_MAX:
            raise _refused(f"settings.{name}", "must be a text of 1 to 500 characters")
        try:
            found[name] = origin(name, value) if _is_origin(name) else value
        except ContextError as error:
            raise _refused(f"settings.{name}", error.message) from None
    for name, field in known.items():
        if field.required and body.client_id is not None and name not in found:
            raise _refused(f"settings.{name}", "is required with a client")
    return found


def _is_origin(name: str) -> bool:
    return name.endswith("_origin")


def _body(parts: Parts, slug: str, found: EnvironmentIntegration | None) -> EnvironmentIntegrationBody:
    callback_url = parts.connect.links.callback_url(slug)
    if found is None:
        return EnvironmentIntegrationBody(
            integration=slug,
            is_enabled=True,
            client_id=None,
            has_client_secret=False,
            settings={},
            callback_url=callback_url,
            created_at=None,
            updated_at=None,
        )
    return EnvironmentIntegrationBody(
        integration=slug,
        is_enabled=found.is_enabled,
        client_id=found.client_id,
        has_client_secret=found.has_secret,
        settings=dict(found.settings),
        callback_url=callback_url,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _refused(field: str, message: str) -> ValidationFailed:
    return ValidationFailed("the body is not valid", errors=[FieldError(field, message)])
