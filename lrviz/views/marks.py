"""Marks on a trail: where it starts, and where its run goes on at another rate or with another optimizer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.core.experiment import Change
from lrviz.views.markers import HALO, RADIUS
from lrviz.views.theme import Theme
from lrviz.views.way import Way

CHANGE_RADIUS = 4.0  # px
SPARE = 3.0  # px beyond a ring that it may paint


def paint_start(painter: QPainter, theme: Theme, at: QPointF) -> QRectF:
    """The start as a small ring. Returns where it was painted."""
    return _paint_ring(painter, theme, at, RADIUS, QColor(theme.text))


def paint_change(painter: QPainter, theme: Theme, run: int, at: QPointF) -> QRectF:
    """A change as a ring in the run's colour, filled as its halo is. Returns where it was painted."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.halo))
    painter.drawEllipse(at, CHANGE_RADIUS, CHANGE_RADIUS)
    return _paint_ring(painter, theme, at, CHANGE_RADIUS, theme.run_color(run))


def places_of_changes(changes: Sequence[Change], way: Way, first: int, last: int) -> list[int]:
    """Which points of a run's way, of the steps first < t <= last, are where it changes."""
    places = [int(way.steps.searchsorted(change.step)) for change in changes]
    return [place for place in places if place < len(way.steps) and first < way.steps.item(place) <= last]


def _paint_ring(painter: QPainter, theme: Theme, at: QPointF, radius: float, color: QColor) -> QRectF:
    ring = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (theme.halo_pen(1.5 + 2 * HALO), QPen(color, 1.5)):
        painter.setPen(pen)
        painter.drawEllipse(ring)
    return ring.adjusted(-SPARE, -SPARE, SPARE, SPARE)
