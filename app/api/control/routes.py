"""All routers of the control plane, in the order they are documented."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.control.accounts import accounts, integrations
from app.api.control.batch import batches
from app.api.control.connect import environment_integrations, links
from app.api.control.environments import environments, tokens
from app.api.control.events import events, webhooks
from app.api.control.operations import log, operations
from app.api.control.usage import usage


def routers() -> list[APIRouter]:
    """The routers."""
    return [
        environments,
        tokens,
        integrations,
        environment_integrations,
        links,
        accounts,
        usage,
        webhooks,
        events,
        batches,
        log,
        operations,
    ]
