"""The tax templates of ERPNext as unified tax rates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, state, text, tracking
from providers.erpnext.mappers.tax_amounts import (
    AMOUNT,
    effective_rate,
    is_amount,
    is_taken_off,
    total_rate,
)
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_taxes import ChargesTemplate, ItemTaxRow, Template, TemplateRow
from providers.kit.exact import exact
from unified_models.tax_rate import TaxComponent, TaxRate, TaxSide

SIDES: dict[str, TaxSide] = {"sales": "sales", "purchase": "purchases"}


def to_unified(record: Joined[Template], site: Site) -> TaxRate:
    """A set of taxes that documents are charged, or the rates of an item's."""
    head = record.head
    charges = head if isinstance(head, ChargesTemplate) else None
    total, effective = _rates(record)
    return TaxRate(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.title),
        side=SIDES.get(record.kind),
        total_tax_rate=exact(total),
        effective_tax_rate=exact(effective),
        company=text(head.company),
        category=text(charges.tax_category) if charges else None,
        status=state(head.disabled),
        is_default=flag(charges.is_default) if charges else None,
        components=[
            _rate_of(row) if isinstance(row, ItemTaxRow) else _component(row, site) for row in record.table("taxes")
        ],
    )


def _rates(record: Joined[Template]) -> tuple[Decimal | None, Decimal | None]:
    """The sum and the effect. Which rates of an item's template apply, the document's own rows decide."""
    rows = record.rows.get("taxes")
    if rows is None:
        return None, None
    if record.kind != "item":
        if "taxes.add_deduct_tax" in record.unread:
            return None, None
        return total_rate(rows), None if "taxes.category" in record.unread else effective_rate(rows)
    total = _sum(rows)
    return total, total if len(rows) == 1 else None


def _sum(rows: Sequence[ItemTaxRow]) -> Decimal | None:
    rates = [row.tax_rate for row in rows if row.tax_rate is not None]
    return sum(rates, Decimal(0)) if len(rates) == len(rows) else None


def _component(row: TemplateRow, site: Site) -> TaxComponent:
    amount = row.tax_amount if row.charge_type == AMOUNT else row.rate
    return TaxComponent(
        id=row.name,
        sequence=row.idx,
        name=text(row.description),
        account=text(row.account_head),
        rate=None if is_amount(row) else exact(row.rate),
        amount=exact(amount) if is_amount(row) else None,
        calculation=text(row.charge_type),
        is_included_in_price=flag(row.included_in_print_rate),
        is_deducted=is_taken_off(row),
        tracking_categories=tracking(row, site),
    )


def _rate_of(row: ItemTaxRow) -> TaxComponent:
    return TaxComponent(id=row.name, sequence=row.idx, account=text(row.tax_type), rate=exact(row.tax_rate))
