"""Where a run stands at one step and what its panel says there: worked out once a frame, painted as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QRegion

from lrviz.views.markers import HALO, RADIUS, arrow_path, paint_marker
from lrviz.views.theme import Theme

INSET = 4.0  # px between a map's edge and what stands in its corners
PAD = 4.0  # px around a text that stands on a map
REACH = 1.5 * RADIUS + HALO + 1  # px from a marker's centre that it may paint


@dataclass(frozen=True)
class Label:
    """One text in its rectangle; `ground` lays a sheet of the window's colour under it, for texts on a map."""

    text: str
    rect: QRectF
    font: QFont
    color: str
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    ground: bool = False


@dataclass(frozen=True)
class Head:
    """One panel's moving parts, in widget coordinates."""

    run: int
    at: QPointF | None = None  # the marker, or the tip of the arrow; None before the first point is known
    angle: float | None = None  # where an arrow points, for a head off the map
    labels: list[Label] = field(default_factory=list)

    def region(self) -> QRegion:
        region = QRegion()
        if self.at is not None:
            reach = REACH if self.angle is None else 3 * RADIUS
            region |= _around(QRectF(self.at.x() - reach, self.at.y() - reach, 2 * reach, 2 * reach))
        for label in self.labels:
            region |= _around(label.rect)
        return region

    def paint(self, painter: QPainter, theme: Theme, clip: QRect) -> None:
        """Paint it all; the marker stays within `clip`, its map."""
        if self.at is not None and self.angle is None:
            painter.setClipRect(clip)
            paint_marker(painter, theme, self.run, self.at)
            painter.setClipping(False)
        elif self.at is not None and self.angle is not None:
            arrow = arrow_path(self.angle).translated(self.at)
            painter.strokePath(arrow, theme.halo_pen(2 * HALO))
            painter.fillPath(arrow, theme.run_color(self.run))
        for label in self.labels:
            _paint_label(painter, theme, label)


def edge_point(map_rect: QRectF, toward: QPointF) -> tuple[QPointF, float]:
    """Where the ray from the map's middle to a point off it meets the edge, a little inside, and its angle."""
    inner = map_rect.adjusted(INSET, INSET, -INSET, -INSET)
    middle = inner.center()
    dx, dy = toward.x() - middle.x(), toward.y() - middle.y()
    reach = max(abs(dx) / max(inner.width() / 2, 1), abs(dy) / max(inner.height() / 2, 1), 1e-9)
    return QPointF(middle.x() + dx / reach, middle.y() + dy / reach), math.atan2(dy, dx)


def sheet(text: str, font: QFont, color: str, at: QPointF, within: QRectF) -> Label:
    """A text on a map, its middle as near to `at` as the map allows."""
    metrics = QFontMetricsF(font)
    width = min(metrics.horizontalAdvance(text) + 2 * PAD, within.width())
    height = metrics.height() + PAD / 2
    left = min(max(at.x() - width / 2, within.left()), within.right() - width)
    top = min(max(at.y() - height / 2, within.top()), within.bottom() - height)
    rect = QRectF(math.floor(left), math.floor(top), math.ceil(width), math.ceil(height))
    return Label(text, rect, font, color, Qt.AlignmentFlag.AlignHCenter, ground=True)


def _paint_label(painter: QPainter, theme: Theme, label: Label) -> None:
    if label.ground:
        ground = QColor(theme.window)
        ground.setAlpha(216)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(label.rect, 3, 3)
    painter.setFont(label.font)
    painter.setPen(QColor(label.color))
    painter.drawText(label.rect, label.align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, label.text)


def _around(rect: QRectF) -> QRegion:
    return QRegion(rect.toAlignedRect().adjusted(-1, -1, 1, 1))
