"""The nodes of fate tables: where they lie in the plane and in memory, and which of them are nearest to points."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds

NODES = 64  # of a tile, each way
WINDOW = 4  # tiles that a window has, each way
REACH = 13  # windows that may have tiles, each way, with this one in their middle: the map's edge is at ten
TILES = WINDOW * REACH
SIDE = TILES * NODES
STRIDE = SIDE + 16  # numbers from a row of nodes to the next: rows of 3,328 often fall to the same lines of a cache
SIZE = (SIDE + 2) * STRIDE  # with a node more on each side, which no tile has

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]


class Lattice:
    """Nodes are counted from 1 to SIDE, each way; 0 and SIDE + 1 stand for all that is farther off."""

    def __init__(self, bounds: Bounds) -> None:
        x0, x1, y0, y1 = bounds
        self.size = np.array([[x1 - x0], [y1 - y0]]) / (WINDOW * NODES)  # (2, 1) between two nodes
        # (2, 1) where 0 lies, counted in nodes, so that the node nearest to a place is the number it rounds to
        self.origin = (SIDE + 1) / 2 - np.array([[x0 + x1], [y0 + y1]]) / 2 / self.size

    def points(self, tiles: Integers, places: Doubles) -> Doubles:
        """The points (2, T, M) at places (2, M) in tiles (T,), counted in nodes from the first one of each."""
        firsts = np.stack(np.divmod(tiles, TILES)) * NODES + 1
        counted = firsts[:, :, None] + places[:, None]
        return (counted - self.origin[:, :, None]) * self.size[:, :, None]


class Places:
    """Where points theta (2, N) stand, found again after each step.

    `nodes` (N,) are the places in memory of those nearest to them, and (2, N) how far `off` they are. A point that is
    no number is off by none either; its node is any integer, to be read by wrapping round.
    """

    def __init__(self, lattice: Lattice, theta: Floats) -> None:
        count = theta.shape[1]
        self.off, self._node = np.empty((2, 2, count), np.float32)
        self.nodes = np.empty(count, np.int64)
        self._theta = theta
        self._number, self._counted = np.empty(count, np.float32), np.empty(count, np.int32)
        self._bounded = torch.from_numpy(self._node)
        self._scale, self._origin = (1 / lattice.size).astype(np.float32), lattice.origin.astype(np.float32)
        self._stride = np.array(STRIDE, np.float32)

    def find(self) -> None:
        off, node, number = self.off, self._node, self._number
        np.multiply(self._theta, self._scale, off)
        np.add(off, self._origin, off)
        np.rint(off, node)
        self._bounded.clamp_(0, SIDE + 1)  # quicker than NumPy's
        np.subtract(off, node, off)
        np.multiply(node[0], self._stride, number)
        np.add(number, node[1], number)
        # Quicker in two.
        np.copyto(self._counted, number, casting="unsafe")
        np.copyto(self.nodes, self._counted)


def tiles_at(nodes: Integers) -> Integers:
    """(N,) the tiles of nodes that stand at these places (N,) in memory; -1 where no tile has them."""
    row, column = np.divmod(nodes, STRIDE)
    inside = (row >= 1) & (row <= SIDE) & (column >= 1) & (column <= SIDE)
    return np.where(inside, (row - 1) // NODES * TILES + (column - 1) // NODES, -1)


def place_of(tile: int) -> tuple[slice, slice]:
    """Where a tile's nodes stand in memory of SIDE + 2 rows of STRIDE."""
    row, column = (number * NODES + 1 for number in divmod(tile, TILES))
    return slice(row, row + NODES), slice(column, column + NODES)
