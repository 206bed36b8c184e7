"""The rows of orders: placed with suppliers, taken from customers."""

from __future__ import annotations

from collections.abc import Mapping

from providers.brightpearl.mappers import order
from providers.brightpearl.orders import PURCHASES, REPORTED, SALES, get_order, list_orders
from providers.brightpearl.rows.common import (
    ADDRESS,
    DATE,
    INSTANT,
    NO_TAXES,
    NO_TERMS,
    SORTS,
    TEXT,
    TRACKING,
    line_sources,
)
from providers.brightpearl.site import Site, order_site
from providers.brightpearl.wire import OrderRecord
from providers.kit.resource import ListRules, Resource
from unified_models.order import PurchaseOrder, SalesOrder


def _order_sources(party: str, fulfilment: str, payments: str) -> Mapping[str, str | None]:
    return {
        "id": "id",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": "updatedOn; createdOn until the first change",
        "deleted_at": None,
        "custom_fields": "customFields; nullCustomFields as null",
        "number": "id",
        "reference": "reference",
        "external_reference": "externalRef",
        "status": "state.tax, then orderStatus by the account's configuration and the status's state",
        "remote_status": "orderStatus.name",
        "payment_status": "orderPaymentStatus",
        "remote_payment_status": "orderPaymentStatus",
        "fulfilment_status": fulfilment,
        "remote_fulfilment_status": fulfilment,
        "issue_date": "placedOn",
        "delivery_date": "delivery.deliveryDate",
        "due_date": "invoices[0].dueDate",
        "tax_date": "invoices[0].taxDate",
        "contact": f"parties.{party}",
        "contact.id": f"parties.{party}.contactId",
        "contact.name": f"parties.{party}.companyName, else addressFullName",
        "contact.type": "orderTypeCode",
        "vendor": "parties.supplier.contactId" if party == "supplier" else None,
        "customer": "parties.customer.contactId" if party == "customer" else None,
        "employee": "assignment.current.staffOwnerContactId",
        "employee.id": "assignment.current.staffOwnerContactId",
        "employee.name": None,
        "employee.email": None,
        "company": None,
        "warehouse": "warehouseId",
        "delivery_address": "parties.delivery",
        "addresses": f"parties: {party}, billing, delivery",
        "addresses.id": None,
        "addresses.type": "which of the parties",
        "addresses.name": "addressFullName",
        "addresses.company_name": "companyName",
        **{f"addresses.{name}": source for name, source in ADDRESS.items()},
        "addresses.country": "countryIsoCode, else country",
        "memo": None,
        "currency": "currency.orderCurrencyCode",
        "base_currency": "currency.accountingCurrencyCode",
        "exchange_rate": "currency.exchangeRate (order currency per base unit: inferred, no source says so)",
        "sub_total": "totalValue.net",
        "total_discount": None,
        "total_tax_amount": "totalValue.taxAmount",
        "total_amount": "totalValue.total",
        "unrounded_total_amount": None,
        "base_total_amount": "totalValue.baseTotal",
        "amount_paid": payments,
        "remote_amount_paid": "purchase-payment-total" if party == "supplier" else "sale-payment-total",
        "payments": f"`{party}:` and the paymentId of each",
        "is_price_including_tax": "priceModeCode",
        "is_invoiced": "state.tax",
        "invoice_reference": "invoices[0].invoiceReference",
        "parent_order": "parentOrderId",
        "line_items": "orderRows",
        **line_sources("itemCost" if party == "supplier" else "productPrice"),
        **NO_TAXES,
        **NO_TERMS,
        **TRACKING,
    }


CALLS = (
    "1 order-search + ceil(n/200) orders + ceil(n/200) payment searches, for n orders on the page "
    "(one more payment search for every further 500 payments); `updated_at` walks two searches"
)
_ORDER_RULES = ListRules(
    filters={
        "updated_at": INSTANT,
        "created_at": INSTANT,
        "tax_date": DATE,
        "delivery_date": DATE,
        "contact": TEXT,
        "reference": TEXT,
    },
    sorts=SORTS,
    calls=CALLS,
)
UNSTAMPED = (
    "changes of custom fields may not move updatedOn",
    "payments, unless they change the order's payment status",
)

PURCHASE_ORDERS: Resource[OrderRecord, Site, PurchaseOrder] = Resource(
    model=PurchaseOrder,
    site=order_site,
    to_unified=order.to_purchase_order,
    id_of=lambda record: str(record.order.id),
    list=list_orders(PURCHASES),
    get=get_order(PURCHASES),
    list_rules=_ORDER_RULES,
    get_calls="1 order + 1 payment search",
    expands={REPORTED: "ceil(n/200) purchase-payment-total"},
    unstamped=UNSTAMPED,
    sources=_order_sources(
        "supplier", "stockStatusCode", "supplier-payment-search: PAYMENT − RECEIPT, in the order's currency"
    ),
)

SALES_ORDERS: Resource[OrderRecord, Site, SalesOrder] = Resource(
    model=SalesOrder,
    site=order_site,
    to_unified=order.to_sales_order,
    id_of=lambda record: str(record.order.id),
    list=list_orders(SALES),
    get=get_order(SALES),
    list_rules=_ORDER_RULES,
    get_calls="1 order + 1 payment search",
    expands={REPORTED: "ceil(n/200) sale-payment-total"},
    unstamped=UNSTAMPED,
    sources=_order_sources(
        "customer",
        "shippingStatusCode",
        "customer-payment-search: RECEIPT + CAPTURE − PAYMENT, in the order's currency",
    ),
)
