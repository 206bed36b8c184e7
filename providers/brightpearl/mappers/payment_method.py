"""Payment methods of Brightpearl as unified ones."""

from __future__ import annotations

from providers.brightpearl.flags import state
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import BankAccount, PaymentMethodRecord
from unified_models.payment_method import PaymentMethod, PaymentMethodAccount


def to_unified(record: PaymentMethodRecord, site: Site) -> PaymentMethod:
    """A way to pay, with the bank account of each currency."""
    return PaymentMethod(
        id=str(record.id),
        remote_id=str(record.id),
        name=record.method.name or None,
        code=record.method.code or None,
        status=state(record.method.isActive),
        accounts=[_account(bank, site) for bank in record.method.bankAccounts],
    )


def _account(bank: BankAccount, site: Site) -> PaymentMethodAccount:
    nominal = site.nominals.get(bank.bankAccountNominalCode or "")
    return PaymentMethodAccount(account=nominal.id if nominal else None, currency=bank.currencyIsoCode or None)
