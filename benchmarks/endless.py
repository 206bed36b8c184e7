"""`python -m benchmarks.endless BOOKS RECORDS`: an ERPNext site with so many items. It prints its port."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import timedelta
from pathlib import Path

from benchmarks.books import FIRST, LIST_SIZE, ROWS, item, json_of, words
from benchmarks.cheap import serve

_ASKED = re.compile(rb"limit_page_length=(\d+)")
_NAMED = re.compile(rb"HINGE-(\d{7})")
_LIST = b"GET /api/resource/Item?"
_KEYS = ("name", "modified")
DESCRIPTION_SIZE = LIST_SIZE // ROWS // 2


class Endless:
    """Answers lists of items: each starts after the one that the question names last, as a walk by keys asks."""

    def __init__(self, books: Path, records: int) -> None:
        self._files = {name: (books / name).read_bytes() for name in ("zone", "doctype")}
        self._records = records
        rest = {name: value for name, value in item(0, words(DESCRIPTION_SIZE)).items() if name not in _KEYS}
        self._rest = b"," + json_of(rest)[1:]

    def answer(self, line: bytes) -> tuple[bytes, bytes]:
        """What a request line is answered with."""
        if not line.startswith(_LIST):
            return b"", self._files["zone" if b"time_zone" in line else "doctype"]
        asked, named = _ASKED.search(line), _NAMED.findall(line)
        start = int(named[-1]) + 1 if named else 0
        end = min(start + int(asked.group(1) if asked else 20), self._records)
        return b"", b'{"data":[' + b",".join([self._row(number) for number in range(start, end)]) + b"]}"

    def _row(self, number: int) -> bytes:
        moment = (FIRST + timedelta(seconds=number)).isoformat(sep=" ", timespec="microseconds")
        return b'{"name":"HINGE-%07d","modified":"%s"' % (number, moment.encode()) + self._rest


if __name__ == "__main__":
    asyncio.run(serve(Endless(Path(sys.argv[1]), int(sys.argv[2])).answer))
