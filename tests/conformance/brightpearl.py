"""Holds Brightpearl's sandbox against the recordings: the same questions must give answers of the same shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2

from providers.brightpearl.sandbox import (
    APP_REF,
    CLIENT_SECRET,
    DEV_REF,
    STAFF_TOKEN,
    BrightpearlSandbox,
    create_sandbox,
)
from providers.brightpearl.sandbox.replies import written
from tests.conformance.brightpearl_cases import LEFT_OUT, OAUTH, PREPARED, SECONDED, STUBS, body_of
from tests.conformance.brightpearl_documents import RECORDINGS, Row, exact, index, recorded_sandbox, response
from tests.conformance.brightpearl_shapes import differences, paths

STAFF = {"brightpearl-app-ref": APP_REF, "brightpearl-staff-token": STAFF_TOKEN}
INSTALLED = {"brightpearl-app-ref": APP_REF, "brightpearl-dev-ref": DEV_REF}


def examples() -> Iterator[tuple[str, Row]]:
    """Every example of an answer, by name."""
    for entry in index():
        name = entry["file"].removesuffix(".json")
        if not name.endswith("_request"):
            yield name, entry


async def disagreements() -> list[str]:
    """Where the sandbox answers in another shape than Brightpearl did."""
    found = [*_seed_differences()]
    for name, entry in examples():
        if name not in LEFT_OUT:
            found += [f"{name}: {text}" for text in await _example_differences(name, entry)]
    return found


async def _example_differences(name: str, entry: Row) -> list[str]:
    box = recorded_sandbox(STUBS.get(name, "PO"))
    PREPARED.get(name, lambda _: None)(box)
    if name == "error_503_throttled":
        box = create_sandbox(seed=None, requests_per_minute=0)
    transport = httpx2.ASGITransport(app=box.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://site") as http:
        mine = await _ask(http, box, name, entry)
    name_told = mine.headers.get("Message-Type")
    if entry.get("messageType") not in (None, name_told):
        return [f"Message-Type {name_told} for {entry['messageType']}"]
    if mine.status_code != entry["status"]:
        return [f"status {mine.status_code} for {entry['status']}: {mine.text[:200]}"]
    theirs = exact((RECORDINGS / f"{name}.json").read_bytes())
    return list(_compare(name, theirs, exact(mine.content)))


async def _ask(http: httpx2.AsyncClient, box: BrightpearlSandbox, name: str, entry: Row) -> httpx2.Response:
    if name in OAUTH:
        _, refresh = box.access.grant()
        client = {"client_id": APP_REF, "client_secret": CLIENT_SECRET}
        form = {**client, "refresh_token": refresh, "code": box.access.code(), **OAUTH[name]}
        return await http.post(entry["path"], data=form)
    path, headers, given = entry["path"], STAFF, body_of(name)
    body = None if given is None else written(given)
    if name in SECONDED:
        path = path if path.startswith("/") else "/order-service/order/1"
        headers = _credentials(box, name)
        if name == "error_500_internal":
            entry, path, body = {**entry, "method": "POST"}, "/order-service/order", b"{no json"
    return await http.request(entry["method"], f"/public-api/acme{path}", content=body, headers=headers)


def _credentials(box: BrightpearlSandbox, name: str) -> dict[str, str]:
    access, _ = box.access.grant()
    if name == "error_401_token_expired":
        box.access.expire()
        return {**INSTALLED, "Authorization": f"Bearer {access}"}
    if name == "error_401_token_invalid":
        return {**INSTALLED, "Authorization": "Bearer INVALID_TOKEN"}
    return {} if name == "error_401_legacy_not_authenticated" else STAFF


MAPS_BY_ID = frozenset({"tag_get"})


def _compare(name: str, theirs: Any, mine: Any) -> Iterator[str]:
    if name == "contact_get_full_2013":
        mine = {"response": mine["response"]}
    if name in ("order_search_empty_2014", "journal_search_2015", "product_search_with_reference_list"):
        # Only that there are results, counts and columns, and that these still go by the same names in this order.
        known = [column["name"] for column in theirs["response"]["metaData"]["columns"]]
        now = [column["name"] for column in mine["response"]["metaData"]["columns"]]
        kept = [column for column in now if column in known]
        if kept != known:
            yield f"columns {kept} for {known}"
        return
    if "metaData" in (theirs.get("response") if isinstance(theirs.get("response"), dict) else {}):
        yield from _search_differences(theirs["response"], mine["response"])
        yield from _reference_differences(theirs["reference"], mine["reference"])
    elif isinstance(theirs.get("errors"), list) or isinstance(theirs.get("response"), str):
        if theirs != mine:
            yield f"{mine} for {theirs}"
    elif name in MAPS_BY_ID:
        yield from differences(list(theirs["response"].values()), list(mine["response"].values()))
    else:
        yield from differences(theirs, mine)


def _search_differences(theirs: Row, mine: Row) -> Iterator[str]:
    """The same columns to the letter, the same order told, rows of the same kinds."""
    for part in ("columns", "sorting"):
        if theirs["metaData"][part] != mine["metaData"][part]:
            yield f"{part} are not the same"
    if list(theirs) != list(mine) or list(theirs["metaData"]) != list(mine["metaData"]):
        yield f"keys {list(mine['metaData'])} for {list(theirs['metaData'])}"
    yield from differences(theirs["results"], mine["results"], "results")


def _reference_differences(theirs: Row, mine: Row) -> Iterator[str]:
    """Labels are told to the letter: they are the same orders."""
    if theirs != mine:
        yield f"reference {mine} for {theirs}"


def _seed_differences() -> Iterator[str]:
    """The seed's documents against what was recorded: nothing beside it, and nothing of it missing."""
    store, full = create_sandbox().store, create_sandbox(size="full").store
    orders = [*response("order_get_po"), *response("order_get_so_with_custom_fields"), response("order_patch")]
    whole = [*response("contact_get_one"), response("contact_patch")]
    # Of the full size a part: it is made as the small one is.
    made = [*store.orders.values(), *list(full.orders.values())[::10]]
    yield from _made_differences("order", orders, made)
    yield from _made_differences("contact", whole, [*store.contacts.values(), *full.contacts.values()])


_TOLD = {
    # Documented or told by other sources, in no recorded order or contact.
    ".customFields",
    ".orderRows[].productOptions",
    ".leadTime",
    ".financialDetails.taxCodeId",
    ".organisation.name",
    ".assignment.current",
    ".communication",
}


def _made_differences(what: str, recorded: list[Row], made: list[Row]) -> Iterator[str]:
    known: dict[str, set[str]] = {}
    for document in recorded:
        for path, kind in paths(document):
            known.setdefault(path, set()).add(kind)
    always = set.intersection(*({path for path, _ in paths(document)} for document in recorded))
    found: set[str] = set()
    for document in made:
        seen = set(paths(document))
        for path, kind in seen:
            if any(path.startswith(told) for told in _TOLD):
                continue
            alike = known.get(path, set()) | known.get(
                path.replace(".parties.supplier", ".parties.customer"), set()
            )
            if kind in alike or _is_text(kind, alike):
                continue
            found.add(f"seed: {what}{path} is {kind}, not {sorted(known.get(path, set()))}")
        found |= {f"seed: {what}{path} is missing" for path in always - {path for path, _ in seen} - _OPTIONAL}
    yield from sorted(found)


_OPTIONAL = frozenset(
    {
        ".updatedOn",
        ".delivery.deliveryDate",
        ".organisation.name",
        ".communication.emails.PRI",
        ".communication.emails.PRI.email",
        ".communication.telephones.PRI",
        # Recorded: a party without a country has none of its keys.
        *(
            f".parties.{party}.{key}"
            for party in ("customer", "supplier", "delivery", "billing")
            for key in ("country", "countryIsoCode", "countryIsoCode3")
        ),
    }
)


def _is_text(kind: str, known: set[str]) -> bool:
    """A text may look like an amount without being one (a company called "0.5")."""
    return kind.startswith("text") and "text" in known
