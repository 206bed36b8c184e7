"""What the process keeps of the memory that was freed: glibc would keep most of it."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
LARGE_SIZE = 512 * 1024


def keep_little() -> None:
    """Have glibc return a large answer's memory once it is sent.

    By itself it keeps what was once freed for the next of that size, and a heap for each thread: measured,
    some 2 MB of a process that has answered pages of invoices.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_SIZE)
        mallopt(_M_ARENA_MAX, 2)


async def give_back() -> None:
    """Return what is free between what is in use: measured, 2 MB after a quarter of a minute, in 0.1 to 3 ms.

    Else each moment that was busier than all before it would leave the process larger.
    """
    malloc_trim = _of_glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


@cache
def _of_glibc(name: str) -> Any:
    """The function, or None where there is another C library, which has its own ways."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
