"""A run's trail lifted onto a landscape: cut at the map's edge, laid over the hills between two steps, thinned."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.views.relief_scene import Ground
from lrviz.views.way import Way

CELLS = 768  # of a map's side: steps within one cell are not drawn one by one
PITCH = 1 / 96  # of a map's side: how far apart the vertices of a long stretch are
FAR = 1e6  # map sides: points further out are drawn in their direction
CROWD = 2500  # vertices after which a trail is a crowd of lines: further ones are drawn straight from step to step
ABOVE = 0.006  # of the landscape's height, by which a trail lies above it


class Drape:
    """A way as vertices in the world. It only grows; what is left out depends on the points before alone."""

    def __init__(self, way: Way, ground: Ground) -> None:
        self.way = way
        self.ground = ground
        self.vertices: NDArray[np.float64] = np.empty((0, 3))  # (V, 3) never nan
        self.begins: NDArray[np.bool_] = np.empty(0, np.bool_)  # (V,) whether a line begins here
        self.point: NDArray[np.intp] = np.empty(0, np.intp)  # (V,) at which point of the way each is drawn
        self.crowd: int | None = None  # the vertex from which on it is a crowd; None while it is none
        self._taken = 0  # points of the way
        self._pieces = 0  # into which its stretches would have been cut without a crowd
        self._corner: NDArray[np.float64] = np.empty((0, 2))  # the last corner: where another cell was reached
        self._seen: set[int] = set()
        self._joins = False  # whether the last stretch was drawn up to the last corner
        self._exits: NDArray[np.float64] = np.empty((0, 2, 2))  # (E, 2, 2) on the ground: the edge, and inside
        self._exit_point: NDArray[np.intp] = np.empty(0, np.intp)  # (E,)

    def grow(self) -> None:
        """Take in what has been published since."""
        self.way.grow()
        new = self.way.points[self._taken :]
        if not len(new):
            return
        with np.errstate(over="ignore", invalid="ignore"):
            unit = np.clip(self.ground.unit_from_plane(new), -1e150, 1e150) - 0.5
            reach = np.abs(unit).max(axis=1, keepdims=True)
            unit = np.where(reach > FAR, unit / np.maximum(reach, FAR) * FAR, unit) + 0.5
        index = np.flatnonzero(np.isfinite(unit).all(axis=1))
        corner = np.concatenate([self._corner, unit[index]])
        point = np.concatenate([np.zeros(len(self._corner), np.intp), index + self._taken])
        cell = np.floor(corner * CELLS).astype(np.int64)
        moved = np.ones(len(corner), np.bool_)
        moved[1:] = (cell[1:] != cell[:-1]).any(axis=1)
        corner, point, cell = corner[moved], point[moved], cell[moved]
        if len(corner) > 1:
            self._lay(corner, point[1:], self._not_seen(cell))
        self._corner = corner[-1:]
        self._taken += len(new)

    def place(self, step: int) -> NDArray[np.float64] | None:
        """Where the run stands at `step`: a (2,) point of the ground, 0..1 on the map. None before the first."""
        last = self.count(step)
        for at in range(last - 1, max(last - 3, -1), -1):  # only a run's last row may be no place
            x, y = self.way.points[at].tolist()
            if math.isfinite(x) and math.isfinite(y):
                return np.clip(self.ground.unit_from_plane(self.way.points[at]), -FAR, FAR)
        return None

    def exit(self, step: int) -> NDArray[np.float64] | None:
        """Where the trail left the map last, up to `step`: (2, 2) on the ground, the edge and a little inside."""
        last = int(self._exit_point.searchsorted(self.count(step))) - 1
        return self._exits[last] if last >= 0 else None

    def count(self, step: int) -> int:
        """How many points of the way stand at `step`."""
        return min(self.way.count(step), self._taken)

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """The vertices first <= v < last that the steps first < t <= last add."""
        start, stop = self.point.searchsorted([self.count(first), self.count(last)]).tolist()
        return start, stop

    def _lay(self, corner: NDArray[np.float64], point: NDArray[np.intp], drawn: NDArray[np.bool_]) -> None:
        """Lay the stretches between (C, 2) corners over the ground, those that are drawn and on the map."""
        begin, way = corner[:-1], np.diff(corner, axis=0)
        enter, leave = _within(begin, way)
        on = drawn & (enter < leave)
        self._note_exits(begin, way, leave, np.where(enter < leave, leave < 1, False), point)
        # Of each stretch its vertices after the first, which is only needed where the one before doesn't lead to it.
        joins = on & (enter == 0)
        joins[1:] &= on[:-1] & (leave[:-1] == 1)
        joins[:1] &= self._joins
        self._joins = bool(on[-1] and leave[-1] == 1)
        length = np.abs(way).max(axis=1) * (leave - enter)
        pieces = np.where(on, np.ceil(length / PITCH), 0).astype(np.intp)
        pieces[on] = np.maximum(pieces[on], 1)
        before = self._pieces + np.cumsum(pieces) - pieces
        self._pieces += int(pieces.sum())
        pieces[on & (before >= CROWD)] = 1
        vertices = pieces + (on & ~joins)
        owner = np.repeat(np.arange(len(way)), vertices)
        number = np.arange(len(owner)) - np.repeat(np.cumsum(vertices) - vertices, vertices) + joins[owner]
        share = enter[owner] + (leave - enter)[owner] * number / pieces[owner]
        ground = np.clip(begin[owner] + way[owner] * share[:, None], 0, 1)
        world = self.ground.raised(ground, self.ground.height(ground) + ABOVE)
        begins = number == 0
        known = np.isfinite(world[:, 2])
        begins[1:] |= ~known[:-1]
        crowded = before[owner][known] >= CROWD
        if self.crowd is None and crowded.any():
            self.crowd = len(self.vertices) + int(crowded.argmax())
        self.vertices = np.concatenate([self.vertices, world[known]])
        self.begins = np.concatenate([self.begins, begins[known]])
        self.point = np.concatenate([self.point, point[owner][known]])
        if len(known) and not known[-1]:
            self._joins = False

    def _note_exits(
        self,
        begin: NDArray[np.float64],
        way: NDArray[np.float64],
        leave: NDArray[np.float64],
        exits: NDArray[np.bool_],
        point: NDArray[np.intp],
    ) -> None:
        if not exits.any():
            return
        edge = np.clip(begin + way * leave[:, None], 0, 1)[exits]
        back = way[exits] / np.abs(way[exits]).max(axis=1, keepdims=True) * 0.05
        self._exits = np.concatenate([self._exits, np.stack([edge, np.clip(edge - back, 0, 1)], axis=1)])
        self._exit_point = np.concatenate([self._exit_point, point[exits]])

    def _not_seen(self, cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each stretch between neighbouring (C, 2) cells whether it is the first between the two, either way."""
        a, b = (_name(part) for part in (cell[:-1], cell[1:]))
        keys = [
            (low << 64) | high for low, high in zip(np.minimum(a, b).tolist(), np.maximum(a, b).tolist(), strict=True)
        ]
        drawn = np.zeros(len(keys), np.bool_)
        for at, key in enumerate(keys):
            if key not in self._seen:
                self._seen.add(key)
                drawn[at] = True
        return drawn


def _name(cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each (C, 2) cell: FAR · CELLS is less than 2**30."""
    return ((cell[:, 0] + 2**30) << 31) | (cell[:, 1] + 2**30)


def _within(begin: NDArray[np.float64], way: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares 0..1 of each line at which it enters and leaves the unit square; entering at or after leaving: it misses.

    Y.-D. Liang and B. A. Barsky, "A new concept and method for line clipping", ACM Transactions on Graphics 3, 1984.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (0 - begin) / way, (1 - begin) / way
    inside = (begin >= 0) & (begin <= 1)
    still = way == 0
    low = np.where(still, np.where(inside, -np.inf, np.inf), low)
    high = np.where(still, np.where(inside, np.inf, -np.inf), high)
    enter = np.minimum(low, high).max(axis=1)
    leave = np.maximum(low, high).min(axis=1)
    enter[(still & ~inside).any(axis=1)] = np.inf
    return np.maximum(enter, 0), np.minimum(leave, 1)
