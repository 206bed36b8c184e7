"""Two nginx of our own on loopback: the fast upstream with ERPNext's answers, and a plain reverse proxy of it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.cores import pinned

START_SECONDS_MAX = 10.0
STOP_SECONDS_MAX = 10.0

_FRAME = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  default_type application/json;
  keepalive_requests 1000000;
  sendfile on;
  tcp_nodelay on;
  {site}
}}
"""

# A long question comes as a POST whose body names the DocType: an inner server, which gets that name in a
# header, answers it, because nginx only knows a body once it passes it on.
_UPSTREAM = """
  open_file_cache max=100;
  client_body_buffer_size 256k; client_body_in_single_buffer on;
  map $request_body $doctype {{ "~\\"doctype\\":\\"(?<named>[A-Za-z ]+)\\"" $named; }}
  upstream inner {{ server unix:{folder}/inner; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    root {books};
    location = /api/method/frappe.client.get_time_zone {{ alias {books}/zone; }}
    location = /api/method/frappe.desk.form.load.getdoctype {{ alias {books}/doctype; }}
    location = /api/method/frappe.client.get_list {{
      proxy_pass http://inner; proxy_http_version 1.1; proxy_method GET; proxy_pass_request_body off;
      proxy_set_header Connection ""; proxy_set_header Content-Length ""; proxy_set_header X-Doctype $doctype;
      proxy_buffers 16 64k; proxy_buffer_size 64k;
    }}
    location /api/resource/ {{ alias {books}/resource/; }}
    location /api/resource/Item/ {{ rewrite ^ /document break; }}
  }}
  server {{
    listen unix:{folder}/inner;
    root {books};
    location / {{ rewrite ^ /list/$http_x_doctype break; }}
  }}
"""

_PROXY = """
  upstream books {{ server 127.0.0.1:{upstream}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://books; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running nginx: where it is, and the worker that serves."""

    url: str
    port: int
    worker: psutil.Process


@asynccontextmanager
async def upstream(program: str, folder: Path, books: Path, core: int | None) -> AsyncIterator[Nginx]:
    """The fast upstream."""
    port = free_port()
    site = _UPSTREAM.format(port=port, folder=folder, books=books)
    async with _running(program, folder, site, port, core) as running:
        yield running


@asynccontextmanager
async def reverse_proxy(program: str, folder: Path, upstream_port: int, core: int | None) -> AsyncIterator[Nginx]:
    """A plain reverse proxy: kept connections to the upstream, buffering as nginx does it unasked."""
    port = free_port()
    site = _PROXY.format(port=port, upstream=upstream_port)
    async with _running(program, folder, site, port, core) as running:
        yield running


@asynccontextmanager
async def _running(program: str, folder: Path, site: str, port: int, core: int | None) -> AsyncIterator[Nginx]:
    command = _written(program, folder, site)
    process = await asyncio.create_subprocess_exec(*pinned(core), *command, stderr=asyncio.subprocess.DEVNULL)
    try:
        worker = await _until_serving(port, process, folder)
        yield Nginx(f"http://127.0.0.1:{port}", port, worker)
    finally:
        await stop(process)


def _written(program: str, folder: Path, site: str) -> Sequence[str]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "nginx.conf"
    path.write_text(_FRAME.format(folder=folder, site=site), encoding="utf-8")
    return (program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(path))


async def _until_serving(port: int, process: asyncio.subprocess.Process, folder: Path) -> psutil.Process:
    """The worker, once it is there: the port listens a moment before."""
    async with asyncio.timeout(START_SECONDS_MAX):
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"nginx did not start: {_error_log(folder)}")
            workers = psutil.Process(process.pid).children()
            if workers and await _is_listening(port):
                return workers[0]
            await asyncio.sleep(0.02)


async def _is_listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _error_log(folder: Path) -> str:
    path = folder / "error.log"
    return path.read_text(encoding="utf-8") if path.exists() else "it wrote no error log"


async def stop(process: asyncio.subprocess.Process) -> None:
    """End a process that we started, by its id; in earnest if it does not listen."""
    if process.returncode is not None:
        return
    process.terminate()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), STOP_SECONDS_MAX)
        return
    process.kill()
    await process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
