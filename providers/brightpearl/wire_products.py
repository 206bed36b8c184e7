"""Rows of Brightpearl's product search under its own names."""

from __future__ import annotations

from providers.kit.resource import Wire


class Product(Wire, frozen=True, kw_only=True, gc=False):
    """A product as the search tells it. What a product looks like whole, no source shows."""

    productId: int
    productName: str | None = None
    SKU: str | None = None
    stockTracked: bool | None = None
    createdOn: str | None = None
    updatedOn: str | None = None
