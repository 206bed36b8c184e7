"""The site's accounting dimensions: which fields of its documents are one, and of which DocType each is."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, Rejected, Unavailable

Dimensions = Mapping[str, str]
"""The DocType that each dimension's values are of, by the field that documents have it in."""

# The list of Accounting Dimension is closed to an Accounts User; this is what a form asks, and open (measured).
_METHOD = "api/method/erpnext.accounts.doctype.accounting_dimension.accounting_dimension.get_dimensions"
_LIST = (
    ("fields", '["fieldname","document_type"]'),
    ("filters", '[["disabled","=",0]]'),
    ("order_by", "name asc"),
    ("limit_page_length", "0"),
)


_UNTOLD = (Forbidden, NotFound, Rejected, BadAnswer, msgspec.DecodeError)


class _Dimension(msgspec.Struct, frozen=True):
    fieldname: str
    document_type: str


class _Told(msgspec.Struct, frozen=True):
    message: tuple[list[_Dimension], msgspec.Raw]


class _Listed(msgspec.Struct, frozen=True):
    data: list[_Dimension]


async def dimensions_of(client: Client) -> Dimensions | None:
    """The dimensions in use; None where the site does not tell. One that is down is down: the list says so."""
    try:
        return _by_field(await _told(client))
    except (*_UNTOLD, Unavailable):  # A method that fails within is 500 too.
        pass
    try:
        return _by_field(await _listed(client))
    except _UNTOLD:
        return None


def _by_field(dimensions: list[_Dimension]) -> Dimensions:
    return {each.fieldname: each.document_type for each in dimensions}


async def _told(client: Client) -> list[_Dimension]:
    return msgspec.json.decode(await client.get(_METHOD), type=_Told).message[0]


async def _listed(client: Client) -> list[_Dimension]:
    return msgspec.json.decode(await client.get("api/resource/Accounting%20Dimension", _LIST), type=_Listed).data
