"""The data behind a real loss, in a corner of its map: the samples, and the line that the head's two numbers draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from lrviz.core.catalog import Bounds, Point
from lrviz.core.data_view import DataView
from lrviz.core.experiment import OnModel
from lrviz.views.markers import HALO
from lrviz.views.panel_labels import INSET, SHEET
from lrviz.views.panel_view import SPARE, Letters, View, fonts
from lrviz.views.paths import path_from_points
from lrviz.views.theme import Theme
from lrviz.views.way import Frame

SHARE = 0.34  # of a map's width
TALLEST = 0.4  # of a map's height
LEAST = (52, 40)  # px: smaller insets would say nothing
NAMED = (110, 84)  # px: from which on the axes are named
NEAR = 0.12  # of a map's width: an upper corner is good enough that keeps this far from start and minima
DOT = 1.5  # px: half a sample's size
LINE = 2.0  # px
FAR = 1e4  # px from the inset's middle: a line's points further out are drawn at this distance


@dataclass(frozen=True)
class Plot:
    """The samples in a window of some size."""

    data: DataView
    width: int
    height: int

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 2) points of the data's plane to px from the upper left corner, (N, 2)."""
        frame = Frame(self.data.bounds, self.width, self.height)
        return frame.pixels(np.asarray(points, np.float64).reshape(-1, 2))

    def path(self, theta: NDArray[np.float64]) -> QPainterPath:
        """What theta draws; nothing where it, or a stretch of its line, is not finite."""
        if not np.isfinite(theta).all():
            return QPainterPath()
        with np.errstate(all="ignore"):
            points = self.pixels(self.data.curve(theta))
        finite = np.asarray(np.isfinite(points).all(axis=1))
        begins = np.flatnonzero(finite & ~np.concatenate([[False], finite[:-1]]))
        kept = points[finite]
        return path_from_points(kept, (np.cumsum(finite) - 1)[begins]) if len(kept) > 1 else QPainterPath()


@dataclass(frozen=True)
class Inset:
    """The data and one run's line, in a corner of its map."""

    rect: QRect
    plot: Plot
    line: QPainterPath  # from the inset's upper left corner; empty where theta draws none

    @property
    def area(self) -> QRect:
        return self.rect.marginsAdded(SPARE)

    def paint(self, painter: QPainter, view: View, run: int) -> None:
        """Copied from a picture of its own: where a line is cut by what is painted again, its edge would change."""
        ratio = painter.deviceTransform().m11()
        if ratio not in self._pictures:
            self._pictures[ratio] = self._picture(view.theme, run, ratio)
        painter.drawImage(self.rect.topLeft(), self._pictures[ratio])

    @cached_property
    def _pictures(self) -> dict[float, QImage]:
        """By how many device pixels a px has."""
        return {}

    def _picture(self, theme: Theme, run: int, ratio: float) -> QImage:
        image = _samples(self.plot, theme, ratio)
        if self.line.isEmpty():
            return image
        image = image.copy()
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(QRect(1, 1, self.plot.width - 2, self.plot.height - 2))
            painter.strokePath(self.line, theme.halo_pen(LINE + 2 * HALO))
            painter.strokePath(self.line, QPen(theme.run_color(run), LINE))
        return image


def inset_rect(view: View, run: int) -> QRect | None:
    """Where a run's inset stands: in the same corner of every map, far from start and minima.

    None where the surface is no real loss, or the map too small.
    """
    scene, problem = view.scene, view.scene.experiment.problem
    if scene.data is None or scene.landscape is None or isinstance(problem, OnModel):
        return None
    area = view.map(run)
    width, height = inset_size(area.width(), area.height())
    if width < LEAST[0] or height < LEAST[1]:
        return None
    place = corner(
        (area.width(), area.height()), (width, height), scene.landscape.bounds, (problem.start, *scene.minima)
    )
    return QRect(area.x() + place[0], area.y() + place[1], width, height)


def place_inset(view: View, rect: QRect, theta: NDArray[np.float64]) -> Inset:
    """The scene's data in `rect`, as `theta` (2,) fits them."""
    assert view.scene.data is not None
    plot = Plot(view.scene.data, rect.width(), rect.height())
    return Inset(rect, plot, plot.path(theta))


def inset_size(map_width: int, map_height: int) -> tuple[int, int]:
    width = round(SHARE * map_width)
    return width, round(min(0.8 * width, TALLEST * map_height))


@lru_cache(maxsize=16)
def corner(
    map_size: tuple[int, int], size: tuple[int, int], bounds: Bounds, points: tuple[Point, ...]
) -> tuple[int, int]:
    """The upper left corner, in px of the map, of a rectangle of `size` that hides none of `points`.

    An upper one where that will do, since a verdict's reason stands at the foot.
    """
    frame = Frame(bounds, *map_size)
    places = frame.pixels(np.array(points, np.float64).reshape(-1, 2))
    across, down = (round(whole - part - INSET) for whole, part in zip(map_size, size, strict=True))
    near = round(INSET)
    upper, lower = [(across, near), (near, near)], [(across, down), (near, down)]

    def distance(at: tuple[int, int]) -> float:
        """From the rectangle to the nearest of the points."""
        low, high = np.array(at), np.array(at) + np.array(size)
        beyond = np.maximum(np.maximum(low - places, places - high), 0)
        return float(np.hypot(*beyond.T).min())

    best = max(upper, key=distance)
    if distance(best) < NEAR * map_size[0]:
        best = max((best, *lower), key=distance)
    return best


@lru_cache(maxsize=8)
def _samples(plot: Plot, theme: Theme, ratio: float) -> QImage:
    """The window with its samples and axes, painted once for all runs and steps."""
    image = QImage(QSize(plot.width, plot.height) * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    whole = QRectF(0, 0, plot.width, plot.height)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, QColor(theme.field))
        pixels = plot.pixels(plot.data.points)
        classes = plot.data.classes
        if classes is None:
            _paint_dots(painter, pixels, QColor(theme.quiet))
        else:
            _paint_dots(painter, pixels[classes == 0], QColor(theme.accent))
            _paint_crosses(painter, pixels[classes == 1], QColor(theme.warning))
        if plot.width >= NAMED[0] and plot.height >= NAMED[1]:
            name_axes(painter, theme, whole, plot.data.axes)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5))
    return image


def _paint_dots(painter: QPainter, pixels: NDArray[np.float64], color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for x, y in pixels.tolist():
        painter.drawEllipse(QPointF(x, y), DOT, DOT)


def _paint_crosses(painter: QPainter, pixels: NDArray[np.float64], color: QColor) -> None:
    painter.setPen(QPen(color, 1))
    reach = 1.2 * DOT
    for x, y in pixels.tolist():
        painter.drawLine(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach))
        painter.drawLine(QPointF(x - reach, y + reach), QPointF(x + reach, y - reach))


def name_axes(painter: QPainter, theme: Theme, within: QRectF, axes: Sequence[str]) -> None:
    """The level axis at its right end, the upright one at its top, on a strip that keeps samples off the letters."""
    letters = fonts(small=True).small
    inner = within.adjusted(1, 1, -1, -1)
    line = QRectF(inner.left(), inner.top(), inner.width(), letters.height)
    painter.setFont(letters.font)
    x, y = (_short(axis, letters, line.width() - letters.width("↑ ") - 4) for axis in axes)
    for shown, top, side in (
        (f"{x} →", inner.bottom() - letters.height, Qt.AlignmentFlag.AlignRight),
        (f"↑ {y}", inner.top(), Qt.AlignmentFlag.AlignLeft),
    ):
        strip = QRectF(line.left(), top, line.width(), line.height())
        width = letters.width(shown) + 4
        left = strip.left() if side == Qt.AlignmentFlag.AlignLeft else strip.right() - width
        sheet = QColor(theme.field)
        sheet.setAlpha(SHEET)
        painter.fillRect(QRectF(left, top, width, line.height()), sheet)
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QPointF(left + 2, letters.baseline(strip)), shown)


def _short(axis: str, letters: Letters, width: float) -> str:
    """An axis's name, without its unit or with an end left out where `width` doesn't take all of it."""
    if letters.fit(axis, width):
        return axis
    name = axis.partition(",")[0]
    return QFontMetricsF(letters.font).elidedText(name, Qt.TextElideMode.ElideRight, width)
