"""The shapes by which runs are told apart without colour: one head marker a run."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QImage,
    QPainter,
    QPainterPath,
    QPolygonF,
    QTransform,
)

from lrviz.views.theme import Theme, run_marker

RADIUS = 5.0  # px: a marker's size at the head of a trail
HALO = 1.25  # px around markers and trails
PHASES = 4  # places within a device pixel at which a marker may stand, each way


def paint_marker(painter: QPainter, theme: Theme, run: int, at: QPointF, radius: float = RADIUS) -> None:
    """The run's marker with its thin halo, centred at `at` to a quarter of a pixel."""
    transform = painter.deviceTransform()  # which at most moves, and scales by the ratio of device pixels
    ratio, left, top = transform.m11(), transform.dx(), transform.dy()
    x, y = round((at.x() * ratio + left) * PHASES), round((at.y() * ratio + top) * PHASES)
    stamp, middle = _stamp(theme, run, radius, ratio, x % PHASES, y % PHASES)
    corner = QPointF((x // PHASES - middle - left) / ratio, (y // PHASES - middle - top) / ratio)
    painter.drawImage(corner, stamp)


@lru_cache(maxsize=2048)
def _stamp(theme: Theme, run: int, radius: float, ratio: float, right: int, down: int) -> tuple[QImage, int]:
    """A marker painted once, for it is copied twenty times as fast as its curves are filled; and its middle.

    Its centre lies right / PHASES and down / PHASES of a device pixel from the image's middle.
    """
    middle = math.ceil((1.5 * radius + HALO + 1) * ratio)
    image = QImage(2 * middle, 2 * middle, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    shape = marker_path(run_marker(run), radius)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(middle + right / PHASES, middle + down / PHASES)
        painter.scale(ratio, ratio)
        painter.strokePath(shape, theme.halo_pen(2 * HALO))
        painter.fillPath(shape, theme.run_color(run))
    image.setDevicePixelRatio(ratio)
    return image, middle


@lru_cache(maxsize=64)
def marker_path(name: str, radius: float) -> QPainterPath:
    """A marker as an area to fill, centred at the origin; all have about the same weight to the eye."""
    path = QPainterPath()
    match name:
        case "disc":
            path.addEllipse(QPointF(), radius, radius)
        case "ring":
            path.addEllipse(QPointF(), radius * 1.1, radius * 1.1)
            path.addEllipse(QPointF(), radius * 0.5, radius * 0.5)  # odd-even: the hole
        case "square":
            path.addRect(QRectF(-radius * 0.9, -radius * 0.9, radius * 1.8, radius * 1.8))
        case "diamond":
            path.addPolygon(_star(4, radius * 1.25, None))
        case "triangle":
            path.addPolygon(_star(3, radius * 1.3, None))
        case "star":
            path.addPolygon(_star(5, radius * 1.4, radius * 0.6))
        case "cross":
            path = _bars(radius * 1.2, radius * 0.4)
            path = QTransform().rotate(45).map(path)
        case "bar":
            path.addRect(QRectF(-radius * 1.3, -radius * 0.45, radius * 2.6, radius * 0.9))
        case _:
            raise ValueError(f"no marker called {name!r}")
    path.closeSubpath()
    return path


def arrow_path(angle: float, radius: float = RADIUS) -> QPainterPath:
    """An arrowhead whose tip stands at the origin and points along `angle` (radians, clockwise on the screen)."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0, 0), QPointF(-2.2 * radius, -radius), QPointF(-2.2 * radius, radius)]))
    path.closeSubpath()
    return QTransform().rotateRadians(angle).map(path)


def _star(points: int, outer: float, inner: float | None) -> QPolygonF:
    """A star of `points` tips, one of them up; a regular polygon where there is no inner radius."""
    radii = [outer] if inner is None else [outer, inner]
    count = points * len(radii)
    angles = [2 * math.pi * k / count - math.pi / 2 for k in range(count)]
    tips = [(radii[k % len(radii)], angle) for k, angle in enumerate(angles)]
    return QPolygonF([QPointF(r * math.cos(angle), r * math.sin(angle)) for r, angle in tips])


def _bars(half: float, thin: float) -> QPainterPath:
    """An upright cross as one outline, so that its halo runs around it."""
    level, upright = QPainterPath(), QPainterPath()
    level.addRect(QRectF(-half, -thin, 2 * half, 2 * thin))
    upright.addRect(QRectF(-thin, -half, 2 * thin, 2 * half))
    return level.united(upright)
