"""The lists around products: brands, categories, types, options, price lists, and the searches over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store


def product_lists(store: Store) -> dict[str, list[Row]]:
    """The lists as GETs give them."""
    made = store.local_midnight(store.now().date().replace(month=1, day=1))
    return {
        "brand": [{"id": number, "name": name} for number, name in ((74, "Acme = own"), (75, "Überbrand"))],
        "brightpearl-category": [
            {
                "id": number,
                "name": name,
                "parentId": parent,
                "active": True,
                "createdOn": made,
                "createdById": 4,
                "updatedOn": made,
                "updatedBy": 4,
            }
            for number, name, parent in ((296, "All products", 0), (297, "Kitchen & table", 296))
        ],
        "product-type": [{"id": 1, "name": "Standard"}, {"id": 3, "name": "Bundle"}],
        "collection": [{"id": 1, "name": "Spring / Summer", "brandId": 75}],
        "season": [{"id": 1, "name": "SS26", "description": ""}],
        "option": [{"id": 1, "name": "Size"}, {"id": 2, "name": "Colour"}],
        "option-value": [
            {"optionId": 1, "optionName": "Size", "optionValueId": 11, "optionValueName": "M"},
            {"optionId": 2, "optionName": "Colour", "optionValueId": 12, "optionValueName": "Blue = dark"},
        ],
        "price-list": [
            _price_list(store, 1, "Cost", "COST", "BUY", "USD"),
            _price_list(store, 2, "Retail", "RETAIL", "SELL", "USD"),
            _price_list(store, 3, "Großhandel", "TRADE", "SELL", "EUR"),
        ],
        "channel-brand": [
            {
                "channelBrandId": 1,
                "addressBookId": 1,
                "name": "Acme",
                "companyName": "Acme Ltd",
                "companyNumber": "",
                "telephone": "01632 960000",
                "emailAddress": "shop@example.com",
                "accountingEmailAddress": "books@example.com",
                "templates": {},
                "shippingTemplates": {},
                "financialDetails": {},
            }
        ],
    }


def _price_list(store: Store, number: int, name: str, code: str, kind: str, currency: str) -> Row:
    money = store.currency(currency) or {}
    return {
        "id": number,
        "name": {"languageCode": "en", "text": name, "format": "PLAINTEXT"},
        "code": code,
        "currencyCode": currency,
        "currencySymbol": money["symbol"],
        "currencyId": money["id"],
        "priceListTypeCode": kind,
        "gross": False,
    }


def _renamed(name: str, keys: Mapping[str, str]) -> Callable[[Store], Iterator[Row]]:
    """The rows of a list under the names that its search has for them."""

    def rows(store: Store) -> Iterator[Row]:
        for row in store.lists[name]:
            yield {column: row.get(key) for column, key in keys.items()}

    return rows


def _plain(name: str, id_column: str, name_column: str, **more: str) -> Search:
    """A search of ids and names, with further ids."""
    return Search(
        columns=columns(
            Column(id_column, "IDSET"),
            Column(name_column, "SEARCH_STRING"),
            *(Column(column, "IDSET") for column in more),
        ),
        rows=_renamed(name, {id_column: "id", name_column: "name", **more}),
        sorted_by=id_column,
    )


_OPTION_VALUES = ("optionId", "optionName", "optionValueId", "optionValueName")
_CATEGORY_KINDS = {
    "id": "IDSET",
    "name": "SEARCH_STRING",
    "parentId": "IDSET",
    "active": "BOOLEAN",
    "createdOn": "PERIOD",
    "createdById": "IDSET",
    "updatedOn": "PERIOD",
    "updatedBy": "IDSET",
}
PRODUCT_SEARCHES: Mapping[str, Search] = {
    "product-service/brand-search": _plain("brand", "brandId", "brandName"),
    "product-service/collection-search": _plain("collection", "collectionId", "collectionName", brandId="brandId"),
    "product-service/product-type-search": _plain("product-type", "id", "name"),
    "product-service/season-search": _plain("season", "id", "name"),
    "product-service/option-search": _plain("option", "id", "name"),
    "product-service/option-value-search": Search(
        columns=columns(
            *(Column(name, "IDSET" if name.endswith("Id") else "SEARCH_STRING") for name in _OPTION_VALUES)
        ),
        rows=_renamed("option-value", {name: name for name in _OPTION_VALUES}),
        sorted_by="optionValueId",
    ),
    "product-service/brightpearl-category-search": Search(
        columns=columns(*(Column(name, kind) for name, kind in _CATEGORY_KINDS.items())),
        rows=_renamed("brightpearl-category", {name: name for name in _CATEGORY_KINDS}),
        sorted_by="id",
    ),
}
