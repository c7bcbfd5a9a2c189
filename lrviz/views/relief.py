"""The map under the trails: the landscape as one muted colour ramp, isolines, and hatching where it is undefined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain
from typing import cast

import contourpy
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from lrviz.core.catalog import Bounds, Point
from lrviz.core.landscape import Landscape
from lrviz.views.paths import path_from_polylines
from lrviz.views.theme import Theme, ramp_rgb
from lrviz.views.way import Frame

PX_PER_ISOLINE = 20  # of a map's shorter side
FEWEST, MOST = 6, 14  # isolines


@dataclass(frozen=True, eq=False)
class Terrain:
    """The part of a landscape that is shown, to the next sample beyond it."""

    bounds: Bounds
    heights: NDArray[np.float64]  # (H, W) 0..1, nan where undefined; row 0 at y0


class Relief:
    """One landscape, ready to be drawn in any frame. The terrain and the picture of the last frame are kept."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._terrain: tuple[object, Terrain] | None = None
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
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, frame, theme, minima)
            painter.end()
            self._picture = (key, image)
        return self._picture[1]

    def _paint(self, painter: QPainter, frame: Frame, theme: Theme, minima: tuple[Point, ...]) -> None:
        terrain = self._terrain_in(frame.bounds)
        painter.fillRect(frame.rect, QColor(theme.window))
        if not np.isfinite(terrain.heights).all():
            painter.fillRect(frame.rect, QBrush(QColor(theme.line), Qt.BrushStyle.BDiagPattern))
        rows, columns = terrain.heights.shape
        area = _pixels(frame, terrain.bounds)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The outermost samples stand on the terrain's edge, so half of their pixels lies outside it.
        painter.drawImage(area, colors(terrain.heights, theme), QRectF(0.5, 0.5, columns - 1, rows - 1))
        painter.setPen(QPen(QColor(theme.isoline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        count = min(max(min(frame.width, frame.height) // PX_PER_ISOLINE, FEWEST), MOST)
        painter.drawPath(_into(area).map(isolines(terrain.heights, count)))
        painter.setPen(QPen(QColor(theme.text), 1.5))
        for x, y in frame.pixels(np.array(minima).reshape(-1, 2)).tolist():
            _cross(painter, QPointF(x, y))

    def _terrain_in(self, bounds: Bounds) -> Terrain:
        if self._terrain is None or self._terrain[0] != bounds:
            self._terrain = (bounds, terrain_in(self.landscape, bounds))
        return self._terrain[1]


def terrain_in(landscape: Landscape, bounds: Bounds) -> Terrain:
    """The samples of `landscape` within `bounds` and the next ones around, as heights."""
    rows, columns = landscape.loss.shape
    x0, x1, y0, y1 = landscape.bounds
    left, right = _samples(bounds[0], bounds[1], x0, x1, columns)
    low, high = _samples(bounds[2], bounds[3], y0, y1, rows)
    across, up = (x1 - x0) / (columns - 1), (y1 - y0) / (rows - 1)
    covered = (x0 + left * across, x0 + right * across, y0 + low * up, y0 + high * up)
    return Terrain(covered, heights(landscape.loss[low : high + 1, left : right + 1]))


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
    near = float(np.quantile(values, 0.05)) or float(values.max()) / 20
    high = np.full(loss.shape, np.nan)
    scaled = np.log1p(values / near) if near > 0 else values
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


def _samples(low: float, high: float, start: float, end: float, count: int) -> tuple[int, int]:
    """The first and last of `count` samples from `start` to `end` that take in low..high."""
    step = (end - start) / (count - 1)
    first = min(max(math.floor((low - start) / step + 1e-9), 0), count - 2)
    last = max(min(math.ceil((high - start) / step - 1e-9), count - 1), first + 1)
    return first, last


def _pixels(frame: Frame, bounds: Bounds) -> QRectF:
    """Where `bounds` lie in the frame, in px."""
    x0, x1, y0, y1 = bounds
    (left, top), (right, bottom) = frame.pixels(np.array([(x0, y1), (x1, y0)])).tolist()
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _into(area: QRectF) -> QTransform:
    """From the unit square with y upwards into `area`."""
    return QTransform(area.width(), 0, 0, -area.height(), area.left(), area.bottom())


def _cross(painter: QPainter, at: QPointF, arm: float = 4) -> None:
    """The sign of a known minimum."""
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
