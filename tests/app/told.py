"""The log's lines, read back from the file that they were written to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.logs import lines


class Told:
    """Lines written since this was made."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def text(self) -> str:
        """All of them, as they are."""
        lines.flush()
        return self._path.read_text(encoding="utf-8")

    def entries(self, event: str | None = None) -> list[dict[str, Any]]:
        """All of them, or those of one event."""
        entries = [json.loads(line) for line in self.text().splitlines()]
        return [entry for entry in entries if event is None or entry["event"] == event]


@contextmanager
def told_in(path: Path) -> Iterator[Told]:
    """The lines of this block, in that file."""
    with path.open("w", encoding="utf-8") as file:
        lines.direct(file)
        try:
            yield Told(path)
        finally:
            lines.direct(None)
