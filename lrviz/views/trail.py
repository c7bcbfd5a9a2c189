"""A run's trail on a map. It grows with its trace, and every stretch looks the same however it was reached."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from lrviz.views.lines import Lines
from lrviz.views.markers import HALO
from lrviz.views.theme import Theme
from lrviz.views.way import Frame, Way

MARGIN = 4  # px around a stroke that it may paint
DENSE = 1500  # stretches after which a trail is a crowd of lines: the rest is thin and has no halos


class Trail:
    """A way in the pixels of a frame: where its points are, and the lines between them that are worth a stroke."""

    def __init__(self, way: Way, frame: Frame) -> None:
        self.way = way
        self.frame = frame
        self.pixels: NDArray[np.float64] = np.empty((0, 2))  # (S, 2) of all points, for heads
        self._farthest: NDArray[np.intp] = np.empty(0, np.intp)  # (S,) which point up to each is farthest off the map
        self._reach = 1.0  # of that point; the map's edge until one is off it
        self._lines = Lines(frame)
        self._counted = (-1, 0)  # the step last asked for, and how many points stand at it

    def grow(self) -> None:
        """Take in what has been published since, ready to be stroked."""
        self.place()
        self._lines.follow(self.way.points)

    def place(self) -> None:
        """Take in where the points are, and leave their lines until they are stroked: that takes ten times as long."""
        self.way.grow()
        done = len(self.pixels)
        if len(self.way.points) > done:
            new = self.frame.pixels(self.way.points[done:])
            self.pixels = np.concatenate([self.pixels, new])
            self._find_farthest(new, done)
            self._counted = (-1, 0)

    def count(self, step: int) -> int:
        """How many points stand at `step`."""
        if self._counted[0] != step:  # it is asked for several times a frame
            self._counted = (step, min(self.way.count(step), len(self.pixels)))
        return self._counted[1]

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
        farthest = self._farthest.item(count - 1) if count else -1
        return farthest if farthest >= 0 else None

    def pixel(self, place: int) -> QPointF:
        return QPointF(*self.pixels[place].tolist())

    def stretches(self, first: int, last: int) -> NDArray[np.intp]:
        """The stretches to stroke for the steps first < t <= last."""
        self._lines.follow(self.way.points)
        return self._lines.between(self.count(first), self.count(last))

    def paint(
        self,
        painter: QPainter,
        theme: Theme,
        run: int,
        stretches: NDArray[np.intp],
        width: float,
        corner: tuple[int, int] = (0, 0),
    ) -> QRectF:
        """Stroke `stretches`, their halos beneath all earlier strokes, on the map with this upper left corner.

        Returns where, as the painter sees it.
        """
        pen, halo, thin = _pens(theme, run, width)
        lines, painted = self._lines, QRectF()
        dense = lines.before(stretches, DENSE)
        area = QRectF(*corner, self.frame.width, self.frame.height)
        painter.setClipping(False)
        for piece in lines.pieces(stretches[:dense]):
            path = lines.path(piece, corner)
            bounds = path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            if not area.contains(bounds):  # clipping costs as much as a stroke
                painter.setClipRect(area)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            painter.strokePath(path, halo)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            if pen.style() == Qt.PenStyle.CustomDashLine:  # an offset would make a solid pen one of no dashes
                pen.setDashOffset(lines.dash(piece) / width)
            painter.strokePath(path, pen)
            painted |= bounds
        if dense < len(stretches):
            path = lines.path(stretches[dense:], corner)
            bounds = path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            if not area.contains(bounds):
                painter.setClipRect(area)
            painter.strokePath(path, thin)
            painted |= bounds
        return painted & area

    def _find_farthest(self, new: NDArray[np.float64], done: int) -> None:
        reach = np.nan_to_num(self.frame.reach(new), nan=0.0)
        before = np.maximum.accumulate(np.concatenate([[self._reach], reach[:-1]]))
        records = np.where(reach > before, np.arange(done, done + len(new)), -1)
        last = int(self._farthest[-1]) if done else -1
        self._farthest = np.concatenate([self._farthest, np.maximum.accumulate(np.maximum(records, last))])
        self._reach = float(max(before[-1], reach[-1]))


@lru_cache(maxsize=64)
def _pens(theme: Theme, run: int, width: float) -> tuple[QPen, QPen, QPen]:
    """A trail's pen, its halo's, and the one for a crowd of lines."""
    return theme.run_pen(run, width), theme.halo_pen(width + 2 * HALO), QPen(theme.run_color(run), 1)
