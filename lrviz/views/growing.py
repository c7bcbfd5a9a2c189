"""Numbers in a row that grows."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.number)


class Growing(Generic[Number]):
    """Numbers in a row, with room for more: each is copied a few times at most, however many come."""

    def __init__(self, dtype: type[Number]) -> None:
        self._room = np.empty(0, dtype)
        self.filled: NDArray[Number] = self._room

    def extend(self, more: NDArray[Number]) -> None:
        before, end = len(self.filled), len(self.filled) + len(more)
        if end > len(self._room):
            room = np.empty(max(2 * before, end), self._room.dtype)
            room[:before] = self.filled
            self._room = room
        self._room[before:end] = more
        self.filled = self._room[:end]
