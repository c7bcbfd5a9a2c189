"""The gradient and the loss of a surface that sums over data, looked up.

The plane is cut into tiles. A tile is made when a descent first comes to it: gradient and loss are asked for on the
tile's Chebyshev grid, the polynomial through that grid is the surface all over the tile to about the precision of a
float32, and around each of the tile's nodes Taylor's cubic of the loss is read off it, whose slopes are the gradient.
A step then costs the same however much data there is; what it is off by is some millionths of the steepest slope
around. L. N. Trefethen, Approximation Theory and Approximation Practice (2013), chapters 4 and 8.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from mmap import mmap
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.catalog import Bounds
from lrviz.engine.fate_gradient import AutogradSlopes, evaluated
from lrviz.engine.fate_places import (
    NODES,
    SIZE,
    STRIDE,
    TILES,
    Doubles,
    Floats,
    Integers,
    Lattice,
    Places,
    place_of,
    tiles_at,
)
from lrviz.engine.fate_recording import Function
from lrviz.engine.portions import slices

SAMPLES = 16  # of a tile, each way: the polynomial's degree is one less
CHECKS = 16  # places in each tile where its table is held against the gradient
CLOSE = 1e-4  # of the steepest slope in a tile: what is further off is no smooth surface, and is asked for each time
BATCH = 16  # tiles made at once, at most
MOST = 256  # tiles that there is room for: 16 windows full
UNKNOWN, ASKED, MADE = range(3)  # tiles not made yet, those without a table, and those that have one

# The slope along x, with u and v for how far off the node a point is along x and y, counted in nodes, is
# a + u (b + c u) + v (d + 2 p u + q v), and that along y is e + v (f + g v) + r u (d + p u + 2 q v), r being a step's
# length along x for that along y: both are slopes of one loss, and share what is mixed. Each of the numbers a to q is a
# factor, of the slope along x or y (0, 1), times the Taylor term of these powers of u and v.
TERMS = (
    (1.0, 0, 0, 0),  # a
    (1.0, 0, 1, 0),  # b
    (1.0, 0, 2, 0),  # c
    (1.0, 0, 0, 1),  # d
    (0.5, 0, 1, 1),  # p
    (1.0, 0, 0, 2),  # q
    (1.0, 1, 0, 0),  # e
    (1.0, 1, 0, 1),  # f
    (1.0, 1, 0, 2),  # g
)


class TabledSlopes:
    """Slopes from tables, and from autograd where there are none: far off, and where the surface is not smooth."""

    def __init__(self, function: Function, bounds: Bounds) -> None:
        self._asked = AutogradSlopes(function)
        self._function = function
        self._lattice = Lattice(bounds)
        self._ratio = np.array(self._lattice.size[0, 0] / self._lattice.size[1, 0], np.float32)
        self._lock = Lock()
        self._tiles = np.full(TILES**2 + 1, UNKNOWN)
        self._tiles[-1] = ASKED  # stands for all that is farther off
        # A slope of 0 says that there is no table.
        self._slopes, self._losses = _unwritten(len(TERMS), np.float32), _unwritten(1, np.float64)[0]

    def bind(self, theta: Tensor, gradient: Tensor) -> Callable[[], None]:
        places = Places(self._lattice, theta.numpy())
        return partial(self._fill, places, self._reading(places, gradient), theta, gradient)

    @np.errstate(all="ignore")
    @torch.no_grad()
    def losses(self, theta: Tensor) -> Tensor:
        """(N,) float64, at points (2, N) of float32."""
        places = Places(self._lattice, theta.numpy())
        places.find()
        nodes = places.nodes
        self._make(tiles_at(nodes[self._slopes[0].take(nodes, mode="wrap") == 0]))
        a, b, c, d, p, q, e, f, g = (term.take(nodes, mode="wrap") for term in self._slopes)
        (u, v), (along_x, along_y) = places.off, self._lattice.size[:, 0]
        losses = self._losses.take(nodes, mode="wrap")
        # What the slopes come to on the way from the node, first along x and then along y.
        losses += along_x * (u * (a + u * (b / 2 + u * c / 3) + v * (d + p * u + q * v)))
        losses += along_y * (v * (e + v * (f / 2 + v * g / 3)))
        asked = np.flatnonzero(a == 0)
        if len(asked):
            losses[asked] = self._asked.losses(theta[:, torch.from_numpy(asked)]).numpy()
        return torch.from_numpy(losses)

    @np.errstate(all="ignore")
    def _fill(self, places: Places, read: Callable[[], Floats], theta: Tensor, gradient: Tensor) -> None:
        places.find()
        level = read()
        if level.all():
            return
        missing = np.flatnonzero(level == 0)
        tiles = tiles_at(places.nodes[missing])
        self._make(tiles)
        is_asked = self._tiles[tiles] == ASKED
        for columns, bind in ((missing[~is_asked], self._bind_tabled), (missing[is_asked], self._asked.bind)):
            if len(columns):
                some = torch.from_numpy(columns)
                found = torch.empty((2, len(columns)), dtype=theta.dtype)
                bind(theta.index_select(1, some), found)()
                gradient[:, some] = found

    def _bind_tabled(self, theta: Tensor, gradient: Tensor) -> Callable[[], Floats]:
        places = Places(self._lattice, theta.numpy())
        places.find()
        return self._reading(places, gradient)

    def _reading(self, places: Places, gradient: Tensor) -> Callable[[], Floats]:
        return _reading(self._slopes, places.nodes, places.off, self._ratio, gradient.numpy())

    def _make(self, tiles: Integers) -> None:
        """Tables for tiles (N,) that have none, but for those that were tried before."""
        if not (self._tiles[tiles] == UNKNOWN).any():
            return
        with self._lock:  # whoever comes to the same ones meanwhile finds them made
            new = np.unique(tiles[self._tiles[tiles] == UNKNOWN])
            for some in slices(len(new), BATCH):
                self._make_some(new[some])

    def _make_some(self, tiles: Integers) -> None:
        """Tables for a few tiles (T,), where they are smooth and there is room."""
        # In float32: what a table is off by is a hundred times as much.
        x, y = torch.from_numpy(self._lattice.points(tiles, _samples()).reshape(2, -1)).float()
        values = np.stack([part.numpy() for part in evaluated(self._function, x, y)])
        grids, checked = np.split(values.reshape(3, len(tiles), -1), [SAMPLES**2], 2)
        grids = grids.reshape(3, -1, SAMPLES, SAMPLES)
        exact = _readings()
        readings = [reading.astype(np.float32) for reading in exact]
        losses = exact[0] @ grids[0] @ exact[0].T
        terms = np.stack([readings[p] * factor @ grids[1 + part] @ readings[q].T for factor, part, p, q in TERMS], 1)
        smooth = self._off(terms, checked[1:]) <= CLOSE * np.abs(grids[1:]).max((0, 2, 3))
        levels = terms[:, 0]
        levels[levels == 0] = np.finfo(np.float32).tiny  # no slope, and yet a table
        good = np.flatnonzero(smooth)[: MOST - np.count_nonzero(self._tiles == MADE)]
        for number in good.tolist():
            place = place_of(tiles[number])
            self._losses.reshape(-1, STRIDE)[place] = losses[number]
            # The first term last: a thread that sees it takes the others to be there.
            for term, found in reversed(list(zip(self._slopes, terms[number], strict=True))):
                term.reshape(-1, STRIDE)[place] = found
        became = np.full(len(tiles), ASKED)
        became[good] = MADE
        self._tiles[tiles] = became

    def _off(self, terms: Floats, checked: Floats) -> Floats:
        """(T,) by how much tables (T, 9, NODES, NODES) are off the gradient (2, T, CHECKS), at most."""
        places, nearest = _checks()
        count = len(terms)
        tile = np.repeat(np.arange(count), CHECKS)
        nodes = (tile * NODES**2).reshape(count, CHECKS) + nearest[0] * NODES + nearest[1]
        off = np.tile((places - nearest).astype(np.float32), count)
        read = np.empty((2, count * CHECKS), np.float32)
        _reading(terms.transpose(1, 0, 2, 3).reshape(len(TERMS), -1), nodes.ravel(), off, self._ratio, read)()
        worst: Floats = np.abs(read.reshape(checked.shape) - checked).max((0, 2))
        return worst


def _reading(slopes: Floats, nodes: Integers, off: Floats, ratio: Floats, gradient: Floats) -> Callable[[], Floats]:
    """What fills a gradient (2, N) by the terms `slopes` (9, M) at the nodes (N,) from which points are `off` (2, N).

    It returns the first terms (N,).
    """
    a, b, c, d, p, q, e, f, g = slopes
    (u, v), (along_x, along_y) = off, gradient
    level, other_level, by_u, by_v, total, term = np.empty((6, len(nodes)), np.float32)
    rows = ((b, c, u, by_u, level, along_x), (f, g, v, by_v, other_level, along_y))

    def read() -> Floats:
        a.take(nodes, None, level, "wrap")  # first, since a thread that makes tables writes it last
        e.take(nodes, None, other_level, "wrap")
        p.take(nodes, None, by_u, "wrap")
        np.multiply(by_u, u, by_u)
        q.take(nodes, None, by_v, "wrap")
        np.multiply(by_v, v, by_v)
        d.take(nodes, None, total, "wrap")
        np.add(total, by_u, total)
        np.add(total, by_v, total)
        # What is mixed: v (d + 2 p u + q v), and r u (d + p u + 2 q v).
        np.add(by_u, total, by_u)
        np.multiply(by_u, v, by_u)
        np.add(by_v, total, by_v)
        np.multiply(by_v, u, by_v)
        np.multiply(by_v, ratio, by_v)
        for second, third, distance, mixed, first, row in rows:
            third.take(nodes, None, total, "wrap")
            np.multiply(total, distance, total)
            second.take(nodes, None, term, "wrap")
            np.add(total, term, total)
            np.multiply(total, distance, total)
            np.add(total, mixed, total)
            np.add(total, first, row)
        return level

    return read


def _unwritten(rows: int, kind: type[np.number[Any]]) -> NDArray[Any]:
    """(rows, SIZE) zeros, in small pages that cost nothing until they are written to: NumPy's own are of megabytes."""
    return np.frombuffer(mmap(-1, rows * SIZE * np.dtype(kind).itemsize), kind).reshape(rows, SIZE)


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
