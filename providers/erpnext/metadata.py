"""What a site tells of its DocTypes: the fields that the customer added, and those not everyone may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, ProviderError, Rejected

DOCTYPE_SECONDS = 3_600.0
_NOT_COLUMNS = frozenset(
    {
        "Section Break",
        "Column Break",
        "Tab Break",
        "HTML",
        "Button",
        "Fold",
        "Heading",
        "Image",
        "Table",
        "Table MultiSelect",
    }
)

_ALL_CUSTOM = (
    ("fields", '["dt","fieldname","fieldtype","is_virtual"]'),
    ("order_by", "dt asc, idx asc"),
    ("limit_page_length", "0"),
)


class _Field(msgspec.Struct, frozen=True):
    fieldname: str
    fieldtype: str
    is_custom_field: int | None = None
    is_virtual: int | None = None
    permlevel: int | None = None

    @property
    def is_custom_column(self) -> bool:
        """A field of the customer's own that lists have too: one that is virtual only documents show."""
        return bool(self.is_custom_field) and not self.is_virtual and self.fieldtype not in _NOT_COLUMNS


class _DocType(msgspec.Struct, frozen=True):
    name: str
    fields: list[_Field] = []
    title_field: str | None = None
    nsm_parent_field: str | None = None


class _DocTypes(msgspec.Struct, frozen=True):
    docs: list[_DocType]


@dataclass(frozen=True, slots=True)
class DocType:
    """What is known of a DocType: the fields that the customer added, and those that not every reader may read.

    `usual` are the fields that many DocTypes have, by what they are for, under the name they have in this one.
    """

    custom: tuple[str, ...] = ()
    guarded: frozenset[str] = frozenset()
    usual: Mapping[str, str] = field(default_factory=dict)


async def doctypes(client: Client, name: str) -> dict[str, DocType]:
    """The DocType and its child tables, by name, kept for an hour; empty where the site would not tell."""
    return await client.references.get(f"doctype:{name}", DOCTYPE_SECONDS, lambda: _doctypes(client, name))


class _CustomField(_Field, frozen=True, kw_only=True):
    dt: str


class _CustomFields(msgspec.Struct, frozen=True):
    data: list[_CustomField]


async def custom_of_all(client: Client) -> Mapping[str, tuple[str, ...]] | None:
    """The fields that the customer added, by DocType, in one call; None where only a system manager is told."""
    try:
        body = await client.get("api/resource/Custom%20Field", _ALL_CUSTOM)
        rows = msgspec.json.decode(body, type=_CustomFields).data
    except (Forbidden, NotFound, Rejected, BadAnswer, msgspec.DecodeError):
        return None
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if msgspec.structs.replace(row, is_custom_field=1).is_custom_column:
            found[row.dt] = (*found.get(row.dt, ()), row.fieldname)
    return found


async def _doctypes(client: Client, name: str) -> dict[str, DocType]:
    try:
        body = await client.get("api/method/frappe.desk.form.load.getdoctype", [("doctype", name)])
        found = msgspec.json.decode(body, type=_DocTypes).docs
    except (Forbidden, NotFound, Rejected, msgspec.DecodeError):
        return {}
    except ProviderError as error:
        if error.retryable:
            raise
        return {}
    return {doctype.name: _doctype(doctype) for doctype in found}


def _doctype(doctype: _DocType) -> DocType:
    return DocType(
        custom=tuple(dict.fromkeys(each.fieldname for each in doctype.fields if each.is_custom_column)),
        guarded=frozenset(each.fieldname for each in doctype.fields if (each.permlevel or 0) > 0),
        usual=_usual(doctype),
    )


def _usual(doctype: _DocType) -> Mapping[str, str]:
    """Its title, the one above it, and so on, as far as it has them."""
    columns = {each.fieldname for each in doctype.fields if not each.is_virtual}
    named = f"{doctype.name.lower().replace(' ', '_')}_name"
    wanted = {
        "title": doctype.title_field or named,
        "parent": doctype.nsm_parent_field or "",
        "company": "company",
        "is_group": "is_group",
        "disabled": "disabled",
    }
    return {use: name for use, name in wanted.items() if name in columns}
