"""Orders, placed with vendors and taken from customers."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from unified_models.base import Part, UnifiedModel
from unified_models.parts import (
    Address,
    ContactReference,
    LineItem,
    PaymentTerm,
    Tax,
    TrackingCategoryReference,
)
from unified_models.units import date, flag, money, parts, rate, text

OrderStatus = Literal[
    "draft", "submitted", "authorised", "partially_billed", "billed", "closed", "cancelled", "deleted"
]
"""Truto's `draft submitted authorised billed deleted`; ours: `partially_billed`, `closed`, `cancelled`."""

PaymentStatus = Literal["unpaid", "partially_paid", "paid", "authorised", "not_applicable"]
FulfilmentStatus = Literal["none", "partial", "complete", "not_applicable"]


class Employee(Part, frozen=True, kw_only=True, gc=False):
    """The staff member who owns a document."""

    id: Annotated[str | None, text("The provider's id of the staff member.")] = None
    name: Annotated[str | None, text("Name.")] = None
    email: Annotated[str | None, text("E-mail address.")] = None


class Order(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """What purchase and sales orders have in common."""

    number: Annotated[str | None, text("The order's number.")] = None
    reference: Annotated[str | None, text("The other side's reference, or ours to them.")] = None
    external_reference: Annotated[str | None, text("The reference an integration gave the order.")] = None
    status: Annotated[OrderStatus | None, text("Where the order stands.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    payment_status: Annotated[PaymentStatus | None, text("How far it is paid, as the provider tells.")] = None
    remote_payment_status: Annotated[str | None, text("The provider's own word for the payment status.")] = None
    fulfilment_status: Annotated[
        FulfilmentStatus | None, text("How far goods have been received (purchases) or sent (sales).")
    ] = None
    remote_fulfilment_status: Annotated[str | None, text("The provider's own word for it.")] = None
    issue_date: Annotated[DateValue | None, date("When the order was placed.")] = None
    delivery_date: Annotated[DateValue | None, date("When the goods are wanted.")] = None
    due_date: Annotated[DateValue | None, date("When payment is due.")] = None
    tax_date: Annotated[DateValue | None, date("The date that decides the tax period.")] = None
    contact: Annotated[
        ContactReference | None, parts("The other side: vendor of a purchase, customer of a sale.")
    ] = None
    vendor: Annotated[str | None, text("The vendor's id in `contacts` (purchases).")] = None
    customer: Annotated[str | None, text("The customer's id in `contacts` (sales).")] = None
    employee: Annotated[Employee | None, parts("Who owns the order.")] = None
    company: Annotated[str | None, text("The company whose order it is, where the books hold several.")] = None
    warehouse: Annotated[str | None, text("The provider's id of the warehouse.")] = None
    delivery_address: Annotated[str | None, text("Where the goods go, as lines of text.")] = None
    addresses: Annotated[list[Address], parts("Addresses as the order carries them, by type.")] = []
    memo: Annotated[str | None, text("A note.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the order.")] = None
    base_currency: Annotated[str | None, text("ISO 4217 code of the books.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("As the provider states it; the description of its source tells the direction.")
    ] = None
    sub_total: Annotated[Decimal | None, money("Without tax, in the order's currency.")] = None
    total_discount: Annotated[Decimal | None, money("Discount on the whole order, in its currency.")] = None
    total_tax_amount: Annotated[Decimal | None, money("Tax, in the order's currency.")] = None
    total_amount: Annotated[
        Decimal | None, money("With tax, rounded where the provider rounds, in the order's currency.")
    ] = None
    unrounded_total_amount: Annotated[
        Decimal | None, money("The total before the provider's rounding, in the order's currency.")
    ] = None
    base_total_amount: Annotated[Decimal | None, money("With tax, in the books' currency.")] = None
    amount_paid: Annotated[
        Decimal | None, money("The sum of the payments themselves less refunds, in the order's currency.")
    ] = None
    remote_amount_paid: Annotated[
        Decimal | UnsetType | None,
        money(
            "What the provider reports as paid, with its own sign. Only present when "
            "`expand=remote_amount_paid` asked for it."
        ),
    ] = UNSET
    payments: Annotated[list[str], parts("Ids, in `payments`, of what was paid on it.")] = []
    is_price_including_tax: Annotated[bool | None, flag("Whether prices include tax.")] = None
    is_invoiced: Annotated[bool | None, flag("Whether the order has become an invoice or bill.")] = None
    invoice_reference: Annotated[str | None, text("The number of the invoice or bill it became.")] = None
    parent_order: Annotated[str | None, text("The order this one was split or made from.")] = None
    line_items: Annotated[list[LineItem], parts("The lines, in the order's own order.")] = []
    taxes: Annotated[list[Tax], parts("The taxes and charges, in the order's own order.")] = []
    payment_terms: Annotated[list[PaymentTerm], parts("The instalments, where the provider keeps them.")] = []
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions of the whole order.")] = []


class PurchaseOrder(Order, frozen=True, kw_only=True, gc=False):
    """An order placed with a vendor."""


class SalesOrder(Order, frozen=True, kw_only=True, gc=False):
    """An order taken from a customer."""
