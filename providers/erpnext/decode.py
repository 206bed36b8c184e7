"""Reads Frappe's rows: typed and exact in one go, row by row where one of them is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec

from providers.kit.errors import BadAnswer, Unreadable
from providers.kit.loosely import loosely
from providers.kit.pages import Caution
from providers.kit.resource import Wire

W = TypeVar("W", bound=Wire)
CUSTOM = "custom_"


@dataclass(frozen=True, slots=True)
class Read(Generic[W]):
    """Rows as read. `raws` run beside `records`; `count` and `last` are of all rows. `refused` may not be read."""

    records: list[W]
    count: int
    last: Mapping[str, Any]
    raws: list[Any]
    cautions: tuple[Caution, ...] = ()
    refused: tuple[str, ...] = ()


class _Envelope(msgspec.Struct, Generic[W]):
    """`data` from a resource, `message` from a method."""

    data: list[W] | None = None
    message: list[W] | None = None


class _RawEnvelope(msgspec.Struct):
    data: list[msgspec.Raw] | None = None
    message: list[msgspec.Raw] | None = None


class _OneEnvelope(msgspec.Struct):
    data: msgspec.Raw


_decode_raws = msgspec.json.Decoder(_RawEnvelope).decode
_decode_one = msgspec.json.Decoder(_OneEnvelope).decode


def with_custom(wire: type[W], names: tuple[str, ...]) -> type[W]:
    """The wire type with the customer's own fields; one type for each set of names, made once."""
    return cast("type[W]", _with_custom(wire, names))


@lru_cache(maxsize=2_000)
def _with_custom(wire: type[Wire], names: tuple[str, ...]) -> type[Wire]:
    """The wire type with the customer's own fields as `custom_0`, `custom_1`, … in the order of `names`."""
    taken = {field.encode_name for field in msgspec.structs.fields(wire)}
    fields = [
        (f"{CUSTOM}{index}", Any, msgspec.field(name=name, default=None))
        for index, name in enumerate(names)
        if name not in taken
    ]
    if not fields:
        return wire
    made = msgspec.defstruct(wire.__name__, cast(Any, fields), bases=(wire,), frozen=True, kw_only=True, gc=False)
    return cast("type[Wire]", made)


@lru_cache(maxsize=2_000)
def custom_names(wire: type[Wire]) -> tuple[tuple[str, str], ...]:
    """The pairs of attribute and name of the customer's own fields in a type made by `with_custom`."""
    return tuple(
        (field.name, field.encode_name)
        for field in msgspec.structs.fields(wire)
        if field.name.startswith(CUSTOM) and field.name != field.encode_name
    )


def custom_fields(record: Wire) -> dict[str, Any]:
    """The customer's own fields of a record, raw."""
    names = custom_names(type(record))
    return {name: getattr(record, attribute) for attribute, name in names} if names else {}


@lru_cache(maxsize=2_000)
def _rows_decoder(wire: type[W]) -> msgspec.json.Decoder[_Envelope[W]]:
    return msgspec.json.Decoder(_Envelope[wire], float_hook=Decimal)  # type: ignore[valid-type]


@lru_cache(maxsize=2_000)
def _row_decoder(wire: type[W]) -> msgspec.json.Decoder[W]:
    return msgspec.json.Decoder(wire, float_hook=Decimal)


@lru_cache(maxsize=200)
def field_names(wire: type[Wire]) -> tuple[str, ...]:
    """The names to ask a list for."""
    return tuple(field.encode_name for field in msgspec.structs.fields(wire))


def read_rows(body: bytes, wire: type[W], last_keys: Sequence[str], *, with_raw: bool) -> Read[W]:
    """The rows of a list. A row that fails its check becomes a caution, named by field and never by value."""
    if not with_raw:
        try:
            envelope = _rows_decoder(wire).decode(body)
        except msgspec.DecodeError:
            pass  # One row is odd, or the JSON is not quite JSON: look at each.
        else:
            records = envelope.data if envelope.data is not None else envelope.message
            if records is None:
                raise BadAnswer("ERPNext's answer holds no rows")
            last = {key: str(getattr(records[-1], key)) for key in last_keys} if records else {}
            return Read(records, len(records), last, [])
    return _read_each(_raw_rows(body), wire, last_keys)


def _read_each(raws: Sequence[bytes | msgspec.Raw], wire: type[W], last_keys: Sequence[str]) -> Read[W]:
    records: list[W] = []
    kept: list[Any] = []
    cautions: list[Caution] = []
    decode = _row_decoder(wire).decode
    last: Mapping[str, Any] = {}
    for raw in raws:
        try:
            records.append(decode(raw))
            kept.append(raw)
        except msgspec.DecodeError as error:
            cautions.append(_caution(raw, error))
    if raws:
        found = loosely(bytes(raws[-1]))
        last = {key: found.get(key) for key in last_keys} if isinstance(found, dict) else {}
    return Read(records, len(raws), last, kept, tuple(cautions))


def _raw_rows(body: bytes) -> Sequence[bytes | msgspec.Raw]:
    """The rows as bytes. Python writes NaN into JSON; then the whole is read loosely and written again."""
    try:
        envelope = _decode_raws(body)
        rows = envelope.data if envelope.data is not None else envelope.message
    except msgspec.DecodeError:
        found = loosely(body)
        if not isinstance(found, dict):
            raise BadAnswer("ERPNext's answer is not the JSON of a list") from None
        loose = found.get("data", found.get("message"))
        if not isinstance(loose, list):
            raise BadAnswer("ERPNext's answer holds no rows") from None
        return [msgspec.Raw(msgspec.json.encode(row)) for row in loose]
    if rows is None:
        raise BadAnswer("ERPNext's answer holds no rows")
    return rows


def _caution(raw: bytes | msgspec.Raw, error: msgspec.DecodeError) -> Caution:
    found = loosely(bytes(raw))
    name = found.get("name") if isinstance(found, dict) else None
    path = str(error).rpartition("`$")[2].rstrip("`").lstrip(".") if "`$" in str(error) else ""
    return Caution(
        code="wrong_type",
        id=name if isinstance(name, str) else None,
        field=path or None,
        remote_data=msgspec.Raw(bytes(raw)) if found is not None else None,
    )


def read_document(body: bytes) -> msgspec.Raw:
    """The document of a get, as bytes; NaN in it is carried as text, so that its field can be named."""
    try:
        return _decode_one(body).data
    except msgspec.DecodeError:
        found = loosely(body)
        if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
            raise BadAnswer("ERPNext's answer is not the JSON of a document") from None
        return msgspec.Raw(msgspec.json.encode(found["data"]))


def read_one(raw: bytes | msgspec.Raw, wire: type[W]) -> W:
    """One document, typed and exact; `Unreadable` names the field that is not."""
    try:
        record: W = _row_decoder(wire).decode(raw)
    except msgspec.DecodeError as error:
        field = _caution(raw, error).field
        raise Unreadable("the record is not as ERPNext's should be", provider_code=f"wrong_type: {field}") from None
    return record
