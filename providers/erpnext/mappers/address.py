"""The addresses that a document of ERPNext shows, as lines of plain text."""

from __future__ import annotations

import html
import re

from providers.erpnext.wire_invoices import PurchaseInvoice, SalesInvoice
from providers.erpnext.wire_orders import PurchaseOrder, SalesOrder
from providers.erpnext.wire_trade import Trade
from unified_models.parts import Address, AddressType

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def addresses(head: Trade) -> list[Address]:
    """Addresses as the document shows them: text of several lines, kept whole in `street_1`."""
    return [
        Address(id=name or None, type=kind, street_1=lines(shown))
        for kind, name, shown in _of(head)
        if name or shown
    ]


def lines(shown: str | None) -> str | None:
    """The lines of a text that was made for a web page."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", shown or "")))
    return "\n".join(line for each in text.splitlines() if (line := each.strip())) or None


def _of(head: Trade) -> tuple[tuple[AddressType, str | None, str | None], ...]:
    """Each address's use, name and text, which the two sides of trade name each their own way."""
    if isinstance(head, (SalesInvoice, SalesOrder)):
        return (
            ("billing", head.customer_address, head.address_display),
            ("shipping", head.shipping_address_name, head.shipping_address),
        )
    if isinstance(head, (PurchaseInvoice, PurchaseOrder)):
        return (
            ("billing", head.supplier_address, head.address_display),
            ("shipping", head.shipping_address, head.shipping_address_display),
        )
    return ()
