"""Where a chart's parts stand and how steps and readings become pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize

from lrviz.views.fit import Fit
from lrviz.views.theme import GRID

TITLE = 3 * GRID  # px: the line with the title, what it says of the lines, and the toggle
LEFT = 7 * GRID  # px for the labels of the upright axis
ROW = 2 * GRID  # px: a line of labels under the chart
RAIL = 2 * GRID  # px: the strip beyond an edge on which readings stand that lie outside
PIECE = 4.0  # px: lines are stroked in pieces of about this length, the same ones whoever asks


ROUNDING = 1e-9  # of the height: so little outside is still on the edge


@dataclass(frozen=True)
class Frame:
    """The plot within the widget, its scales, and the steps that are stroked together."""

    plot: QRectF
    steps: int
    fit: Fit
    nan_above: bool

    @classmethod
    def within(cls, size: QSize, steps: int, fit: Fit, nan_above: bool, right: int, epochs: bool) -> Frame:
        """The frame of a widget of that size with `right` px for labels and, where wanted, a second row of them."""
        top = TITLE + (RAIL if fit.above else GRID // 2)
        bottom = GRID // 2 + ROW * (2 if epochs else 1) + (RAIL if fit.below else 0)
        plot = QRectF(LEFT, top, max(1, size.width() - LEFT - right), max(1, size.height() - top - bottom))
        return cls(plot, steps, fit, nan_above)

    # Pixels

    def x(self, step: float) -> float:
        return self.plot.left() + self.plot.width() * step / self.steps

    def xs(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.plot.left() + self.plot.width() * steps / self.steps

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
        up = self.fit.scale.fractions(values)
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

    def step_at(self, x: float) -> int:
        """The step nearest to a pixel, kept within the race."""
        step = round((x - self.plot.left()) / self.plot.width() * self.steps)
        return min(max(step, 0), self.steps)

    # Pieces

    @cached_property
    def bucket(self) -> int:
        """Steps in one column of pixels: of these only the least and the greatest reading are drawn."""
        return max(1, math.floor(self.steps / self.plot.width()))

    @cached_property
    def smooth_bucket(self) -> int:
        """As `bucket`, for a smooth line: it has no spikes to keep, so half as many points do."""
        return 2 * self.bucket if self.bucket > 1 else 1

    @cached_property
    def piece(self) -> int:
        """Steps in one piece, a whole number of either bucket."""
        buckets = PIECE * self.steps / (self.plot.width() * self.smooth_bucket)
        return self.smooth_bucket * max(1, round(buckets))

    def pieces(self, step: int) -> int:
        """How many pieces are whole once `step` is shown."""
        return (step + 1) // self.piece
