"""Every route of the sandbox: verb, path, who answers, and the name of the operation in `Message-Type`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from providers.brightpearl.sandbox import (
    availability,
    companies,
    contact_links,
    contacts,
    custom_fields,
    flat_orders,
    goods_notes,
    groups,
    invoice_posts,
    journal_posts,
    journals,
    landed_costs,
    list_posts,
    lists,
    menu,
    order_closing,
    order_notes,
    order_rows,
    orders,
    payments,
    periods,
    product_documents,
    product_prices,
    statements,
    warehouse_lists,
    webhooks,
)
from providers.brightpearl.sandbox.calls import ANY, Call, Handler, Routes
from providers.brightpearl.sandbox.replies import Reply
from providers.brightpearl.sandbox.search import Search, meta_data, run
from providers.brightpearl.sandbox.searches import SEARCHES
from providers.brightpearl.sandbox.store import CUSTOMER, SUPPLIER

REFUSED_AS = {"webhook-get": "get-webhook", "webhook-delete": "delete-webhook"}
"""Operations that go by another name where they are refused, as recorded."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation."""

    method: str
    path: tuple[str, ...]
    answer: Handler
    message_type: str


def _searched(search: Search, call: Call) -> Reply:
    return Reply(run(search, call.store, call.quirks, call.params))


def _described(search: Search, call: Call) -> Reply:
    del call
    return Reply(meta_data(search))


_ORDER, _CONTACT = "order-service/order", "contact-service/contact"
_WRITTEN: Routes = (
    ("GET", f"{_ORDER}/*", orders.get_orders, "get-order"),
    ("OPTIONS", f"{_ORDER}/*", orders.options_orders, "options-order"),
    ("OPTIONS", _ORDER, orders.options_orders, "options-order"),
    ("POST", _ORDER, orders.post_order, "post-order"),
    ("PATCH", f"{_ORDER}/*", orders.patch_order, "patch-order"),
    ("POST", f"{_ORDER}/*/row", order_rows.post_row, "post-order-row"),
    ("PATCH", f"{_ORDER}/*/row/*", order_rows.patch_row, "patch-order-row"),
    ("DELETE", f"{_ORDER}/*/row/*", order_rows.delete_row, "delete-order-row"),
    ("GET", f"{_ORDER}/*/custom-field", custom_fields.get(custom_fields.of_order), "get-custom-fields"),
    ("PATCH", f"{_ORDER}/*/custom-field", custom_fields.patch(custom_fields.of_order), "patch-custom-fields"),
    ("GET", _CONTACT, contacts.get_contacts, "get-contact"),
    ("GET", f"{_CONTACT}/*", contacts.get_contacts, "get-contact"),
    ("OPTIONS", _CONTACT, contacts.options_contacts, "options-contact"),
    ("OPTIONS", f"{_CONTACT}/*", contacts.options_contacts, "options-contact"),
    ("POST", _CONTACT, contacts.post_contact, "post-contact"),
    ("PATCH", f"{_CONTACT}/*", contacts.patch_contact, "patch-contact"),
    ("GET", f"{_CONTACT}/*/custom-field", custom_fields.get(custom_fields.of_contact), "get-custom-fields"),
    ("PATCH", f"{_CONTACT}/*/custom-field", custom_fields.patch(custom_fields.of_contact), "patch-custom-fields"),
    ("POST", "contact-service/contact-group", groups.post_group, "post-contact-group"),
    ("PUT", "contact-service/contact-group/*", groups.put_group, "put-contact-group"),
    ("GET", "contact-service/contact-group/*/member", groups.get_members, "get-contact-group-member"),
    ("POST", "contact-service/contact-group/*/member", groups.post_members, "post-contact-group-member"),
    ("GET", "contact-service/postal-address/*", contacts.get_addresses, "get-postal-address"),
    ("POST", "contact-service/postal-address", contacts.post_address, "post-postal-address"),
    ("POST", "accounting-service/customer-payment", payments.post(CUSTOMER), "post-customer-payment"),
    ("DELETE", "accounting-service/customer-payment/*", payments.delete(CUSTOMER), "delete-customer-payment"),
    ("POST", "accounting-service/supplier-payment", payments.post(SUPPLIER), "post-supplier-payment"),
    ("DELETE", "accounting-service/supplier-payment/*", payments.delete(SUPPLIER), "delete-supplier-payment"),
    ("GET", "accounting-service/journal/*", journals.get_journals, "get-journal"),
    ("GET", "accounting-service/sale-payment-total/*", payments.totals(CUSTOMER), "get-sale-payment-total"),
    ("GET", "accounting-service/purchase-payment-total/*", payments.totals(SUPPLIER), "get-purchase-payment-total"),
)
_FIELD_LISTS = {
    "order-service/sale": "sale",
    "order-service/purchase": "purchase",
    "contact-service/customer": "customer",
    "contact-service/supplier": "supplier",
}


_MODULES: Sequence[Routes] = (
    availability.ROUTES,
    companies.ROUTES,
    contact_links.ROUTES,
    flat_orders.ROUTES,
    goods_notes.ROUTES,
    invoice_posts.ROUTES,
    journal_posts.ROUTES,
    landed_costs.ROUTES,
    list_posts.ROUTES,
    menu.ROUTES,
    order_closing.ROUTES,
    order_notes.ROUTES,
    periods.ROUTES,
    product_documents.ROUTES,
    product_prices.ROUTES,
    statements.ROUTES,
    warehouse_lists.ROUTES,
    webhooks.ROUTES,
)


_TOTALS = (("sale-payment-total", CUSTOMER), ("purchase-payment-total", SUPPLIER))


def _all() -> list[Route]:
    rows = [*_WRITTEN, *(row for routes in _MODULES for row in routes)]
    for name, side in _TOTALS:
        told = payments.options(side, name)
        rows += [("OPTIONS", f"accounting-service/{name}{rest}", told, f"options-{name}") for rest in ("", "/*")]
    for path, search in SEARCHES.items():
        rows.append(("GET", path, partial(_searched, search), "bulk-data-search"))
        rows.append(("GET", f"{path}/meta-data", partial(_described, search), "bulk-data-search"))
    for path, listed in lists.PLAIN.items():
        name = f"get-{path.rpartition('/')[2]}"
        rows += [("GET", path, listed, name), ("GET", f"{path}/*", listed, name)]
    for path, kind in _FIELD_LISTS.items():
        fields = custom_fields.meta_data(kind)
        rows += [
            ("GET", f"{path}/custom-field-meta-data", fields, "get-custom-fields-metadata"),
            ("GET", f"{path}/custom-field-meta-data/*", fields, "get-custom-fields-metadata"),
        ]
    return [Route(method, tuple(path.split("/")), answer, name) for method, path, answer, name in rows]


def _table(routes: Sequence[Route]) -> Mapping[tuple[str, int], Sequence[Route]]:
    """Routes by verb and length of path; the exact ones before those that take anything."""
    found: dict[tuple[str, int], list[Route]] = {}
    for route in sorted(routes, key=lambda route: route.path.count(ANY)):
        found.setdefault((route.method, len(route.path)), []).append(route)
    return found


_ROUTES = _table(_all())


def find(method: str, segments: Sequence[str]) -> tuple[Route, list[str]] | None:
    """The route of a path below the account, and what its placeholders hold."""
    for route in _ROUTES.get((method, len(segments)), ()):
        pairs = list(zip(route.path, segments, strict=True))
        if all(mine in (ANY, theirs) for mine, theirs in pairs):
            return route, [theirs for mine, theirs in pairs if mine == ANY]
    return None
