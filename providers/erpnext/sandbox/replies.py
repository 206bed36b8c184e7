"""The sandbox's answers in Frappe's own shapes, errors with their class, words and messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

COOKIES = ("sid=Guest; HttpOnly; Path=/; SameSite=Lax", "system_user=no; Path=/; SameSite=Lax")

_STATUSES = {
    "AuthenticationError": 401,
    "PermissionError": 403,
    "DoesNotExistError": 404,
    "DuplicateEntryError": 409,
    "TooManyRequestsError": 429,
    "ProgrammingError": 500,
    "OperationalError": 500,
    "JSONDecodeError": 500,
}
_MODULES = {
    "ProgrammingError": "pymysql.err",
    "OperationalError": "pymysql.err",
    "JSONDecodeError": "json.decoder",
}


class FrappeError(Exception):
    """An error as the framework raises it.

    `told` is whether its words are among the server's messages, `is_bare` whether its exception is without words,
    `is_traced` whether it has an exception at all; `error_message` is what some refusals say a second time.
    """

    def __init__(
        self,
        kind: str,
        words: str,
        *,
        told: bool = True,
        is_bare: bool = False,
        is_traced: bool = True,
        error_message: str | None = None,
    ) -> None:
        super().__init__(words)
        self.kind = kind
        self.words = words
        self.told = told
        self.is_bare = is_bare
        self.is_traced = is_traced
        self.error_message = error_message

    @property
    def status(self) -> int:
        """The HTTP status: 417 for every validation."""
        return _STATUSES.get(self.kind, 417)

    def body(self) -> dict[str, Any]:
        """The JSON body. A missing document has no `exception`, only its class and messages."""
        module = _MODULES.get(self.kind, "frappe.exceptions")
        text = f"{module}.{self.kind}" + (f": {self.words}" if self.words and not self.is_bare else "")
        body: dict[str, Any] = {"exc_type": self.kind}
        if self.kind != "DoesNotExistError" and self.is_traced:
            trace = f"Traceback (most recent call last):\n  [frames]\n{text}\n"
            body = {"exception": text, "exc_type": self.kind, "exc": json.dumps([trace])}
        if self.told and self.status != 500:
            body["_server_messages"] = messages({"message": self.words, "indicator": "red", "raise_exception": 1})
        if self.error_message is not None:
            body["_error_message"] = self.error_message
        return body

    def body_v2(self) -> dict[str, Any]:
        """The body in the second version of the API."""
        return {"errors": [{"type": self.kind, "message": self.words, "title": "Message", "indicator": "red"}]}


def unreadable(doctype: str, *, is_list: bool = True, is_known: bool = True) -> FrappeError:
    """What a user gets who may not read a DocType; of one that does not exist, the same without a trace."""
    words = f"User <strong>gateway@acme.example</strong> does not have doctype access via role permission for document <strong>{doctype}</strong>"  # noqa: E501
    return FrappeError(
        "PermissionError",
        words,
        is_bare=True,
        is_traced=is_known,
        error_message=f"No permission for {doctype}" if is_list else None,
    )


def messages(*told: Mapping[str, Any]) -> str:
    """What the server has to say beside an answer: JSON inside JSON. A success may carry it, too."""
    return json.dumps([json.dumps({"title": "Message", **each}) for each in told])


def answer(body: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON answer with the cookies that every one carries."""
    return _with_cookies(JSONResponse(body, status))


def refusal(error: FrappeError, version: str = "v1") -> Response:
    """An error's answer."""
    return answer(error.body_v2() if version == "v2" else error.body(), error.status)


def too_long(size: int) -> Response:
    """What gunicorn says of a request line it will not read; the framework never sees it."""
    text = f"Request Line is too large ({size} &gt; 4094)"
    page = f"<html>\n  <head>\n    <title>Bad Request</title>\n  </head>\n  <body>\n    <h1><p>Bad Request</p></h1>\n    {text}\n  </body>\n</html>\n"  # noqa: E501
    return Response(page, 400, media_type="text/html")


def wrong_method(allowed: str) -> Response:
    """A verb that a collection does not know: a page of HTML."""
    page = "<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n"
    return Response(page, 405, {"Allow": allowed}, media_type="text/html; charset=utf-8")


def forbidden() -> Response:
    """What a private file says to a stranger."""
    page = "<!doctype html>\n<html lang=en>\n<title>403 Forbidden</title>\n<h1>Forbidden</h1>\n"
    return Response(page, 403, media_type="text/html; charset=utf-8")


def too_many(accepted: str, told: Mapping[str, str]) -> Response:
    """What is said beyond the site's rate limit: JSON, or a text where the caller prefers one."""
    if accepted.startswith("text/"):
        response = Response("Too Many Requests", 429, media_type="text/plain")
    else:
        response = JSONResponse(FrappeError("TooManyRequestsError", "", told=False).body(), 429)
    response.headers.update(told)
    return _with_cookies(response)


def _with_cookies(response: Response) -> Response:
    for cookie in COOKIES:
        response.headers.append("Set-Cookie", cookie)
    return response
