"""The gradient and the loss of a surface that sums over data, looked up.

The plane is cut into tiles. A tile is made when a descent first comes to it: gradient and loss are asked for on the
tile's Chebyshev grid, the polynomial through that grid is the surface all over the tile to about the precision of a
float32, and around each of the tile's nodes a quadratic for either part of the gradient is read off it. A step then
costs the same however much data there is; what it is off by is some millionths of the steepest slope around.
L. N. Trefethen, Approximation Theory and Approximation Practice (2013), chapters 4 and 8.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from threading import Lock

import numpy as np
import torch
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.catalog import Bounds
from lrviz.engine.fate_gradient import AutogradSlopes, evaluated
from lrviz.engine.fate_recording import Function
from lrviz.engine.portions import slices

NODES = 64  # of a tile, each way
WINDOW = 4  # tiles that a window has, each way
REACH = 20  # windows that may have tiles, each way, with this one in their middle: twice as far as the map goes
MOST = 256  # tiles that there is room for: 16 windows full
SAMPLES = 16  # of a tile, each way: the polynomial's degree is one less
CHECKS = 16  # places in each tile where its table is held against the gradient
CLOSE = 1e-4  # of the steepest slope in a tile: what is further off is no smooth surface, and is asked for each time
TERMS = ((0, 0), (1, 0), (2, 0), (0, 1), (0, 2), (1, 1))  # of a quadratic: the powers of u and v
BATCH = 16  # tiles made at once, at most
UNKNOWN, ASKED, FIRST = 0, 1, 2  # rooms: of a tile not made yet, of one that has no table, and of the first that has

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]


class TabledSlopes:
    """Slopes from tables, and from autograd where there are none: far off, and where the surface is not smooth."""

    def __init__(self, function: Function, bounds: Bounds) -> None:
        self._asked = AutogradSlopes(function)
        self._function = function
        self._lattice = _Lattice(bounds)
        self._lock = Lock()
        self._taken = FIRST
        # Memory that nobody has written to costs nothing. A slope of 0 says that there is no table.
        self._slopes = np.zeros((2, len(TERMS), MOST * NODES**2), np.float32)
        self._losses = np.zeros(MOST * NODES**2)

    def bind(self, theta: Tensor, gradient: Tensor) -> Callable[[], None]:
        places = _Places(self._lattice, theta.numpy())
        return partial(self._fill, places, self._reading(places, gradient.numpy()), theta, gradient)

    @np.errstate(all="ignore")
    @torch.no_grad()
    def losses(self, theta: Tensor) -> Tensor:
        """(N,) float64, at points (2, N) of float32."""
        places = _Places(self._lattice, theta.numpy())
        places.find()
        self._make(places.tiles)
        places.find()
        losses = self._losses.take(places.nodes, mode="wrap")
        u, v = places.off
        for size, along, slopes in zip(self._lattice.size[:, 0], places.off, self._slopes, strict=True):
            c, cu, cuu, cv, cvv, cuv = (term.take(places.nodes, mode="wrap") for term in slopes)
            # The mean slope on the straight way from the node: terms of power n count 1 / (n + 1).
            losses += size * along * (c + (cu * u + cv * v) / 2 + (cuu * u * u + cuv * u * v + cvv * v * v) / 3)
        asked = np.flatnonzero(self._lattice.rooms_of(places.tiles) < FIRST)
        if len(asked):
            losses[asked] = self._asked.losses(theta[:, torch.from_numpy(asked)]).numpy()
        return torch.from_numpy(losses)

    @np.errstate(all="ignore")
    def _fill(self, places: _Places, read: Callable[[], Floats], theta: Tensor, gradient: Tensor) -> None:
        places.find()
        level = read()
        if level.all():
            return
        missing = np.flatnonzero(level == 0)
        tiles = places.tiles[missing]
        self._make(tiles)
        is_asked = self._lattice.rooms_of(tiles) == ASKED
        for columns, bind in ((missing[~is_asked], self._bind_tabled), (missing[is_asked], self._asked.bind)):
            if len(columns):
                some = torch.from_numpy(columns)
                found = torch.empty((2, len(columns)), dtype=theta.dtype)
                bind(theta.index_select(1, some), found)()
                gradient[:, some] = found

    def _bind_tabled(self, theta: Tensor, gradient: Tensor) -> Callable[[], Floats]:
        places = _Places(self._lattice, theta.numpy())
        places.find()
        return self._reading(places, gradient.numpy())

    def _reading(self, places: _Places, gradient: Floats) -> Callable[[], Floats]:
        """What fills a gradient (2, N) and returns the constant terms (N,) of its first row."""
        nodes, (u, v) = places.nodes, places.off
        term, total, *levels = np.empty((4, len(nodes)), np.float32)
        rows = [(row, level, *slopes) for row, level, slopes in zip(gradient, levels, self._slopes, strict=True)]

        def read() -> Floats:
            for row, level, c, cu, cuu, cv, cvv, cuv in rows:
                # c + u (cu + cuu u + cuv v) + v (cv + cvv v)
                cuu.take(nodes, None, total, "wrap")
                np.multiply(total, u, total)
                cuv.take(nodes, None, term, "wrap")
                np.multiply(term, v, term)
                np.add(total, term, total)
                cu.take(nodes, None, term, "wrap")
                np.add(total, term, total)
                np.multiply(total, u, total)
                cvv.take(nodes, None, term, "wrap")
                np.multiply(term, v, term)
                cv.take(nodes, None, row, "wrap")
                np.add(term, row, term)
                np.multiply(term, v, term)
                np.add(total, term, total)
                c.take(nodes, None, level, "wrap")
                np.add(total, level, row)
            first: Floats = levels[0]
            return first

        return read

    def _make(self, tiles: Integers) -> None:
        """Tables for tiles (N,) that have none, but for those that were tried before; where there is room."""
        rooms = self._lattice.rooms_of(tiles)
        if (rooms == UNKNOWN).any():
            new = np.unique(tiles[rooms == UNKNOWN] % self._lattice.tiles**2)
            for some in slices(len(new), BATCH):
                self._make_some(new[some])

    def _make_some(self, tiles: Integers) -> None:
        """The same for a few tiles (T,). Two threads may come to the same ones: whoever is first has made them."""
        places, (checks, nearest), exact = _samples(), _checks(), _readings()
        readings = [reading.astype(np.float32) for reading in exact]
        # In float32: what a table is off by is a hundred times as much.
        x, y = torch.from_numpy(self._lattice.points(tiles, places).reshape(2, -1)).float()
        values = np.stack([part.numpy() for part in evaluated(self._function, x, y)])
        grids, checked = np.split(values.reshape(3, len(tiles), -1), [SAMPLES**2], 2)
        grids = grids.reshape(3, -1, SAMPLES, SAMPLES)
        heights = exact[0] @ grids[0] @ exact[0].T
        terms = [readings[p] @ grids[1:] @ readings[q].T for p, q in TERMS]
        (u, v), (column, row) = checks - nearest, nearest
        read = sum(term[..., column, row] * u**p * v**q for term, (p, q) in zip(terms, TERMS, strict=True))
        off, steepest = np.abs(read - checked[1:]).max((0, 2)), np.abs(grids[1:]).max((0, 2, 3))
        smooth = off <= CLOSE * steepest
        with self._lock:
            is_new = self._lattice.rooms_of(tiles) == UNKNOWN
            good = np.flatnonzero(smooth & is_new)[: MOST - self._taken]
            rooms = slice(self._taken, self._taken + len(good))
            self._taken = rooms.stop
            self._losses.reshape(MOST, NODES, NODES)[rooms] = heights[good]
            slopes = self._slopes.reshape(2, len(TERMS), MOST, NODES, NODES)
            for term, found in enumerate(terms):
                np.take(found, good, 1, slopes[:, term, rooms])
            levels = slopes[0, 0, rooms]
            levels[levels == 0] = np.finfo(np.float32).tiny  # no slope, and yet a table
            found_rooms = np.full(len(tiles), ASKED)
            found_rooms[good] = np.arange(rooms.start, rooms.stop)
            # Last: other threads read what is there as soon as this is.
            self._lattice.rooms[tiles[is_new]] = found_rooms[is_new]


class _Lattice:
    """The nodes, and how they lie in tiles. The tiles at the rim stand for all that is farther off."""

    def __init__(self, bounds: Bounds) -> None:
        x0, x1, y0, y1 = bounds
        self.tiles = WINDOW * REACH + 2  # each way
        self.size = np.array([[x1 - x0], [y1 - y0]]) / (WINDOW * NODES)  # (2, 1) between two nodes
        # (2, 1) where 0 lies, counted in nodes, so that the node nearest to a place is the number it rounds to
        self.origin = (self.tiles * NODES - 1) / 2 - np.array([[x0 + x1], [y0 + y1]]) / 2 / self.size
        rooms = np.full((self.tiles, self.tiles), ASKED, np.float32)  # the numbers are whole
        rooms[1:-1, 1:-1] = UNKNOWN
        self.rooms = rooms.ravel()  # (tiles²,) where each tile's table stands

    def rooms_of(self, tiles: Integers) -> Floats:
        """(N,) those of tiles (N,)."""
        return self.rooms.take(tiles, mode="wrap")

    def points(self, tiles: Integers, places: Doubles) -> Doubles:
        """The points (2, T, M) at places (2, M) in tiles (T,), counted in nodes from the first one of each."""
        firsts = np.stack(np.divmod(tiles, self.tiles)) * NODES
        counted = firsts[:, :, None] + places[:, None]
        return (counted - self.origin[:, :, None]) * self.size[:, :, None]


class _Places:
    """Where points theta (2, N) stand, found again after each step.

    `tiles` (N,), the `nodes` (N,) nearest to them as they are counted in tables, and (2, N) how far `off` they are. A
    point that is no number is off by none either; its tile and node are any integers, to be read by wrapping round.
    """

    def __init__(self, lattice: _Lattice, theta: Floats) -> None:
        count = theta.shape[1]
        self.off, self._node, self._tile = np.empty((3, 2, count), np.float32)
        self.tiles, self.nodes = np.empty((2, count), np.int64)
        self._lattice, self._theta = lattice, theta
        self._number, self._counted = np.empty(count, np.float32), np.empty(count, np.int32)
        self._bounded = torch.from_numpy(self._node)
        self._scale, self._origin = (1 / lattice.size).astype(np.float32), lattice.origin.astype(np.float32)
        self._part, self._nodes, self._side = np.array([[1 / NODES], [NODES], [lattice.tiles]], np.float32)[..., 0]

    def find(self) -> None:
        off, node, tile, number = self.off, self._node, self._tile, self._number
        np.multiply(self._theta, self._scale, off)
        np.add(off, self._origin, off)
        np.rint(off, node)
        self._bounded.clamp_(0, self._lattice.tiles * NODES - 1)  # quicker than NumPy's
        np.subtract(off, node, off)
        np.multiply(node, self._part, tile)
        np.floor(tile, tile)
        np.multiply(tile[0], self._side, number)
        np.add(number, tile[1], number)
        self._count(self.tiles)
        np.multiply(tile, self._nodes, tile)
        np.subtract(node, tile, node)
        self._lattice.rooms.take(self.tiles, None, number, "wrap")
        for along in node:
            np.multiply(number, self._nodes, number)
            np.add(number, along, number)
        self._count(self.nodes)

    def _count(self, into: Integers) -> None:
        np.copyto(self._counted, self._number, casting="unsafe")
        np.copyto(into, self._counted)


@lru_cache
def _samples() -> Doubles:
    """(2, SAMPLES² + CHECKS) what a tile is made of, counted in nodes from its first one."""
    along = (NODES - 1) / 2 + NODES / 2 * chebyshev.chebpts1(SAMPLES)
    crossings = np.stack(np.meshgrid(along, along, indexing="ij")).reshape(2, -1)
    return np.concatenate([crossings, _checks()[0]], 1)


@lru_cache
def _checks() -> tuple[Doubles, Integers]:
    """(2, CHECKS) places in a tile, counted in nodes from its first one, and the nodes that are nearest to them."""
    places = np.random.default_rng(0).uniform(-0.5, NODES - 0.5, (2, CHECKS))
    return places, np.rint(places).astype(np.int64)


@lru_cache
def _readings() -> list[Doubles]:
    """(NODES, SAMPLES) each: what turns a row of samples into terms of power 0, 1 and 2 at nodes, of its polynomial."""
    nodes = (np.arange(NODES) - (NODES - 1) / 2) * 2 / NODES
    coefficients = np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(SAMPLES), SAMPLES - 1))
    return [
        chebyshev.chebvander(nodes, SAMPLES - 1 - power)
        @ chebyshev.chebder(coefficients, power)
        * (2 / NODES) ** power
        / max(1, power)
        for power in range(3)
    ]
