"""How deeply JSON is nested, told without reading it."""

from __future__ import annotations

DEPTH_MAX = 64
# A larger answer is left to the decoder's own bound: looking through it costs half of what reading it does.
LOOKED_THROUGH_SIZE_MAX = 16 * 1024

_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def is_too_deep(content: bytes) -> bool:
    """Whether a body is nested deeper than an answer may be, as far as it is looked through."""
    if len(content) > LOOKED_THROUGH_SIZE_MAX:
        return False
    # Hardly any has so many brackets that it is worth a second look.
    return len(content.translate(None, _NO_BRACKETS)) > DEPTH_MAX and depth_of(content) > DEPTH_MAX


def depth_of(content: bytes) -> int:
    """The deepest nesting. Brackets within strings do not count."""
    unescaped = content.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in content else content
    depth = deepest = 0
    for bracket in b"".join(unescaped.split(b'"')[::2]).translate(None, _NO_BRACKETS):
        depth += _STEPS[bracket]
        deepest = max(deepest, depth)
    return deepest
