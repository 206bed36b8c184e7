"""`/console/accounts`: the list, one account, and what can be done with it; and the overview."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from app.api.console.calls import CallPages
from app.api.console.visit import Visit, go
from app.api.control.access import Paging
from app.calls.store import CallsWanted
from app.calls.totals_store import CallTotals, Totals
from app.connect.links import NewLink
from app.connections.list_store import NEEDS_ATTENTION, AccountList, Wanted
from app.connections.store import IntegratedAccount
from app.console.accounts import (
    NOTICES,
    AccountRow,
    Accounts,
    NewReconnectLink,
    account_row,
    account_screen,
    list_url,
    values_of,
    wanted,
)
from app.console.overview import Overview
from app.console.usage import usage_of
from app.cursors import Cursors
from app.errors import NotFound, Problem
from app.parts import Parts
from providers.kit.errors import ProviderError
from providers.kit.registry import all_providers

PAGE_SIZE = 50
ATTENTION_MAX = 8
CALLS_SHOWN = 10
FAILURES_SHOWN = 6
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_ERRORS = (400, 599)


class AccountPages:
    """Shows accounts, and the day so far."""

    def __init__(self, parts: Parts, cursors: Cursors, calls: CallPages) -> None:
        self._parts = parts
        self._cursors = cursors
        self._calls = calls
        self._totals = CallTotals(parts.database)
        self._list = AccountList(parts.database)

    async def overview(self, visit: Visit, _: Request) -> Response:
        """`GET /console`."""
        environment_id, now = visit.session.environment_id, self._parts.clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        lost = await self._list.page(environment_id, Wanted(statuses=NEEDS_ATTENTION), None, ATTENTION_MAX)
        failed = CallsWanted(statuses=_ERRORS, since=now - DAY)
        screen = Overview(
            today=await self._totals.of_environment(environment_id, midnight),
            hour=await self._totals.of_environment(environment_id, now - HOUR),
            accounts=await self._list.counts(environment_id),
            attention=await self._rows(environment_id, lost),
            failures=await self._calls.latest(environment_id, failed, FAILURES_SHOWN),
            now=now,
        )
        return visit.screen(screen, "overview")

    async def all(self, visit: Visit, request: Request) -> Response:
        """`GET /console/accounts`."""
        values = values_of(request.query_params)
        environment_id = visit.session.environment_id
        paging = Paging(
            self._parts, self._cursors, "console", "accounts", environment_id, repr(sorted(values.items()))
        )
        cursor = request.query_params.get("cursor")
        position = paging.position(cursor)
        after = json.loads(position) if position else None
        found = await self._list.page(
            environment_id, wanted(values), (after[0], after[1]) if after else None, PAGE_SIZE + 1
        )
        shown = found[:PAGE_SIZE]
        next_url = None
        if len(found) > PAGE_SIZE:
            last = json.dumps([shown[-1].tenant_id, shown[-1].id])
            next_url = list_url(values, cursor=paging.cursor(last))
        screen = Accounts(
            values=values,
            integrations={provider.slug: provider.name for provider in all_providers().values()},
            rows=await self._rows(environment_id, shown),
            next_url=next_url,
            is_first=cursor is None,
            now=self._parts.clock.now(),
        )
        return visit.screen(screen, "accounts")

    async def one(self, visit: Visit, request: Request) -> Response:
        """`GET /console/accounts/{id}`."""
        account = await self._find(visit, request)
        return await self._shown(visit, account, NOTICES.get(request.query_params.get("done", "")))

    async def validate(self, visit: Visit, request: Request) -> Response:
        """`POST /console/accounts/{id}/validate`."""
        account = await self._find(visit, request)
        try:
            tried = await self._parts.accounts.validate(visit.session.caller, account.id)
        except (Problem, ProviderError) as error:
            # It says nothing of the account: its status is as it was.
            told = ("bad", f"The account could not be validated. {error.title}: {error.detail}.")
            return await self._shown(visit, account, told, error.status)
        done = "validated" if tried.status == "active" else "refused"
        return go(f"/console/accounts/{account.id}?done={done}")

    async def reconnect(self, visit: Visit, request: Request) -> Response:
        """`POST /console/accounts/{id}/reconnect-link`."""
        account = await self._find(visit, request)
        links = self._parts.connect.links
        new = NewLink(tenant_id=account.tenant_id, account_id=account.id, keeps_context=True)
        token, expires_at = await links.create(account.environment_id, new)
        (row,) = await self._rows(account.environment_id, [account])
        return visit.screen(NewReconnectLink(row=row, url=links.url(token), expires_at=expires_at), "accounts")

    async def _find(self, visit: Visit, request: Request) -> IntegratedAccount:
        account_id = request.path_params["id"]
        if "\0" in account_id:
            raise NotFound("there is no such account")
        return await self._parts.accounts.find(visit.session.caller, account_id)

    async def _shown(
        self, visit: Visit, account: IntegratedAccount, notice: tuple[str, str] | None, status: int = 200
    ) -> Response:
        environment_id = account.environment_id
        (row,) = await self._rows(environment_id, [account])
        calls = await self._calls.latest(environment_id, CallsWanted(account_id=account.id), CALLS_SHOWN)
        rest = self._parts.connections.rest_seconds(account.id)
        usage = usage_of(await self._parts.usage.report(account), account.budget)
        screen = account_screen(account, row, calls, self._parts.clock.now(), rest, usage, notice)
        return visit.screen(screen, "accounts", status)

    async def _rows(self, environment_id: str, found: Sequence[IntegratedAccount]) -> list[AccountRow]:
        """Accounts with the health of each."""
        hour, day = await self._since(environment_id, found, HOUR), await self._since(environment_id, found, DAY)
        address = self._parts.connect.links.reconnect_url_of
        return [account_row(account, hour, day, address(account)) for account in found]

    async def _since(
        self, environment_id: str, found: Sequence[IntegratedAccount], span: timedelta
    ) -> Mapping[str, Totals]:
        if not found:
            return {}
        ids = [account.id for account in found]
        return await self._totals.of_accounts(environment_id, ids, self._parts.clock.now() - span)
