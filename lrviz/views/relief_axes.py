"""The box around a landscape: its edges, the ranges of its axes, and what its height means."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.views import numbers
from lrviz.views.panel_view import Letters, fonts
from lrviz.views.relief_camera import Projection
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import Ground
from lrviz.views.relief_strokes import path_from_ends
from lrviz.views.theme import GRID, Theme

GAP = 6.0  # px between an edge and its words
STEEP = 0.5  # of an edge's outward direction: how much of it goes across
DUST = 1e-12  # of the highest loss
TICKS = (0.0, 0.5, 1.0)  # heights at which the loss is written


@dataclass(frozen=True)
class Box:
    """A landscape's corners on the screen, and which of them stand where."""

    ground: Ground
    projection: Projection

    @property
    def nearest(self) -> tuple[int, int]:
        """The ground's corner next to the viewer: 0 or 1 along x and along y."""
        ax, ay = self.projection.away
        return int(ax < 0), int(ay < 0)

    def at(self, x: float, y: float, high: float = 0.0) -> QPointF:
        """The px of a point of the ground, 0..1, at a height 0..1."""
        place = self.projection.project(self.ground.raised(np.array([[x, y]]), high))[0]
        return QPointF(float(place[0]), float(place[1]))

    @property
    def leftmost(self) -> tuple[int, int]:
        corners = [(x, y) for x in (0, 1) for y in (0, 1)]
        return min(corners, key=lambda corner: self.at(*corner).x())


def paint_lines(painter: QPainter, theme: Theme, horizon: Horizon, count: int) -> None:
    """Isolines and edges, where the landscape doesn't hide them."""
    world, begins = horizon.ground.lines(count)
    places = horizon.projection.project(world)
    seen = np.isfinite(places[:, 1]) & ~horizon.hides(places)
    ends = np.flatnonzero(seen[1:] & seen[:-1] & ~begins[1:]) + 1
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.isoline), 1))
    painter.drawPath(path_from_ends(places[:, :2], ends))


def paint_box(painter: QPainter, theme: Theme, box: Box, names: tuple[str, str]) -> None:
    """The edges next to the viewer and the words at them: names, ranges, and the losses that heights stand for."""
    small = fonts(small=False).small
    painter.setFont(small.font)
    near_x, near_y = box.nearest
    x0, x1, y0, y1 = box.ground.bounds
    painter.setPen(QPen(QColor(theme.quiet), 1))
    for first, last in (((0, near_y), (1, near_y)), ((near_x, 0), (near_x, 1))):
        painter.drawLine(box.at(*first), box.at(*last))
    ground = box.ground
    for corner in {(near_x, near_y), (1 - near_x, near_y), (near_x, 1 - near_y)}:
        high = ground.height(np.array([corner], np.float64))[0]
        if math.isfinite(high):
            painter.drawLine(box.at(*corner), box.at(*corner, float(high)))
    _paint_edge(painter, box, small, [(0, near_y), (1, near_y)], (x0, x1), names[0], theme)
    _paint_edge(painter, box, small, [(near_x, 0), (near_x, 1)], (y0, y1), names[1], theme)
    _paint_upright(painter, box, small, theme)


def _paint_edge(
    painter: QPainter,
    box: Box,
    small: Letters,
    ends: list[tuple[int, int]],
    span: tuple[float, float],
    name: str,
    theme: Theme,
) -> None:
    first, last = box.at(*ends[0]), box.at(*ends[1])
    outward = _outward(box, first, last)
    painter.setPen(QColor(theme.quiet))
    inset = 0.03 + 0.07 * abs(outward.x())  # an upright edge's words keep clear of the height's
    taken = []
    for share, value in ((inset, span[0]), (1 - inset, span[1])):
        text = numbers.number(value)
        taken.append(_room(small, text, first + (last - first) * share, outward))
        painter.drawText(QPointF(taken[-1].x(), small.baseline(taken[-1])), text)
    line = _room(small, name, (first + last) * 0.5, outward, beside=abs(outward.x()) > STEEP)
    while any(line.intersects(number.adjusted(-GAP, 0, GAP, 0)) for number in taken):  # a short edge has no room
        line.translate(math.copysign(1, outward.x()), 0)
    painter.setPen(QColor(theme.text))
    painter.drawText(QPointF(line.x(), small.baseline(line)), name)


def _outward(box: Box, first: QPointF, last: QPointF) -> QPointF:
    """The direction on the screen that points away from the landscape, upright on one of its edges."""
    along = last - first
    upright = QPointF(-along.y(), along.x())
    middle = box.at(0.5, 0.5) - (first + last) * 0.5
    if QPointF.dotProduct(upright, middle) > 0:
        upright = -upright
    length = math.hypot(upright.x(), upright.y())
    return upright * (1 / length) if length > 1e-9 else QPointF(0, 1)


def _room(small: Letters, text: str, at: QPointF, outward: QPointF, beside: bool = False) -> QRectF:
    """The room of a word that touches the line through `at` from outside, GAP px away: off it, or beside it.

    Off a steep edge a long word would come to lie far down along it, on the numbers of its end.
    """
    width, height = small.width(text), small.height
    reach = abs(outward.x()) * width / 2 + abs(outward.y()) * height / 2 + GAP
    middle = at + (QPointF(reach / outward.x(), 0) if beside else outward * reach)
    return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


def _paint_upright(painter: QPainter, box: Box, small: Letters, theme: Theme) -> None:
    """The height's axis at the leftmost corner: "loss", and losses, whose distances tell that they grow by powers."""
    corner = box.leftmost
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawLine(box.at(*corner), box.at(*corner, 1))
    if box.projection.cos < 0.25:  # from above there is no height to be read
        return
    for high in TICKS:
        at = box.at(*corner, high)
        painter.drawLine(at, at - QPointF(4, 0))
        text = numbers.number(_without_dust(box.ground, box.ground.loss_at(high)), 2)
        line = QRectF(at.x() - GAP - small.width(text), at.y() - small.height / 2, 0, small.height)
        painter.drawText(QPointF(line.x(), small.baseline(line)), text)
    top = box.at(*corner, 1)
    notes = _tr("log far above the lowest"), _tr("log")
    note = next((note for note in notes if top.x() - GAP - small.width(note) >= GRID), notes[-1])
    for place, (text, color) in enumerate(((note, theme.quiet), (_tr("loss"), theme.text))):
        painter.setPen(QColor(color))
        left = max(top.x() - GAP - small.width(text), GRID)
        line = QRectF(left, top.y() - (place + 1.8) * small.height, 0, small.height)
        painter.drawText(QPointF(left, small.baseline(line)), text)


def _without_dust(ground: Ground, loss: float) -> float:
    """0 for a loss that differs from it by no more than the rounding of a calculation."""
    return 0.0 if abs(loss) < DUST * abs(ground.loss_at(1)) else loss


def _tr(text: str) -> str:
    return QCoreApplication.translate("Relief", text)
