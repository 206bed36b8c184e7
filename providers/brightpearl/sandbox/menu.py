"""Every resource that the API's own menu names, each with a read that the sandbox answers.

`search` has columns and metaData, `list` needs no id, `get` needs one. A `write` is only ever written to: there the
sandbox answers a GET with an empty list, as it does where the way to read it is `unknown`, shown by no source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.products import BUNDLE, products
from providers.brightpearl.sandbox.replies import Reply
from providers.brightpearl.sandbox.store import Store

Kind = Literal["search", "list", "get", "write", "unknown"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of the menu. `path` holds names for the ids that it needs."""

    service: str
    title: str
    kind: Kind
    path: str

    def path_in(self, ids: dict[str, int]) -> str:
        """The whole path, with ids that are there."""
        return f"{self.service}-service/{self.path.format_map(ids)}"

    def pattern(self) -> str:
        """The path as routes have it."""
        parts = ("*" if part.startswith("{") else part for part in self.path.split("/"))
        return f"{self.service}-service/{'/'.join(parts)}"


_TABLE: dict[str, tuple[tuple[str, Kind, str], ...]] = {
    "accounting": (
        ("Accounting Period", "list", "accounting-period"),
        ("Accounting Period Lock", "list", "accounting-period-lock"),
        ("All transaction statement", "search", "statement/all-transaction-search"),
        ("Contact balance", "get", "contact/{customer}/currency/USD/balance"),
        ("Currency", "search", "currency-search"),
        ("Customer Payment", "search", "customer-payment-search"),
        ("Exchange Rate", "list", "exchange-rate"),
        ("Journal", "search", "journal-search"),
        ("Journal", "get", "journal/{journal}"),
        ("Journal Entry", "write", "journal-entry"),
        ("Nominal Code", "list", "nominal-code"),
        ("Nominal Code", "search", "nominal-code-search"),
        ("Payment Method", "list", "payment-method"),
        ("Payment Method", "search", "payment-method-search"),
        ("Purchase Credit", "write", "invoice/purchase-credit"),
        ("Purchase Invoice", "write", "invoice/purchase-invoice"),
        ("Purchase Payment", "write", "invoice/purchase-payment"),
        ("Purchase Payment Total", "get", "purchase-payment-total/{purchase}"),
        ("Sale Payment Total", "get", "sale-payment-total/{sale}"),
        ("Sales Credit", "write", "invoice/sales-credit"),
        ("Sales Invoice", "write", "invoice/sales-invoice"),
        ("Sales Receipt", "write", "invoice/sales-receipt"),
        ("Sales Receipt (deprecated)", "write", "sales-receipt"),
        ("Supplier Payment", "search", "supplier-payment-search"),
        ("Tax Code", "list", "tax-code"),
    ),
    "contact": (
        ("Contact", "list", "contact"),
        ("Contact", "search", "contact-search"),
        ("Contact Custom Field", "get", "contact/{customer}/custom-field"),
        ("Contact Custom Field Metadata", "list", "customer/custom-field-meta-data"),
        ("Contact Note", "unknown", "contact/{customer}/note"),
        ("Contact Group", "list", "contact-group"),
        ("Contact Group", "search", "contact-group-search"),
        ("Contact Group Member", "get", "contact-group/1/member"),
        ("Contact Group Member", "search", "contact-group-member-search"),
        ("Contact Status", "unknown", "contact-status"),
        ("Company", "list", "company"),
        ("Company", "search", "company-search"),
        ("Lead Source", "list", "lead-source"),
        ("Postal Address", "get", "postal-address/{address}"),
        ("Project", "list", "project"),
        ("Tag", "list", "tag"),
    ),
    "integration": (
        ("Account Configuration", "list", "account-configuration"),
        ("Integration Instance", "unknown", "integration-instance"),
        ("Webhook", "list", "webhook"),
    ),
    "order": (
        ("Custom Field Metadata", "list", "sale/custom-field-meta-data"),
        ("Forget Contact", "write", "forget-contact"),
        ("Landed Cost Estimate", "get", "order/{purchase}/landedcost-estimate"),
        ("Landed Cost Estimate", "search", "purchase-order-lc-search"),
        ("Order", "get", "order/{sale}"),
        ("Order", "search", "order-search"),
        ("Order Acknowledgement", "write", "order/{purchase}/acknowledgement"),
        ("Custom Field", "get", "order/{sale}/custom-field"),
        ("Order Note", "get", "order/{sale}/note"),
        ("Order Note", "search", "order-note-search"),
        ("Order Row", "write", "order/{sale}/row"),
        ("Order Shipping Status", "list", "order-shipping-status"),
        ("Order Status", "list", "order-status"),
        ("Order Status Update", "write", "order/{sale}/status"),
        ("Order Stock Status", "list", "order-stock-status"),
        ("Order Type", "list", "order-type"),
        ("Purchase Credit Close", "write", "purchase-credit/close"),
        ("Purchase Order Close", "write", "purchase-order/close"),
        ("Sales Credit", "list", "sales-credit"),
        ("Sales Credit", "search", "sales-credit-search"),
        ("Sales Credit Close", "write", "sales-credit/{credit}/close"),
        ("Sales Order", "list", "sales-order"),
        ("Sales Order", "search", "sales-order-search"),
        ("Sales Order Close", "write", "sales-order/{sale}/close"),
        ("Sales Order Row", "write", "sales-order/{sale}/row"),
    ),
    "pricing": (("Customer Product Price", "unknown", "customer-product-price"),),
    "product": (
        ("Brand", "list", "brand"),
        ("Brand", "search", "brand-search"),
        ("Brightpearl Category", "list", "brightpearl-category"),
        ("Brightpearl Category", "search", "brightpearl-category-search"),
        ("Channel", "list", "channel"),
        ("Channel brand", "list", "channel-brand"),
        ("Collection", "list", "collection"),
        ("Collection", "search", "collection-search"),
        ("Discount contact usage", "unknown", "discount-contact-usage"),
        ("Discount total usage", "unknown", "discount-total-usage"),
        ("Option", "list", "option"),
        ("Option", "search", "option-search"),
        ("Option Value", "list", "option-value"),
        ("Option Value", "search", "option-value-search"),
        ("Price List", "list", "price-list"),
        ("Product Primary Supplier", "write", "primary-supplier/{supplier}/product"),
        ("Product", "get", "product/{product}"),
        ("Product", "search", "product-search"),
        ("Product Bundle", "get", "product/{product}/bundle"),
        ("Product Custom Field", "get", "product/{product}/custom-field"),
        ("Custom Field Metadata", "list", "product/custom-field-meta-data"),
        ("Custom Field", "get", "product/{product}/custom-field"),
        ("Product Group", "unknown", "product-group"),
        ("Product Identity", "write", "product/{product}/identity"),
        ("Product option value", "get", "product/{product}/option-value"),
        ("Product Price", "get", "product-price/{product}"),
        ("Product Supplier", "get", "product/{product}/supplier"),
        ("Product Type", "list", "product-type"),
        ("Product Type", "search", "product-type-search"),
        ("Product Type Option Association", "unknown", "product-type/1/option-association"),
        ("Season", "list", "season"),
        ("Season", "search", "season-search"),
    ),
    "warehouse": (
        ("Asset Value Correction", "write", "asset-value-correction"),
        ("Bundle Availability", "get", "bundle-availability/{bundle}"),
        ("Default Location", "get", "warehouse/2/location/default"),
        ("Drop-Ship Note", "get", "order/{sale}/goods-note/drop-ship"),
        ("Drop-Ship Note Event", "write", "goods-note/drop-ship/1/event"),
        ("External Transfer", "write", "warehouse/2/external-transfer"),
        ("Fulfilment Source", "unknown", "fulfilment-source"),
        ("Order fulfilment status", "unknown", "order/{sale}/fulfilment-status"),
        ("Goods-In Note Correction", "write", "goods-note/goods-in/1/correction"),
        ("Goods-In Note", "get", "order/{purchase}/goods-note/goods-in"),
        ("Goods-In Note", "search", "goods-in-search"),
        ("Goods Movement", "search", "goods-movement-search"),
        ("Goods-Out Note", "get", "order/{sale}/goods-note/goods-out"),
        ("Goods-Out Note", "search", "goods-note/goods-out-search"),
        ("Goods-Out Note Event", "write", "goods-note/goods-out/1/event"),
        ("Internal Transfer", "write", "warehouse/2/internal-transfer"),
        ("Location", "get", "warehouse/2/location"),
        ("Location", "search", "location-search"),
        ("Pick", "write", "goods-note/goods-out/1/pick"),
        ("Product Availability", "get", "product-availability/{product}"),
        ("Quarantine Location", "get", "warehouse/2/location/quarantine"),
        ("Quarantine Release", "write", "warehouse/2/quarantine/release"),
        ("Reservation", "unknown", "order/{sale}/reservation"),
        ("Reservation Row", "unknown", "order/{sale}/reservation/warehouse/2/row"),
        ("Reservations", "unknown", "reservations"),
        ("Shipping Method", "list", "shipping-method"),
        ("Shipping Method", "search", "shipping-method-search"),
        ("Stock Correction", "unknown", "warehouse/2/stock-correction/1"),
        ("Stock Transfer", "unknown", "warehouse/2/stock-transfer"),
        ("Warehouse", "list", "warehouse"),
        ("Warehouse", "search", "warehouse-search"),
        ("Warehouse Defaults", "unknown", "warehouse/2/product/{product}"),
        ("Zone", "get", "warehouse/2/zone"),
        ("Zone", "search", "zone-search"),
    ),
}
MENU: tuple[Entry, ...] = tuple(Entry(service, *row) for service, rows in _TABLE.items() for row in rows)


def ids_in(store: Store) -> dict[str, int]:
    """An id for each name in the paths."""
    orders = {order["orderTypeCode"]: number for number, order in store.orders.items()}
    flags = {number: contact["relationshipToAccount"] for number, contact in store.contacts.items()}
    return {
        "sale": orders["SO"],
        "purchase": orders["PO"],
        "credit": orders["SC"],
        "customer": next(number for number, flag in flags.items() if not any(flag.values())),
        "supplier": next(number for number, flag in flags.items() if flag["isSupplier"]),
        "address": next(iter(store.addresses)),
        "journal": next(iter(store.journals)),
        "product": next(number for number, row in products(store).items() if row["stockTracked"]),
        "bundle": BUNDLE,
    }


def nothing(call: Call) -> Reply:
    """A list of nothing."""
    del call
    return Reply({"response": []})


def _empty() -> Iterator[tuple[str, str]]:
    for entry in MENU:
        if entry.kind in ("write", "unknown"):
            yield entry.pattern(), entry.path.rpartition("/")[2].strip("{}")


ROUTES: Routes = tuple(("GET", path, nothing, f"get-{name}") for path, name in _empty())
