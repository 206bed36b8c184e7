"""What people type and paste into a connect form, made into what they mean; what is wrong is refused elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_UNSEEN = " \t\r\n\u00a0\u200b\u2060\ufeff"
"""What a copied text may have around it: blanks, and characters of no width."""
_SCHEME = re.compile(r"(?i)(https?):/*")
_PORTS = {"http": ":80", "https": ":443"}


def stripped(given: Mapping[str, str]) -> dict[str, str]:
    """The fields without what nobody sees around them. One that holds nothing else was not given."""
    found = {name: value.strip(_UNSEEN) for name, value in given.items()}
    return {name: value for name, value in found.items() if value}


def site_origin(typed: str) -> str:
    """The scheme and host of an address, https where none is named: whatever page of a site was pasted."""
    named = _SCHEME.match(typed)
    scheme = named[1].lower() if named else "https"
    rest = typed[named.end() :] if named else typed
    try:
        host = urlsplit(f"//{rest}").netloc.lower()
    except ValueError:
        return typed
    # Taking an address apart drops line ends within it.
    if not host or "://" in rest or not rest.isprintable():
        return typed
    return f"{scheme}://{host.removesuffix(_PORTS[scheme])}"
