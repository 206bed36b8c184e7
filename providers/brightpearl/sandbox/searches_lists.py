"""The searches over the sandbox's lists: nominal codes, payment methods, groups and their members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store


def _nominal_rows(store: Store) -> Iterator[Row]:
    for row in store.lists["nominal-code"]:
        yield {
            **{name: row[name] for name in ("code", "name", "bank", "active")},
            "type": row["type"]["id"],
            "currencyId": row.get("currencyId"),
        }


NOMINALS = Search(
    columns=columns(
        Column("code", "SEARCH_STRING"),
        Column("name", "SEARCH_STRING"),
        Column("type", "IDSET"),
        Column("bank", "BOOLEAN"),
        Column("currencyId", "IDSET"),
        Column("active", "BOOLEAN"),
    ),
    rows=_nominal_rows,
    sorted_by="code",
)


def _method_rows(store: Store) -> Iterator[Row]:
    """One row for each currency of a method."""
    for method in store.lists["payment-method"]:
        for account in method["bankAccounts"]:
            yield {
                "id": account["paymentMethodId"],
                "code": method["code"],
                "name": method["name"],
                "active": method["isActive"],
                "currency": account["currencyIsoCode"],
                "bank_account": account["bankAccountNominalCode"],
            }


METHODS = Search(
    columns=columns(
        Column("id", "IDSET"),
        Column("code", "SEARCH_STRING"),
        Column("name", "SEARCH_STRING"),
        Column("active", "BOOLEAN"),
        Column("currency", "SEARCH_STRING"),
        Column("bank_account", "SEARCH_STRING"),
    ),
    rows=_method_rows,
    sorted_by="code",
)


def _group_rows(store: Store) -> Iterator[Row]:
    for row in store.lists["contact-group"]:
        yield {
            "contactGroupId": row["id"],
            "name": row["name"],
            "description": row["description"],
            "numberOfMembers": len(store.members.get(row["id"], ())),
        }


GROUPS = Search(
    columns=columns(
        Column("contactGroupId", "IDSET"),
        Column("name", "SEARCH_STRING"),
        Column("description", "SEARCH_STRING"),
        Column("numberOfMembers", "INTEGER", is_filterable=False),
    ),
    rows=_group_rows,
    sorted_by="contactGroupId",
)


def _member_rows(store: Store) -> Iterator[Row]:
    for group in store.lists["contact-group"]:
        for number in sorted(store.members.get(group["id"], ())):
            contact = store.contacts.get(number, {})
            yield {
                "contactId": number,
                "firstName": contact.get("firstName", ""),
                "lastName": contact.get("lastName", ""),
                "contactGroupId": group["id"],
                "contactGroupName": group["name"],
                "contactGroupDescription": group["description"],
            }


MEMBERS = Search(
    columns=columns(
        Column("contactId", "INTEGER"),
        Column("firstName", "SEARCH_STRING"),
        Column("lastName", "SEARCH_STRING"),
        Column("contactGroupId", "INTEGER"),
        Column("contactGroupName", "SEARCH_STRING"),
        Column("contactGroupDescription", "SEARCH_STRING"),
    ),
    rows=_member_rows,
    sorted_by="contactId",
)

LIST_SEARCHES: Mapping[str, Search] = {
    "accounting-service/nominal-code-search": NOMINALS,
    "accounting-service/payment-method-search": METHODS,
    "contact-service/contact-group-search": GROUPS,
    "contact-service/contact-group-member-search": MEMBERS,
}
