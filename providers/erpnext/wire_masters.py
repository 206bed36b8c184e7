"""Groups of parties, companies, fiscal years and files, under ERPNext's own names."""

from __future__ import annotations

from datetime import date

from providers.erpnext.wire import Child, Document


class PartyGroup(Document, frozen=True, kw_only=True, gc=False):
    """What groups of customers and of suppliers have in common."""

    is_group: int | None = None
    payment_terms: str | None = None


class CustomerGroup(PartyGroup, frozen=True, kw_only=True, gc=False):
    """A Customer Group."""

    customer_group_name: str | None = None
    parent_customer_group: str | None = None
    default_price_list: str | None = None


class SupplierGroup(PartyGroup, frozen=True, kw_only=True, gc=False):
    """A Supplier Group."""

    supplier_group_name: str | None = None
    parent_supplier_group: str | None = None


class CustomerMember(Document, frozen=True, kw_only=True, gc=False):
    """A Customer of which only its group is wanted."""

    customer_group: str | None = None


class SupplierMember(Document, frozen=True, kw_only=True, gc=False):
    """A Supplier of which only its group is wanted."""

    supplier_group: str | None = None


class CompanyHead(Document, frozen=True, kw_only=True, gc=False):
    """A Company of which only its name and currency are wanted."""

    company_name: str | None = None
    default_currency: str | None = None


class Company(Document, frozen=True, kw_only=True, gc=False):
    """A Company."""

    company_name: str | None = None
    abbr: str | None = None
    default_currency: str | None = None
    country: str | None = None
    parent_company: str | None = None
    is_group: int | None = None
    tax_id: str | None = None
    registration_details: str | None = None
    email: str | None = None
    phone_no: str | None = None
    fax: str | None = None
    website: str | None = None


class FiscalYear(Document, frozen=True, kw_only=True, gc=False):
    """A Fiscal Year."""

    year_start_date: date | None = None
    year_end_date: date | None = None
    disabled: int | None = None


class FiscalYearCompany(Child, frozen=True, kw_only=True, gc=False):
    """A company that a Fiscal Year is for; one without any is for all."""

    company: str | None = None


class File(Document, frozen=True, kw_only=True, gc=False):
    """A File, or a folder of them."""

    file_name: str | None = None
    file_url: str | None = None
    file_size: int | None = None
    is_folder: int | None = None
    is_private: int | None = None
    content_hash: str | None = None
    attached_to_doctype: str | None = None
    attached_to_name: str | None = None
    attached_to_field: str | None = None
