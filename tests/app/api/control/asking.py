"""What every refusal must look like."""

from __future__ import annotations

from typing import Any

import httpx2

KNOWN = {
    "type",
    "title",
    "status",
    "code",
    "detail",
    "request_id",
    "errors",
    "provider",
    "retryable",
    "retry_after",
    "reconnect_url",
}
REQUIRED = {"type", "title", "status", "code", "detail", "request_id", "retryable"}


def problem_of(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem, which has the shape of RFC 9457 and the members that were promised."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"].endswith(f":{code}")
    assert problem.keys() <= KNOWN
    assert problem.keys() >= REQUIRED
    assert problem["request_id"] == answer.headers["x-request-id"] != ""
    assert problem["title"]
    assert problem["detail"]
    assert isinstance(problem["retryable"], bool)
    for error in problem.get("errors", ()):
        assert error.keys() == {"field", "message"}
    return problem
