"""The lines of a trail: thinned to those worth a stroke, and cut off a little beyond the map's edge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

from lrviz.views.paths import path_from_points
from lrviz.views.way import Frame

PIECE = 24  # stretches stroked as one path
FEW = 32  # stretches that are sooner joined one by one than as arrays: what a frame adds
CELL = 0.5  # px: steps within one cell are not drawn one by one
LONGEST = 2.0**20  # px: dashes begin anew after so long a line
BEYOND = 16.0  # px off the map to which lines are drawn: closer in, their ends would show

Points = NDArray[np.float64]
NONE = np.empty(0, np.intp)


class Lines:
    """Steps too short to see, stretches gone over before and what lies off the map are left out.

    What is left out depends on the points before alone, never on when they were drawn. Corners are the points at which
    another cell is reached; a corner's stretch is the line that ends in it.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._followed = 0  # points taken in
        self._corner: Points = np.empty((0, 2))  # the last corner, px; (1, 2) from the first point on
        self._corners_at: NDArray[np.intp] = np.zeros(1, np.intp)  # (S + 1,) corners among the first so many points
        self._begin: Points = np.empty((0, 2))  # (C, 2) px: where each corner's stretch begins and ends on the map
        self._end: Points = np.empty((0, 2))
        self._joined: NDArray[np.bool_] = np.empty(0, np.bool_)  # (C,) whether it begins where the one before ends
        self._drawn: NDArray[np.bool_] = np.empty(0, np.bool_)  # (C,) whether it is drawn
        self._dash: Points = np.empty(0)  # (C,) px of unbroken line before it
        self._order: NDArray[np.intp] = np.empty(0, np.intp)  # (C,) how many stretches are drawn before it
        self._line = 0.0  # px of unbroken line before the next stretch
        self._seen: set[int] = set()

    def follow(self, points: Points) -> None:
        """Take in the points of (S, 2) that have come since."""
        done, self._followed = self._followed, len(points)
        if len(points) == done:
            return
        places = self._frame.places(points[done:])
        index = np.flatnonzero(np.isfinite(places).all(axis=1))
        known = len(self._corner)  # 1 but for the first point of all
        corner = np.concatenate([self._corner, places[index]])
        cell = np.floor(np.clip(corner / CELL, -1e15, 1e15)).astype(np.int64)
        moved = np.ones(len(corner), np.bool_)
        moved[1:] = (cell[1:] != cell[:-1]).any(axis=1)
        corner = corner[moved]
        at = index[moved[known:]]  # which of the new points are corners
        before = len(self._drawn)
        counts = before + at.searchsorted(np.arange(1, len(places) + 1))
        self._corners_at = np.concatenate([self._corners_at, counts])
        if not known and len(corner):  # the first corner has no stretch
            self._append(corner[:1], corner[:1], np.zeros(1, np.bool_), np.zeros(1, np.bool_), np.zeros(1))
        if len(corner) > 1:
            self._add_stretches(corner)
        self._corner = corner[-1:]

    def between(self, first: int, last: int) -> NDArray[np.intp]:
        """The stretches that are drawn for the points first <= p < last."""
        start, stop = self._corners_at.item(first), self._corners_at.item(last)
        if start >= stop or (stop - start == 1 and not self._drawn.item(start)):  # as in most frames of most runs
            return NONE
        return self._drawn[start:stop].nonzero()[0] + start

    def before(self, stretches: NDArray[np.intp], order: int) -> int:
        """How many of the stretches are among the first `order` that are drawn at all."""
        if not len(stretches) or self._order.item(stretches[-1]) < order:
            return len(stretches)
        return int(self._order[stretches].searchsorted(order))

    def pieces(self, stretches: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """Unbroken lines of at most PIECE stretches: a long path takes far longer to stroke than its pieces."""
        if len(stretches) < 2:
            if len(stretches):
                yield stretches
            return
        start = 0
        for end in [*np.flatnonzero(self._apart(stretches))[1:].tolist(), len(stretches)]:
            for at in range(start, end, PIECE):
                yield stretches[at : min(at + PIECE, end)]
            start = end

    def dash(self, stretches: NDArray[np.intp]) -> float:
        """Px of unbroken line before the first of the stretches, as a painter can bear it."""
        return self._dash.item(stretches[0]) % LONGEST

    def path(self, stretches: NDArray[np.intp], corner: tuple[int, int] = (0, 0)) -> QPainterPath:
        """The stretches as one path, unbroken where they are; `corner` is where the map's upper left one stands."""
        if len(stretches) <= FEW:
            return self._short_path(stretches.tolist(), corner)
        apart = self._apart(stretches)
        ends = np.arange(len(stretches)) + np.cumsum(apart)  # where each end stands among the path's points
        points = np.empty((int(ends[-1]) + 1, 2))
        points[ends] = self._end[stretches]
        begins = ends[apart] - 1
        points[begins] = self._begin[stretches[apart]]
        return path_from_points(points + corner, begins)

    def _short_path(self, stretches: list[int], corner: tuple[int, int]) -> QPainterPath:
        """The same, line by line."""
        path, before, (left, top) = QPainterPath(), -1, corner
        for at in stretches:
            if at - 1 != before or not self._joined.item(at):
                x, y = self._begin[at].tolist()
                path.moveTo(left + x, top + y)
            x, y = self._end[at].tolist()
            path.lineTo(left + x, top + y)
            before = at
        return path

    def _apart(self, stretches: NDArray[np.intp]) -> NDArray[np.bool_]:
        """(N,) which of them don't begin where the one before ends; the first doesn't."""
        apart = ~self._joined[stretches]
        apart[1:] |= stretches[1:] - stretches[:-1] != 1
        apart[0] = True
        return apart

    def _add_stretches(self, corner: Points) -> None:
        """The stretches between (C, 2) neighbouring corners."""
        begin, end = corner[:-1], corner[1:]
        length = np.hypot(*(end - begin).T)
        enter, leave = cut(begin, end, self._low, self._high)
        on_map = enter < leave
        enter, leave = np.where(on_map, enter, 0.0), np.where(on_map, leave, 1.0)
        joined = on_map & (enter == 0)
        if not (on_map.all() and joined.all() and (leave == 1).all()):
            way = end - begin
            begin, end = begin + way * enter[:, None], np.where((leave < 1)[:, None], begin + way * leave[:, None], end)
            joined[1:] &= leave[:-1] == 1
        drawn = on_map.copy()
        drawn[on_map] = self._not_seen(begin[on_map], end[on_map])
        until = np.cumsum(length)
        since = until - length
        drawn_before = np.concatenate([self._drawn[-1:], drawn[:-1]])
        dash = since - np.maximum.accumulate(np.where(drawn & ~drawn_before, since, -self._line))
        self._line = float(dash[-1] + length[-1])
        self._append(begin, end, joined, drawn, dash + length * enter)

    def _append(
        self, begin: Points, end: Points, joined: NDArray[np.bool_], drawn: NDArray[np.bool_], dash: Points
    ) -> None:
        before = self._order[-1] + self._drawn[-1] if len(self._order) else 0
        self._order = np.concatenate([self._order, before + np.cumsum(drawn) - drawn])
        self._begin = np.concatenate([self._begin, begin])
        self._end = np.concatenate([self._end, end])
        self._joined = np.concatenate([self._joined, joined])
        self._drawn = np.concatenate([self._drawn, drawn])
        self._dash = np.concatenate([self._dash, dash])

    @property
    def _low(self) -> Points:
        return np.array([-BEYOND, -BEYOND])

    @property
    def _high(self) -> Points:
        return np.array([self._frame.width + BEYOND, self._frame.height + BEYOND])

    def _not_seen(self, begin: Points, end: Points) -> NDArray[np.bool_]:
        """For each stretch on the map whether it is the first between two cells, either way."""
        names = [
            cell[:, 0] << np.uint64(16) | cell[:, 1]
            for cell in (np.floor((at + BEYOND + 1) / CELL).astype(np.uint64) for at in (begin, end))
        ]
        keys = np.minimum(*names) << np.uint64(32) | np.maximum(*names)
        drawn = np.zeros(len(keys), np.bool_)
        drawn[np.unique(keys, return_index=True)[1]] = True
        listed = keys.tolist()
        drawn &= np.array([key not in self._seen for key in listed], np.bool_)
        self._seen.update(listed)
        return drawn


def cut(begin: Points, end: Points, low: Points, high: Points) -> tuple[Points, Points]:
    """Between which parts 0..1 of their length (N, 2) lines run within low..high (2,): enter < leave where they do.

    Liang and Barsky, A New Concept and Method for Line Clipping, 1984.
    """
    way = end - begin
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one, other = (low - begin) / way, (high - begin) / way
    inside = (low <= begin) & (begin <= high)
    level = way == 0
    near = np.where(level, np.where(inside, -np.inf, np.inf), np.minimum(one, other))
    far = np.where(level, np.where(inside, np.inf, -np.inf), np.maximum(one, other))
    return np.maximum(near.max(axis=1), 0.0), np.minimum(far.min(axis=1), 1.0)
