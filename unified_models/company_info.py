"""Company info: whose books these are."""

from __future__ import annotations

from typing import Annotated

from unified_models.base import UnifiedModel
from unified_models.parts import Address, Email, Phone
from unified_models.units import flag, parts, text


class CompanyInfo(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A company with books of its own."""

    name: Annotated[str | None, text("What it is called.")] = None
    legal_name: Annotated[str | None, text("Its registered name, where the provider tells it apart.")] = None
    abbreviation: Annotated[str | None, text("Short form, as account names carry it.")] = None
    emails: Annotated[list[Email], parts("E-mail addresses.")] = []
    tax_number: Annotated[str | None, text("VAT or tax registration number.")] = None
    registration_details: Annotated[str | None, text("Registration as the company shows it.")] = None
    fiscal_year_end_month: Annotated[str | None, text("`1` to `12`.")] = None
    fiscal_year_end_day: Annotated[str | None, text("`1` to `31`.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the books.")] = None
    country: Annotated[str | None, text("Country, as the provider writes it.")] = None
    time_zone: Annotated[str | None, text("IANA name of the time zone the books are kept in.")] = None
    tax_scheme: Annotated[str | None, text("The kind of sales tax, in the provider's words.")] = None
    parent_company: Annotated[str | None, text("The id of the company above it.")] = None
    is_group: Annotated[bool | None, flag("Holds other companies.")] = None
    urls: Annotated[list[str], parts("Web sites.")] = []
    addresses: Annotated[list[Address], parts("Postal addresses.")] = []
    phones: Annotated[list[Phone], parts("Telephone numbers.")] = []
