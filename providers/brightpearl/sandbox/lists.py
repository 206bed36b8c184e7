"""Lists that are simply read, whole or by id set."""

from __future__ import annotations

from collections.abc import Callable

from providers.brightpearl.sandbox import groups
from providers.brightpearl.sandbox.calls import Call
from providers.brightpearl.sandbox.idsets import within
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found


def _payment_method_id(row: Row) -> int:
    return int(row["bankAccounts"][0]["paymentMethodId"])


def plain(name: str, id_of: Callable[[Row], int], found_nothing: str) -> Callable[[Call], Reply]:
    """A list of rows. Nobody of a set found is a 404, as with price lists."""

    def handler(call: Call) -> Reply:
        parts = call.id_set(None)
        rows = [row for row in call.store.lists[name] if parts is None or within(id_of(row), parts)]
        if parts is not None and not rows:
            raise nothing_found(found_nothing)
        return Reply({"response": rows})

    return handler


def by(key: str) -> Callable[[Row], int]:
    """A row's id, where it stands under this key."""
    return lambda row: int(row[key])


def tags(call: Call) -> Reply:
    """Tags are a map by id."""
    parts = call.id_set(None)
    rows = [row for row in call.store.lists["tag"] if parts is None or within(row["tagId"], parts)]
    return Reply({"response": {str(row["tagId"]): row for row in rows}})


def configuration(call: Call) -> Reply:
    """The account's configuration: texts, one level down."""
    return Reply({"response": {"configuration": call.store.configuration}})


PLAIN: dict[str, Callable[[Call], Reply]] = {
    "order-service/order-status": plain("order-status", by("statusId"), "No Order Statuses Found"),
    "order-service/order-type": plain("order-type", by("id"), "No Order Types Found"),
    "order-service/order-stock-status": plain("order-stock-status", by("id"), "No Order Stock Statuses Found"),
    "order-service/order-shipping-status": plain("order-shipping-status", by("id"), "No Shipping Statuses Found"),
    "accounting-service/tax-code": plain("tax-code", by("id"), "No Tax Codes Found"),
    "accounting-service/nominal-code": plain("nominal-code", by("id"), "No Nominal Codes Found"),
    "accounting-service/payment-method": plain("payment-method", _payment_method_id, "No Payment Methods Found"),
    "accounting-service/exchange-rate": plain("exchange-rate", by("currencyId"), "No Exchange Rates Found"),
    "contact-service/contact-group": groups.get_groups,
    "contact-service/lead-source": plain("lead-source", by("id"), "No Lead Sources Found"),
    "contact-service/project": plain("project", by("id"), "No Projects Found"),
    "contact-service/tag": tags,
    "product-service/channel": plain("channel", by("id"), "No Channels Found"),
    "accounting-service/accounting-period": plain("accounting-period", by("id"), "No Accounting Periods Found"),
    "product-service/brand": plain("brand", by("id"), "No Brands Found"),
    "product-service/brightpearl-category": plain("brightpearl-category", by("id"), "No Categories Found"),
    "product-service/channel-brand": plain("channel-brand", by("channelBrandId"), "No Channel Brands Found"),
    "product-service/collection": plain("collection", by("id"), "No Collections Found"),
    "product-service/option": plain("option", by("id"), "No Options Found"),
    "product-service/option-value": plain("option-value", by("optionValueId"), "No Option Values Found"),
    "product-service/price-list": plain("price-list", by("id"), "No Price Lists Found"),
    "product-service/product-type": plain("product-type", by("id"), "No Product Types Found"),
    "product-service/season": plain("season", by("id"), "No Seasons Found"),
    "warehouse-service/shipping-method": plain("shipping-method", by("id"), "No Shipping Methods Found"),
    "warehouse-service/warehouse": plain("warehouse", by("id"), "No Warehouses Found"),
    "integration-service/account-configuration": configuration,
}
