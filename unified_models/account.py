"""Accounts: the chart of accounts that everything is booked to."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from unified_models.base import UnifiedModel
from unified_models.units import flag, money, rate, text

AccountStatus = Literal["active", "archived", "pending"]
AccountClassification = Literal["asset", "equity", "expense", "liability", "revenue", "bank"]
AccountType = Literal[
    "accounts_payable",
    "accounts_receivable",
    "accumulated_depreciation",
    "asset",
    "bank",
    "cash",
    "cost_of_goods_sold",
    "credit_card",
    "current",
    "current_liability",
    "depreciation",
    "direct_costs",
    "equity",
    "expense",
    "fixed_asset",
    "income",
    "inventory",
    "liability",
    "long_term_liability",
    "other_asset",
    "other_expenses",
    "other_income",
    "payroll_liability",
    "pre_payment",
    "sales",
    "tax",
    "wages_expense",
]
"""Those of Truto's values that a provider here has a word for; ours: `tax`."""


class Account(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """One account of the ledger."""

    name: Annotated[str | None, text("What it is called.")] = None
    code: Annotated[str | None, text("The nominal or general ledger code, leading zeros kept.")] = None
    description: Annotated[str | None, text("More words.")] = None
    classification: Annotated[AccountClassification | None, text("The side of the books it is on.")] = None
    remote_classification: Annotated[str | None, text("The provider's own word for it.")] = None
    type: Annotated[AccountType | None, text("What it is used for.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for the type.")] = None
    status: Annotated[AccountStatus | None, text("Whether it is in use.")] = None
    current_balance: Annotated[
        Decimal | msgspec.UnsetType | None,
        money("Debit less credit today, in the account's currency. Only present with `expand=balance`."),
    ] = msgspec.UNSET
    currency: Annotated[str | None, text("ISO 4217 code it is kept in, where it has one of its own.")] = None
    account_number: Annotated[str | None, text("The number at the bank, for a bank account.")] = None
    parent_account: Annotated[str | None, text("The id of the account above it.")] = None
    company: Annotated[str | None, text("The company whose books it is in.")] = None
    tax_rate: Annotated[str | None, text("The default tax rate's id in `tax_rates`.")] = None
    tax_percentage: Annotated[Decimal | None, rate("The tax booked to it, in percent, for a tax account.")] = None
    is_group: Annotated[bool | None, flag("Holds other accounts; nothing is booked to it.")] = None
    is_bank: Annotated[bool | None, flag("Is a bank account.")] = None
    is_reconciled: Annotated[bool | None, flag("Is reconciled against statements.")] = None
    etag: Annotated[str | None, text("The provider's version tag, where it keeps one.")] = None
