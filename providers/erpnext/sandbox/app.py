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
from providers.erpnext.sandbox.query import defaults, run
from providers.erpnext.sandbox.replies import FrappeError, answer, refusal, too_long, wrong_method
from providers.erpnext.sandbox.store import COLUMNS, TABLES, Store, custom_fields, shown

REQUEST_LINE_SIZE_MAX = 4_094
TROUBLES = {
    "torn": b'{"data": [{"name": "AC',
    "error_500": b'{"exc_type": "InternalError"}',
    "error_503": b'{"exc_type": "SessionStopped"}',
    "wrong_json": b'{"data": {"name": 7}}',
}


class App:
    """The ASGI app."""

    def __init__(
        self, store: Store, access: Access, custom: Mapping[str, Sequence[str]], user_time_zone: str | None = None
    ) -> None:
        self.store = store
        self.access = access
        self._custom = custom
        self._user_time_zone = user_time_zone

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
            if segments[:2] in (["api", "resource"], ["api", "document"]) and len(segments) > 2:
                self.access.check(request.headers.get("authorization"))
                if segments[2:] == ["DefaultValue"] and request.query_params.get("parent") == "User":
                    # Measured: a child table of User, which every user may read.
                    return answer({"data": defaults(self.store, request.query_params)})
                return await self._resource(request, segments[2], "/".join(segments[3:]), version)
            if segments[:2] == ["api", "method"] and len(segments) == 3:
                return await self._method(request, segments[2])
        except FrappeError as error:
            return refusal(error)
        return Response("<h1>Not Found</h1>", 404, media_type="text/html; charset=utf-8")

    async def _resource(self, request: Request, doctype: str, name: str, version: str) -> Response:
        if doctype not in COLUMNS:
            raise FrappeError("PermissionError", f"No permission for {doctype}")
        if not name:
            if request.method == "GET":
                return answer({"data": self._list(doctype, dict(request.query_params), version)})
            if request.method == "POST":
                return answer({"data": self._create(doctype, await _json_body(request))})
            return wrong_method("GET, HEAD, OPTIONS, POST")
        found = self.store.find(doctype, name) if doctype in TABLES else None
        if found is None:
            raise FrappeError("DoesNotExistError", f"{doctype} {name} not found")
        if request.method == "GET":
            return answer({"data": shown(doctype, found)})
        if request.method == "PUT":
            return answer({"data": self._change(doctype, found, await _json_body(request))})
        if request.method == "DELETE":
            if found.get("docstatus") == 1:
                raise FrappeError("ValidationError", "Submitted Record cannot be deleted.")
            del self.store.documents[doctype][found["name"]]
            return answer({"data": "ok"}, 202)
        return wrong_method("DELETE, GET, HEAD, OPTIONS, POST, PUT")

    def _list(self, doctype: str, asked: dict[str, Any], version: str) -> list[dict[str, Any]]:
        if version == "v2":
            asked.pop("limit_page_length", None)
        custom = self._custom.get(doctype, ())
        rows = run(self.store, doctype, asked, custom)
        if str(asked.get("as_dict", "1")) == "0":
            return [list(row.values()) for row in rows]  # type: ignore[misc]  # arrays, as asked
        return rows

    def _create(self, doctype: str, given: dict[str, Any]) -> dict[str, Any]:
        name = given.get("name")
        if name and self.store.find(doctype, str(name)) is not None:
            raise FrappeError("DuplicateEntryError", f"{doctype} {name} already exists")
        if "Invoice" in doctype and not given.get("items"):
            raise FrappeError("MandatoryError", "items")
        return shown(doctype, self.store.add(doctype, {"docstatus": 0, "status": "Draft", **given}))

    def _change(self, doctype: str, found: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        if given.get("modified") not in (None, found["modified"]):
            raise FrappeError("TimestampMismatchError", "Document has been modified after you have opened it")
        before, after = found.get("docstatus", 0), given.get("docstatus", found.get("docstatus", 0))
        if before == 2 or after < before:
            raise FrappeError("DocstatusTransitionError", "Cannot change docstatus")
        values = {key: value for key, value in given.items() if key != "modified"}
        if after != before:
            values |= {"status": "Cancelled" if after == 2 else "Unpaid"}
        return shown(doctype, self.store.change(doctype, found["name"], values))

    async def _method(self, request: Request, name: str) -> Response:
        if name == "ping":
            return answer({"message": "pong"})
        if name == "frappe.client.get_time_zone":
            return answer({"message": {"time_zone": self._time_zone(request)}})
        if name == "frappe.integrations.oauth2.get_token":
            kind = request.headers.get("content-type", "")
            status, body = self.access.token_answer(kind, await request.body())
            return answer(body, status)
        self.access.check(request.headers.get("authorization"))
        asked = dict(request.query_params)
        if request.method == "POST":
            asked |= await _json_body(request)
        if name == "frappe.auth.get_logged_user":
            return answer({"message": "gateway@acme.example"})
        if name == "frappe.client.get_list":
            asked.pop("limit", None)  # Measured: this method only knows limit_page_length.
            return answer({"message": self._list(str(asked.get("doctype")), asked, "v1")})
        if name == "frappe.client.get_count":
            rows = self._list(str(asked.get("doctype")), {**asked, "limit_page_length": "0"}, "v1")
            return answer({"message": len(rows)})
        if name == "frappe.desk.form.load.getdoctype":
            return answer({"docs": self._doctypes(str(asked.get("doctype")))})
        raise FrappeError("ValidationError", f"Failed to get method for command {name}")

    def _time_zone(self, request: Request) -> str:
        """The caller's own zone where the user has one (measured), else the site's."""
        if self._user_time_zone is None or request.headers.get("authorization") is None:
            return self.store.zone.key
        return self._user_time_zone

    def _doctypes(self, doctype: str) -> list[dict[str, Any]]:
        if doctype not in TABLES:
            raise FrappeError("DoesNotExistError", f"DocType {doctype} not found")
        names = [doctype, *dict.fromkeys(child for child in TABLES[doctype].values() if child)]
        return [{"name": each, "doctype": "DocType", "fields": custom_fields(each, self._custom)} for each in names]


async def _json_body(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise FrappeError("JSONDecodeError", str(error), told=False) from None
    return found if isinstance(found, dict) else {}
