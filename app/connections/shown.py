"""Accounts as callers see them, and what a validation found out as it is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.connections.store import IntegratedAccount
from providers.kit.provider import Inspection


def findings_of(found: Inspection) -> dict[str, Any]:
    """What a validation found out, as it is kept and shown."""
    return {
        "user": found.user,
        "time_zone": found.time_zone,
        "base_currency": found.base_currency,
        "companies": [asdict(company) for company in found.companies],
        "missing_rights": dict(found.missing),
        "limited_rights": dict(found.limited),
        "unknown_rights": list(found.unknown),
        "custom_fields": None
        if found.custom_fields is None
        else {name: list(fields) for name, fields in found.custom_fields.items()},
    }


def shown(account: IntegratedAccount) -> dict[str, Any]:
    """The account as callers see it: no secret, by no route, to anyone."""
    return {
        "id": account.id,
        "tenant_id": account.tenant_id,
        "integration": account.integration,
        "status": account.status,
        "status_reason": account.status_reason,
        "reason_code": account.reason_code,
        "context": dict(account.settings),
        "findings": account.findings,
        "daily_budget": None if account.budget is None else asdict(account.budget),
        "created_at": account.created_at,
        "updated_at": account.updated_at,
    }
