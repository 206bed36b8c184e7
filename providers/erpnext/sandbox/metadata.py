"""What the sandbox tells of its DocTypes: their fields, the customer's own and those of dimensions among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from providers.erpnext.sandbox.doctypes import CHILDREN, DIMENSIONED, FIELDS, TABLES, VIRTUAL, Field
from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.store import Row, Store

Names = Mapping[str, Collection[str]]


def with_tables(store: Store, doctype: str, custom: Names, hidden: Names) -> list[Row]:
    """A DocType and its child tables, as `getdoctype` gives them. What is hidden from some has a level."""
    if doctype not in FIELDS:
        raise FrappeError("DoesNotExistError", f"DocType {doctype} not found")
    return [
        _told(store, name, custom, hidden) for name in dict.fromkeys([doctype, *TABLES.get(doctype, {}).values()])
    ]


def _told(store: Store, doctype: str, custom: Names, hidden: Names) -> Row:
    own = custom.get(doctype, ())
    made = _MADE.intersection(own)
    dimensions = store.dimensions() if doctype in DIMENSIONED else {}
    columns = {
        **FIELDS[doctype],
        **{name: Field("Data") for name in own if name not in FIELDS[doctype]},
        **dimensions,
    }
    for name in hidden.get(doctype, ()):
        columns[name] = replace(columns[name], permlevel=1)
    return {
        "name": doctype,
        "doctype": "DocType",
        "istable": int(doctype in CHILDREN),
        "fields": [
            *(
                _field(
                    name,
                    field,
                    is_custom=name in own or name in dimensions,
                    is_made=name in dimensions or name in made,
                )
                for name, field in columns.items()
            ),
            *(_field(name, Field("Table", child)) for name, child in TABLES.get(doctype, {}).items()),
            *({**_field(name, Field("Data")), "is_virtual": 1} for name in VIRTUAL[doctype]),
        ],
    }


_MADE = frozenset(
    {"exempt_from_sales_tax", "irs_1099", "tax_category", "is_your_company_address", "is_billing_contact"}
)
"""Custom fields that ERPNext makes itself, as it makes those of dimensions."""


def _field(name: str, field: Field, *, is_custom: bool = False, is_made: bool = False) -> Row:
    return {
        "fieldname": name,
        "label": name.replace("_", " ").title(),
        "fieldtype": field.fieldtype,
        **({"options": field.options} if field.options else {}),
        **({"permlevel": field.permlevel} if field.permlevel else {}),
        **({"is_custom_field": 1} if is_custom else {}),
        **({"is_system_generated": 1} if is_made else {}),
    }
