"""Products made up in the shape that was recorded and documented, with what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.providers.brightpearl.account import Account, Row, nominal
from tests.providers.fake_send import Call, Reply

SEARCH = "product-service/product-search"
PRODUCT, PRICE, STOCK = (
    "product-service/product/",
    "product-service/product-price/",
    "warehouse-service/product-availability/",
)
PRICE_LISTS = "product-service/price-list"
NOMINALS = "accounting-service/nominal-code"


def words(text: str, form: str = "HTML_FRAGMENT") -> Row:
    return {"languageCode": "en", "text": text, "format": form}


def product(number: int, name: str, sku: str, **more: Any) -> Row:
    """A plain product, as a GET that asks for custom fields gives it."""
    return {
        "id": number,
        "brandId": 74,
        "productTypeId": 1,
        "identity": {"sku": sku, "barcode": ""},
        "featured": False,
        "stock": {"stockTracked": True, "weight": {"magnitude": 0}},
        "financialDetails": {"taxable": False, "taxCode": {"id": 7, "code": "T20"}},
        "salesChannels": [
            {
                "salesChannelName": "Brightpearl",
                "productName": name,
                "productCondition": "new",
                "categories": [{"categoryCode": "276"}],
                "description": words(""),
                "shortDescription": words(""),
            }
        ],
        "composition": {"bundle": False},
        "customFields": {},
        "createdOn": "2026-01-01T09:00:00.000+01:00",
        "nominalCodeStock": "1001",
        "nominalCodePurchases": "5000",
        "nominalCodeSales": "4000",
        "seasonIds": [],
        "reporting": {},
        "status": "LIVE",
        "version": 1767258000000,
        **more,
    }


def lamp() -> Row:
    """A variant that has all there is."""
    row = product(7001, "Lamp <b>", "LAMP-R", updatedOn="2026-02-03T10:11:12.000+01:00", productGroupId=31)
    row["identity"] |= {"barcode": "5012345678900", "ean": "4006381333931", "isbn": "", "upc": "036000291452"}
    row["salesChannels"][0] |= {
        "categories": [{"categoryCode": "295"}, {"categoryCode": "276"}],
        "description": words("<p>Bright &amp; red</p>"),
    }
    row["variations"] = [{"optionId": 1, "optionName": "Colour", "optionValueId": 9, "optionValue": "Red"}]
    row["customFields"] = {"PCF_WATTS": "40", "PCF_ORIGIN": {"id": 3, "value": "Elsewhere"}}
    row["nullCustomFields"] = ["PCF_NOTE"]
    row["primarySupplierId"] = 200
    return row


def products() -> dict[int, Row]:
    """The lamp, two of it as a bundle, and a service that was given up."""
    parts = [{"productId": 7001, "productQuantity": 2}]
    bundle = product(7002, "Two lamps", "", composition={"bundle": True, "bundleComponents": parts})
    service = product(7003, "Advice", "ADV", stock={"stockTracked": False}, status="ARCHIVED", productGroupId=0)
    return {7001: lamp(), 7002: bundle, 7003: service}


def prices(number: int, **by_list: dict[str, str]) -> Row:
    """A row of prices; every list is told, those without prices with an empty map."""
    currencies = {"l0": "GBP", "l1": "EUR", "l2": "GBP"}
    return {
        "productId": number,
        "priceLists": [
            {"priceListId": int(key[1:]), "currencyCode": code, "quantityPrice": by_list.get(key, {})}
            for key, code in currencies.items()
        ],
    }


def all_prices() -> dict[int, Row]:
    """The service has none at all."""
    lamp_prices = prices(7001, l0={"1": "12.5000"}, l1={"1": "14.0000"}, l2={"10": "22.5000", "1": "25"})
    lamp_prices["priceLists"][0]["sku"] = "SUP-77"
    return {7001: lamp_prices, 7002: prices(7002, l2={"2": "40.0000"})}


def price_list(number: int, name: str, kind: str, currency: str) -> Row:
    return {
        "id": number,
        "name": words(name, "PLAINTEXT"),
        "code": name.upper(),
        "currencyCode": currency,
        "currencyId": 1,
        "priceListTypeCode": kind,
        "gross": kind == "SELL",
    }


@dataclass
class Catalogue:
    """The products of an account, their prices and their stock."""

    account: Account
    products: dict[int, Row] = field(default_factory=products)
    prices: dict[int, Row] = field(default_factory=all_prices)
    stock: Row = field(default_factory=lambda: {"7001": {"total": {"inStock": 12, "onHand": 9}, "warehouses": {}}})

    def __post_init__(self) -> None:
        account = self.account
        account.lists |= {
            "product-service/brand": [{"id": 74, "name": "Acme = own"}],
            "product-service/brightpearl-category": [{"id": 276, "name": "All"}, {"id": 295, "name": "Lamps"}],
            PRICE_LISTS: [
                price_list(0, "Cost", "BUY", "GBP"),
                price_list(1, "Cost EUR", "BUY", "EUR"),
                price_list(2, "Retail", "SELL", "GBP"),
            ],
        }
        there = account.lists.setdefault(NOMINALS, [])
        wanted = {"1001": 21, "4000": 22, "5000": 23}
        codes = {row["code"] for row in there}
        there += [nominal(number, code) for code, number in wanted.items() if code not in codes]
        account.send.on(SEARCH, self._search)
        account.send.on(PRODUCT, lambda call: account.by_ids(call, self.products, "No Products Found"))
        account.send.on(PRICE, lambda call: account.by_ids(call, self.prices, "No Product Prices Found"))
        account.send.on(STOCK, self._stock)

    def _search(self, call: Call) -> Reply:
        """The search's rows say null where the product leaves a key out."""
        self.account.lists[SEARCH] = [
            {
                "productId": number,
                "productName": row["salesChannels"][0]["productName"] if row.get("salesChannels") else None,
                "SKU": row["identity"]["sku"] if row.get("identity") else None,
                "createdOn": row.get("createdOn"),
                "updatedOn": row.get("updatedOn"),
                "productStatus": row.get("status"),
            }
            for number, row in self.products.items()
        ]
        return self.account.plain(call)

    def _stock(self, call: Call) -> Reply:
        """A map by product; products without stock are left out."""
        rows = {int(number): {"key": number, "entry": entry} for number, entry in self.stock.items()}
        reply = self.account.by_ids(call, rows, "No Product Availability Found")
        if reply.status != 200:
            return reply
        return Reply({"response": {row["key"]: row["entry"] for row in reply.body["response"]}})
