"""The rows of credits: given to customers, given by suppliers. Both are types of order to Brightpearl."""

from __future__ import annotations

from collections.abc import Mapping

from providers.brightpearl.mappers import credit
from providers.brightpearl.orders import PURCHASE_CREDITS, SALES_CREDITS, get_order, list_orders
from providers.brightpearl.rows.common import ADDRESS, INSTANT, NO_TAXES, RATE, SORTS, TEXT, TRACKING, line_sources
from providers.brightpearl.rows.orders import CALLS, UNSTAMPED
from providers.brightpearl.site import Site, order_site
from providers.brightpearl.wire import OrderRecord
from providers.kit.resource import ListRules, Resource
from unified_models.credit_note import CreditNote, VendorCredit


def _sources(party: str, contact: str, signs: str) -> Mapping[str, str | None]:
    return {
        "id": "id",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": "updatedOn; createdOn until the first change",
        "deleted_at": None,
        "custom_fields": "customFields; nullCustomFields as null",
        "number": "invoices[0].invoiceReference; id until it has one",
        "reference": "reference",
        "status": "state.tax, then orderPaymentStatus; before, orderStatus by the account's configuration",
        "remote_status": "orderStatus.name",
        "transaction_date": "invoices[0].taxDate; placedOn until it has one",
        "due_date": "invoices[0].dueDate",
        "company": None,
        "account": None,
        "memo": None,
        "currency": "currency.orderCurrencyCode",
        "exchange_rate": f"currency.exchangeRate ({RATE})",
        "sub_total": "totalValue.net, without its sign",
        "total_discount": None,
        "total_tax_amount": "totalValue.taxAmount, without the total's sign",
        "total_amount": "totalValue.total, without its sign",
        "unrounded_total_amount": None,
        "base_total_amount": "totalValue.baseTotal, without the total's sign",
        "remaining_credit": (
            f"totalValue.total less {signs}; null where that does not explain orderPaymentStatus, as after it was "
            "set against an invoice"
        ),
        "remaining_credit_currency": "currency.orderCurrencyCode",
        "credited_invoice": None,
        "allocations": None,
        "allocations.id": None,
        "allocations.amount": None,
        "allocations.currency": None,
        "payments": f"`{party}:` and the paymentId of each",
        "is_price_including_tax": "priceModeCode",
        "line_items": "orderRows",
        **line_sources("itemCost" if party == "supplier" else "productPrice"),
        **NO_TAXES,
        "addresses": f"parties: {party}, billing, delivery",
        "addresses.id": None,
        "addresses.type": "which of the parties",
        "addresses.name": "addressFullName",
        "addresses.company_name": "companyName",
        **{f"addresses.{name}": source for name, source in ADDRESS.items()},
        "addresses.country": "countryIsoCode, else country",
        **TRACKING,
        contact: f"parties.{party}.contactId",
        f"{contact}_name": f"parties.{party}.companyName, else addressFullName",
    }


def _rules(contact: str) -> ListRules:
    return ListRules(
        filters={"updated_at": INSTANT, "created_at": INSTANT, contact: TEXT, "reference": TEXT},
        sorts=SORTS,
        calls=CALLS,
    )


CREDIT_NOTES: Resource[OrderRecord, Site, CreditNote] = Resource(
    model=CreditNote,
    site=order_site,
    to_unified=credit.to_credit_note,
    id_of=lambda record: str(record.order.id),
    list=list_orders(SALES_CREDITS),
    get=get_order(SALES_CREDITS),
    list_rules=_rules("contact"),
    get_calls="1 order + 1 payment search",
    unstamped=UNSTAMPED,
    sources=_sources("customer", "contact", "customer-payment-search: PAYMENT − RECEIPT − CAPTURE"),
)

VENDOR_CREDITS: Resource[OrderRecord, Site, VendorCredit] = Resource(
    model=VendorCredit,
    site=order_site,
    to_unified=credit.to_vendor_credit,
    id_of=lambda record: str(record.order.id),
    list=list_orders(PURCHASE_CREDITS),
    get=get_order(PURCHASE_CREDITS),
    list_rules=_rules("vendor"),
    get_calls="1 order + 1 payment search",
    unstamped=UNSTAMPED,
    sources=_sources("supplier", "vendor", "supplier-payment-search: RECEIPT − PAYMENT"),
)
