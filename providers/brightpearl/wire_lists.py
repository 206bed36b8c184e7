"""Brightpearl's short lists under its own names: nominals, taxes, methods, groups, currencies, dimensions."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from providers.kit.resource import Wire


class NominalType(Wire, frozen=True, kw_only=True, gc=False):
    """The type of a nominal; what the numbers stand for, no source tells."""

    id: int | None = None


class NominalCode(Wire, frozen=True, kw_only=True, gc=False):
    """An account of the ledger. Its code is a text with leading zeros."""

    id: int
    code: str | None = None
    name: str | None = None
    type: NominalType | None = None
    bank: bool | None = None
    active: bool | None = None
    taxCode: int | None = None
    description: str | None = None
    reconcile: bool | None = None
    currencyId: int | None = None


class TaxCode(Wire, frozen=True, kw_only=True, gc=False):
    """A tax code; the rate is left out where it is 0, and where there is none."""

    id: int
    code: str | None = None
    description: str | None = None
    rate: Decimal | None = None


class BankAccount(Wire, frozen=True, kw_only=True, gc=False):
    """Where a payment method pays into, for one currency."""

    paymentMethodId: int | None = None
    currencyIsoCode: str | None = None
    bankAccountNominalCode: str | None = None


class PaymentMethod(Wire, frozen=True, kw_only=True, gc=False):
    """A way to pay. Its id stands in its bank accounts only."""

    name: str | None = None
    code: str | None = None
    isActive: bool | None = None
    bankAccounts: list[BankAccount] = []


class PaymentMethodRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"method": ""}):
    """A way to pay with its id, from its bank accounts or from the search."""

    id: int
    method: PaymentMethod


class ContactGroup(Wire, frozen=True, kw_only=True, gc=False):
    """A group of contacts."""

    id: int
    name: str | None = None
    description: str | None = None
    isReadOnly: bool | None = None
    createdOn: str | None = None


class ContactGroupRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"group": ""}):
    """A group with the number of its members, and with themselves where they were asked for."""

    group: ContactGroup
    member_count: int | None = None
    members: list[int] | msgspec.UnsetType = msgspec.UNSET


class Currency(Wire, frozen=True, kw_only=True, gc=False):
    """A row of the currency search."""

    id: int
    title: str | None = None
    code: str | None = None
    symbol: str | None = None
    exchangeRate: Decimal | None = None
    isDefault: bool | None = None


class ExchangeRate(Wire, frozen=True, kw_only=True, gc=False):
    """A rate of a currency other than the base, from a moment on. It has no id of its own."""

    currencyId: int
    rateActiveFrom: str
    rate: Decimal | None = None


class AccountConfiguration(Wire, frozen=True, kw_only=True, gc=False):
    """What an account's configuration tells of the company; all its values are texts."""

    baseCurrencyCode: str | None = None
    timeZone: str | None = None
    taxSchemeCode: str | None = None


class CompanyRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"configuration": ""}):
    """The company of an account: the account's code, and its configuration."""

    code: str
    configuration: AccountConfiguration


class Dimension(Wire, frozen=True, kw_only=True, gc=False):
    """A channel, a project (whose shape is inferred: no source shows one) or a lead source.

    Lead sources alone form a tree, whose root is parent 0, and tell whether they are active.
    """

    id: int
    name: str | None = None
    parentId: int | None = None
    isActive: bool | None = None


class DimensionRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"dimension": ""}):
    """A dimension, and which kind of one it is."""

    kind: str
    dimension: Dimension
