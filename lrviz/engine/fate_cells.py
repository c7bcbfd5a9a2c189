"""The cells of a fate map: which are computed at which level, and what stands in those that are yet to come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lrviz.core.fate import UNKNOWN


class Cells:
    """A square of cells, counted row by row from the lower left. `known` is the stride that is complete; 0: none."""

    def __init__(self, size: int, first_stride: int) -> None:
        self.size = size
        self.known = 0
        self._first = first_stride
        self.fate: NDArray[np.int64] = np.full((size, size), UNKNOWN)
        self.steps: NDArray[np.int64] = np.zeros((size, size), np.int64)
        self._taken = np.zeros((size, size), bool)

    @property
    def are_any_known(self) -> bool:
        """Whether there is a picture to show."""
        return bool((self.fate != UNKNOWN).any())

    @property
    def levels(self) -> list[int]:
        """The strides between computed cells: a coarse one, and 1. A level costs its steps, not its cells."""
        return sorted({self._first, 1}, reverse=True)

    def missing(self, stride: int) -> NDArray[np.int64]:
        """(N,) the cells of a level that no level before it has computed."""
        rows = self._rows(stride)
        wanted = np.zeros((self.size, self.size), bool)
        wanted[np.ix_(rows, rows)] = True
        wanted &= ~self._taken
        self._taken |= wanted
        return np.flatnonzero(wanted)

    def take(self, cells: NDArray[np.int64], fate: NDArray[np.int64], steps: NDArray[np.int64]) -> None:
        """What has become known of some cells; UNKNOWN for those of which nothing has."""
        self.fate.flat[cells] = fate
        self.steps.flat[cells] = steps

    def give_back(self, cells: NDArray[np.int64]) -> None:
        """Cells that a later level has to compute after all."""
        self._taken.flat[cells] = False

    def filled(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(size, size) fates and steps: a cell's own, or those of the cell that stands for its neighbourhood."""
        rows = self._rows(self.known or self._first)
        nearest = np.minimum(np.arange(self.size) // (self.known or self._first), len(rows) - 1)
        stand_in = np.ix_(rows[nearest], rows[nearest])
        own = self.fate != UNKNOWN
        return np.where(own, self.fate, self.fate[stand_in]), np.where(own, self.steps, self.steps[stand_in])

    def _rows(self, stride: int) -> NDArray[np.int64]:
        """The rows, and columns, of a level: those of a coarser one are among them."""
        return np.arange(min(1, stride - 1), self.size, stride)
