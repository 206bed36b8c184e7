"""Brightpearl's paths as they may be told: its services' resources, never the ids that follow them."""

from __future__ import annotations

_RESOURCES = {
    "accounting-service": (
        "account",
        "bank-account-search",
        "currency-search",
        "customer-payment-search",
        "exchange-rate",
        "journal",
        "journal-search",
        "nominal-code",
        "payment-method",
        "payment-method-search",
        "supplier-payment-search",
        "tax-code",
    ),
    "contact-service": (
        "contact",
        "contact-group",
        "contact-group-member-search",
        "contact-group-search",
        "contact-search",
        "postal-address",
    ),
    "integration-service": ("account-configuration",),
    "order-service": ("order", "order-search", "order-status"),
    "product-service": ("channel", "price-list", "product", "product-price", "product-search"),
    "warehouse-service": ("product-availability",),
}

PATHS = (
    *(
        f"{service}/{resource}{rest}"
        for service, resources in _RESOURCES.items()
        for resource in resources
        for rest in ("", "/{ids}", "/{ids}/{more}")
    ),
    "{service}/{resource}",
    "{service}/{resource}/{ids}",
    "{service}/{resource}/{ids}/{more}",
)
