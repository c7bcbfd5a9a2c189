"""Where a chart's parts stand and how places on the level axis and readings become pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QRegion

from lrviz.views.fit import Fit
from lrviz.views.level import Level
from lrviz.views.theme import GRID

TITLE = 3 * GRID  # px: the line with the title, what it says of the lines, and the toggle
LEFT = 7 * GRID  # px for the labels of the upright axis
ROW = 2 * GRID  # px: a line of labels under the chart
RAIL = 2 * GRID  # px: the strip beyond an edge on which readings stand that lie outside
ROUNDING = 1e-9  # of the height: so little outside is still on the edge


@dataclass(frozen=True)
class Frame:
    """The plot within the widget and its two scales."""

    plot: QRectF
    level: Level
    fit: Fit
    nan_above: bool

    @classmethod
    def within(cls, size: QSize, level: Level, fit: Fit, nan_above: bool, margins: tuple[int, int], rows: int) -> Frame:
        """The frame of a widget of that size with px for labels left and right of it, and rows of them below."""
        left, right = margins
        top = TITLE + (RAIL if fit.above else GRID // 2)
        bottom = GRID // 2 + ROW * rows + (RAIL if fit.below else 0)
        plot = QRectF(left, top, max(1, size.width() - left - right), max(1, size.height() - top - bottom))
        return cls(plot, level, fit, nan_above)

    # Pixels

    def x(self, place: float) -> float:
        return self.plot.left() + self.plot.width() * self.level.fraction(place)

    def xs(self, places: NDArray[np.number]) -> NDArray[np.float64]:
        return self.plot.left() + self.plot.width() * self.level.fractions(places)

    def place(self, x: float) -> float:
        """The place on the level axis at a pixel, kept within it."""
        return self.level.place(min(max((x - self.plot.left()) / self.plot.width(), 0.0), 1.0))

    def y(self, value: float) -> float:
        up = self.fit.scale.fraction(value)
        if math.isnan(up):
            return self.rail_above if self.nan_above else self.rail_below
        if up > 1 + ROUNDING:
            return self.rail_above
        if up < -ROUNDING:
            return self.rail_below
        return self.plot.bottom() - self.plot.height() * min(max(up, 0.0), 1.0)

    def ys(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Always finite: what lies outside, or is no number, stands on the rail of its side."""
        scale = self.fit.scale
        if len(values) and values.min() >= scale.low and values.max() <= scale.high:  # the usual case
            return self.plot.bottom() - self.plot.height() * scale.fractions_within(values)
        up = scale.fractions(values)
        plain = self.plot.bottom() - self.plot.height() * np.clip(up, 0, 1)
        above = (up > 1 + ROUNDING) | (np.isnan(up) & self.nan_above)
        below = (up < -ROUNDING) | (np.isnan(up) & (not self.nan_above))
        return np.where(above, self.rail_above, np.where(below, self.rail_below, plain))

    @property
    def rail_above(self) -> float:
        return self.plot.top() - RAIL / 2

    @property
    def rail_below(self) -> float:
        return self.plot.bottom() + RAIL / 2

    def side(self, y: float) -> int:
        """1 for a point on the rail above, -1 on the one below, 0 within the plot."""
        return 1 if y < self.plot.top() else -1 if y > self.plot.bottom() else 0

    def strip(self, left: float, right: float) -> QRegion:
        """What has to be painted again where something moves between two pixels: always of the whole height, so that
        strips side by side are one rectangle, within which Qt paints several times as fast as within others."""
        top, bottom = TITLE - 4, self.plot.bottom() + RAIL + 4
        return QRegion(QRectF(left, top, right - left, bottom - top).toAlignedRect())

    @property
    def axis(self) -> float:
        """Where the level axis is drawn: below the rail, where there is one."""
        return self.rail_below + GRID if self.fit.below else self.plot.bottom()
