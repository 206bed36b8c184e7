"""The sandbox's front: Brightpearl's REST API at the root of its own origin, every call counted and labelled."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from providers.brightpearl.sandbox import multi
from providers.brightpearl.sandbox.access import Access, pool
from providers.brightpearl.sandbox.calls import Call
from providers.brightpearl.sandbox.consent import consent
from providers.brightpearl.sandbox.quirks import Quirks
from providers.brightpearl.sandbox.replies import Refusal, Reply, refused, said, unexplained, written
from providers.brightpearl.sandbox.routes import REFUSED_AS, find
from providers.brightpearl.sandbox.store import Store
from providers.brightpearl.sandbox.throttle import Throttle
from providers.kit.sandbox.hardships import Answer

ROOT = "public-api"
API_PROXY = "api-proxy"
READS = ("GET", "OPTIONS")
TOO_MANY = "You have sent too many requests. Please wait before sending another request"
TROUBLES = {
    "torn": b'{"response":[{"id":1,"parentOrd',
    "error_500": b'{"errors":[{"code":"CMNU-003","message":"Internal Server Error"}]}',
    "error_503": b'{"response":"Service Unavailable"}',
    "wrong_json": b'{"response":{"results":7}}',
}


class App:
    """The ASGI app."""

    def __init__(self, store: Store, access: Access, throttle: Throttle, quirks: Quirks) -> None:
        self.store = store
        self.access = access
        self._throttle = throttle
        self._quirks = quirks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        segments = [unquote(part) for part in scope["raw_path"].decode("ascii").strip("/").split("/")]
        body = await request.body()
        if segments[0] == "token" and len(segments) == 2 and request.method == "POST":
            response = self._token(request, segments[1], body)
        elif segments[0] == "authorize" and len(segments) == 2:
            response = await consent(request, segments[1], self.access.grants)
        else:
            response = self._api(request, segments, body)
        await response(scope, receive, send)

    def throttled(self) -> Answer:
        """What is said now to an app whose calls are spent."""
        reply = labelled(said(503, TOO_MANY).reply, API_PROXY, self._throttle.spent())
        return Answer(status=reply.status_code, body=bytes(reply.body), headers=reply.headers)

    def _token(self, request: Request, account: str, body: bytes) -> Response:
        """OAuth's own endpoint: elsewhere in their world, and not counted."""
        kind = request.headers.get("content-type", "")
        status, told = self.access.token_answer(account, request.headers.get("host", ""), kind, body)
        return Response(written(told), status, media_type="application/json;charset=UTF-8")

    def _api(self, request: Request, segments: Sequence[str], body: bytes) -> Response:
        headers = request.headers
        may_pass, told = self._throttle.count(pool(headers))
        name = API_PROXY
        try:
            if not may_pass:
                raise said(503, TOO_MANY)
            if segments[0] != ROOT or len(segments) < 3:
                raise not_a_resource(segments)
            told |= self.access.check(segments[1], headers)
            params = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)
            name, reply = self._answer(request.method, segments[2:], params, body)
        except Refusal as refusal:
            reply = refusal.reply
        return labelled(reply, name, told)

    def _answer(
        self, method: str, segments: Sequence[str], params: Sequence[tuple[str, str]], body: bytes
    ) -> tuple[str, Reply]:
        """The name of the operation and its answer, which may be a refusal."""
        if list(segments) == ["multi-message"] and method == "POST":
            return "multi-message", _caught(lambda: multi.answer(body, self._one))
        found = find(method, segments)
        if found is None:
            raise not_a_resource(segments)
        if any(f"{'/'.join(segments)}/".startswith(f"{path}/") for path in self._quirks.forbidden):
            raise refused("CMNC-403", "You do not have permission to access this resource", 403)
        route, parts = found
        call = Call(self.store, self._quirks, parts, params, body)
        if method not in READS:
            self.store.changed()
        reply = _caught(lambda: route.answer(call), takes_anything=method not in READS)
        is_refused = reply.status >= HTTPStatus.BAD_REQUEST
        return REFUSED_AS.get(route.message_type, route.message_type) if is_refused else route.message_type, reply

    def _one(self, method: str, uri: str, body: bytes) -> Reply:
        path, _, query = uri.partition("?")
        segments = [unquote(part) for part in path.strip("/").split("/")]
        return _caught(lambda: self._answer(method, segments, parse_qsl(query), body)[1])


def _caught(answer: Callable[[], Reply], *, takes_anything: bool = False) -> Reply:
    """The answer, be it a refusal. A body of another shape than any that was foreseen is an internal error."""
    try:
        return answer()
    except Refusal as refusal:
        return refusal.reply
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        if not takes_anything:
            raise
        return unexplained().reply


def not_a_resource(segments: Sequence[str]) -> Refusal:
    """What a path that leads nowhere is told."""
    return refused("CMNC-404", f"Cannot find the resource /app/{'/'.join(segments)}", 404)


def labelled(reply: Reply, name: str, told: Mapping[str, str]) -> Response:
    """An answer with the headers that every one carries."""
    response = Response(written(reply.body), reply.status, media_type="application/json;charset=UTF-8")
    response.headers.update(
        {
            "Message-Type": name,
            "Ruid": str(uuid.uuid4()),
            "Cache-Control": "no-cache, must-revalidate",
            "Pragma": "no-cache",
            "Expires": "Thu, 01 Jan 1998 00:00:00 GMT",
            **told,
        }
    )
    return response
