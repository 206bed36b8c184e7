"""`/integrated-account/{id}/usage`: how much an account has asked of its provider, and how much it still may."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
from fastapi import APIRouter

from app.api.control.access import AccountReader, PartsOf, known_id
from app.api.control.bodies import One
from app.api.control.usage_bodies import (
    AllowanceBody,
    BudgetUseBody,
    CountsBody,
    DayBody,
    ForecastBody,
    ForecastsBody,
    UsageBody,
)
from app.openapi import problem_responses
from app.usage.budget import Budget
from app.usage.report import UsageReport
from app.usage.store import DayUse

usage = APIRouter(prefix="/integrated-account", tags=["integrated accounts"])


@usage.get("/{account_id}/usage", responses=problem_responses(400, 401, 403, 404))
async def account_usage(caller: AccountReader, account_id: str, parts: PartsOf) -> One[UsageBody]:
    """What the account has asked of its provider, its budget and allowances, and how the day will end.

    Scope `read`, `connect` or `admin`.
    """
    account = await parts.accounts.find(caller, known_id(account_id))
    return One(result=_body(await parts.usage.report(account), account.budget))


def _body(report: UsageReport, budget: Budget | None) -> UsageBody:
    return UsageBody(
        as_of=report.as_of,
        allowances=[AllowanceBody.model_validate(msgspec.structs.asdict(each)) for each in report.allowances],
        daily_budget=None if budget is None else _budget(budget, report),
        today=_day(report.today),
        last_30_days=CountsBody(
            calls=sum(day.calls for day in report.days),
            throttled=sum(day.throttled for day in report.days),
            failed=sum(day.failed for day in report.days),
            provider_ms=sum(day.provider_ms for day in report.days),
        ),
        days=[_day(day) for day in report.days],
        forecast=ForecastsBody(
            at_last_hour=ForecastBody.model_validate(asdict(report.at_last_hour)),
            at_last_day=ForecastBody.model_validate(asdict(report.at_last_day)),
        ),
    )


def _budget(budget: Budget, report: UsageReport) -> BudgetUseBody:
    used, top = report.today.calls, budget.hard or budget.soft
    return BudgetUseBody(
        soft=budget.soft,
        hard=budget.hard,
        used=used,
        remaining=None if top is None else max(top - used, 0),
        resets_at=report.day_ends_at,
        soft_reached_at=report.today.soft_reached_at,
        hard_reached_at=report.today.hard_reached_at,
    )


def _day(day: DayUse) -> DayBody:
    return DayBody.model_validate(asdict(day))
