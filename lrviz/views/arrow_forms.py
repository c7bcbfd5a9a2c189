"""The arrows of an update on a map: each kind has a line and a tip of its own, so that no colour is needed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from lrviz.core.update import ArrowKind
from lrviz.views.markers import HALO, RADIUS
from lrviz.views.theme import Theme

STRONG, WEAK = 2.5, 1.75  # px: the step's shaft, or that of the stage told just now; the others
TIP = 0.8 * RADIUS  # px: half the width of an arrow's tip
TIP_LENGTH = 2 * TIP  # px
DOT = 4.0  # px: a shorter arrow has no tip
OUTLINE = 1.25  # px

# Dash and gap lengths in pen widths.
FORMS: dict[ArrowKind, tuple[float, ...]] = {
    "gradient": (1, 1.5),
    "momentum": (4, 2),
    "step": (),
    "ahead": (5, 2, 1, 2),
}
OPEN: frozenset[ArrowKind] = frozenset(("gradient", "ahead"))  # their tips are outlines


@dataclass(frozen=True)
class Shaft:
    """One arrow in px."""

    kind: ArrowKind
    tail: QPointF
    tip: QPointF
    strong: bool
    cut: bool  # it is longer than it is drawn

    @property
    def length(self) -> float:
        return math.hypot(self.tip.x() - self.tail.x(), self.tip.y() - self.tail.y())

    @property
    def along(self) -> QPointF:
        """Of length 1."""
        return (self.tip - self.tail) * (1 / self.length)

    @property
    def bounds(self) -> QRectF:
        """Where it paints."""
        reach = TIP_LENGTH + HALO + 1
        return QRectF(self.tail, self.tip).normalized().adjusted(-reach, -reach, reach, reach)


def paint_shaft(painter: QPainter, theme: Theme, shaft: Shaft) -> None:
    """The arrow and its halo; of a short one the line alone."""
    width = STRONG if shaft.strong else WEAK
    if shaft.length < DOT:
        painter.setPen(arrow_pen(theme, shaft.kind, width))
        painter.drawLine(shaft.tail, shaft.tip)
        return
    along = shaft.along
    end = shaft.tip - along * min(TIP_LENGTH - 1, shaft.length)
    painter.setPen(_halo(theme, width + 2 * HALO))
    painter.drawLine(shaft.tail, end)
    painter.setPen(_halo(theme, 2 * HALO))
    painter.setBrush(QColor(theme.halo))
    tip = _tip(shaft.tip, along)
    painter.drawConvexPolygon(tip)
    painter.setPen(arrow_pen(theme, shaft.kind, width))
    painter.drawLine(shaft.tail, end)
    if shaft.kind in OPEN:
        painter.setPen(_outline(theme, shaft.kind))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(arrow_color(theme, shaft.kind))
    painter.drawConvexPolygon(tip)
    if shaft.cut:
        _paint_cut(painter, theme, shaft, along)


def paint_scaling(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """The rectangle of what each axis is multiplied by."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (_halo(theme, OUTLINE + 2 * HALO), arrow_pen(theme, "ahead", OUTLINE)):
        painter.setPen(pen)
        painter.drawRect(rect)


@lru_cache(maxsize=32)
def arrow_pen(theme: Theme, kind: ArrowKind, width: float) -> QPen:
    pen = QPen(arrow_color(theme, kind), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if FORMS[kind]:
        pen.setDashPattern(list(FORMS[kind]))
    return pen


def arrow_color(theme: Theme, kind: ArrowKind) -> QColor:
    colors: dict[ArrowKind, str] = {
        "gradient": theme.warning,
        "momentum": theme.accent,
        "step": theme.text,
        "ahead": theme.quiet,
    }
    return QColor(colors[kind])


def _paint_cut(painter: QPainter, theme: Theme, shaft: Shaft, along: QPointF) -> None:
    """Two strokes across the shaft, as on an axis of which a part is left out."""
    slant = QPointF(-along.y(), along.x()) * 1.4 * TIP + along * 0.5 * TIP
    middle = (shaft.tail + shaft.tip) * 0.5
    for pen in (_halo(theme, 1.8 * TIP), _outline(theme, shaft.kind)):
        painter.setPen(pen)
        for place in (-0.6, 0.6):
            at = middle + along * (place * TIP)
            painter.drawLine(at - slant, at + slant)


def _tip(at: QPointF, along: QPointF) -> QPolygonF:
    back, aside = at - along * TIP_LENGTH, QPointF(-along.y(), along.x()) * (0.9 * TIP)
    return QPolygonF([at, back + aside, back - aside])


@lru_cache(maxsize=16)
def _halo(theme: Theme, width: float) -> QPen:
    return theme.halo_pen(width)


@lru_cache(maxsize=8)
def _outline(theme: Theme, kind: ArrowKind) -> QPen:
    return QPen(arrow_color(theme, kind), OUTLINE)
