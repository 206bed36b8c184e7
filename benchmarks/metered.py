"""`python -m benchmarks.metered DOCUMENT`: a Brightpearl that grants more calls a minute than anybody makes.

It counts them by the minutes of its clock, as the real one does, and tells so with each answer. It prints its port.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from benchmarks.cheap import serve

GRANTED = 1_000_000
MINUTE_MS = 60_000
_LINES = b"brightpearl-requests-remaining: %d\r\nbrightpearl-next-throttle-period: %d\r\n"


class Metered:
    """Answers every question with one document, and with what is left of the minute."""

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._minute = 0
        self._used = 0

    def answer(self, line: bytes) -> tuple[bytes, bytes]:
        """What a request line is answered with."""
        del line
        minute, passed_ms = divmod(int(time.time() * 1000), MINUTE_MS)
        if minute != self._minute:
            self._minute, self._used = minute, 0
        self._used += 1
        return _LINES % (GRANTED - self._used, MINUTE_MS - passed_ms), self._document


if __name__ == "__main__":
    asyncio.run(serve(Metered(Path(sys.argv[1]).read_bytes()).answer))
