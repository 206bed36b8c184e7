"""The tools a benchmark needs, nginx and wrk: found, or installed from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGES = {"nginx": "nginx-light", "wrk": "wrk"}
# Debian keeps servers out of an ordinary user's PATH.
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
POLICY = Path("/usr/sbin/policy-rc.d")
INSTALL_SECONDS_MAX = 600


class ToolsMissing(Exception):
    """A tool is not here and could not be installed; the words say how to."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the tools are."""

    nginx: str
    wrk: str


def find_tools() -> Tools:
    """The tools' paths; installs what is missing where it may."""
    missing = _missing()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(missing)
        missing = _missing()
    if missing:
        packages = " ".join(PACKAGES[name] for name in missing)
        raise ToolsMissing(f"missing: {', '.join(missing)}. Run: sudo apt-get install -y {packages}")
    return Tools(**{name: str(shutil.which(name, path=SEARCHED)) for name in PACKAGES})


def _missing() -> list[str]:
    return [name for name in PACKAGES if shutil.which(name, path=SEARCHED) is None]


def _install(names: list[str]) -> None:
    packages = [PACKAGES[name] for name in names]
    print(f"Installing {' '.join(packages)} for the benchmark", file=sys.stderr)
    is_ours = not POLICY.exists()
    if is_ours:
        # An answer of 101 keeps the package from starting its own server.
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        patient = ("-o", "DPkg::Lock::Timeout=120")
        for command in (("update", "-qq"), ("install", "-y", "-qq", *packages)):
            subprocess.run(
                ["apt-get", *patient, *command],
                check=False,
                stdout=sys.stderr,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                timeout=INSTALL_SECONDS_MAX,
            )
    finally:
        if is_ours:
            POLICY.unlink(missing_ok=True)
