"""Accounts as screens: a list with their health, and one with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from app.calls.totals_store import Totals
from app.connections.list_store import NEEDS_ATTENTION, Wanted
from app.connections.store import IntegratedAccount
from app.console.calls import TEXT_SIZE_MAX, CallRow
from app.console.usage import Usage
from app.console.words import ACCOUNT_STATES
from providers.kit.registry import all_providers

FIELDS = ("named", "integration", "status")
ATTENTION = "attention"

NOTICES = {
    "validated": ("good", "The credentials were tried by real calls, and they work."),
    "refused": ("bad", "The credentials were tried by real calls, and did not pass. The reason is below."),
}
"""What may be said after an action, by the word in the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an account's calls went of late."""

    hour: Totals
    day: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One account in the list. `reconnect_url` is there where its customer must act."""

    id: str
    tenant: str
    integration_name: str
    status: str
    reason: str | None
    health: Health
    reconnect_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The list, with what was asked for."""

    template: ClassVar[str] = "accounts.html"

    values: Mapping[str, str]
    integrations: Mapping[str, str]
    rows: Sequence[AccountRow]
    next_url: str | None
    is_first: bool
    now: datetime
    states: ClassVar[Mapping[str, tuple[str, str]]] = ACCOUNT_STATES

    @property
    def is_filtered(self) -> bool:
        """Whether anything was asked for."""
        return any(self.values.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All of one account. `notice` (tone, words) tells what came of an action.

    For `rest_seconds` this process leaves the provider alone yet, which failed again and again.
    """

    template: ClassVar[str] = "account.html"

    row: AccountRow
    facts: Sequence[tuple[str, str]]
    findings: Mapping[str, Any] | None
    created_at: datetime
    updated_at: datetime
    reason_code: str | None
    calls: Sequence[CallRow]
    now: datetime
    rest_seconds: float
    usage: Usage
    notice: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReconnectLink:
    """A link that was made for the customer of an account, shown once."""

    template: ClassVar[str] = "reconnect-link.html"

    row: AccountRow
    url: str
    expires_at: datetime


def values_of(query: Mapping[str, str]) -> Mapping[str, str]:
    """The list's filters in an address; what cannot be a name is as none."""
    given = {name: query.get(name, "").strip() for name in FIELDS}
    return {
        name: value if len(value) <= TEXT_SIZE_MAX and value.isprintable() else "" for name, value in given.items()
    }


def wanted(values: Mapping[str, str]) -> Wanted:
    """The same as the list of accounts understands it."""
    status = values["status"]
    return Wanted(
        named=values["named"] or None,
        integration=values["integration"] or None,
        statuses=NEEDS_ATTENTION if status == ATTENTION else (status,) if status else None,
    )


def list_url(values: Mapping[str, str], **more: str) -> str:
    """The address of the list with these filters."""
    query = urlencode({**{name: value for name, value in values.items() if value}, **more})
    return f"/console/accounts?{query}" if query else "/console/accounts"


def account_row(
    account: IntegratedAccount, hour: Mapping[str, Totals], day: Mapping[str, Totals], reconnect_url: str | None
) -> AccountRow:
    """An account with the totals of its calls."""
    provider = all_providers().get(account.integration)
    health = Health(hour=hour.get(account.id, Totals()), day=day.get(account.id, Totals()))
    return AccountRow(
        id=account.id,
        tenant=account.tenant_id,
        integration_name=provider.name if provider else account.integration,
        status=account.status,
        reason=account.status_reason,
        health=health,
        reconnect_url=reconnect_url,
    )


def account_screen(
    account: IntegratedAccount,
    row: AccountRow,
    calls: Sequence[CallRow],
    now: datetime,
    rest_seconds: float,
    usage: Usage,
    notice: tuple[str, str] | None,
) -> Account:
    """The screen of one account."""
    return Account(
        row=row,
        facts=_facts(account),
        findings=account.findings,
        created_at=account.created_at,
        updated_at=account.updated_at,
        reason_code=account.reason_code,
        calls=calls,
        now=now,
        rest_seconds=rest_seconds,
        usage=usage,
        notice=notice,
    )


def _facts(account: IntegratedAccount) -> list[tuple[str, str]]:
    """What is known of the connection and no secret: as whom, where to, and what a validation found beside it."""
    found = account.findings or {}
    told = {
        "Connected as": found.get("user"),
        **{_label(name): value for name, value in sorted(account.settings.items())},
        "Base currency": found.get("base_currency"),
    }
    told.setdefault("Time zone", found.get("time_zone"))
    return [(label, str(value)) for label, value in told.items() if value not in (None, "")]


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize().replace(" url", " URL")
