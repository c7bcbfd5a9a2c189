"""The transport's signs as areas to fill, drawn here: a font may lack them, a bitmap would blur."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF, QTransform

Icon = Literal["first", "back", "play", "pause", "forth", "last", "loop"]
BOX = 16.0  # px: every icon fits a square of this size, its centre at the origin


@lru_cache(maxsize=16)
def icon_path(icon: Icon) -> QPainterPath:
    """One sign, centred at the origin."""
    match icon:
        case "play":
            return _triangle(-4.5, 6.5, 6.5)
        case "pause":
            return _bar(-5, 3.5, 6) + _bar(1.5, 3.5, 6)
        case "forth":
            return _bar(-5, 2, 5) + _triangle(-2, 5, 5)
        case "last":
            return _triangle(-7, -0.5, 5) + _triangle(-1, 5.5, 5) + _bar(5.5, 2, 5)
        case "back":
            return _mirrored(icon_path("forth"))
        case "first":
            return _mirrored(icon_path("last"))
        case "loop":
            return _half_loop() + QTransform().rotate(180).map(_half_loop())


def _triangle(left: float, tip: float, half: float) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(left, -half), QPointF(tip, 0), QPointF(left, half)]))
    path.closeSubpath()
    return path


def _bar(left: float, width: float, half: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(left, -half, width, 2 * half))
    return path


def _half_loop() -> QPainterPath:
    """The upper arrow of two that chase each other."""
    line = QPainterPath(QPointF(-6.2, 1.2))
    line.lineTo(-6.2, -0.6)
    line.arcTo(QRectF(-6.2, -4.2, 7.2, 7.2), 180, -90)
    line.lineTo(2.5, -4.2)
    stroker = QPainterPathStroker()
    stroker.setWidth(1.7)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    head = _triangle(2.2, 6.6, 3.6).translated(0, -4.2)
    return stroker.createStroke(line) + head


def _mirrored(path: QPainterPath) -> QPainterPath:
    return QTransform().scale(-1, 1).map(path)
