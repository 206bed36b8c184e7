"""Lists that can be added to: payment methods, exchange rates, order statuses, companies, brands and their like."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial

from providers.brightpearl.sandbox.calls import STAFF_ID, Call, Routes
from providers.brightpearl.sandbox.journal_posts import base_code, is_bank, required
from providers.brightpearl.sandbox.replies import Reply, Row, refused, unexplained
from providers.brightpearl.sandbox.store import SIX, TYPES, Store

CODE_LENGTH_MAX = 32


def post_method(call: Call) -> Reply:
    """A payment method, with a bank account in the books' currency at least. Codes are kept in capitals."""
    given, store = call.given(), call.store
    rows = store.lists["payment-method"]
    code, name = str(required(given, "code")).upper(), str(required(given, "name"))
    is_taken = any(row["code"] == code or row["name"].casefold() == name.casefold() for row in rows)
    if is_taken or len(code) > CODE_LENGTH_MAX:
        raise unexplained()
    number = store.next_id("method", (row["bankAccounts"][0]["paymentMethodId"] for row in rows))
    rows.append(_method(store, given, number, name, code))
    return Reply({"response": number})


def put_method(call: Call) -> Reply:
    """Another name, other accounts; the code stays."""
    rows, number = call.store.lists["payment-method"], call.number()
    for index, row in enumerate(rows):
        if row["bankAccounts"][0]["paymentMethodId"] == number:
            given = {**row, **call.given()}
            rows[index] = _method(call.store, given, number, str(given["name"]), row["code"])
            return Reply({"response": number})
    raise unexplained()


def _method(store: Store, given: Row, number: int, name: str, code: str) -> Row:
    accounts = [
        {
            "paymentMethodId": number,
            "currencyIsoCode": account["currencyIsoCode"],
            "bankAccountNominalCode": account["bankAccountNominalCode"],
        }
        for account in required(given, "bankAccounts")
    ]
    is_bound = all(is_bank(store, each["bankAccountNominalCode"]) for each in accounts)
    if not is_bound or base_code(store) not in {each["currencyIsoCode"] for each in accounts}:
        raise unexplained()
    return {
        "name": name,
        "code": code,
        "isActive": given.get("isActive", True),
        "bankAccounts": accounts,
        "installedIntegrationId": str(given.get("installedIntegrationId", "1")),
    }


def post_rate(call: Call) -> Reply:
    """A rate from a moment on; not of the books' own currency. The answer is how many were added."""
    store, number, given = call.store, call.number(), call.given()
    currency = next((row for row in store.currencies if row["id"] == number), None)
    try:
        rate = Decimal(str(required(given, "rate")))
        since = datetime.fromisoformat(str(required(given, "rateActiveFrom")))
    except (InvalidOperation, ValueError):
        raise unexplained() from None
    if currency is None or currency["isDefault"] or rate <= 0 or rate != rate.quantize(SIX):
        raise unexplained()
    rows = store.lists["exchange-rate"]
    row = {
        "currencyId": number,
        "rateActiveFrom": store.written(since if since.tzinfo else since.replace(tzinfo=UTC)),
        "rate": rate,
        "addedById": STAFF_ID,
    }
    place = next((index for index, each in enumerate(rows) if each["currencyId"] >= number), len(rows))
    rows.insert(place, row)
    currency["exchangeRate"] = str(rate)
    return Reply({"response": 1})


def post_status(call: Call) -> Reply:
    """A new order status of one type."""
    given, rows = call.given(), call.store.lists["order-status"]
    name, kind = str(required(given, "name")), required(given, "orderTypeCode")
    if kind not in TYPES:
        raise refused("ORDC-006", "You have supplied an invalid order type code")
    number = call.store.next_id("status", (row["statusId"] for row in rows))
    rows.append(
        {
            "statusId": number,
            "name": name,
            "orderTypeCode": kind,
            "sortOrder": len(rows),
            "disabled": False,
            "visible": True,
            "color": given.get("color", "#E7E6E4"),
            "remindAfterDays": 0,
            "alertEmails": [],
            "emailContent": "",
            "batchProcess": False,
        }
    )
    return Reply({"response": number})


def post_named(name: str, key: str, title: str, call: Call) -> Reply:
    """A row that is a name and little else."""
    given, rows = call.given(), call.store.lists[name]
    text = given.get("name")
    if not isinstance(text, str) or not text.strip():
        raise refused("PRDC-024", f"{title} name is required")
    number = call.store.next_id(name, (row[key] for row in rows))
    rows.append({key: number, **{other: value for other, value in given.items() if other != key}})
    return Reply({"response": number})


ROUTES: Routes = (
    ("POST", "accounting-service/payment-method", post_method, "post-payment-method"),
    ("PUT", "accounting-service/payment-method/*", put_method, "put-payment-method"),
    ("POST", "accounting-service/currency/*/exchange-rate", post_rate, "post-exchange-rate"),
    ("POST", "order-service/order-status", post_status, "post-order-status"),
    *(
        ("POST", f"product-service/{name}", partial(post_named, name, "id", title), f"post-{name}")
        for name, title in (("brand", "Brand"), ("collection", "Collection"), ("season", "Season"))
    ),
)
