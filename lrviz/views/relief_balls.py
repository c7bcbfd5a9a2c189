"""What stands on a landscape: the runs' balls with their shadows, starts, minima, and signs where a trail left."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRadialGradient

from lrviz.views.markers import HALO, PHASES, RADIUS, arrow_path, marker_path
from lrviz.views.theme import Theme, run_marker

BALL = 6.5  # px: the radius of a ball, which has the shape of its run's marker
SHADOW = 80  # of 255
FAINT = 0.4  # how strong a thing behind a ridge is
REACH = 3 * BALL  # px from where a ball stands that it may paint
ARROW_REACH = 2.8 * RADIUS + HALO + 1  # px from an arrow's tip that it may paint


def paint_ball(painter: QPainter, theme: Theme, run: int, foot: QPointF, flat: float, hidden: bool) -> None:
    """A ball that lies on the ground at `foot`; `flat` is how high a level circle looks, against its width."""
    if hidden:
        painter.setOpacity(FAINT)
    else:
        shadow = QColor(0, 0, 0, SHADOW)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shadow)
        painter.drawEllipse(foot + QPointF(2, 1), BALL * 1.05, BALL * 1.05 * flat)
    transform = painter.deviceTransform()  # which at most moves, and scales by the ratio of device pixels
    ratio = transform.m11()
    device = transform.map(foot - QPointF(0, BALL * math.sqrt(1 - min(flat, 1) ** 2)))
    x, y = round(device.x() * PHASES), round(device.y() * PHASES)
    stamp = _stamp(theme, run, ratio, x % PHASES, y % PHASES)
    middle = stamp.width() // 2
    painter.drawImage(transform.inverted()[0].map(QPointF(x // PHASES - middle, y // PHASES - middle)), stamp)
    painter.setOpacity(1)


def paint_exit(painter: QPainter, theme: Theme, run: int, at: QPointF, inside: QPointF, away: bool) -> None:
    """An arrow at the map's edge where a trail left it; smaller where the run has come back."""
    angle = math.atan2(at.y() - inside.y(), at.x() - inside.x())
    arrow = arrow_path(angle, RADIUS if away else 0.7 * RADIUS).translated(at)
    painter.strokePath(arrow, theme.halo_pen(2 * HALO))
    painter.fillPath(arrow, theme.run_color(run))


def paint_start(painter: QPainter, theme: Theme, at: QPointF, flat: float, hidden: bool) -> QRectF:
    """The start as a small ring that lies on the ground. Returns where it was painted."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setOpacity(FAINT if hidden else 1)
    for pen in (theme.halo_pen(1.5 + 2 * HALO), QPen(QColor(theme.text), 1.5)):
        painter.setPen(pen)
        painter.drawEllipse(at, RADIUS * 1.2, RADIUS * 1.2 * flat)
    painter.setOpacity(1)
    return QRectF(at.x() - 10, at.y() - 10, 20, 20)


def paint_minimum(painter: QPainter, theme: Theme, at: QPointF, flat: float, hidden: bool) -> None:
    """The sign of a known minimum, a cross that lies on the ground."""
    painter.setOpacity(FAINT if hidden else 1)
    across, along = QPointF(5, 0), QPointF(0, 5 * max(flat, 0.5))
    for pen in (theme.halo_pen(1.5 + 2 * HALO), QPen(QColor(theme.text), 1.5)):
        painter.setPen(pen)
        painter.drawLine(at - across, at + across)
        painter.drawLine(at - along, at + along)
    painter.setOpacity(1)


@lru_cache(maxsize=1024)
def _stamp(theme: Theme, run: int, ratio: float, right: int, down: int) -> QImage:
    """A ball painted once, for it is copied many times as fast as its gradient is filled.

    Its centre lies right / PHASES and down / PHASES of a device pixel from the image's middle.
    """
    color, radius = theme.run_color(run), BALL
    shape = marker_path(run_marker(run), radius)
    light = QRadialGradient(QPointF(-0.35 * radius, -0.45 * radius), 2 * radius)
    light.setColorAt(0, color.lighter(165) if theme.name == "light" else color.lighter(120))
    light.setColorAt(0.45, color)
    light.setColorAt(1, color.darker(150))
    middle = math.ceil((1.5 * radius + HALO + 1) * ratio) + 1
    image = QImage(2 * middle, 2 * middle, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(middle + right / PHASES, middle + down / PHASES)
        painter.scale(ratio, ratio)
        painter.strokePath(shape, theme.halo_pen(2 * HALO))
        painter.fillPath(shape, light)
    image.setDevicePixelRatio(ratio)
    return image
