"""The registry of webhooks. Nothing is delivered: the sandbox calls nobody."""

from __future__ import annotations

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.idsets import known
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, refused, unexplained

METHODS = ("GET", "POST", "PUT", "DELETE")
MANDATORY = ("${account-code}", "${resource-type}", "${resource-id}", "${lifecycle-event}")
EVENTS = (
    "product.created",
    "product.destroyed",
    "product.modified",
    "product.modified.on-hand-modified",
    "order.modified",
    "order.modified.order-status",
    "order.modified.fully-shipped",
    "sales-order.created",
    "goods-in-note.created",
    "goods-out-note.created",
    "goods-out-note.destroyed",
    "goods-out-note.modified",
    *(
        f"goods-out-note.modified.{step}"
        for step in ("printed", "picked", "packed", "un-printed", "un-picked", "un-packed", "shipped")
    ),
    "drop-ship-note.created",
    "drop-ship-note.destroyed",
    "drop-ship-note.modified.shipped",
    "quarantine-release.created",
)
"""Those that were seen to be taken; nothing of contacts, payments and journals is among them."""


def get_webhooks(call: Call) -> Reply:
    """By id set, or all, those of other apps too."""
    numbers = known(call.store.webhooks, call.id_set(None))
    if call.parts and not numbers:
        raise nothing_found(f"No webhooks available in ID Set {call.parts[0]}")
    return Reply({"response": [call.store.webhooks[number] for number in numbers]})


def post_webhook(call: Call) -> Reply:
    """A new one, for an event or for all that begin with it."""
    given = call.given()
    event = str(given.get("subscribeTo", ""))
    if not any(known_event == event or known_event.startswith(f"{event}.") for known_event in EVENTS):
        raise refused("INTC-064", f"{event} either does not exist or cannot be subscribed too")
    has_body = given.get("httpMethod") in ("POST", "PUT")
    if given.get("httpMethod") not in METHODS or not given.get("uriTemplate"):
        raise unexplained()
    if has_body and not (given.get("bodyTemplate") and given.get("contentType")):
        raise unexplained()
    template = given["uriTemplate"] + given.get("bodyTemplate", "")
    lacking = [variable for variable in MANDATORY if variable not in template]
    if lacking:
        raise refused("INTC-057", f"Webhook template lacks mandatory variable {lacking[0]}")
    number = call.store.next_id("webhook", (120,))
    call.store.webhooks[number] = _webhook(number, event, given)
    return Reply({"response": number})


def _webhook(number: int, event: str, given: Row) -> Row:
    body: Row = {name: given[name] for name in ("bodyTemplate", "contentType") if name in given}
    return {
        "id": number,
        "subscribeTo": event,
        "httpMethod": given["httpMethod"],
        "uriTemplate": given["uriTemplate"],
        **body,
        "idSetAccepted": given.get("idSetAccepted", False),
        "qualityOfService": given.get("qualityOfService", 0),
    }


def delete_webhook(call: Call) -> Reply:
    """Remove it."""
    if call.store.webhooks.pop(call.number(), None) is None:
        raise nothing_found(f"Cannot find webhook: {call.parts[0]}")
    return Reply({})


def simulate(call: Call) -> Reply:
    """Say that a delivery was made."""
    if call.number() not in call.store.webhooks or "testData" not in call.given():
        raise nothing_found(f"Cannot find webhook: {call.parts[0]}")
    return Reply({})


_PATH = "integration-service/webhook"
ROUTES: Routes = (
    ("GET", _PATH, get_webhooks, "webhook-get"),
    ("GET", f"{_PATH}/*", get_webhooks, "webhook-get"),
    ("POST", _PATH, post_webhook, "post-webhook"),
    ("DELETE", f"{_PATH}/*", delete_webhook, "webhook-delete"),
    ("POST", f"{_PATH}/*/simulate", simulate, "post-webhook-simulate"),
)
