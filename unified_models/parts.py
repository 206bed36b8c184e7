"""Pieces that several unified models share: parties, addresses, lines, taxes."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import CustomFields, Part
from unified_models.units import count, date, flag, money, parts, rate, text

ContactType = Literal["customer", "vendor", "employee"]
"""Truto's `customer vendor`; ours: `employee`."""

PaymentFor = Literal["invoice", "bill"]
"""Which kind of document a payment is for: sold or bought."""

EmailType = Literal["primary", "secondary", "tertiary"]
PhoneType = Literal["primary", "secondary", "mobile", "fax"]
AddressType = Literal["default", "billing", "shipping"]
LineType = Literal["item", "text", "bundle", "component"]


class ContactReference(Part, frozen=True, kw_only=True, gc=False):
    """The contact a document is with."""

    id: Annotated[str | None, text("The contact's id in `contacts`.")] = None
    name: Annotated[str | None, text("The contact's name as the document carries it.")] = None
    type: Annotated[ContactType | None, text("Which side of trade the contact is on here.")] = None


class Email(Part, frozen=True, kw_only=True, gc=False):
    """An e-mail address."""

    email: Annotated[str, text("The address.")]
    type: Annotated[EmailType | None, text("Which of the contact's addresses it is.")] = None


class Phone(Part, frozen=True, kw_only=True, gc=False):
    """A telephone number, as the customer wrote it."""

    number: Annotated[str, text("The number.")]
    extension: Annotated[str | None, text("The extension.")] = None
    type: Annotated[PhoneType | None, text("Which of the contact's numbers it is.")] = None


class Address(Part, frozen=True, kw_only=True, gc=False):
    """A postal address."""

    id: Annotated[str | None, text("The provider's id of the address.")] = None
    type: Annotated[AddressType | None, text("What the address is used for.")] = None
    name: Annotated[str | None, text("The person or firm on the address.")] = None
    company_name: Annotated[str | None, text("The firm on the address.")] = None
    street_1: Annotated[str | None, text("First line.")] = None
    street_2: Annotated[str | None, text("Second line.")] = None
    city: Annotated[str | None, text("Town.")] = None
    state: Annotated[str | None, text("County, state or region.")] = None
    postal_code: Annotated[str | None, text("Post code.")] = None
    country: Annotated[
        str | None, text("Country: ISO 3166-1 alpha-2 where the provider has it, else its name.")
    ] = None


class TrackingCategoryReference(Part, frozen=True, kw_only=True, gc=False):
    """A dimension a document or line is booked on: channel, project, cost centre."""

    id: Annotated[str, text("`<kind>:<remote id>`: its id in `tracking_categories`.")]
    name: Annotated[str | None, text("Its name, where the record carries it.")] = None
    option: Annotated[str | None, text("The chosen option, where categories have options.")] = None


class Tax(Part, frozen=True, kw_only=True, gc=False):
    """One tax of a document, as a row of its own."""

    id: Annotated[str | None, text("The provider's id of the row.")] = None
    name: Annotated[str | None, text("What the row is called.")] = None
    account: Annotated[str | None, text("The account the tax is booked to.")] = None
    rate: Annotated[Decimal | None, rate("Percentage; null or 0 where the amount was given.")] = None
    tax_amount: Annotated[Decimal | None, money("The tax, in the document's currency.")] = None
    total_amount: Annotated[
        Decimal | None, money("The document's running total after this row, in its currency.")
    ] = None
    calculation: Annotated[str | None, text("How the provider computes the row, in its own words.")] = None
    is_included_in_price: Annotated[bool | None, flag("Whether prices include this tax.")] = None
    is_deducted: Annotated[bool | None, flag("Whether the row lowers the total (withholding).")] = None


class PaymentTerm(Part, frozen=True, kw_only=True, gc=False):
    """One instalment of a document."""

    due_date: Annotated[DateValue | None, date("When it is due.")] = None
    amount: Annotated[Decimal | None, money("What is due, in the document's currency.")] = None
    outstanding: Annotated[Decimal | None, money("What of it is still open, in the document's currency.")] = None
    portion: Annotated[Decimal | None, rate("Its share of the document, in percent.")] = None


class LineItem(Part, frozen=True, kw_only=True, gc=False):
    """One line of a document. Amounts are in the document's currency unless a description says otherwise."""

    id: Annotated[str | None, text("The provider's id of the line.")] = None
    sequence: Annotated[int | None, count("The line's place in the document, as the provider numbers it.")] = None
    item: Annotated[str | None, text("The item's id in `items`; null for a line of free text.")] = None
    sku: Annotated[str | None, text("Stock-keeping code of the item.")] = None
    name: Annotated[str | None, text("What was bought or sold.")] = None
    description: Annotated[str | None, text("More words, as the provider keeps them (may hold HTML).")] = None
    account: Annotated[str | None, text("The account the line is booked to: the provider's code or name.")] = None
    quantity: Annotated[Decimal | None, count("How many; negative on a return.")] = None
    unit: Annotated[str | None, text("What the quantity counts.")] = None
    unit_price: Annotated[Decimal | None, money("Price of one.")] = None
    discount_rate: Annotated[Decimal | None, rate("Discount in percent.")] = None
    discount_amount: Annotated[Decimal | None, money("Discount per unit.")] = None
    net_amount: Annotated[Decimal | None, money("The line without tax.")] = None
    tax_amount: Annotated[Decimal | None, money("The line's tax, where the provider keeps it by line.")] = None
    total_line_amount: Annotated[
        Decimal | None, money("The line as the provider totals it: without tax unless prices include it.")
    ] = None
    tax_rate: Annotated[str | None, text("The tax rate's id in `tax_rates`.")] = None
    tax_code: Annotated[str | None, text("The tax's code as the line carries it.")] = None
    tax_percentage: Annotated[Decimal | None, rate("The tax in percent.")] = None
    type: Annotated[LineType | None, text("An item, free text, or a bundle and what it is made of.")] = None
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions of this line.")] = []
    currency: Annotated[str | None, text("ISO 4217 code, where the line has its own.")] = None
    exchange_rate: Annotated[Decimal | None, rate("Where the line has its own rate.")] = None
    warehouse: Annotated[str | None, text("The provider's id of the line's warehouse.")] = None
    delivery_date: Annotated[DateValue | None, date("When the line's goods are wanted.")] = None
    quantity_received: Annotated[
        Decimal | None, count("How many have arrived: here (purchases), at the customer's (sales).")
    ] = None
    quantity_billed: Annotated[Decimal | None, count("How many have been billed.")] = None
    order_id: Annotated[str | None, text("The order this line bills.")] = None
    order_line_id: Annotated[str | None, text("The order's line that this line bills.")] = None
    custom_fields: Annotated[
        CustomFields, parts("The customer's own fields of the line, by the provider's field name.")
    ] = {}
