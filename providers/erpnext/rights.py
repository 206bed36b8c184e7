"""Which fields of a DocType this user may not read, so that what is missing is told and never taken for a zero.

A site leaves a field of a higher level out of its lists without a word, and shows it as 0.0 in a document where
it is an amount. A field it does not know at all it refuses by name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import msgspec

from providers.erpnext.metadata import DOCTYPE_SECONDS, doctypes
from providers.erpnext.questions import Asked, ask
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound, Rejected
from providers.kit.pages import Caution

REFUSED_MAX = 20
# `Field not permitted in query: x`, in whatever language the user reads.
_REFUSED = re.compile(r"[:：]\s*([A-Za-z0-9_`. ]+?)\s*$")

Refused = Mapping[str, bool]


async def refused_fields(client: Client, asked: Asked, names: Collection[str]) -> Refused:
    """Which of these fields the site refuses or leaves out, as far as is known; kept for an hour."""

    async def learn() -> Refused | None:
        guarded = await _guarded(client, asked, names)
        return await _left_out(client, asked, guarded) if guarded else {}

    key = _key(asked)
    found = await client.references.get(key, DOCTYPE_SECONDS, learn)
    if found is None:
        client.references.forget(key)  # There was nothing to learn from: another call may find a row.
        return {}
    return {name: True for name in found if name in names}


async def refuse(client: Client, asked: Asked, refused: Refused) -> None:
    """Remember what the site refused."""

    async def kept() -> Refused:
        return refused

    client.references.forget(_key(asked))
    await client.references.get(_key(asked), DOCTYPE_SECONDS, kept)


def refused_field(error: Rejected) -> str | None:
    """The field that ERPNext names when it refuses one: unknown on this version, or beyond the user's rights."""
    if error.provider_code != "DataError":
        return None
    found = _REFUSED.search(error.provider_message or "")
    return found.group(1).strip("`").rpartition(".")[2].strip("`") if found else None


def field_cautions(refused: Collection[str], table: str = "") -> list[Caution]:
    """One caution for each field that is null because it may not be read; `table` is where the document has it."""
    return [Caution(code="field_not_permitted", field=f"{table}.{name}" if table else name) for name in refused]


def without(raw: msgspec.Raw, refused: Refused) -> msgspec.Raw:
    """A document or row without the fields that may not be read: there an amount is 0.0, whatever it is."""
    if not refused:
        return raw
    found = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    return msgspec.Raw(msgspec.json.encode({name: value for name, value in found.items() if name not in refused}))


def _key(asked: Asked) -> str:
    # A child table's rights are its parent's, and some tables have several.
    return f"refused:{asked.parent}/{asked.doctype}" if asked.parent else f"refused:{asked.doctype}"


async def _guarded(client: Client, asked: Asked, names: Collection[str]) -> list[str]:
    if asked.described_by is None:
        return []
    known = (await doctypes(client, asked.described_by)).get(asked.doctype)
    return sorted(known.guarded.intersection(names)) if known else []


async def _left_out(client: Client, asked: Asked, guarded: Sequence[str]) -> Refused | None:
    """Which of the guarded fields a row comes without; None where no row tells."""
    question = Asked(doctype=asked.doctype, parent=asked.parent, filters=(), order_by="name asc", limit=1)
    refused: dict[str, bool] = {}
    for _ in range(REFUSED_MAX):
        names = ["name", *(name for name in guarded if name not in refused)]
        try:
            rows = _rows(await ask(client, question, names))
        except (Forbidden, NotFound):
            return None
        except Rejected as error:
            name = refused_field(error)
            if name not in names[1:]:
                return None
            refused[name] = True
            continue
        # An answer that holds more than was asked is not one to this question.
        if len(rows) != 1 or "name" not in rows[0] or not rows[0].keys() <= set(names):
            return None
        return {**refused, **dict.fromkeys((name for name in names if name not in rows[0]), True)}
    return None


class _Rows(msgspec.Struct, frozen=True):
    data: list[dict[str, msgspec.Raw]]


def _rows(body: bytes) -> list[dict[str, msgspec.Raw]]:
    try:
        return msgspec.json.decode(body, type=_Rows).data
    except msgspec.DecodeError:
        raise BadAnswer("ERPNext's answer is not the JSON of a list") from None
