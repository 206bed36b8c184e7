"""Lines on their way out: put down without waiting, written soon by a thread of their own."""

from __future__ import annotations

import atexit
import sys
import threading
import time
from collections.abc import Callable, Iterator
from select import PIPE_BUF
from typing import TextIO

GATHER_SECONDS = 0.05
LINES_MAX = 10_000
END_SECONDS_MAX = 2.0


class LogLines:
    """A bounded buffer in front of a file that may be slow: a pipe whose reader stands still stops no call.

    What does not fit is dropped and counted, and the count is told as soon as there is room.
    """

    def __init__(self, tell_dropped: Callable[[int], bytes]) -> None:
        self.dropped = 0
        """How many were dropped since the process began."""
        self._tell_dropped = tell_dropped
        self._told = 0
        self._lines: list[bytes] = []
        self._file: TextIO | None = None
        self._is_woken = False
        self._wake = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def direct(self, file: TextIO | None) -> None:
        """Write to that file from now on, by default to standard output."""
        self.flush()
        self._file = file or sys.stdout

    def put(self, line: bytes) -> None:
        """Take a line, which has no end of its own."""
        if len(self._lines) >= LINES_MAX:
            self.dropped += 1
            return
        self._lines.append(line)
        if not self._is_woken:
            self._is_woken = True
            if self._thread is None:
                self._begin()
            self._wake.set()

    def flush(self) -> None:
        """Write what waits, unless whoever reads it lets us wait for too long."""
        if self._writing.acquire(timeout=END_SECONDS_MAX):
            try:
                self._write()
            finally:
                self._writing.release()

    def _begin(self) -> None:
        # A daemon: a reader that stands still must not keep the process from ending.
        self._thread = threading.Thread(target=self._keep_writing, name="log-lines", daemon=True)
        self._thread.start()
        atexit.register(self.flush)

    def _keep_writing(self) -> None:
        while True:
            self._wake.wait()
            # Lines come many at a time, and one write for all of them is cheap. A thread has no clock but this.
            time.sleep(GATHER_SECONDS)
            self._wake.clear()
            self._is_woken = False
            with self._writing:
                self._write()

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        if self.dropped > self._told:
            lines.append(self._tell_dropped(self.dropped - self._told))
            self._told = self.dropped
        if not lines or self._file is None:
            return
        try:
            for piece in _pieces(lines):
                self._file.buffer.write(piece)
                self._file.buffer.flush()
        except (OSError, ValueError):  # Nobody reads any more, or the file was closed.
            self.dropped += len(lines)


def _pieces(lines: list[bytes]) -> Iterator[bytes]:
    """Whole lines, together no longer than what a pipe takes at once: other processes may write to the same."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if size + len(line) >= PIPE_BUF and piece:
            yield b"".join(piece)
            piece, size = [], 0
        piece += (line, b"\n")
        size += len(line) + 1
    yield b"".join(piece)
