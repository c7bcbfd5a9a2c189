"""A run's trail on a map. It grows with its trace, and every stretch looks the same however it was reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen

from lrviz.views.markers import HALO
from lrviz.views.paths import path_from_points
from lrviz.views.theme import Theme
from lrviz.views.way import Frame, Way

CELL = 0.5  # px: steps within one cell are not drawn one by one
MARGIN = 4  # px around a stroke that it may paint


class Trail:
    """A way in the pixels of a frame, thinned: steps too short to see and stretches gone over before are left out.

    What is left out depends on the points before alone, never on when they were drawn.
    """

    def __init__(self, way: Way, frame: Frame) -> None:
        self.way = way
        self.frame = frame
        self.pixels: NDArray[np.float64] = np.empty((0, 2))  # (S, 2) of all points, for heads
        # Corners: the points at which another cell is reached. A corner's stretch is the line that ends in it.
        self._corner: NDArray[np.float64] = np.empty((0, 2))  # (C, 2)
        self._point: NDArray[np.intp] = np.empty(0, np.intp)  # (C,) which point of the way each is
        self._drawn: NDArray[np.bool_] = np.empty(0, np.bool_)  # (C,) whether its stretch is drawn
        self._dash: NDArray[np.float64] = np.empty(0)  # (C,) px of unbroken line before its stretch
        self._line = 0.0  # px of unbroken line before the next stretch
        self._seen: set[int] = set()

    def grow(self) -> None:
        """Take in what has been published since."""
        self.way.grow()
        done = len(self.pixels)
        if len(self.way.points) > done:
            new = self.frame.pixels(self.way.points[done:])
            self.pixels = np.concatenate([self.pixels, new])
            self._find_corners(new, done)

    def count(self, step: int) -> int:
        """How many points stand at `step`."""
        return min(self.way.count(step), len(self.pixels))

    def last_point(self, step: int) -> QPointF | None:
        """The last point at `step` that is a place at all, in px; None where there is none yet."""
        for pixel in self.pixels[: self.count(step)][:-3:-1]:  # a run ends with its first row that is none
            if np.isfinite(pixel).all():
                return QPointF(*pixel.tolist())
        return None

    def paint(self, painter: QPainter, theme: Theme, run: int, first: int, last: int, width: float) -> QRectF:
        """Stroke what the steps first < t <= last add, halos beneath all earlier strokes. Returns where, in px."""
        start, stop = np.searchsorted(self._point, [self.count(first), self.count(last)])
        stretches = np.flatnonzero(self._drawn[start:stop]) + start
        pen, halo = theme.run_pen(run, width), theme.halo_pen(width + 2 * HALO)
        painted = QRectF()
        for piece in self._pieces(stretches):
            path = self._path(piece)
            pen.setDashOffset(self._dash[piece[0]] / width)
            _stroke(painter, path, pen, halo)
            painted |= path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        return painted & self.frame.rect

    def _find_corners(self, new: NDArray[np.float64], done: int) -> None:
        index = np.flatnonzero(np.isfinite(new).all(axis=1))
        begun = len(self._corner[-1:])  # 1 but for the first point of all
        corner = np.concatenate([self._corner[-1:], new[index]])
        cell = np.floor(corner / CELL).astype(np.int64)
        moved = np.ones(len(corner), np.bool_)
        moved[1:] = (cell[1:] != cell[:-1]).any(axis=1)
        drawn, dash = self._stretches(corner[moved], cell[moved])
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

    def _pieces(self, stretches: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """Stretches that one pen can stroke: a line that goes on from earlier strokes, then all that begin anew."""
        if len(stretches) and self._dash[stretches[0]] > 0:
            breaks = np.flatnonzero(np.diff(stretches) != 1)
            end = int(breaks[0]) + 1 if len(breaks) else len(stretches)
            yield stretches[:end]
            stretches = stretches[end:]
        if len(stretches):
            yield stretches

    def _path(self, stretches: NDArray[np.intp]) -> QPainterPath:
        begins = stretches[np.diff(stretches, prepend=-2) != 1] - 1
        corners = np.sort(np.concatenate([stretches, begins]))
        return path_from_points(self._corner[corners], np.searchsorted(corners, begins))


def _stroke(painter: QPainter, path: QPainterPath, pen: QPen, halo: QPen) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    painter.strokePath(path, halo)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.strokePath(path, pen)
