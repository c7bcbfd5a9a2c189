"""A run's trail on a map. It grows with its trace, and every stretch looks the same however it was reached."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from lrviz.views.markers import HALO
from lrviz.views.paths import path_from_points
from lrviz.views.theme import Theme
from lrviz.views.way import Frame, Way

CELL = 0.5  # px: steps within one cell are not drawn one by one
MARGIN = 4  # px around a stroke that it may paint
PIECE = 24  # stretches stroked as one path
DENSE = 1500  # stretches after which a trail is a crowd of lines: the rest is thin and has no halos


class Trail:
    """A way in the pixels of a frame, thinned: steps too short to see and stretches gone over before are left out.

    What is left out depends on the points before alone, never on when they were drawn.
    """

    def __init__(self, way: Way, frame: Frame) -> None:
        self.way = way
        self.frame = frame
        self.pixels: NDArray[np.float64] = np.empty((0, 2))  # (S, 2) of all points, for heads
        self._farthest: NDArray[np.intp] = np.empty(0, np.intp)  # (S,) which point up to each is farthest off the map
        self._reach = 1.0  # of that point; the map's edge until one is off it
        # Corners: the points at which another cell is reached. A corner's stretch is the line that ends in it.
        self._corner: NDArray[np.float64] = np.empty((0, 2))  # (C, 2)
        self._point: NDArray[np.intp] = np.empty(0, np.intp)  # (C,) which point of the way each is
        self._drawn: NDArray[np.bool_] = np.empty(0, np.bool_)  # (C,) whether its stretch is drawn
        self._dash: NDArray[np.float64] = np.empty(0)  # (C,) px of unbroken line before its stretch
        self._order: NDArray[np.intp] = np.empty(0, np.intp)  # (C,) how many stretches are drawn before its own
        self._line = 0.0  # px of unbroken line before the next stretch
        self._seen: set[int] = set()

    def grow(self) -> None:
        """Take in what has been published since."""
        self.way.grow()
        done = len(self.pixels)
        if len(self.way.points) > done:
            new = self.frame.pixels(self.way.points[done:])
            self.pixels = np.concatenate([self.pixels, new])
            self._find_farthest(new, done)
            self._find_corners(new, done)

    def count(self, step: int) -> int:
        """How many points stand at `step`."""
        return min(self.way.count(step), len(self.pixels))

    def last_place(self, step: int) -> int | None:
        """Which of the points is the last at `step` that is a place at all; None where there is none yet."""
        count = self.count(step)
        for at in range(count - 1, max(count - 3, -1), -1):  # only a run's last row may be no place
            x, y = self.pixels[at].tolist()
            if math.isfinite(x) and math.isfinite(y):
                return at
        return None

    def farthest_place(self, step: int) -> int | None:
        """Which of the points up to `step` lies farthest off the map; None where all of them are on it."""
        count = self.count(step)
        farthest = int(self._farthest[count - 1]) if count else -1
        return farthest if farthest >= 0 else None

    def pixel(self, place: int) -> QPointF:
        return QPointF(*self.pixels[place].tolist())

    def stretches(self, first: int, last: int) -> NDArray[np.intp]:
        """The stretches to stroke for the steps first < t <= last."""
        start = self._point.searchsorted(self.count(first))
        stop = self._point.searchsorted(self.count(last))
        return np.asarray(self._drawn[start:stop].nonzero()[0] + start)

    def paint(self, painter: QPainter, theme: Theme, run: int, stretches: NDArray[np.intp], width: float) -> QRectF:
        """Stroke `stretches`, their halos beneath all earlier strokes. Returns where, in px of the map."""
        pen, halo, thin = _pens(theme, run, width)
        painted = QRectF()
        dense = len(stretches)
        if dense and self._order[stretches[-1]] >= DENSE:
            dense = int(self._order[stretches].searchsorted(DENSE))
        for piece in _pieces(stretches[:dense]):
            path = self._path(piece)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            painter.strokePath(path, halo)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            if pen.style() == Qt.PenStyle.CustomDashLine:  # an offset would make a solid pen one of no dashes
                pen.setDashOffset(self._dash[piece[0]] / width)
            painter.strokePath(path, pen)
            painted |= path.boundingRect()
        if dense < len(stretches):
            path = self._path(stretches[dense:])
            painter.strokePath(path, thin)
            painted |= path.boundingRect()
        return painted.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) & self.frame.rect

    def _find_farthest(self, new: NDArray[np.float64], done: int) -> None:
        reach = np.nan_to_num(self.frame.reach(new), nan=0.0)
        before = np.maximum.accumulate(np.concatenate([[self._reach], reach[:-1]]))
        records = np.where(reach > before, np.arange(done, done + len(new)), -1)
        last = int(self._farthest[-1]) if done else -1
        self._farthest = np.concatenate([self._farthest, np.maximum.accumulate(np.maximum(records, last))])
        self._reach = float(max(before[-1], reach[-1]))

    def _find_corners(self, new: NDArray[np.float64], done: int) -> None:
        index = np.flatnonzero(np.isfinite(new).all(axis=1))
        begun = len(self._corner[-1:])  # 1 but for the first point of all
        corner = np.concatenate([self._corner[-1:], new[index]])
        cell = np.floor(corner / CELL).astype(np.int64)
        moved = np.ones(len(corner), np.bool_)
        moved[1:] = (cell[1:] != cell[:-1]).any(axis=1)
        drawn, dash = self._stretches(corner[moved], cell[moved])
        before = self._order[-1] + self._drawn[-1] if begun else 0
        self._order = np.concatenate([self._order, before + np.cumsum(drawn[begun:]) - drawn[begun:]])
        self._corner = np.concatenate([self._corner, corner[moved][begun:]])
        self._point = np.concatenate([self._point, index[moved[begun:]] + done])
        self._drawn = np.concatenate([self._drawn, drawn[begun:]])
        self._dash = np.concatenate([self._dash, dash[begun:]])

    def _stretches(
        self, corner: NDArray[np.float64], cell: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """For each corner whether its stretch is drawn, and the unbroken line before it; the first has none."""
        drawn, dash = np.zeros(len(corner), np.bool_), np.zeros(len(corner))
        if len(corner) < 2:
            return drawn, dash
        drawn[1:] = self._not_seen(cell)
        length = np.hypot(*np.diff(corner, axis=0).T)
        until = np.cumsum(length)
        since = until - length
        before = np.concatenate([self._drawn[-1:], drawn[1:-1]]) if len(self._drawn) else drawn[:-1]
        begins = np.where(drawn[1:] & ~before, since, -self._line)
        dash[1:] = since - np.maximum.accumulate(begins)
        self._line = float(dash[-1] + length[-1])
        return drawn, dash

    def _not_seen(self, cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each stretch between neighbouring (C, 2) cells whether it is the first between the two, either way."""
        unsigned = (cell + 2**15).astype(np.uint64)  # 16 bits a coordinate: FAR is 20,000 cells
        name = unsigned[:, 0] << np.uint64(16) | unsigned[:, 1]
        keys = np.minimum(name[:-1], name[1:]) << np.uint64(32) | np.maximum(name[:-1], name[1:])
        drawn = np.zeros(len(keys), np.bool_)
        drawn[np.unique(keys, return_index=True)[1]] = True
        listed = keys.tolist()
        drawn &= np.array([key not in self._seen for key in listed])
        self._seen.update(listed)
        return drawn

    def _path(self, stretches: NDArray[np.intp]) -> QPainterPath:
        first, last = int(stretches[0]), int(stretches[-1])
        if last - first == len(stretches) - 1:
            return path_from_points(self._corner[first - 1 : last + 1], [0])
        begins = stretches[np.diff(stretches, prepend=-2) != 1] - 1
        corners = np.sort(np.concatenate([stretches, begins]))
        return path_from_points(self._corner[corners], corners.searchsorted(begins))


def _pieces(stretches: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Unbroken lines of at most PIECE stretches: a long path takes far longer to stroke than its pieces."""
    if len(stretches) < 2:
        if len(stretches):
            yield stretches
        return
    start = 0
    for end in [*(np.flatnonzero(np.diff(stretches) != 1) + 1).tolist(), len(stretches)]:
        for at in range(start, end, PIECE):
            yield stretches[at : min(at + PIECE, end)]
        start = end


@lru_cache(maxsize=64)
def _pens(theme: Theme, run: int, width: float) -> tuple[QPen, QPen, QPen]:
    """A trail's pen, its halo's, and the one for a crowd of lines."""
    return theme.run_pen(run, width), theme.halo_pen(width + 2 * HALO), QPen(theme.run_color(run), 1)
