"""How a site answers lists that are only rehearsed: one question for the right to each DocType, one row for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec

from providers.erpnext.metadata import doctypes
from providers.erpnext.rights import refused_field
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, Rejected
from providers.kit.rehearsal import Call, Question, Told, not_learnt

_LISTS, _METHOD, _METADATA = (
    "api/resource/",
    "api/method/frappe.client.get_list",
    "api/method/frappe.desk.form.load.getdoctype",
)
# One row, so that what is joined to it is asked for too; only its name, which every wire can do with.
_ONE_ROW = b'{"data":[{"name":"-"}]}'
_QUESTION = (("fields", '["name","modified"]'), ("limit_page_length", "1"))


class _Rows(msgspec.Struct, frozen=True):
    data: list[dict[str, Any]]


class Answers:
    """What a rehearsed list is answered with.

    A child table is read by the right to its parent, so that no call is spent on one. `custom` are the site's own
    fields where it told them all at once; else each DocType is asked for its own, once `tells_metadata` says so.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.tells_metadata = False
        self.custom: Mapping[str, Sequence[str]] | None = None
        self._refused: set[str] = set()

    def question_of(self, call: Call) -> Question:
        """The question that a call of a list comes to."""
        if call.path == _METADATA:
            doctype = call.params["doctype"]
            if not self.tells_metadata:
                return Question(right="no metadata", name=None, ask=_no_metadata)
            return Question(right=f"metadata of {doctype}", name=None, ask=partial(self._own, doctype))
        listed = listed_by(call)
        if listed is None:
            return Question(right=call.path, name=None, ask=_unforeseen)
        doctype, parent = listed
        right = parent or doctype
        return Question(right=right, name=right, ask=partial(self._may_read, right), needs_whole=parent is not None)

    async def _may_read(self, doctype: str) -> Told:
        """Whether its rows may be read. Rows without `modified` may only be chosen from (measured)."""
        try:
            body = await self._client.get(f"{_LISTS}{quote(doctype, safe='')}", _QUESTION)
            rows = msgspec.json.decode(body, type=_Rows).data
        except Forbidden:
            self._refused.add(doctype)
            raise
        except Rejected as error:
            if refused_field(error) != "modified":
                raise
            return Told(_ONE_ROW, is_partial=True)
        except msgspec.DecodeError:
            raise BadAnswer("ERPNext's answer is not the JSON of a list") from None
        return Told(_ONE_ROW, is_partial=bool(rows) and "modified" not in rows[0])

    async def _own(self, doctype: str) -> Told:
        """The DocType's own fields and its tables', as metadata tells them."""
        own = self.custom
        if own is None and doctype in self._refused:
            own = {}
        if own is None:
            told = await doctypes(self._client, doctype)
            own = {name: each.custom for name, each in told.items()}
            if doctype not in told:
                raise not_learnt("the DocType does not tell its fields")
        docs = [{"name": name, "fields": [_field(each) for each in fields]} for name, fields in own.items()]
        return Told(msgspec.json.encode({"docs": docs}))


def _field(name: str) -> Mapping[str, Any]:
    return {"fieldname": name, "fieldtype": "Data", "is_custom_field": 1}


async def _no_metadata() -> Told:
    return Told(b'{"docs":[]}')


async def _unforeseen() -> Told:
    raise not_learnt("a list asks for what no rehearsal answers")


def listed_by(call: Call) -> tuple[str, str | None] | None:
    """The DocType that a call lists, and the parent by whose right; None where it is no list."""
    if call.path == _METHOD and call.body is not None:
        asked = msgspec.json.decode(call.body, type=dict[str, Any])
        return asked["doctype"], asked.get("parent")
    doctype = call.path.removeprefix(_LISTS)
    if not call.path.startswith(_LISTS) or "/" in doctype:
        return None
    return doctype, call.params.get("parent")


def own_of(calls: Sequence[Call], bare: Sequence[Call]) -> tuple[str, ...]:
    """What these calls ask for beyond the bare ones; a child table's fields with its DocType before them."""
    asked, known = _fields(calls), _fields(bare)
    return tuple(dict.fromkeys(each for each in asked if each not in known))


def _fields(calls: Sequence[Call]) -> list[str]:
    found: list[str] = []
    for call in calls:
        listed = listed_by(call)
        if listed is None or "fields" not in call.params:
            continue
        doctype, parent = listed
        names = msgspec.json.decode(call.params["fields"], type=list[str])
        found += [f"{doctype}.{name}" if parent else name for name in names]
    return found
