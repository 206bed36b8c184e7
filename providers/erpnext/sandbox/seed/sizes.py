"""How much trade the sandbox's books hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

START = date(2025, 11, 1)
DAYS = 365
COMPANIES = {"Acme Trading Ltd": ("ATL", "GBP"), "Acme US Inc": ("AUS", "USD")}
CURRENCIES = ("GBP", "USD", "EUR")
RATES = {("USD", "GBP"): "0.7725", ("EUR", "GBP"): "0.8541", ("GBP", "USD"): "1.2945", ("EUR", "USD"): "1.1056"}
BRANCHES = ("North", "South / Coast", "支店 3")
DEPARTMENTS = ("Workshop", "Front Office")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many of each. Invoices are of all kinds: drafts, returns and cancelled ones among them."""

    customers: int
    suppliers: int
    items: int
    sales: int
    purchases: int
    sales_orders: int
    purchase_orders: int
    journals: int
    transfers: int
    advances: int
    files: int
    projects: int


SIZES = {
    "small": Size(
        customers=60,
        suppliers=40,
        items=130,
        sales=420,
        purchases=260,
        sales_orders=40,
        purchase_orders=40,
        journals=40,
        transfers=6,
        advances=8,
        files=30,
        projects=6,
    ),
    "full": Size(
        customers=1_300,
        suppliers=800,
        items=600,
        sales=2_600,
        purchases=1_400,
        sales_orders=700,
        purchase_orders=500,
        journals=300,
        transfers=40,
        advances=120,
        files=400,
        projects=40,
    ),
}


def rate_of(currency: str, base: str, month: int = 0) -> Decimal:
    """How many of the company's currency one of `currency` is worth; it drifts from month to month."""
    if currency == base:
        return Decimal("1.0")
    drift = Decimal(month % 5 - 2) / 400
    return (Decimal(RATES[currency, base]) * (1 + drift)).quantize(Decimal("0.0001"))
