"""Reads records by id set: ascending, at most 200 ids a call, answers in any order, one bad id isolated. And whole
lists, which are the same without ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec

from providers.brightpearl.errors import NOTHING_FOUND
from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, NotFound, Rejected, Unreadable
from providers.kit.loosely import loosely
from providers.kit.pages import Caution, chunks
from providers.kit.resource import Wire

IDS_MAX = 200
_NO_SUCH_PATH = "Cannot find the resource"

W = TypeVar("W", bound=Wire)


@dataclass(slots=True)
class Found(Generic[W]):
    """Records by id, with their raw JSON where it was asked for."""

    records: dict[int, W] = field(default_factory=dict)
    raws: dict[int, msgspec.Raw] = field(default_factory=dict)
    cautions: list[Caution] = field(default_factory=list)
    unreadable: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Listed(Generic[W]):
    """A whole list, each record with its raw JSON."""

    rows: list[tuple[W, msgspec.Raw]]
    cautions: list[Caution]


class _Envelope(msgspec.Struct, Generic[W]):
    response: list[W]


class _RawEnvelope(msgspec.Struct):
    response: list[msgspec.Raw]


_decode_raws = msgspec.json.Decoder(_RawEnvelope).decode


@lru_cache(maxsize=50)
def _decoder(wire: type[W]) -> msgspec.json.Decoder[_Envelope[W]]:
    return msgspec.json.Decoder(_Envelope[wire], float_hook=Decimal)  # type: ignore[valid-type]


@lru_cache(maxsize=50)
def _row_decoder(wire: type[W]) -> msgspec.json.Decoder[W]:
    return msgspec.json.Decoder(wire, float_hook=Decimal)


def id_set(ids: Sequence[int]) -> str:
    """The ids as Brightpearl writes sets: ascending, neighbours joined to ranges (`1-4,7`)."""
    ranges: list[list[int]] = []
    for number in sorted(set(ids)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges)


def is_nothing(error: NotFound) -> bool:
    """Whether the list is there and holds nothing: a path that leads nowhere has the same code."""
    return error.provider_code == NOTHING_FOUND and not (error.provider_message or "").startswith(_NO_SUCH_PATH)


async def read_list(
    client: Client, path: str, wire: type[W], id_field: str = "id", params: Params = ()
) -> Listed[W]:
    """All that the list holds. Some say by 404 that this is nothing, as they do of a path that they do not have."""
    try:
        body = await client.get(path, params)
    except NotFound as error:
        if not is_nothing(error):
            raise
        return Listed([], [])
    rows: list[tuple[W, msgspec.Raw]] = []
    found: Found[W] = Found()
    for raw in _raws(body):
        try:
            rows.append((_row_decoder(wire).decode(raw), raw))
        except msgspec.DecodeError as error:
            _note_unreadable(raw, id_field, error, found)
    return Listed(rows, found.cautions)


async def read_set(
    client: Client,
    path: str,
    ids: Sequence[int],
    wire: type[W],
    id_of: Callable[[W], int],
    id_field: str,
    params: Params = (),
    *,
    with_raw: bool = False,
    raws_of: Callable[[bytes], list[msgspec.Raw]] | None = None,
) -> Found[W]:
    """The records of these ids; those that are not there are simply missing from the answer.

    `raws_of` takes the list out of an answer where it is not the whole answer.
    """
    found: Found[W] = Found()
    waiting = chunks(sorted(set(ids)), IDS_MAX)
    while waiting:
        chunk = waiting.pop()
        try:
            body = await client.get(f"{path}/{id_set(chunk)}", params)
        except NotFound:
            continue  # Several resources say "nothing found" by 404.
        except Rejected:
            # One id that Brightpearl refuses fails its whole set: halve until it stands alone.
            if len(chunk) == 1:
                found.cautions.append(Caution(code="rejected", id=str(chunk[0])))
                found.unreadable.add(chunk[0])
            else:
                middle = len(chunk) // 2
                waiting += [chunk[:middle], chunk[middle:]]
            continue
        if with_raw or raws_of or not _read_all(body, wire, id_of, found):
            _read_each((raws_of or _raws)(body), wire, id_of, id_field, found)
    return found


def _read_all(body: bytes, wire: type[W], id_of: Callable[[W], int], found: Found[W]) -> bool:
    """Read a whole answer at once; False where one record is odd, so that each must be looked at."""
    try:
        for record in _decoder(wire).decode(body).response:
            found.records[id_of(record)] = record
    except msgspec.DecodeError:
        return False
    return True


def _read_each(
    raws: list[msgspec.Raw], wire: type[W], id_of: Callable[[W], int], id_field: str, found: Found[W]
) -> None:
    for raw in raws:
        try:
            record = _row_decoder(wire).decode(raw)
        except msgspec.DecodeError as error:
            _note_unreadable(raw, id_field, error, found)
        else:
            found.records[id_of(record)] = record
            found.raws[id_of(record)] = raw


def _raws(body: bytes) -> list[msgspec.Raw]:
    try:
        return _decode_raws(body).response
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's answer is not the JSON of a list") from None


def _note_unreadable(raw: msgspec.Raw, id_field: str, error: msgspec.DecodeError, found: Found[Any]) -> None:
    loose = loosely(bytes(raw))
    number = loose.get(id_field) if isinstance(loose, dict) else None
    text = str(error)
    path = text.rpartition("`$")[2].rstrip("`").lstrip(".") if "`$" in text else None
    found.cautions.append(
        Caution(code="wrong_type", id=str(number) if isinstance(number, int) else None, field=path, remote_data=raw)
    )
    if isinstance(number, int):
        found.unreadable.add(number)


def sole(found: Found[W], number: int, what: str) -> W:
    """The one record that was asked for. One that is there and cannot be read is not missing."""
    record = found.records.get(number)
    if record is not None:
        return record
    for caution in found.cautions:
        if caution.code == "wrong_type":
            raise Unreadable(
                f"the {what} is not as Brightpearl's should be", provider_code=f"wrong_type: {caution.field}"
            )
    raise NotFound(f"there is no such {what}")


def missing(ids: Sequence[int], found: Found[Any]) -> list[Caution]:
    """A caution for each record that a search named and a read did not give."""
    return [
        Caution(code="not_found", id=str(number))
        for number in ids
        if number not in found.records and number not in found.unreadable
    ]
