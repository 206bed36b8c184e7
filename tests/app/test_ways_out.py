"""There is one way out of the gateway: no other file opens a connection that a customer could lead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEAKERS = frozenset(
    {
        "aiohttp",
        "asyncio.open_connection",
        "asyncio.open_unix_connection",
        "authlib.integrations",
        "curl_cffi",
        "ftplib",
        "http.client",
        "httpx",
        "httpx2",
        "pycurl",
        "requests",
        "smtplib",
        "socket",
        "ssl",
        "subprocess",
        "telnetlib",
        "urllib.request",
        "urllib3",
        "websockets",
    }
)
OPENERS = frozenset({"create_connection", "open_connection", "sock_connect", "create_datagram_endpoint"})
# Each with what keeps it from leading a customer's address past the guard.
KNOWN = {
    "app/upstream/sender.py": "the way out itself",
    "app/upstream/exchange.py": "speaks over connections of its pools",
    "app/upstream/answer.py": "reads what came by it",
    "app/upstream/guard.py": "makes its sockets",
    "app/connections/oauth_transport.py": "gives Authlib's calls to it",
    "app/connections/oauth.py": "gives Authlib that transport",
    "app/connections/transit.py": "calls the key service at the address in the owner's own settings",
    "app/demo.py": "calls the gateway that it has just started",
    "app/server.py": "takes over a socket that listens",
    "app/serving/accepting.py": "takes connections",
    "app/serving/ending.py": "ends those that were taken",
    "app/serving/notices.py": "tells its supervisor on this machine",
    "app/serving/supervisor.py": "listens",
    "app/serving/workers.py": "starts processes of the gateway",
}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("app", "providers", "unified_models"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "sandbox" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and node.attr in OPENERS:
            yield f"asyncio.{node.attr}"


def _speaks(name: str) -> bool:
    is_opener = name.rpartition(".")[2] in OPENERS
    return is_opener or any(name == speaker or name.startswith(f"{speaker}.") for speaker in SPEAKERS)


def test_no_file_but_the_known_ones_opens_a_connection() -> None:
    found = {path: {name for name in _named(tree) if _speaks(name)} for path, tree in _files()}

    assert {path for path, names in found.items() if names} == set(KNOWN)
