"""Modes of Payment of ERPNext as unified payment methods."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import enabled, text
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_payments import ModeAccount, ModeOfPayment
from unified_models.payment_method import PaymentMethod, PaymentMethodAccount


def to_unified(record: Joined[ModeOfPayment], site: Site) -> PaymentMethod:
    """A way to pay. ERPNext does not say which are cards: its type of them is Bank."""
    head = record.head
    return PaymentMethod(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.mode_of_payment),
        code=head.name,
        status=enabled(head.enabled),
        remote_type=text(head.type),
        accounts=[_account(row) for row in record.table("accounts")],
    )


def _account(row: ModeAccount) -> PaymentMethodAccount:
    return PaymentMethodAccount(account=text(row.default_account), company=text(row.company))
