"""Brightpearl's hosts: which are theirs, and which one serves the API of a data centre."""

from __future__ import annotations

import re

_HOST = re.compile(r"[a-z0-9.-]{1,253}(:\d{1,5})?")
_THEIRS = (".brightpearl.com", ".brightpearlconnect.com", ".brightpearlapp.com")
_APP = ".brightpearlapp.com"
_CONNECT = ".brightpearlconnect.com"
_OLD_APPS = {
    f"{name}.brightpearl.com": f"ws-{centre}.brightpearl.com"
    for centre, names in {"eu1": ("euw1",), "use": ("use1", "est", "cst"), "usw": ("usw1", "pst", "mst")}.items()
    for name in names
}


def is_theirs(domain: str) -> bool:
    """Whether it is one of Brightpearl's own hosts, and nothing but a host."""
    host = domain.lower()
    return _HOST.fullmatch(host) is not None and host.partition(":")[0].endswith(_THEIRS)


def api_host_of(host: str) -> str:
    """The API's host beside the one where people log in; another host is taken for the API's."""
    if host.endswith(_APP):
        return host.removesuffix(_APP) + _CONNECT
    return _OLD_APPS.get(host, host)
