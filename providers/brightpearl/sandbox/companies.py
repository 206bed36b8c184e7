"""Companies: the names under which contacts work together."""

from __future__ import annotations

from collections.abc import Iterator

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.idsets import within
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, unexplained
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

NAME_LENGTHS = range(1, 65)


def get_companies(call: Call) -> Reply:
    """By id set, or all."""
    parts = call.id_set(None)
    rows = [row for row in call.store.lists["company"] if parts is None or within(row["id"], parts)]
    if not rows and parts is not None:
        raise nothing_found("No Companies Found")
    return Reply({"response": rows})


def post_company(call: Call) -> Reply:
    """A new one, nobody's yet."""
    name = call.given().get("name", "")
    if not isinstance(name, str) or len(name) not in NAME_LENGTHS:
        raise unexplained()
    rows = call.store.lists["company"]
    number = call.store.next_id("company", (row["id"] for row in rows))
    rows.append({"id": number, "name": name})
    return Reply({"response": number})


def _rows(store: Store) -> Iterator[Row]:
    for row in store.lists["company"]:
        yield {"companyId": row["id"], "name": row["name"]}


COMPANIES = Search(
    columns=columns(Column("companyId", "IDSET"), Column("name", "SEARCH_STRING")),
    rows=_rows,
    sorted_by="companyId",
)
ROUTES: Routes = (
    ("GET", "contact-service/company", get_companies, "get-company"),
    ("GET", "contact-service/company/*", get_companies, "get-company"),
    ("POST", "contact-service/company", post_company, "post-company"),
)
