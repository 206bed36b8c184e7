"""Nominal codes of Brightpearl as unified accounts."""

from __future__ import annotations

from providers.brightpearl.flags import state
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import NominalCode
from unified_models.account import Account


def to_unified(source: NominalCode, site: Site) -> Account:
    """An account. What the numbers of types stand for is not known, so that only banks can be told apart."""
    return Account(
        id=str(source.id),
        remote_id=str(source.id),
        name=source.name or None,
        code=source.code or None,
        # An empty text is what an unset description comes as.
        description=source.description or None,
        classification="bank" if source.bank else None,
        type="bank" if source.bank else None,
        remote_type=str(source.type.id) if source.type and source.type.id is not None else None,
        status=state(source.active),
        currency=site.currencies.get(source.currencyId) if source.currencyId else None,
        # 0 says none.
        tax_rate=str(source.taxCode) if source.taxCode else None,
        is_bank=source.bank,
        is_reconciled=source.reconcile,
    )
