"""What the sandbox's user may read: by DocType, and of some only a part, as roles have it on a real site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.erpnext.sandbox.doctypes import COLUMNS, DEFAULTS, TABLES
from providers.erpnext.sandbox.replies import FrappeError, unreadable
from providers.erpnext.sandbox.store import TITLES, Row

UNREADABLE = frozenset({"Bank", "Employee"})
"""What a user with accounting roles may not read (recorded)."""
_OF_THE_SYSTEM = frozenset(
    {"Custom Field", "Deleted Document", "DocType", "Property Setter", "System Settings", "Version", "Webhook"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What is kept from the user, each as measured.

    `unreadable` DocTypes are refused. `select_only` ones may be picked from: lists show little and no `modified`, a
    get is refused. `unowned` ones give lists without rows. `hidden` fields are left out of lists without a word; a
    document shows a number as 0.
    """

    unreadable: frozenset[str] = UNREADABLE
    select_only: frozenset[str] = frozenset()
    unowned: frozenset[str] = frozenset()
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def check(self, doctype: str, *, is_list: bool = True) -> None:
        """Refuse a DocType that this user may not read, and one that there is not."""
        if doctype not in COLUMNS:
            if doctype.title() in COLUMNS and doctype != doctype.title():
                raise FrappeError("ProgrammingError", f"('DocType', '{doctype}')", told=False)
            raise unreadable(doctype, is_list=is_list, is_known=doctype in _OF_THE_SYSTEM)
        if doctype in self.unreadable or (doctype in self.select_only and not is_list):
            raise unreadable(doctype, is_list=is_list)

    def listed(self, doctype: str, rows: list[Row]) -> list[Row]:
        """A list's rows, with what this user may see of them."""
        if doctype in self.unowned:
            return []
        kept_back = self.hidden.get(doctype, frozenset())
        if doctype in self.select_only:
            kept_back = frozenset(COLUMNS[doctype]) - {"name", TITLES.get(doctype, "name")}
        if not kept_back:
            return rows
        shown = [{name: value for name, value in row.items() if name not in kept_back} for row in rows]
        return shown if any(shown) else []

    def shown(self, doctype: str, document: Row) -> Row:
        """A document, with what this user may see of it."""
        if not self.hidden:
            return document
        found = _without(doctype, document, self.hidden)
        for table, child in TABLES[doctype].items():
            found[table] = [_without(child, row, self.hidden) for row in found[table]]
        return found


def _without(doctype: str, row: Row, hidden: Mapping[str, frozenset[str]]) -> Row:
    found: dict[str, Any] = dict(row)
    for name in hidden.get(doctype, ()):
        kind = COLUMNS[doctype][name].kind if name in COLUMNS[doctype] else "text"
        if kind in DEFAULTS:
            found[name] = DEFAULTS[kind]
        else:
            found.pop(name, None)
    return found
