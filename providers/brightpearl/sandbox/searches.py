"""The searches of the sandbox: columns as recorded, rows made from its books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.brightpearl.sandbox.companies import COMPANIES
from providers.brightpearl.sandbox.flat_orders import SALES_CREDITS, SALES_ORDERS
from providers.brightpearl.sandbox.goods_searches import GOODS_SEARCHES
from providers.brightpearl.sandbox.journals import JOURNALS
from providers.brightpearl.sandbox.landed_costs import LANDED_COSTS
from providers.brightpearl.sandbox.order_notes import NOTES
from providers.brightpearl.sandbox.product_lists import PRODUCT_SEARCHES
from providers.brightpearl.sandbox.products import PRODUCTS
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.searches_lists import LIST_SEARCHES
from providers.brightpearl.sandbox.statements import STATEMENT
from providers.brightpearl.sandbox.store import CUSTOMER, SUPPLIER, TYPES, Store
from providers.brightpearl.sandbox.warehouse_lists import WAREHOUSE_SEARCHES

PAYMENT_STATUSES = {"UNPAID": 1, "PARTIALLY_PAID": 2, "PAID": 3, "AUTHORIZED": 4, "NOT_APPLICABLE": 5}
"""Only 5 was ever recorded; the others are numbered as the documentation lists them."""


def _order_rows(store: Store) -> Iterator[Row]:
    stocks = {row["code"]: row["id"] for row in store.lists["order-stock-status"]}
    shippings = {row["code"]: row["id"] for row in store.lists["order-shipping-status"]}
    for order in store.orders.values():
        assigned = order["assignment"]["current"]
        yield {
            "orderId": order["id"],
            "orderTypeId": TYPES[order["orderTypeCode"]].id,
            "contactId": store.party_contact(order),
            "orderStatusId": order["orderStatus"]["orderStatusId"],
            "orderStockStatusId": stocks[order["stockStatusCode"]],
            "createdOn": order["createdOn"],
            "createdById": order["createdById"],
            "customerRef": order["reference"],
            "orderPaymentStatusId": PAYMENT_STATUSES[order["orderPaymentStatus"]],
            "updatedOn": order.get("updatedOn"),
            "parentOrderId": order["parentOrderId"],
            "orderShippingStatusId": shippings[order["shippingStatusCode"]],
            "externalRef": order.get("externalRef"),
            "installedIntegrationInstanceId": order.get("installedIntegrationInstanceId"),
            "warehouseId": order["warehouseId"],
            "staffOwnerContactId": assigned["staffOwnerContactId"],
            "taxDate": _tax_date(store, order),
            "departmentId": assigned["channelId"],
            "deliveryDate": order["delivery"].get("deliveryDate"),
            "placedOn": order["placedOn"],
            "shippingMethodId": order["delivery"].get("shippingMethodId"),
            "projectId": assigned["projectId"],
            "leadSourceId": assigned["leadSourceId"],
            "isHistoricalOrder": order["historicalOrder"],
        }


def _tax_date(store: Store, order: Row) -> str:
    """The tax date as searches show it: midnight in UTC, and the day of placing where an order has none yet."""
    written = next((invoice["taxDate"] for invoice in order["invoices"] if "taxDate" in invoice), order["placedOn"])
    return store.utc_midnight(store.day_of(written))


def _order_labels(store: Store) -> Mapping[str, Mapping[int, str]]:
    return {
        "orderTypeNames": {kind.id: kind.name for kind in TYPES.values()},
        "orderStatusNames": {row["statusId"]: row["name"] for row in store.lists["order-status"]},
        "orderStockStatusNames": {row["id"]: _stock_name(row) for row in store.lists["order-stock-status"]},
        "orderPaymentStatusNames": {number: name for name, number in PAYMENT_STATUSES.items()},
        "orderShippingStatusNames": {row["id"]: row["description"] for row in store.lists["order-shipping-status"]},
    }


def _stock_name(row: Row) -> str:
    # Only this one label was ever seen.
    return "Unset" if row["code"] == "NON" else str(row["code"])


ORDERS = Search(
    columns=columns(
        Column("orderId", "IDSET"),
        Column("orderTypeId", "IDSET", reference=("orderTypeNames",)),
        Column("contactId", "INTEGER"),
        Column("orderStatusId", "INTEGER", reference=("orderStatusNames",)),
        Column("orderStockStatusId", "INTEGER", reference=("orderStockStatusNames",)),
        Column("createdOn", "PERIOD"),
        Column("createdById", "INTEGER"),
        Column("customerRef", "STRING"),
        Column("orderPaymentStatusId", "INTEGER", reference=("orderPaymentStatusNames",)),
        Column("updatedOn", "PERIOD"),
        Column("parentOrderId", "IDSET"),
        Column("orderShippingStatusId", "INTEGER", reference=("orderShippingStatusNames",)),
        Column("externalRef", "STRING"),
        Column("installedIntegrationInstanceId", "INTEGER"),
        Column("warehouseId", "IDSET"),
        Column("staffOwnerContactId", "INTEGER"),
        Column("taxDate", "PERIOD"),
        Column("departmentId", "INTEGER"),
        Column("deliveryDate", "PERIOD"),
    ),
    rows=_order_rows,
    sorted_by="orderId",
    filters_only={
        "placedOn": "PERIOD",
        "shippingMethodId": "INTEGER",
        "projectId": "INTEGER",
        "leadSourceId": "INTEGER",
        "isHistoricalOrder": "BOOLEAN",
    },
    labels=_order_labels,
)


def _contact_rows(store: Store) -> Iterator[Row]:
    ordered: dict[int, str] = {}
    for order in store.orders.values():
        ordered[store.party_contact(order) or 0] = order["placedOn"]
    for contact in store.contacts.values():
        number = contact["contactId"]
        flags, reach = contact["relationshipToAccount"], contact["communication"]
        emails, phones = reach["emails"], reach["telephones"]
        company = contact["organisation"].get("name", "")
        email = {key: emails.get(key, {}).get("email", "") for key in ("PRI", "SEC", "TER")}
        yield {
            "contactId": number,
            "primaryEmail": email["PRI"],
            "secondaryEmail": email["SEC"],
            "tertiaryEmail": email["TER"],
            "firstName": contact["firstName"],
            "lastName": contact["lastName"],
            "isSupplier": flags["isSupplier"],
            "companyName": company,
            "isStaff": flags["isStaff"],
            "isCustomer": not flags["isSupplier"] and not flags["isStaff"],
            "createdOn": contact["createdOn"],
            "updatedOn": None if number in store.unstamped else contact.get("updatedOn"),
            "lastContactedOn": contact.get("lastContactedOn"),
            "lastOrderedOn": ordered.get(number),
            "nominalCode": int(contact["financialDetails"]["nominalCode"]),
            "isPrimary": contact["isPrimaryContact"],
            "pri": phones.get("PRI", ""),
            "sec": phones.get("SEC", ""),
            "mob": phones.get("MOB", ""),
            "exactCompanyName": company,
            "title": contact.get("salutation") or None,
            "allEmail": " ".join(email.values()),
        }


CONTACTS = Search(
    columns=columns(
        Column("contactId", "IDSET"),
        Column("primaryEmail", "SEARCH_STRING"),
        Column("secondaryEmail", "SEARCH_STRING"),
        Column("tertiaryEmail", "SEARCH_STRING"),
        Column("firstName", "SEARCH_STRING"),
        Column("lastName", "SEARCH_STRING"),
        Column("isSupplier", "BOOLEAN", is_sortable=False),
        Column("companyName", "SEARCH_STRING"),
        Column("isStaff", "BOOLEAN", is_sortable=False),
        Column("isCustomer", "BOOLEAN", is_sortable=False),
        Column("createdOn", "PERIOD"),
        Column("updatedOn", "PERIOD"),
        Column("lastContactedOn", "PERIOD"),
        Column("lastOrderedOn", "PERIOD"),
        Column("nominalCode", "INTEGER"),
        Column("isPrimary", "BOOLEAN"),
        Column("pri", "STRING", is_sortable=False),
        Column("sec", "STRING", is_sortable=False),
        Column("mob", "STRING", is_sortable=False),
        Column("exactCompanyName", "STRING"),
        Column("title", "STRING"),
    ),
    rows=_contact_rows,
    sorted_by="contactId",
    filters_only={"allEmail": "SEARCH_STRING"},
)


def _payment_columns(*names: str) -> dict[str, Column]:
    kinds = {
        **dict.fromkeys(("paymentId", "orderId", "currencyId", "journalId"), "IDSET"),
        **dict.fromkeys(("expires", "paymentDate", "createdOn"), "PERIOD"),
    }
    sortable = {"paymentId", "paymentDate", "createdOn", "journalId"}
    return columns(*(Column(name, kinds.get(name, "STRING"), is_sortable=name in sortable) for name in names))


CUSTOMER_PAYMENTS = Search(
    columns=_payment_columns(
        "paymentId",
        "transactionRef",
        "transactionCode",
        "paymentMethodCode",
        "paymentType",
        "orderId",
        "currencyId",
        "currencyCode",
        "amountAuthorized",
        "amountPaid",
        "expires",
        "paymentDate",
        "createdOn",
        "journalId",
    ),
    rows=lambda store: store.payments[CUSTOMER].values(),
    sorted_by="paymentId",
)

SUPPLIER_PAYMENTS = Search(
    columns=_payment_columns(
        "paymentId",
        "transactionRef",
        "paymentMethodCode",
        "paymentType",
        "orderId",
        "currencyId",
        "currencyCode",
        "amountPaid",
        "paymentDate",
        "createdOn",
        "journalId",
    ),
    rows=lambda store: store.payments[SUPPLIER].values(),
    sorted_by="paymentId",
    filters_ignored=frozenset({"paymentId"}),
    claims=lambda quirks: quirks.supplier_results_claimed,
)

CURRENCIES = Search(
    columns=columns(
        Column("id", "IDSET"),
        Column("title", "STRING"),
        Column("code", "STRING"),
        Column("symbol", "STRING"),
        Column("exchangeRate", "STRING"),
        Column("isDefault", "BOOLEAN"),
        Column("exchangeRateVarianceNominalCode", "STRING"),
    ),
    rows=lambda store: store.currencies,
    sorted_by="id",
)

SEARCHES: Mapping[str, Search] = {
    "order-service/order-search": ORDERS,
    "contact-service/contact-search": CONTACTS,
    "accounting-service/customer-payment-search": CUSTOMER_PAYMENTS,
    "accounting-service/supplier-payment-search": SUPPLIER_PAYMENTS,
    "accounting-service/currency-search": CURRENCIES,
    "accounting-service/journal-search": JOURNALS,
    "product-service/product-search": PRODUCTS,
    "accounting-service/statement/all-transaction-search": STATEMENT,
    "contact-service/company-search": COMPANIES,
    "order-service/order-note-search": NOTES,
    "order-service/purchase-order-lc-search": LANDED_COSTS,
    "order-service/sales-order-search": SALES_ORDERS,
    "order-service/sales-credit-search": SALES_CREDITS,
    **LIST_SEARCHES,
    **PRODUCT_SEARCHES,
    **WAREHOUSE_SEARCHES,
    **GOODS_SEARCHES,
}
