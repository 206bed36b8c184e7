"""`/unified/accounting/{resource}`: reads of unified records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import msgspec

from app.api.call import Call, Receive, Scope, Send, account_of, bearer, require_scope, send_whole
from app.api.caller import CallerGone, Watch
from app.api.query import ACCOUNT, Asked, Wanted, pairs_of, read_query
from app.connections.connection import Connection
from app.cursors import Cursors
from app.errors import InvalidRequest, NotFound, UnsupportedOperation
from app.gateway import Gateway, methods_of_collection, methods_of_member
from app.parts import Parts
from providers.kit.client import Client
from providers.kit.pages import Caution
from providers.kit.resource import AnyResource
from unified_models.base import UnifiedModel
from unified_models.catalogue import ALIASES, MODELS

PREFIX = b"/unified/accounting/"

_as_numbers = msgspec.json.Encoder(decimal_format="number").encode
_as_text = msgspec.json.Encoder(decimal_format="string").encode


class ListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope of a list."""

    result: Any
    next_cursor: str | None
    prev_cursor: str | None = None
    result_count: int
    is_partial_response: bool = False
    warnings: Sequence[Any]


class GetAnswer(msgspec.Struct, frozen=True):
    """The envelope of one record."""

    result: Any
    warnings: Sequence[Any]


class Warning(msgspec.Struct, frozen=True):
    """What the caller should know of a page or a record."""

    code: str
    id: str | None = None
    field: str | None = None
    detail: str | None = None
    remote_data: Any = msgspec.UNSET


class Unified:
    """Answers unified calls: token → account → row → provider → envelope."""

    def __init__(self, parts: Parts, gateway: Gateway, cursors: Cursors) -> None:
        self._parts = parts
        self._gateway = gateway
        self._cursors = cursors

    async def __call__(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self._parts.tokens.check(bearer(scope))
        call.environment_id, call.caller_id, call.headers = caller.environment_id, caller.token_id, scope["headers"]
        require_scope(caller.scopes, "read" if call.method in ("GET", "HEAD") else "write")
        segment, record_id, action = _split(scope["raw_path"])
        call.path_template = _template(segment, record_id, action)
        if segment not in MODELS:
            raise NotFound("there is no such resource")
        pairs = pairs_of(scope["query_string"])
        account_id = account_of(scope, (value for name, value in pairs if name == ACCOUNT))
        connection = await self._parts.connections.open(caller, account_id)
        call.account_id = connection.account_id
        call.integration = connection.provider.slug
        connection.check_ready()
        resource = self._resource(call, connection, segment, record_id, action)
        asked = read_query(pairs, resource, is_list=record_id is None)
        client = self._gateway.client(connection, call)
        watch = Watch(receive)
        try:
            if record_id is None:
                body = await self._list(client, connection, resource, segment, asked)
            else:
                body = await self._get(client, resource, record_id, asked)
        except asyncio.CancelledError:
            if watch.is_gone:
                raise CallerGone from None
            raise
        finally:
            watch.stop()
        call.status = 200
        await send_whole(send, 200, [(b"content-type", b"application/json")], body)

    def _resource(
        self, call: Call, connection: Connection, segment: str, record_id: str | None, action: str | None
    ) -> AnyResource:
        """The row, where it has the operation; the refusal names the methods that exist."""
        resource = connection.provider.resource(segment)
        methods: tuple[str, ...] = ()
        if action is None:
            methods = methods_of_collection(resource) if record_id is None else methods_of_member(resource)
        if resource is None or call.method not in methods:
            raise UnsupportedOperation(
                f"{connection.provider.name} does not support this on {segment}; see its capabilities",
                allow=methods,
            )
        return resource

    async def _list(
        self, client: Client, connection: Connection, resource: AnyResource, segment: str, asked: Asked
    ) -> bytes:
        query = asked.query
        scope = (
            connection.environment_id,
            connection.account_id,
            segment,
            repr((query.filters, query.sort, query.remote_query)),
        )
        now = self._parts.clock.now()
        if asked.cursor is not None:
            position = self._cursors.open(asked.cursor, scope, now)
            query = replace(query, position=position)
        page = await self._gateway.list(client, resource, query)
        answer = ListAnswer(
            result=_written(page.records, asked.wanted),
            next_cursor=self._cursors.seal(page.next, scope, now) if page.next is not None else None,
            result_count=len(page.records),
            warnings=_warnings((*asked.cautions, *page.cautions), with_raw=query.remote_data),
        )
        return (_as_text if asked.wanted.decimals_as_text else _as_numbers)(answer)

    async def _get(self, client: Client, resource: AnyResource, record_id: str, asked: Asked) -> bytes:
        record, cautions = await self._gateway.get(client, resource, record_id, asked.query)
        answer = GetAnswer(
            result=_written_one(record, asked.wanted),
            warnings=_warnings((*asked.cautions, *cautions), with_raw=asked.query.remote_data),
        )
        return (_as_text if asked.wanted.decimals_as_text else _as_numbers)(answer)


def _split(raw_path: bytes) -> tuple[str, str | None, str | None]:
    """Resource, id and action of a raw path; the id is decoded once, whole, so it may hold `/`."""
    parts = raw_path[len(PREFIX) :].rstrip(b"/").split(b"/")
    if len(parts) > 3:
        raise NotFound("there is nothing at this path; encode a / in an id as %2F")
    try:
        decoded = [unquote(part.decode("ascii"), errors="strict") for part in parts]
    except UnicodeError:
        raise InvalidRequest("the path is not valid UTF-8, percent-encoded") from None
    if any("\0" in part for part in decoded):
        raise InvalidRequest("the path holds a NUL")
    record_id = decoded[1] if len(decoded) > 1 else None
    return ALIASES.get(decoded[0], decoded[0]), record_id, decoded[2] if len(decoded) > 2 else None


def _template(segment: str, record_id: str | None, action: str | None) -> str:
    known = segment if segment in MODELS else "{resource}"
    return f"/unified/accounting/{known}{'/{id}' if record_id is not None else ''}{'/{action}' if action else ''}"


def _written(records: Sequence[UnifiedModel], wanted: Wanted) -> object:
    if wanted.format == "unified" and wanted.fields is None and not wanted.excluded:
        written: Sequence[object] = records
    else:
        written = [_written_one(record, wanted) for record in records]
    if wanted.key_by_id:
        return {record.id: value for record, value in zip(records, written, strict=True)}
    return written


def _written_one(record: UnifiedModel, wanted: Wanted) -> object:
    if wanted.format == "raw":
        return record.remote_data
    if wanted.fields is None and not wanted.excluded:
        return record
    names = [
        name
        for name in record.__struct_fields__
        if name not in wanted.excluded and (wanted.fields is None or name in wanted.fields or name == "remote_data")
    ]
    # `remote_data` is set only where asked for; unset, it is left out by the encoder of structs, not of mappings.
    return {name: value for name in names if (value := getattr(record, name)) is not msgspec.UNSET}


def _warnings(cautions: Sequence[Caution], *, with_raw: bool) -> list[Warning]:
    return [
        Warning(
            code=caution.code,
            id=caution.id,
            field=caution.field,
            detail=caution.detail,
            remote_data=msgspec.UNSET if caution.remote_data is None or not with_raw else caution.remote_data,
        )
        for caution in cautions
    ]
