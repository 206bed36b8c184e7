"""What commands share: the parts of a gateway for as long as they run, and the way they answer."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from app.logs import configure_logs
from app.parts import Parts, build_parts
from app.settings import Settings
from providers.kit.clock import SystemClock

T = TypeVar("T")


def with_parts(work: Callable[[Parts], Awaitable[T]], *, check_keys: bool = True) -> T:
    """Do the work with the parts of this gateway's settings."""

    async def run() -> T:
        settings = Settings()
        # A command's answer is JSON on standard output, and nothing else is.
        configure_logs(settings.log_level, sys.stderr)
        parts = await build_parts(settings, SystemClock(), check_keys=check_keys)
        try:
            return await work(parts)
        finally:
            await parts.close()

    return asyncio.run(run())


def tell(value: Any) -> None:
    """Answer as JSON."""
    print(json.dumps(value))  # noqa: T201 - a command's answer
