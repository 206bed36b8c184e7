"""Making environments, for the API and the command line alike."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from app.environments.store import EnvironmentStore
from providers.kit.clock import Clock


async def create_environment(store: EnvironmentStore, clock: Clock, given: Mapping[str, Any]) -> dict[str, Any]:
    """A new environment; what `given` leaves out is empty. Raises `Conflict` where its name is taken."""
    now = clock.now()
    values = {
        "brand": {},
        "redirect_uris": [],
        "origins": [],
        "allow_private_hosts": False,
        **given,
        "id": str(uuid.uuid4()),
        "created_at": now,
        "updated_at": now,
    }
    await store.add(values)
    return values


async def environment_named(store: EnvironmentStore, clock: Clock, name: str, *, allow_private_hosts: bool) -> str:
    """The id of the environment of that name, made where there is none."""
    found = await store.by_name(name)
    if found is not None:
        return str(found.id)
    made = await create_environment(store, clock, {"name": name, "allow_private_hosts": allow_private_hosts})
    return str(made["id"])
