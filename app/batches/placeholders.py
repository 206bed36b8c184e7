"""Values of earlier answers, quoted in later calls: `{{orders.result.0.id}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from app.errors import DependencyFailed

_PLACEHOLDER = re.compile(r"\{\{([A-Za-z0-9_-]{1,100})\.([^{}]{1,200})\}\}")

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


def quoted_calls(written: str) -> frozenset[str]:
    """The ids of the calls whose answers a path or a body quotes."""
    return frozenset(name for name, _ in _PLACEHOLDER.findall(written))


def filled_path(path: str, answers: Mapping[str, Any]) -> str:
    """The path with each value in it percent-encoded whole."""
    return _PLACEHOLDER.sub(lambda match: quote(_as_text(_value(match, answers)), safe=""), path)


def filled_body(body: bytes, answers: Mapping[str, Any]) -> bytes:
    """The JSON body with its values; a text that is nothing but a placeholder becomes the value itself."""
    if not quoted_calls(body.decode()):
        return body
    return _encode(_filled(_decode(body), answers))


def _filled(value: Any, answers: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, answers) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, answers) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole is not None:
        return _value(whole, answers)
    return _PLACEHOLDER.sub(lambda match: _as_text(_value(match, answers)), value)


def _value(match: re.Match[str], answers: Mapping[str, Any]) -> Any:
    """What stands at the place; where nothing does, the call that quotes it cannot be made."""
    name, path = match.groups()
    answer = answers[name]
    found = _decode(answer) if isinstance(answer, msgspec.Raw) else answer
    for step in path.split("."):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            raise DependencyFailed(f"the answer of {name} holds nothing at the place that is quoted")
    return found


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else _encode(value).decode()
