"""How long a connection is good for."""

from __future__ import annotations

from app.main import create_app
from app.server import config

NGINX_SECONDS = 60


def test_a_kept_connection_is_closed_by_the_caller_or_the_load_balancer_and_not_by_us() -> None:
    assert config("127.0.0.1", 0, create_app()).timeout_keep_alive > NGINX_SECONDS
