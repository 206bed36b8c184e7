"""How many connections each worker of one socket holds, in memory that they share."""

from __future__ import annotations

import mmap
from typing import IO

EMPTY = 2**32 - 1
"""What stands in the place of a worker that takes no connections."""
_SIZE = 4


class Places:
    """A row of numbers, each written by one worker and read by all."""

    def __init__(self, descriptor: int) -> None:
        self._numbers = memoryview(mmap.mmap(descriptor, 0)).cast("I")

    @classmethod
    def new(cls, file: IO[bytes], count: int) -> Places:
        """So many empty places, in a file whose descriptor is handed to the workers."""
        file.write(EMPTY.to_bytes(_SIZE, "little") * count)
        file.flush()
        return cls(file.fileno())

    def write(self, place: int, connections: int) -> None:
        """Tell how many connections the worker in that place holds."""
        self._numbers[place] = connections

    def leave(self, place: int) -> None:
        """Empty a place."""
        self._numbers[place] = EMPTY

    def fewest(self) -> int:
        """What the worker with the fewest holds; `EMPTY` where there is none."""
        return min(self._numbers)
