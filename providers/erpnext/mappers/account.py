"""Accounts of ERPNext as unified accounts."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, state, text
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_ledger import Account as Head
from providers.kit.exact import exact
from unified_models.account import Account, AccountClassification, AccountType

CLASSIFICATIONS: dict[str, AccountClassification] = {
    "Asset": "asset",
    "Liability": "liability",
    "Equity": "equity",
    "Income": "revenue",
    "Expense": "expense",
}
# Temporary and Round Off for Opening are of no use but to be emptied: ours has no word for them.
TYPES: dict[str, AccountType] = {
    "Accumulated Depreciation": "accumulated_depreciation",
    "Asset Received But Not Billed": "current_liability",
    "Bank": "bank",
    "Capital Work in Progress": "fixed_asset",
    "Cash": "cash",
    "Chargeable": "expense",
    "Cost of Goods Sold": "cost_of_goods_sold",
    "Current Asset": "current",
    "Current Liability": "current_liability",
    "Depreciation": "depreciation",
    "Direct Expense": "direct_costs",
    "Direct Income": "income",
    "Equity": "equity",
    "Expense Account": "expense",
    "Expenses Included In Asset Valuation": "expense",
    "Expenses Included In Valuation": "expense",
    "Fixed Asset": "fixed_asset",
    "Income Account": "income",
    "Indirect Expense": "expense",
    "Indirect Income": "other_income",
    "Liability": "liability",
    "Payable": "accounts_payable",
    "Receivable": "accounts_receivable",
    "Round Off": "other_expenses",
    "Service Received But Not Billed": "current_liability",
    "Stock": "inventory",
    "Stock Adjustment": "expense",
    "Stock Received But Not Billed": "current_liability",
    "Tax": "tax",
}


def to_unified(record: Joined[Head], site: Site) -> Account:
    """An account, or a group of them."""
    head = record.head
    return Account(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.account_name),
        code=text(head.account_number),
        classification=_classification(head, record.unread),
        remote_classification=text(head.root_type),
        type=TYPES.get(head.account_type or ""),
        remote_type=text(head.account_type),
        status=state(head.disabled),
        current_balance=_balance(record),
        currency=text(head.account_currency),
        parent_account=text(head.parent_account),
        company=head.company,
        tax_percentage=exact(head.tax_rate) if head.account_type == "Tax" else None,
        is_group=flag(head.is_group),
        is_bank=None if "account_type" in record.unread else head.account_type == "Bank",
    )


def _classification(head: Head, unread: frozenset[str]) -> AccountClassification | None:
    """A bank account is told by its type, so that without it nothing is."""
    if "account_type" in unread:
        return None
    return "bank" if head.account_type == "Bank" else CLASSIFICATIONS.get(head.root_type or "")


def _balance(record: Joined[Head]) -> Decimal | msgspec.UnsetType | None:
    """The balance, where it was asked for; None where it may not be read."""
    told = record.rows.get("balance")
    return exact(told[0]) if told else msgspec.UNSET
