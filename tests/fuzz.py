"""Asks every documented route of a running gateway what Schemathesis makes up, and checks each answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]
OURS_FROM_PROXY = {"provider_unavailable", "provider_bad_answer", "provider_timeout"}
# More parameters than these at once are nearly always refused, which tests nothing further in.
PARAMETERS_MAX = 3

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A gateway with a connected account and what opens each of its routes."""

    base_url: str
    token: str
    admin_token: str
    account: str
    environment_id: str
    site_url: str

    def headers(self, path: str) -> dict[str, str]:
        """What a call of this path is signed with."""
        token = self.admin_token if path.startswith("/environment") else self.token
        return {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a call made beside the fuzzing gives."""
        answer = requests.post(f"{self.base_url}{path}", json=body, headers=self.headers(path), timeout=60)
        assert answer.status_code == 201, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result

    def new_account(self) -> str:
        """An account that may be changed and deleted."""
        context = {"site_url": self.site_url, "api_key": "sandbox-key", "api_secret": "sandbox-secret"}
        body = {"tenant_id": "fuzz", "integration": "erpnext", "context": context, "validate": False}
        return str(self.post("/integrated-account", body)["id"])

    def new_webhook(self) -> str:
        """An endpoint that may be changed and deleted."""
        # There is a limit to them: what was made up before goes.
        headers = self.headers("/webhook")
        for each in requests.get(f"{self.base_url}/webhook", headers=headers, timeout=60).json()["result"]:
            requests.delete(f"{self.base_url}/webhook/{each['id']}", headers=headers, timeout=60)
        return str(self.post("/webhook", {"url": f"{self.site_url}/hook"})["id"])

    def last_event(self) -> str:
        """Something that happened."""
        answer = requests.get(f"{self.base_url}/event", headers=self.headers("/event"), timeout=60)
        return str(answer.json()["result"][-1]["id"])

    def new_token(self) -> str:
        """A token that may be revoked."""
        return str(self.post("/api-token", {"name": "fuzz", "scopes": ["read"]})["id"])


def operations_of(target: Target) -> list[Operation]:
    """Every operation of the gateway's own document."""
    document = requests.get(f"{target.base_url}/openapi.json", timeout=60).json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=target.base_url)
    operations = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operations.append(found.ok())
    return operations


def fuzz(target: Target, wanted: Callable[[str], bool], examples: int) -> dict[str, int]:
    """Every wanted route, `examples` times with what it should take and as often with what it should not.

    Gives the number of answers by status. Raises at the first answer that fails a check.
    """
    counted: dict[str, int] = {}
    with requests.Session() as session:
        for operation in operations_of(target):
            if wanted(operation.path):
                for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                    _fuzz_one(target, operation, mode, examples, session, counted)
    return counted


def _fuzz_one(
    target: Target,
    operation: Operation,
    mode: schemathesis.GenerationMode,
    examples: int,
    session: requests.Session,
    counted: dict[str, int],
) -> None:
    new_id = _ids_for(target, operation)
    headers = target.headers(operation.path)

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), choice=st.randoms(use_true_random=False))
    def run(case: Case, choice: Any) -> None:
        _fit(target, case, choice, new_id)
        response = case.call(session=session, headers=headers, timeout=60)
        key = str(response.status_code)
        counted[key] = counted.get(key, 0) + 1
        if operation.path.startswith("/proxy"):
            _check_proxied(response)
        else:
            case.validate_response(
                response, CHECKS, headers=headers, transport_kwargs={"session": session, "headers": headers}
            )

    try:
        run()
    except Unsatisfiable:
        # An operation that takes nothing cannot be asked wrongly.
        if mode is schemathesis.GenerationMode.POSITIVE or operation.query or operation.path_parameters:
            raise


def _fit(target: Target, case: Case, choice: Any, new_id: Callable[[], str] | None) -> None:
    """Most calls name the real account and a few parameters, so that they get further than the first refusal."""
    query = dict(case.query or {})
    kept = choice.sample(sorted(query), min(len(query), choice.randint(0, PARAMETERS_MAX)))
    query = {name: query[name] for name in sorted(kept)}
    if case.operation.path.startswith(("/unified", "/proxy")) and choice.random() < 0.9:
        query["integrated_account_id"] = target.account
        for name in [name for name in case.headers or {} if name.lower() == "x-integrated-account-id"]:
            del case.headers[name]
    case.query = query
    if isinstance(case.body, dict) and str(case.body.get("url", "")).lower().startswith("http"):
        # Nothing is to be sent to addresses that were made up.
        case.body["url"] = f"{target.site_url}/hook"
    if isinstance(case.body, dict) and case.body.get("allow_private_hosts") is False:
        # Or the site could not be reached any more by what comes after.
        case.body["allow_private_hosts"] = True
    if new_id is not None and choice.random() < 0.7:
        for name in case.path_parameters:
            case.path_parameters[name] = new_id()


def _ids_for(target: Target, operation: Operation) -> Callable[[], str] | None:
    """Real ids for the path; fresh ones where the call may change or end what they name."""
    path = operation.path
    if path.startswith("/unified") and path.endswith("{id}"):
        return _cycle("invoice:A", "bill:B", "X", "WIDGET/L")
    if path.startswith("/proxy"):
        return _cycle("api/resource/Item", "api/resource/Customer/x", "api/method/ping")
    if path.startswith("/integration/"):
        return _cycle("erpnext", "brightpearl")
    if path.startswith("/environment/"):
        return _cycle(target.environment_id)
    makers = {
        "/api-token/": target.new_token,
        "/integrated-account/": target.new_account,
        "/webhook/": target.new_webhook,
        "/event/": target.last_event,
    }
    return next((make for prefix, make in makers.items() if path.startswith(prefix)), None)


def _cycle(*values: str) -> Callable[[], str]:
    return partial(next, cycle(values))


def _check_proxied(response: schemathesis.Response) -> None:
    """The provider may answer what it likes; what is ours is named, and never `internal`."""
    assert "x-request-id" in {name.lower() for name in response.headers}
    kind = (response.headers.get("content-type") or [""])[0]
    if response.status_code >= 500 and kind == "application/problem+json":
        code = response.json()["code"] if response.content else ""
        assert code in OURS_FROM_PROXY or not response.content, response.text
