"""The map under the trails: the landscape as one muted colour ramp, isolines, and hatching where it is undefined."""

from __future__ import annotations

import contourpy
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from lrviz.core.catalog import Point
from lrviz.core.landscape import Landscape
from lrviz.views.paths import path_from_polylines
from lrviz.views.theme import Theme, ramp_rgb

LEVELS = 14  # isolines


class Relief:
    """One landscape, ready to be drawn at any size. Isolines are found once; one picture is kept."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._heights = heights(landscape.loss)
        self._isolines: QPainterPath | None = None
        self._picture: tuple[object, QImage] | None = None

    def shows(self, landscape: Landscape) -> bool:
        """Whether `landscape` is the one drawn here, be it another object."""
        mine = self.landscape
        return landscape is mine or (
            landscape.bounds == mine.bounds and np.array_equal(landscape.loss, mine.loss, equal_nan=True)
        )

    def picture(self, size: QSize, ratio: float, theme: Theme, minima: tuple[Point, ...]) -> QImage:
        """The whole map at `size` px and `ratio` device pixels a px. All panels of a size share one."""
        key = (size.toTuple(), ratio, theme, minima)
        if self._picture is None or self._picture[0] != key:
            image = QImage(size * ratio, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(ratio)
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, size, theme, minima)
            painter.end()
            self._picture = (key, image)
        return self._picture[1]

    def _paint(self, painter: QPainter, size: QSize, theme: Theme, minima: tuple[Point, ...]) -> None:
        area = QRectF(0, 0, size.width(), size.height())
        painter.fillRect(area, QColor(theme.window))
        if not np.isfinite(self._heights).all():
            painter.fillRect(area, QBrush(QColor(theme.line), Qt.BrushStyle.BDiagPattern))
        rows, columns = self._heights.shape
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The outermost samples stand on the map's edge, so half of their pixels lies outside it.
        painter.drawImage(area, colors(self._heights, theme), QRectF(0.5, 0.5, columns - 1, rows - 1))
        painter.setPen(QPen(QColor(theme.isoline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(QTransform.fromScale(size.width(), size.height()).map(self._isoline_path()))
        painter.setPen(QPen(QColor(theme.text), 1.5))
        x0, x1, y0, y1 = self.landscape.bounds
        for x, y in minima:
            cross(painter, QPointF((x - x0) / (x1 - x0) * size.width(), (y1 - y) / (y1 - y0) * size.height()))

    def _isoline_path(self) -> QPainterPath:
        """The isolines in a unit square, y downwards."""
        if self._isolines is None:
            self._isolines = path_from_polylines(isolines(self._heights))
        return self._isolines


def cross(painter: QPainter, at: QPointF, arm: float = 4) -> None:
    """The sign of a known minimum."""
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))


def heights(loss: NDArray[np.float64]) -> NDArray[np.float64]:
    """(H, W) losses to heights 0..1, nan where undefined: linear near the lowest, logarithmic far above it.

    log(1 + (loss - lowest) / s) with the lowest tenth of the map as s: a bowl gets evenly spaced rings, and a narrow
    valley, which holds that tenth, keeps half of the scale to itself however high its walls are.
    """
    known = np.isfinite(loss)
    if not known.any():
        return np.full(loss.shape, np.nan)
    scaled = np.where(known, loss, np.nan)
    scaled = scaled / max(1.0, float(np.nanmax(np.abs(scaled))) / 1e100)  # differences of huge losses stay finite
    above = scaled - np.nanmin(scaled)
    tenth = float(np.nanquantile(above, 0.1)) or float(np.nanmax(above)) / 10
    if tenth == 0:
        return np.where(known, 0.0, np.nan)
    high = np.log1p(above / tenth)
    return np.asarray(high / np.nanmax(high))


def isolines(high: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Polylines (N, 2) of evenly spaced heights in a unit square, y downwards."""
    rows, columns = high.shape
    across, down = np.linspace(0, 1, columns), np.linspace(1, 0, rows)
    generator = contourpy.contour_generator(across, down, np.ma.masked_invalid(high), line_type="Separate")
    lines: list[NDArray[np.float64]] = []
    for level in (np.arange(LEVELS) + 0.5) / LEVELS:
        lines.extend(generator.lines(float(level)))  # type: ignore[arg-type]
    return lines


def colors(high: NDArray[np.float64], theme: Theme) -> QImage:
    """Heights as the theme's ramp, one pixel a sample, y upwards; clear where undefined."""
    known = np.isfinite(high[::-1])
    ramp = ramp_rgb(theme).astype(np.uint32)
    words = (255 << 24) | (ramp[:, 0] << 16) | (ramp[:, 1] << 8) | ramp[:, 2]  # 0xAARRGGBB
    index = np.rint(np.where(known, high[::-1], 0) * 255).astype(np.intp)
    pixels = np.ascontiguousarray(np.where(known, words[index], np.uint32(0)), dtype=np.uint32)
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the picture outlives the array
