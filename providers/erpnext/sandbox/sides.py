"""What differs between selling and buying."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two. `sign` is 1 where an invoice is a debit of its control account."""

    doctype: str
    order: str
    party_type: str
    control: str
    control_account: str
    account_type: str
    line_account: str
    account: str
    payment: str
    sign: int

    @property
    def party(self) -> str:
        """The field of a document that names its party."""
        return self.party_type.lower()


SALE = Side(
    doctype="Sales Invoice",
    order="Sales Order",
    party_type="Customer",
    control="debit_to",
    control_account="Debtors",
    account_type="Receivable",
    line_account="income_account",
    account="Sales",
    payment="Receive",
    sign=1,
)
PURCHASE = Side(
    doctype="Purchase Invoice",
    order="Purchase Order",
    party_type="Supplier",
    control="credit_to",
    control_account="Creditors",
    account_type="Payable",
    line_account="expense_account",
    account="Cost of Goods Sold",
    payment="Pay",
    sign=-1,
)
SIDES = {side.doctype: side for side in (SALE, PURCHASE)}
ORDERS = {side.order: side for side in (SALE, PURCHASE)}
