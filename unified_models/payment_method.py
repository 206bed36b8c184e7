"""Payment methods: how money is paid."""

from __future__ import annotations

from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.units import parts, text

PaymentMethodStatus = Literal["active", "archived"]
PaymentMethodType = Literal["credit_card", "non_credit_card"]


class PaymentMethodAccount(Part, frozen=True, kw_only=True, gc=False):
    """The account that a method pays into, for one currency or company."""

    account: Annotated[str | None, text("The account's id in `accounts`, or its code where ids are not told.")] = (
        None
    )
    currency: Annotated[str | None, text("ISO 4217 code it is for.")] = None
    company: Annotated[str | None, text("The company it is for.")] = None


class PaymentMethod(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """One way to pay."""

    name: Annotated[str | None, text("What it is called.")] = None
    code: Annotated[str | None, text("Its code, as payments carry it.")] = None
    status: Annotated[PaymentMethodStatus | None, text("Whether it is in use.")] = None
    type: Annotated[PaymentMethodType | None, text("Whether it is a card.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for the type.")] = None
    accounts: Annotated[list[PaymentMethodAccount], parts("Where the money lands.")] = []
