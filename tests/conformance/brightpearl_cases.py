"""How each of Brightpearl's examples is asked for: what the books hold first, and which are not asked at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from providers.brightpearl.sandbox import REDIRECT_URI, BrightpearlSandbox
from providers.brightpearl.sandbox.journals import Header, Line, book
from tests.conformance.brightpearl_documents import body, made, nominals

STUBS: Mapping[str, str] = {
    **dict.fromkeys(("sale_payment_total_get", "sales_receipt_post"), "SO"),
    "sales_credit_post": "SC",
}
"""Of which type the orders are that are told only by number; elsewhere they are purchases."""
OLD = {
    "contact_get_full_2013": "has no paging beside `response` yet; newer recordings have",
    "journal_search_2015": "fewer columns and keys of them; a newer one is in no recording",
    "product_search_with_reference_list": "another order of keys, and categories that are not in the sandbox",
    "order_search_empty_2014": "fewer columns and keys of them; newer recordings have the others",
}
SECONDED = {
    "error_401_token_expired": "asked with an access token that expired",
    "error_401_token_invalid": "asked with an access token that never was",
    "error_401_legacy_not_authenticated": "asked without credentials",
    "error_503_throttled": "asked once too often",
    "error_500_internal": "asked with a body that is no JSON",
}
OAUTH: Mapping[str, Mapping[str, str]] = {
    "oauth_token_authorization_code": {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI},
    "oauth_token_refresh": {"grant_type": "refresh_token"},
    "oauth_error_invalid_client_400": {"grant_type": "refresh_token", "client_id": "nobody"},
    "oauth_error_invalid_code_400": {"grant_type": "authorization_code", "code": "spent"},
    "oauth_error_redirect_mismatch_400": {"grant_type": "authorization_code", "redirect_uri": "http://elsewhere"},
}
LEFT_OUT: Mapping[str, str] = {
    "webhook_delivery_body": "inferred, and no answer: it is what an account would send",
    "auth_legacy_failure": "the oldest way to log in, which is not built",
    "account_location_get_deprecated": "another host, deprecated",
}


def _clear_payments(box: BrightpearlSandbox, side: str) -> None:
    """A reference is good once."""
    box.store.payments[side].clear()


def _unbook(box: BrightpearlSandbox) -> None:
    """Only a payment whose journal is gone can be deleted: of the recorded one it was, or had been cancelled."""
    for payment in box.store.payments["customer"].values():
        payment["journalId"] = None


def _let_supplier_be(box: BrightpearlSandbox, contact_id: int, order_id: int) -> None:
    """Composed with a contact who is elsewhere recorded as a customer."""
    box.store.contacts[contact_id]["relationshipToAccount"] = {"isSupplier": True, "isStaff": False}
    box.store.orders[order_id]["parties"]["supplier"]["contactId"] = contact_id


def _owe(box: BrightpearlSandbox) -> None:
    """Fifty pounds open, as the documented balance has it."""
    amount = Decimal("50.00")
    header = Header(
        code="SI",
        made=box.store.now(),
        day=date(2015, 7, 14),
        currency="GBP",
        rate="1.000000",
        contact_id=200,
    )
    book(box.store, header, [Line("1100", amount, amount, True), Line("4000", amount, amount, False)])


PREPARED: Mapping[str, Callable[[BrightpearlSandbox], object]] = {
    "customer_payment_post": lambda box: _clear_payments(box, "customer"),
    "supplier_payment_post": lambda box: _clear_payments(box, "supplier"),
    "customer_payment_delete": _unbook,
    "contact_group_member_post": lambda box: box.store.members.clear(),
    "payment_method_post": lambda box: box.store.lists["payment-method"].clear(),
    "purchase_invoice_post": lambda box: _let_supplier_be(box, 200, 2),
    "purchase_order_close": lambda box: made(box, 1029, "PO"),
    "contact_balance_get": _owe,
    "nominal_code_search": lambda box: box.store.lists.update({"nominal-code": nominals("1200", "4000")}),
    "journal_post_deprecated": lambda box: box.store.lists["accounting-period"].clear(),
}
"""What is done to the books before an example is asked for."""


def body_of(name: str) -> Any:
    """The body that goes with an example, where its request is told."""
    if name == "multi_message_part_failed_207":
        return body("multi_message_request")
    if name == "multi_message_all_ok":
        found = deepcopy(body("multi_message_request"))
        found["messages"][1]["body"] = {"name": "Brand 2"}
        return found
    try:
        return body(f"{name.removesuffix('_400').removesuffix('_500')}_request")
    except FileNotFoundError:
        return None
