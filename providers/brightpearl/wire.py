"""Brightpearl's orders and payments under its own names. Absent means unset; orders carry money and counts as text.

Only ids are sure to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from providers.kit.resource import Wire


class Money(Wire, frozen=True, kw_only=True, gc=False):
    """An amount with its currency."""

    currencyCode: str | None = None
    value: Decimal | None = None


class Quantity(Wire, frozen=True, kw_only=True, gc=False):
    """How many."""

    magnitude: Decimal | None = None


class RowValue(Wire, frozen=True, kw_only=True, gc=False):
    """What an order row is worth, and its tax."""

    taxRate: Decimal | None = None
    taxCode: str | None = None
    rowNet: Money | None = None
    rowTax: Money | None = None
    taxClassId: int | None = None


class Composition(Wire, frozen=True, kw_only=True, gc=False):
    """How a row belongs to a bundle."""

    bundleParent: bool | None = None
    bundleChild: bool | None = None


class OrderRow(Wire, frozen=True, kw_only=True, gc=False):
    """A row of an order; its id is only the key it stands under."""

    orderRowSequence: str | None = None
    productId: int | None = None
    productName: str | None = None
    productSku: str | None = None
    quantity: Quantity | None = None
    itemCost: Money | None = None
    productPrice: Money | None = None
    discountPercentage: Decimal | None = None
    rowValue: RowValue | None = None
    nominalCode: str | None = None
    composition: Composition | None = None
    productOptions: Mapping[str, Any] | None = None


class OrderStatus(Wire, frozen=True, kw_only=True, gc=False):
    """The account's own status of an order."""

    orderStatusId: int | None = None
    name: str | None = None


class State(Wire, frozen=True, kw_only=True, gc=False):
    """Whether the order has been invoiced."""

    tax: str | None = None


class Delivery(Wire, frozen=True, kw_only=True, gc=False):
    """When goods are wanted."""

    deliveryDate: str | None = None


class OrderInvoice(Wire, frozen=True, kw_only=True, gc=False):
    """The invoice an order became, or will."""

    invoiceReference: str | None = None
    taxDate: str | None = None
    dueDate: str | None = None


class OrderCurrency(Wire, frozen=True, kw_only=True, gc=False):
    """The currencies of an order."""

    accountingCurrencyCode: str | None = None
    orderCurrencyCode: str | None = None
    exchangeRate: Decimal | None = None


class TotalValue(Wire, frozen=True, kw_only=True, gc=False):
    """An order's totals."""

    net: Decimal | None = None
    taxAmount: Decimal | None = None
    total: Decimal | None = None
    baseTotal: Decimal | None = None


class Assigned(Wire, frozen=True, kw_only=True, gc=False):
    """Who and what a record is assigned to; 0 says none."""

    staffOwnerContactId: int | None = None
    projectId: int | None = None
    channelId: int | None = None
    departmentId: int | None = None
    leadSourceId: int | None = None
    contactGroupId: int | None = None
    accountReference: str | None = None


class Assignment(Wire, frozen=True, kw_only=True, gc=False):
    """The assignment in force."""

    current: Assigned | None = None


class Party(Wire, frozen=True, kw_only=True, gc=False):
    """Somebody on an order, as they were when it was made."""

    contactId: int | None = None
    addressFullName: str | None = None
    companyName: str | None = None
    addressLine1: str | None = None
    addressLine2: str | None = None
    addressLine3: str | None = None
    addressLine4: str | None = None
    postalCode: str | None = None
    country: str | None = None
    countryIsoCode: str | None = None


class Parties(Wire, frozen=True, kw_only=True, gc=False):
    """Everybody on an order."""

    supplier: Party | None = None
    customer: Party | None = None
    delivery: Party | None = None
    billing: Party | None = None


class Order(Wire, frozen=True, kw_only=True, gc=False):
    """An order of any of the four types (SO, PO, SC, PC)."""

    id: int
    parentOrderId: int | None = None
    orderTypeCode: str | None = None
    reference: str | None = None
    externalRef: str | None = None
    state: State | None = None
    orderStatus: OrderStatus | None = None
    orderPaymentStatus: str | None = None
    stockStatusCode: str | None = None
    shippingStatusCode: str | None = None
    placedOn: str | None = None
    createdOn: str | None = None
    updatedOn: str | None = None
    priceModeCode: str | None = None
    delivery: Delivery | None = None
    invoices: list[OrderInvoice] = []
    currency: OrderCurrency | None = None
    totalValue: TotalValue | None = None
    assignment: Assignment | None = None
    parties: Parties | None = None
    orderRows: dict[str, OrderRow] = {}
    warehouseId: int | None = None
    customFields: Mapping[str, Any] | None = None
    nullCustomFields: Any = None


class Payment(Wire, frozen=True, kw_only=True, gc=False):
    """A row of a payment search."""

    paymentId: int
    paymentType: str | None = None
    orderId: int | None = None
    currencyCode: str | None = None
    amountPaid: Decimal | None = None
    paymentDate: str | None = None


class PaymentTotal(Wire, frozen=True, kw_only=True, gc=False):
    """What Brightpearl reports as paid on an order."""

    orderId: int
    amountPaid: Decimal | None = None


class OrderRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"order": ""}):
    """An order with its payments: None where they may not be read. `reported` is unset where it was not asked."""

    order: Order
    payments: list[Payment] | None = None
    reported: Decimal | msgspec.UnsetType | None = msgspec.UNSET
