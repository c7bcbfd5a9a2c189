"""Where a run leaves the map for good: its last way across the edge, once it is far beyond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from lrviz.core.catalog import Bounds, Point
from lrviz.core.surface_ground import FAR
from lrviz.views.lines import cut
from lrviz.views.markers import HALO
from lrviz.views.theme import Theme
from lrviz.views.way import Frame, Way

HALF, THICK = 6.0, 4.0  # px: half the length of the bar that marks an exit, and how thick it is
REACH = HALF + THICK + HALO  # px from the crossing that the mark may paint


@dataclass(frozen=True)
class Exit:
    """A crossing of the home window's edge."""

    place: Point
    step: int  # the first beyond
    upright: bool  # whether it crosses the left or the right edge


class Leaving:
    """Follows one way over a surface. What it says depends on the published points alone.

    A run has left, as its verdict has it (core.surface_ground), where it is more than FAR half-sizes of the window off
    its middle, or no longer finite; and for good where no later point lies on the map.
    """

    def __init__(self, way: Way, home: Bounds) -> None:
        self._way = way
        self._low, self._high = np.array([home[0], home[2]]), np.array([home[1], home[3]])
        self._followed = 0
        self._last_inside = -1
        self._far: int | None = None  # the first point far away after it
        self._exit: Exit | None = None

    def follow(self) -> None:
        """Take in the way's points that have come since."""
        done, self._followed = self._followed, len(self._way.points)
        if self._followed == done:
            return
        new = self._way.points[done:]
        half = (self._high - self._low) / 2
        with np.errstate(invalid="ignore", over="ignore"):
            reach = np.abs((new - (self._low + self._high) / 2) / half)
        worse = np.where(np.isfinite(reach), reach, np.inf).max(axis=1)
        inside = np.flatnonzero(worse <= 1)
        if len(inside):
            self._last_inside, self._far, self._exit = done + int(inside[-1]), None, None
        if self._far is None and self._last_inside >= 0:
            begun = max(self._last_inside + 1, done)
            far = np.flatnonzero(worse[begun - done :] > FAR)
            if len(far):
                self._far, self._exit = begun + int(far[0]), self._crossing()

    def at(self, step: int) -> Exit | None:
        """The exit, once the run has gone far at `step`."""
        return self._exit if self._far is not None and self._way.count(step) > self._far else None

    def _crossing(self) -> Exit:
        ends = self._way.points[self._last_inside : self._last_inside + 2]
        step = int(self._way.steps[self._last_inside + 1])
        place = ends[0]
        if np.isfinite(ends).all():
            leave = cut(ends[:1], ends[1:], self._low, self._high)[1]
            place = ends[0] + (ends[1] - ends[0]) * leave[0]
        margins = np.minimum(place - self._low, self._high - place) / (self._high - self._low)
        return Exit((float(place[0]), float(place[1])), step, bool(margins[0] < margins[1]))


def exit_at(frame: Frame, left: Exit, corner: QPointF) -> QPointF | None:
    """Where an exit is marked on a map with this upper left corner; None where the map doesn't show it."""
    ((x, y),) = frame.places(np.array([left.place])).tolist()
    if not (-1 <= x <= frame.width + 1 and -1 <= y <= frame.height + 1):
        return None
    inset = THICK / 2
    x, y = min(max(x, inset), frame.width - inset), min(max(y, inset), frame.height - inset)
    return QPointF(x, y) + corner


def paint_exit(painter: QPainter, theme: Theme, run: int, left: Exit, at: QPointF) -> None:
    """A bar along the edge, in the run's colour."""
    along = QPointF(0, HALF) if left.upright else QPointF(HALF, 0)
    halo = theme.halo_pen(THICK + 2 * HALO)
    halo.setCapStyle(Qt.PenCapStyle.SquareCap)
    pen = QPen(theme.run_color(run), THICK)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    for one in (halo, pen):
        painter.setPen(one)
        painter.drawLine(at - along, at + along)


def exit_area(at: QPointF) -> QRectF:
    """Where the mark may paint."""
    return QRectF(at.x() - REACH, at.y() - REACH, 2 * REACH, 2 * REACH)
