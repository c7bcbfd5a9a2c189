"""A draped trail before one camera: what of it is seen is stroked as on the maps, what is hidden faintly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from lrviz.views.markers import HALO
from lrviz.views.paths import path_from_points
from lrviz.views.relief_drape import Drape
from lrviz.views.relief_raster import Horizon
from lrviz.views.theme import Theme

MARGIN = 4  # px around a stroke that it may paint
PIECE = 48  # vertices stroked as one path: a long path takes far longer than its pieces
ROUGH = 8000  # vertices that are drawn while the camera moves: the last ones of every trail
FAINT = 150  # of 255: how strong what lies behind a ridge is


class Strokes:
    """The px of a drape's vertices, and which of them the landscape hides. It grows with the drape."""

    def __init__(self, drape: Drape, horizon: Horizon) -> None:
        self.drape = drape
        self.horizon = horizon
        self.px: NDArray[np.float64] = np.empty((0, 2))  # (V, 2)
        self.hidden: NDArray[np.bool_] = np.empty(0, np.bool_)  # (V,)
        self.along: NDArray[np.float64] = np.empty(0)  # (V,) px of line before each, for the dashes

    def grow(self) -> None:
        done = len(self.px)
        new = self.horizon.projection.project(self.drape.vertices[done:])
        if not len(new):
            return
        self.hidden = np.concatenate([self.hidden, self.horizon.hides(new)])
        self.px = np.concatenate([self.px, new[:, :2]])
        length = np.hypot(*np.diff(self.px[max(done - 1, 0) :], axis=0).T)
        if not done:
            length = np.concatenate([[0.0], length])
        length[self.drape.begins[done:]] = 0
        self.along = np.concatenate([self.along, np.cumsum(length) + (self.along[-1] if done else 0)])

    def paint(self, painter: QPainter, theme: Theme, run: int, first: int, last: int, width: float) -> QRectF:
        """Stroke the lines that end in the vertices first <= v < last. Returns where."""
        pen, halo, thin, faint = _pens(theme, run, width)
        ends = np.flatnonzero(~self.drape.begins[first:last]) + first
        if not len(ends):
            return QRectF()
        hidden = self.hidden[ends] & self.hidden[ends - 1]
        behind, seen = ends[hidden], ends[~hidden]
        dense = len(seen) if self.drape.crowd is None else int(seen.searchsorted(self.drape.crowd))
        if len(behind):
            painter.strokePath(path_from_ends(self.px, behind), faint)
        for line in _pieces(seen[:dense]):
            path = path_from_ends(self.px, line)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            painter.strokePath(path, halo)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            if pen.style() == Qt.PenStyle.CustomDashLine:  # an offset would make a solid pen one of no dashes
                pen.setDashOffset(self.along[line[0] - 1] / width)
            painter.strokePath(path, pen)
        if dense < len(seen):
            painter.strokePath(path_from_ends(self.px, seen[dense:]), thin)
        some = self.px[ends.min() - 1 : last]
        (left, top), (right, bottom) = some.min(axis=0).tolist(), some.max(axis=0).tolist()
        return QRectF(left, top, right - left, bottom - top).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def paint_roughly(
    painter: QPainter, theme: Theme, run: int, drape: Drape, horizon: Horizon, span: tuple[int, int]
) -> None:
    """A drape's lines through a span of its vertices, thin and without what is hidden: while the camera moves."""
    first, last = span
    places = horizon.projection.project(drape.vertices[first:last])
    ends = np.flatnonzero(~drape.begins[first:last] & ~horizon.hides(places))
    if len(ends):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.strokePath(path_from_ends(places[:, :2], ends[ends > 0]), QPen(theme.run_color(run), 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def path_from_ends(px: NDArray[np.float64], ends: NDArray[np.intp]) -> QPainterPath:
    """Those pieces of a line of (V, 2) px that end in the vertices `ends` (rising, none of them the first)."""
    if len(ends) and ends[-1] - ends[0] == len(ends) - 1:
        return path_from_points(px[ends[0] - 1 : ends[-1] + 1], [0])
    begins = ends[np.diff(ends, prepend=-2) != 1] - 1
    some = np.zeros(len(px), np.bool_)
    some[ends] = some[begins] = True
    vertices = np.flatnonzero(some)
    return path_from_points(px[vertices], vertices.searchsorted(begins))


def _pieces(ends: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Unbroken lines of at most PIECE vertices."""
    if not len(ends):
        return
    breaks = [] if ends[-1] - ends[0] == len(ends) - 1 else (np.flatnonzero(np.diff(ends) != 1) + 1).tolist()
    start = 0
    for end in [*breaks, len(ends)]:
        for at in range(start, end, PIECE):
            yield ends[at : min(at + PIECE, end)]
        start = end


@lru_cache(maxsize=64)
def _pens(theme: Theme, run: int, width: float) -> tuple[QPen, QPen, QPen, QPen]:
    """A trail's pen, its halo's, the one for a crowd of lines, and the one for what is hidden."""
    color = QColor(theme.run_color(run))
    color.setAlpha(FAINT)
    faint = QPen(color, 1)
    faint.setDashPattern([2, 3])
    return theme.run_pen(run, width), theme.halo_pen(width + 2 * HALO), QPen(theme.run_color(run), 1), faint
