"""The map under the trails: the landscape as one muted colour ramp, isolines, and hatching where it is undefined."""

from __future__ import annotations

from itertools import chain
from typing import cast

import contourpy
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from lrviz.core.catalog import Point
from lrviz.core.landscape import Landscape
from lrviz.views.paths import path_from_polylines
from lrviz.views.theme import Theme, ramp_rgb
from lrviz.views.way import Frame

PX_PER_ISOLINE = 20  # of a map's shorter side
FEWEST, MOST = 6, 14  # isolines
LEAST = 1e-12  # of a map's height: flatter ground is all one height to the eye


class Relief:
    """One landscape, ready to be drawn in any frame. The picture of the last frame is kept."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._heights = heights(landscape.loss)
        self._picture: tuple[object, QImage] | None = None

    def shows(self, landscape: Landscape) -> bool:
        """Whether `landscape` is the one drawn here, be it another object."""
        mine = self.landscape
        return landscape is mine or (
            landscape.bounds == mine.bounds and np.array_equal(landscape.loss, mine.loss, equal_nan=True)
        )

    def picture(self, frame: Frame, ratio: float, theme: Theme, minima: tuple[Point, ...]) -> QImage:
        """The whole map in `frame` at `ratio` device pixels a px. All panels share one."""
        key = (frame, ratio, theme, minima)
        if self._picture is None or self._picture[0] != key:
            image = QImage(QSize(frame.width, frame.height) * ratio, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(ratio)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint(painter, frame, theme, minima)
            self._picture = (key, image)
        return self._picture[1]

    def _paint(self, painter: QPainter, frame: Frame, theme: Theme, minima: tuple[Point, ...]) -> None:
        painter.fillRect(frame.rect, QColor(theme.window))
        if not np.isfinite(self._heights).all():
            painter.fillRect(frame.rect, QBrush(QColor(theme.line), Qt.BrushStyle.BDiagPattern))
        rows, columns = self._heights.shape
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The outermost samples stand on the map's edge, so half of their pixels lies outside it.
        painter.drawImage(frame.rect, colors(self._heights, theme), QRectF(0.5, 0.5, columns - 1, rows - 1))
        painter.setPen(QPen(QColor(theme.isoline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        count = min(max(min(frame.width, frame.height) // PX_PER_ISOLINE, FEWEST), MOST)
        into_frame = QTransform(frame.width, 0, 0, -frame.height, 0, frame.height)
        painter.drawPath(into_frame.map(isolines(self._heights, count)))
        painter.setPen(QPen(QColor(theme.text), 1.5))
        for x, y in frame.pixels(np.array(minima).reshape(-1, 2)).tolist():
            _cross(painter, QPointF(x, y))


def heights(loss: NDArray[np.float64]) -> NDArray[np.float64]:
    """(H, W) losses to heights 0..1, nan where undefined: linear near the lowest, logarithmic far above it.

    log(1 + (loss - lowest) / s), where the lowest twentieth of the map lies within s: a bowl gets almost even rings,
    and a narrow valley, which is that twentieth, keeps much of the scale to itself however high its walls are.
    """
    known = np.isfinite(loss)
    if not known.any():
        return np.full(loss.shape, np.nan)
    values = loss[known]
    values = values / max(1.0, float(np.abs(values).max()) / 1e100)  # so that differences of huge losses are finite
    values -= values.min()
    most = float(values.max()) or 1.0
    near = max(float(np.quantile(values, 0.05)) or most / 20, most * LEAST)
    scaled = np.log1p(values / near)
    high = np.full(loss.shape, np.nan)
    high[known] = scaled / (scaled.max() or 1.0)
    return high


def isolines(high: NDArray[np.float64], count: int) -> QPainterPath:
    """`count` evenly spaced heights as lines in a unit square, y upwards."""
    rows, columns = high.shape
    generator = contourpy.contour_generator(
        np.linspace(0, 1, columns),
        np.linspace(0, 1, rows),
        np.ma.masked_invalid(high),
        line_type=contourpy.LineType.Separate,
    )
    levels = (np.arange(count) + 0.5) / count
    of_levels = cast(list[list[NDArray[np.float64]]], [generator.lines(float(level)) for level in levels])
    return path_from_polylines(list(chain.from_iterable(of_levels)))


def colors(high: NDArray[np.float64], theme: Theme) -> QImage:
    """Heights as the theme's ramp, one pixel a sample, the last row on top; clear where undefined."""
    known = np.isfinite(high[::-1])
    ramp = ramp_rgb(theme).astype(np.uint32)
    words = (255 << 24) | (ramp[:, 0] << 16) | (ramp[:, 1] << 8) | ramp[:, 2]  # 0xAARRGGBB
    index = np.rint(np.where(known, high[::-1], 0) * 255).astype(np.intp)
    pixels = np.ascontiguousarray(np.where(known, words[index], np.uint32(0)), dtype=np.uint32)
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the picture outlives the array


def _cross(painter: QPainter, at: QPointF, arm: float = 4) -> None:
    """The sign of a known minimum."""
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
