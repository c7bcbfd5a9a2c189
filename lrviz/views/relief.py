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
KEPT = 16  # pictures: as many as panels that may each show a window of their own
LEAST = 1e-12  # of a map's height: flatter ground is all one height to the eye


class Relief:
    """One landscape, ready to be drawn in any frame. Pictures of the last frames are kept."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._heights = heights(landscape.loss)
        self._pictures: dict[object, QImage] = {}

    def shows(self, landscape: Landscape) -> bool:
        """Whether `landscape` is the one drawn here, be it another object."""
        mine = self.landscape
        return landscape is mine or (
            landscape.bounds == mine.bounds and np.array_equal(landscape.loss, mine.loss, equal_nan=True)
        )

    def picture(self, frame: Frame, ratio: float, theme: Theme, minima: tuple[Point, ...]) -> QImage:
        """The map in `frame` at `ratio` device pixels a px. All panels with the same frame share one."""
        key = (frame, ratio, theme, minima)
        if key not in self._pictures:
            while len(self._pictures) >= KEPT:
                del self._pictures[next(iter(self._pictures))]
            image = QImage(QSize(frame.width, frame.height) * ratio, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(ratio)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint(painter, frame, theme, minima)
            self._pictures[key] = image
        return self._pictures[key]

    def _paint(self, painter: QPainter, frame: Frame, theme: Theme, minima: tuple[Point, ...]) -> None:
        painter.fillRect(frame.rect, QColor(theme.window))
        cut = Cut.of(self.landscape.bounds, self._heights, frame)
        if cut is not None:
            self._paint_cut(painter, frame, theme, cut)
        painter.setPen(QPen(QColor(theme.text), 1.5))
        for x, y in frame.pixels(np.array(minima).reshape(-1, 2)).tolist():
            _cross(painter, QPointF(x, y))

    def _paint_cut(self, painter: QPainter, frame: Frame, theme: Theme, cut: Cut) -> None:
        if not np.isfinite(cut.heights).all():
            painter.fillRect(cut.target & frame.rect, QBrush(QColor(theme.line), Qt.BrushStyle.BDiagPattern))
        rows, columns = cut.heights.shape
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The outermost samples stand on the cut's edge, so half of their pixels lies outside it.
        painter.drawImage(cut.target, colors(cut.heights, theme), QRectF(0.5, 0.5, columns - 1, rows - 1))
        painter.setPen(QPen(QColor(theme.isoline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        count = min(max(min(frame.width, frame.height) // PX_PER_ISOLINE, FEWEST), MOST)
        target = cut.target
        into_frame = QTransform(target.width(), 0, 0, -target.height(), target.left(), target.bottom())
        painter.drawPath(into_frame.map(isolines(cut.heights, count)))


@dataclass(frozen=True, eq=False)
class Cut:
    """The samples of a landscape that a frame shows, and no more: stretched far, the others would be far off."""

    heights: NDArray[np.float64]  # (h, w) of the (H, W) samples
    target: QRectF  # where they lie, in px of the frame

    @classmethod
    def of(cls, bounds: Bounds, heights: NDArray[np.float64], frame: Frame) -> Cut | None:
        """None where the frame shows nothing of the landscape."""
        rows, columns = heights.shape
        across = _samples(bounds[0], bounds[1], columns, frame.bounds[0], frame.bounds[1])
        up = _samples(bounds[2], bounds[3], rows, frame.bounds[2], frame.bounds[3])
        if across is None or up is None:
            return None
        (left, x0, x1), (low, y0, y1) = across, up
        corners = frame.places(np.array([(x0, y1), (x1, y0)])).tolist()
        some = heights[low[0] : low[1] + 1, left[0] : left[1] + 1]
        return cls(some, QRectF(QPointF(*corners[0]), QPointF(*corners[1])))


def _samples(
    begin: float, end: float, count: int, first: float, last: float
) -> tuple[tuple[int, int], float, float] | None:
    """Which of `count` samples over begin..end are needed for first..last, and the places of the outermost two."""
    step = (end - begin) / (count - 1)
    low = max(math.floor((first - begin) / step), 0)
    high = min(math.ceil((last - begin) / step), count - 1)
    return ((low, high), begin + low * step, begin + high * step) if low < high else None


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
