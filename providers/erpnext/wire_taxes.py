"""Tax templates and their rows under ERPNext's own names."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.wire import Child, Document


class Template(Document, frozen=True, kw_only=True, gc=False):
    """What all three kinds of template have in common; of an Item Tax Template it is all."""

    title: str | None = None
    company: str | None = None
    disabled: int | None = None


class ChargesTemplate(Template, frozen=True, kw_only=True, gc=False):
    """A Sales Taxes and Charges Template, or one for purchases."""

    is_default: int | None = None
    tax_category: str | None = None


class TemplateRow(Child, frozen=True, kw_only=True, gc=False):
    """A row of taxes and charges as a template has it."""

    charge_type: str | None = None
    row_id: str | None = None
    account_head: str | None = None
    description: str | None = None
    rate: Decimal | None = None
    tax_amount: Decimal | None = None
    included_in_print_rate: int | None = None
    cost_center: str | None = None
    project: str | None = None


class PurchaseTemplateRow(TemplateRow, frozen=True, kw_only=True, gc=False):
    """A row of purchase taxes, which may be taken off, or only add to what goods are worth."""

    add_deduct_tax: str | None = None
    category: str | None = None


class ItemTaxRow(Child, frozen=True, kw_only=True, gc=False):
    """The rate at which items are charged the tax of an account."""

    tax_type: str | None = None
    tax_rate: Decimal | None = None
