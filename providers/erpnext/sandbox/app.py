"""The sandbox's routes: Frappe's REST API at the root of its own origin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from providers.erpnext.sandbox.access import Access
from providers.erpnext.sandbox.doctypes import CHILDREN, TABLES
from providers.erpnext.sandbox.files import content_of
from providers.erpnext.sandbox.metadata import with_tables
from providers.erpnext.sandbox.methods import METHODS
from providers.erpnext.sandbox.oauth import OAuth
from providers.erpnext.sandbox.orders import Orders
from providers.erpnext.sandbox.query import run, site_defaults
from providers.erpnext.sandbox.replies import (
    FrappeError,
    answer,
    forbidden,
    messages,
    refusal,
    too_long,
    wrong_method,
)
from providers.erpnext.sandbox.store import Store, shown
from providers.erpnext.sandbox.writes import change, create, delete

REQUEST_LINE_SIZE_MAX = 4_094
TROUBLES = {
    "torn": b'{"data": [{"name": "AC',
    "error_500": b'{"exc_type": "InternalError"}',
    "error_503": b'{"exc_type": "SessionStopped"}',
    "wrong_json": b'{"data": {"name": 7}}',
}


class App:
    """The ASGI app. `told` is what the server has to say beside the next answer that succeeds."""

    def __init__(
        self, store: Store, access: Access, custom: Mapping[str, Sequence[str]], user_time_zone: str | None = None
    ) -> None:
        self.store = store
        self.access = access
        self.told: str | None = None
        self._custom = custom
        self._user_time_zone = user_time_zone
        self._orders = Orders()
        self._oauth = OAuth(access)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["raw_path"].decode("ascii")
        await (await self._answer(request, path))(scope, receive, send)

    async def _answer(self, request: Request, path: str) -> Response:
        line = len(request.method) + len(path) + len(request.scope["query_string"]) + 12
        if line > REQUEST_LINE_SIZE_MAX:
            return too_long(line)
        segments = [unquote(part) for part in path.strip("/").split("/")]
        version = segments.pop(1) if len(segments) > 1 and segments[1] in ("v1", "v2") else "v1"
        try:
            given = await self._oauth.answered(request, segments)
            if given is not None:
                return given
            if segments[:2] in (["api", "resource"], ["api", "document"]) and len(segments) > 2:
                self.access.check(request.headers.get("authorization"))
                return await self._resource(request, segments[2], "/".join(segments[3:]), version)
            if segments[:2] == ["api", "doctype"] and len(segments) == 4:
                self.access.check(request.headers.get("authorization"))
                return self._doctype(segments[2], segments[3])
            if segments[:2] == ["api", "method"] and len(segments) == 3:
                return await self._method(request, segments[2])
            if "files" in segments[:2]:
                return self._file(request, "/" + "/".join(segments))
        except FrappeError as error:
            return refusal(error, version)
        return Response("<h1>Not Found</h1>", 404, media_type="text/html; charset=utf-8")

    async def _resource(self, request: Request, doctype: str, name: str, version: str) -> Response:
        if doctype == "DefaultValue" and request.query_params.get("parent") == "User":
            # Measured: a child table of User, which every user may read.
            return answer({"data": site_defaults(self.store, request.query_params)})
        if not name and request.method == "GET":
            return answer(self._said({"data": self.rows(doctype, dict(request.query_params), version)}))
        self.access.rights.check(doctype, is_list=not name)
        if not name:
            if request.method == "POST":
                made, self.told = create(self.store, doctype, await _json_body(request))
                return answer(self._said({"data": shown(doctype, made)}))
            return wrong_method("GET, HEAD, OPTIONS, POST")
        found = self.store.find(doctype, name) if doctype in TABLES else None
        if found is None:
            raise FrappeError("DoesNotExistError", f"{doctype} {name} not found")
        if request.method == "GET":
            return answer(self._said({"data": self.access.rights.shown(doctype, shown(doctype, found))}))
        if request.method == "PUT":
            self.told = change(self.store, doctype, found, await _json_body(request))
            return answer(self._said({"data": shown(doctype, found)}))
        if request.method == "DELETE":
            delete(self.store, doctype, found)
            return answer({"data": "ok"}, 202)
        return wrong_method("DELETE, GET, HEAD, OPTIONS, POST, PUT")

    def _doctype(self, doctype: str, asked: str) -> Response:
        if asked == "count":
            return answer({"data": len(self.rows(doctype, {"limit": "0"}, "v2"))})
        if asked == "meta":
            return answer({"data": self.metadata(doctype)[0]})
        raise FrappeError("DoesNotExistError", asked)

    def _file(self, request: Request, url: str) -> Response:
        if url.startswith("/private/"):
            try:
                self.access.check(request.headers.get("authorization"))
            except FrappeError:
                return forbidden()
        content = content_of(self.store, url)
        if content is None:
            return Response("<h1>Not Found</h1>", 404, media_type="text/html; charset=utf-8")
        return Response(content, media_type="application/octet-stream")

    def rows(self, doctype: str, asked: dict[str, Any], version: str = "v1") -> list[Any]:
        """A list's rows. A child table is read by the right to its parent."""
        rights = self.access.rights
        rights.check(str(asked.get("parent") or doctype) if doctype in CHILDREN else doctype)
        if version == "v2":
            asked.pop("limit_page_length", None)
        rows = run(self.store, self._orders, doctype, asked, self._custom.get(doctype, ()))
        rows = rights.listed(doctype, rows)
        if str(asked.get("as_dict", "1")) == "0":
            return [list(row.values()) for row in rows]
        return rows

    def metadata(self, doctype: str) -> list[dict[str, Any]]:
        """A DocType and its tables, which every user may know of."""
        return with_tables(self.store, doctype, self._custom, self.access.rights.hidden)

    def say(self) -> None:
        """Have the next answer carry a warning, as a real site's may although all is well."""
        self.told = messages({"message": "Exchange rate of <strong>USD</strong> is old", "indicator": "orange"})

    def _said(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body, with what the server has to say once."""
        told, self.told = self.told, None
        return body if told is None else {**body, "_server_messages": told}

    async def _method(self, request: Request, name: str) -> Response:
        if name == "ping":
            return answer({"message": "pong"})
        if name == "frappe.client.get_time_zone":
            return answer({"message": {"time_zone": self._time_zone(request)}})
        self.access.check(request.headers.get("authorization"))
        asked = dict(request.query_params)
        if request.method == "POST":
            asked |= await _json_body(request)
        if name == "frappe.desk.form.load.getdoctype":
            return answer({"docs": self.metadata(str(asked.get("doctype")))})
        if name not in METHODS:
            raise FrappeError("ValidationError", f"Failed to get method for command {name}")
        return answer(self._said({"message": METHODS[name](self, asked)}))

    def _time_zone(self, request: Request) -> str:
        """The caller's own zone where the user has one (measured), else the site's."""
        if self._user_time_zone is None or request.headers.get("authorization") is None:
            return self.store.zone.key
        return self._user_time_zone


async def _json_body(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise FrappeError("JSONDecodeError", str(error), told=False) from None
    return found if isinstance(found, dict) else {}
