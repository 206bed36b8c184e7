"""The lists of the sandbox's account: statuses, taxes, currencies, methods of payment, tags, channels, fields."""

from __future__ import annotations

from decimal import Decimal

from providers.brightpearl.sandbox.groups import new_group
from providers.brightpearl.sandbox.product_lists import product_lists
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import Store
from providers.brightpearl.sandbox.warehouse_lists import warehouse_lists

BASE = "USD"
RATES = {"USD": "1.000000", "EUR": "0.921000", "GBP": "0.784000"}
"""Foreign units for one of the base."""
CANCELLED = 5
STATUSES = (
    # Number, type, name, colour.
    (1, "SO", "Draft / Quote", "#E7E6E4"),
    (2, "SO", "Quote sent", "#60a0ff"),
    (3, "SO", "New phone order", "#60a0ff"),
    (4, "SO", "Invoiced", "#99FFFF"),
    (5, "SO", "Cancelled", "#FF9999"),
    (6, "PO", "Pending PO", "#FFCC99"),
    (7, "PO", "Placed with supplier", "#FFCC99"),
    (8, "PO", "Invoice received", "#99FFFF"),
    (9, "PO", "PO cancelled", "#FF9999"),
    (10, "SC", "Sales credit", "#E7E6E4"),
    (12, "PC", "Purchase credit", "#E7E6E4"),
)
TAXES = (
    (1, "Z", "Exempt", None),
    (2, "T", "Taxable", "10.0000"),
    (3, "N", "Non Taxable", None),
    (4, "VAT", "VAT", "20.0000"),
    (5, "R", "Reduced", "5.0000"),
    (9, "13", "IVA 13%", "13.0000"),
    (11, "CA", "Sales tax 8.375% = state + county", "8.3750"),
)
STOCKS = ("SON", "SOP", "SOA", "PON", "POP", "POA", "SCN", "SCP", "SCA", "PCN", "PCP", "PCA", "NON")
SHIPPINGS = (
    ("NST", "No stock tracked products on order"),
    ("SNS", "Stock not shipped"),
    ("SPS", "Stock part shipped"),
    ("ASS", "All stock shipped"),
)
NOMINALS = (
    # Code, name, type, the currency of a bank account.
    ("0010", "Freehold Property", 1, None),
    ("1001", "Stock", 2, None),
    ("1100", "Debtors control", 2, None),
    ("1200", "Current account", 2, "USD"),
    ("1210", "Euro account", 2, "EUR"),
    ("1230", "Petty cash", 2, "USD"),
    ("2100", "Creditors control", 3, None),
    ("2200", "Sales tax", 3, None),
    ("2201", "Purchase tax", 3, None),
    ("3000", "Capital = equity", 4, None),
    ("4000", "Sales", 5, None),
    ("4040", "Shipping & handling", 5, None),
    ("5000", "Purchases", 6, None),
    ("7100", "Rent", 7, None),
    ("7700", "Exchange variance", 7, None),
    ("7901", "Bank charges", 7, None),
    ("9998", "Suspense (old)", 7, None),
    ("2050", "Goods received, not invoiced", 3, None),
    ("5200", "Cost of goods sold", 6, None),
    ("5300", "Landed costs", 6, None),
    ("7400", "Travel & subsistence", 7, None),
)
CLOSED = {"closedDate": "2025-01-15T00:00:00.000Z", "closedByUserId": 4}
BANK_CHARGES, BANKS = "7901", {"USD": "1200", "EUR": "1210"}


def furnish(store: Store) -> None:
    """Fill the lists."""
    store.configuration = {
        "baseCurrencyCode": BASE,
        "timeZone": store.zone.key,
        "taxSchemeCode": "SALES TAX",
        "newPurchaseOrderStatusId": "6",
        "newSalesOrderStatusId": "3",
        "invoicedOrderStatusId": "4",
        "cancelledOrderStatusId": str(CANCELLED),
        "salesNominalCode": "4000",
        "purchaseNominalCode": "5000",
        "shippingNominalCode": "4040",
        "defaultTaxRateId": "2",
    }
    titles = {"USD": ("US Dollar", "$"), "EUR": ("Euro", "€"), "GBP": ("British Pound", "£")}
    store.currencies = [
        {
            "id": number,
            "title": titles[code][0],
            "code": code,
            "symbol": titles[code][1],
            "exchangeRate": rate,
            "isDefault": code == BASE,
            "exchangeRateVarianceNominalCode": "7700",
        }
        for number, (code, rate) in enumerate(RATES.items(), start=1)
    ]
    store.lists = _order_lists() | _money_lists(store) | _dimension_lists(store)
    store.lists |= product_lists(store) | warehouse_lists() | {"company": [], "accounting-period-lock": []}
    store.lists["accounting-period"] = [_year(1, 2024) | CLOSED, _year(2, 2025), _year(3, 2026)]
    store.custom_fields = _custom_fields()


def _year(number: int, year: int) -> Row:
    # One of the documented ends has a colon before its milliseconds.
    end = f"{year}-12-31T23:59:59:999Z" if number == 2 else f"{year}-12-31T23:59:59.999Z"
    return {"id": number, "startDate": f"{year}-01-01T00:00:00.000Z", "endDate": end}


def _order_lists() -> dict[str, list[Row]]:
    return {
        "order-status": [
            {
                "statusId": number,
                "name": name,
                "orderTypeCode": kind,
                "sortOrder": index,
                "disabled": False,
                "visible": number != 1,
                "color": colour,
                "remindAfterDays": 10,
                "alertEmails": [],
                "emailContent": "",
                "batchProcess": False,
                # Of the other states none was ever shown.
                **({"state": "draft"} if number == 1 else {}),
            }
            for index, (number, kind, name, colour) in enumerate(STATUSES)
        ],
        "order-type": [
            {"id": 1, "code": "SO", "description": "SALES_ORDER"},
            {"id": 2, "code": "PO", "description": "PURCHASE_ORDER"},
            {"id": 3, "code": "SC", "description": "SALES_CREDIT"},
            {"id": 4, "code": "PC", "description": "PURCHASE_CREDIT"},
        ],
        "order-stock-status": [{"id": number, "code": code} for number, code in enumerate(STOCKS, start=1)],
        "order-shipping-status": [
            {"id": number, "code": code, "description": text}
            for number, (code, text) in enumerate(SHIPPINGS, start=1)
        ],
    }


def _money_lists(store: Store) -> dict[str, list[Row]]:
    epoch = "1970-01-01T00:00:00.000Z"
    return {
        "tax-code": [
            {"id": number, "code": code, "description": text, **({"rate": Decimal(rate)} if rate else {})}
            for number, code, text, rate in TAXES
        ],
        "nominal-code": [
            {
                "id": number,
                "code": code,
                "name": name,
                "type": {"id": kind},
                "bank": bank is not None,
                "expense": code.startswith("7"),
                "discount": False,
                "editable": True,
                "active": code != "9998",
                "taxCode": 2 if code in ("4000", "5000") else 0,
                "description": "",
                "chartMapCode": "",
                "reconcile": bank is not None,
                **({"currencyId": (store.currency(bank) or {})["id"]} if bank else {}),
            }
            for number, (code, name, kind, bank) in enumerate(NOMINALS, start=1)
        ],
        "payment-method": [
            {
                "name": name,
                "code": code,
                "isActive": True,
                "bankAccounts": [
                    {
                        "paymentMethodId": number,
                        "currencyIsoCode": currency,
                        "bankAccountNominalCode": BANKS[currency],
                    }
                    for currency in currencies
                ],
                "installedIntegrationId": "1",
            }
            for number, code, name, currencies in (
                (1, "ACME_PAY", "Acme Pay", ("USD",)),
                (2, "BANK", "Bank transfer", ("USD", "EUR")),
            )
        ],
        "exchange-rate": [
            {"currencyId": row["id"], "rateActiveFrom": epoch, "rate": Decimal(row["exchangeRate"]), "addedById": 0}
            for row in store.currencies
            if not row["isDefault"]
        ],
    }


def _dimension_lists(store: Store) -> dict[str, list[Row]]:
    return {
        "contact-group": [
            new_group(store, number, name, f"All of {name}")
            for number, name in ((1, "Trade & wholesale"), (2, "VIP customers"), (4, "Nobody yet"))
        ],
        "lead-source": [
            {"id": 1, "ownerId": 0, "parentId": 0, "name": "Word of mouth", "isActive": True},
            {"id": 3, "ownerId": 0, "parentId": 1, "name": "Existing client", "isActive": True},
        ],
        "project": [{"id": 1, "name": "Project One"}, {"id": 3, "name": "Project Three"}],
        "tag": [
            {"tagId": 1, "tagName": "Preferred Customer", "tagParentId": 0, "tagColor": "#99FFFF"},
            {"tagId": 2, "tagName": "Trade", "tagParentId": 0, "tagColor": "#FFCC99"},
            {"tagId": 9, "tagName": "Web = shop", "tagParentId": 2, "tagColor": "#FFCC99"},
        ],
        "channel": [
            {"id": 1, "name": "Phone", "channelTypeId": 1, "channelBrandId": 1},
            {
                "id": 3,
                "name": "Web shop",
                "channelTypeId": 2,
                "defaultWarehouseId": 2,
                "channelBrandId": 1,
                "warehouseIds": [2],
            },
        ],
    }


def _custom_fields() -> dict[str, dict[str, Row]]:
    segments = {"156": "Small", "157": "Medium", "160": "Global"}
    rows = (
        ("sale", 131, "PCF_SEGMENT", "Segment", "SELECT"),
        ("sale", 132, "PCF_GIFTNOTE", "Gift note", "TEXTAREA"),
        ("sale", 133, "PCF_ISGIFT", "Is a gift", "YESNO"),
        ("purchase", 141, "PCF_BUYER", "Buyer", "TEXT"),
        ("purchase", 142, "PCF_BOXES", "Boxes", "INTEGER"),
        ("purchase", 143, "PCF_SEGMENT", "Segment", "SELECT"),
        ("customer", 151, "PCF_CODE", "Code", "INTEGER"),
        ("customer", 152, "PCF_NOTE", "Note", "TEXT"),
        ("supplier", 153, "PCF_CODE", "Code", "INTEGER"),
        ("supplier", 154, "PCF_NOTE", "Note", "TEXT"),
    )
    found: dict[str, dict[str, Row]] = {}
    for kind, number, code, name, shape in rows:
        field: Row = {"id": number, "code": code, "name": name, "customFieldType": shape, "required": False}
        if shape == "SELECT":
            field["options"] = {key: {"id": int(key), "value": value} for key, value in segments.items()}
        found.setdefault(kind, {})[code] = field
    return found
