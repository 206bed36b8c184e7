"""Brightpearl's rows: which unified resources it feeds, from which fields, with which filters, at which cost."""

from __future__ import annotations

from collections.abc import Mapping

from providers.brightpearl.contacts import TYPE_COLUMNS, get_contact, list_contacts
from providers.brightpearl.mappers import contact, order
from providers.brightpearl.orders import PURCHASES, REPORTED, SALES, get_order, list_orders
from providers.brightpearl.site import Site, contact_site, order_site
from providers.brightpearl.wire import OrderRecord
from providers.brightpearl.wire_contacts import ContactRecord
from providers.kit.pages import FilterRule, ValueKind
from providers.kit.resource import ListRules, Resource
from unified_models.contact import Contact
from unified_models.order import PurchaseOrder, SalesOrder

_INSTANT = FilterRule(kind=ValueKind.INSTANT, operators=("gt", "gte", "lt", "lte"))
_DATE = FilterRule(kind=ValueKind.DATE, operators=("eq", "gt", "gte", "lt", "lte"))
_TEXT = FilterRule()
# Not by updated_at: updatedOn is null until the first change, so Brightpearl would order those records apart.
_SORTS = ("created_at",)

_ADDRESS = {
    "street_1": "addressLine1",
    "street_2": "addressLine2",
    "city": "addressLine3",
    "state": "addressLine4",
    "postal_code": "postalCode",
}
_TRACKING = {
    "tracking_categories": "assignment.current: channelId, projectId, leadSourceId",
    "tracking_categories.id": "`channel:`, `project:`, `lead_source:` and the id",
    "tracking_categories.name": None,
    "tracking_categories.option": None,
}


def _order_sources(party: str, fulfilment: str, payments: str) -> Mapping[str, str | None]:
    row = "orderRows[]"
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
        **{f"addresses.{name}": source for name, source in _ADDRESS.items()},
        "addresses.country": "countryIsoCode, else country",
        "memo": None,
        "currency": "currency.orderCurrencyCode",
        "base_currency": "currency.accountingCurrencyCode",
        "exchange_rate": "currency.exchangeRate (order currency per base unit: inferred, no source says so)",
        "sub_total": "totalValue.net",
        "total_tax_amount": "totalValue.taxAmount",
        "total_amount": "totalValue.total",
        "base_total_amount": "totalValue.baseTotal",
        "amount_paid": payments,
        "remote_amount_paid": "purchase-payment-total" if party == "supplier" else "sale-payment-total",
        "payments": "paymentId of each",
        "is_price_including_tax": "priceModeCode",
        "is_invoiced": "state.tax",
        "invoice_reference": "invoices[0].invoiceReference",
        "parent_order": "parentOrderId",
        "line_items": "orderRows",
        "line_items.id": "the key in orderRows",
        "line_items.sequence": f"{row}.orderRowSequence",
        "line_items.item": f"{row}.productId; null for 1000 (free text)",
        "line_items.sku": f"{row}.productSku",
        "line_items.name": f"{row}.productName",
        "line_items.description": f"{row}.productOptions",
        "line_items.account": f"{row}.nominalCode",
        "line_items.quantity": f"{row}.quantity.magnitude",
        "line_items.unit": None,
        "line_items.unit_price": f"{row}.{'itemCost' if party == 'supplier' else 'productPrice'}.value",
        "line_items.discount_rate": f"{row}.discountPercentage",
        "line_items.discount_amount": None,
        "line_items.net_amount": f"{row}.rowValue.rowNet.value",
        "line_items.tax_amount": f"{row}.rowValue.rowTax.value",
        "line_items.total_line_amount": f"{row}.rowValue.rowNet.value",
        "line_items.tax_rate": f"{row}.rowValue.taxClassId",
        "line_items.tax_code": f"{row}.rowValue.taxCode",
        "line_items.tax_percentage": f"{row}.rowValue.taxRate",
        "line_items.type": f"{row}.composition, productId",
        "line_items.tracking_categories": None,
        "line_items.tracking_categories.id": None,
        "line_items.tracking_categories.name": None,
        "line_items.tracking_categories.option": None,
        "line_items.currency": f"{row}.rowValue.rowNet.currencyCode",
        "line_items.exchange_rate": None,
        "line_items.quantity_received": None,
        "line_items.quantity_billed": None,
        "line_items.order_id": None,
        "line_items.order_line_id": None,
        "line_items.custom_fields": None,
        **_TRACKING,
    }


_ORDER_RULES = ListRules(
    filters={
        "updated_at": _INSTANT,
        "created_at": _INSTANT,
        "tax_date": _DATE,
        "delivery_date": _DATE,
        "contact": _TEXT,
        "reference": _TEXT,
    },
    sorts=_SORTS,
    calls=(
        "1 order-search + ceil(n/200) orders + ceil(n/200) payment searches, for n orders on the page "
        "(one more payment search for every further 500 payments); `updated_at` walks two searches"
    ),
)
_ORDER_UNSTAMPED = (
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
    unstamped=_ORDER_UNSTAMPED,
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
    unstamped=_ORDER_UNSTAMPED,
    sources=_order_sources(
        "customer",
        "shippingStatusCode",
        "customer-payment-search: RECEIPT + CAPTURE − PAYMENT, in the order's currency",
    ),
)

CONTACTS: Resource[ContactRecord, Site, Contact] = Resource(
    model=Contact,
    site=contact_site,
    to_unified=contact.to_unified,
    id_of=lambda record: str(record.contact.contactId),
    list=list_contacts,
    get=get_contact,
    list_rules=ListRules(
        filters={
            "updated_at": _INSTANT,
            "created_at": _INSTANT,
            "contact_type": FilterRule(values=tuple(TYPE_COLUMNS)),
        },
        sorts=_SORTS,
        calls=(
            "1 contact-search + ceil(n/200) contacts, for n contacts on the page; + ceil(a/200) addresses where "
            "the account does not send a addresses along; `updated_at` walks two searches"
        ),
    ),
    get_calls="1 contact; + 1 where addresses are not sent along",
    unstamped=(
        "changes of custom fields may not move updatedOn",
        "contact-search may show no updatedOn although the contact has one",
    ),
    sources={
        "id": "contactId",
        "remote_id": "contactId",
        "created_at": "createdOn",
        "updated_at": "updatedOn; createdOn until the first change",
        "deleted_at": None,
        "custom_fields": "customFields",
        "name": "organisation.name, else firstName and lastName",
        "first_name": "firstName",
        "last_name": "lastName",
        "salutation": "salutation",
        "company_name": "organisation.name",
        "type": "relationshipToAccount",
        "is_customer": "relationshipToAccount",
        "is_vendor": "relationshipToAccount",
        "is_primary": "isPrimaryContact",
        "status": None,
        "remote_status": "contactStatus.current.contactStatusName",
        "tax_number": None,
        "currency": "financialDetails.currencyId by currency-search",
        "company": None,
        "organisation": "organisation.organisationId",
        "account_reference": "assignment.current.accountReference",
        "emails": "communication.emails",
        "emails.email": "communication.emails.*.email",
        "emails.type": "the key: PRI, SEC, TER",
        "phones": "communication.telephones",
        "phones.number": "communication.telephones.*",
        "phones.extension": None,
        "phones.type": "the key: PRI, SEC, MOB, FAX",
        "urls": "communication.websites",
        "addresses": "postAddressIds with postalAddresses, or postal-address",
        "addresses.id": "postAddressIds.*",
        "addresses.type": "the key: DEF, BIL, DEL",
        "addresses.name": None,
        "addresses.company_name": None,
        **{f"addresses.{name}": source for name, source in _ADDRESS.items()},
        "addresses.country": "countryIsoCode2, else countryIsoCode",
        "contact_groups": "assignment.current.contactGroupId",
        "tags": "contactTags",
        "account": "financialDetails.nominalCode",
        "tax_rate": "financialDetails.taxCodeId",
        "price_list": "financialDetails.priceListId",
        "credit_limit": "financialDetails.creditLimit",
        "credit_term_days": "financialDetails.creditTermDays",
        "discount_rate": "financialDetails.discountPercentage",
        "lead_time_days": "leadTime",
        "has_newsletter": "marketingDetails.isReceiveEmailNewsletter",
        "last_contacted_at": "lastContactedOn",
        "employee": "assignment.current.staffOwnerContactId",
        **_TRACKING,
    },
)
