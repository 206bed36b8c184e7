"""The browser SDK as a classic script, made from the ES module that is published."""

from __future__ import annotations

import re
from pathlib import Path

MODULE = Path("sdk/link/index.js")
SCRIPT = Path("app/connect/static/link-sdk.js")

_HOME = "const HOME = null;"
# A module is told where the gateway is; a script knows where it came from.
_FOUND_HOME = 'const HOME = document.currentScript ? new URL(".", document.currentScript.src).href : null;'
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class) (\w+))", re.MULTILINE)


def write_script(*, check: bool) -> bool:
    """Write the script, or with `check` say whether the committed one is up to date."""
    text = _script(MODULE.read_text(encoding="utf-8"))
    if check:
        return SCRIPT.exists() and SCRIPT.read_text(encoding="utf-8") == text
    SCRIPT.write_text(text, encoding="utf-8")
    return True


def _script(module: str) -> str:
    names = _EXPORT.findall(module)
    body = _EXPORT.sub("", module)
    if body.count(_HOME) != 1 or re.search(r"^(?:import|export)\b", body, re.MULTILINE):
        raise ValueError(f"{MODULE} cannot be made a script")
    return (
        f"// Made from {MODULE.as_posix()} by `ledgerway sdk`.\n"
        'var Ledgerway = (() => {\n"use strict";\n'
        f"{body.replace(_HOME, _FOUND_HOME)}"
        f"return Object.freeze({{ {', '.join(names)} }});\n}})();\n"
    )
