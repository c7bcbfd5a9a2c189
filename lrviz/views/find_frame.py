"""Where the range test's chart has its parts: the curves, and below them a strip with a row for each rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize

from lrviz.core.range_test import RangeTest, Rows
from lrviz.views.axis import Scale, nice_linear, nice_log
from lrviz.views.theme import GRID

TITLE = 4 * GRID  # px above the plot for title, legend and the smoothing
MARKS = 2 * GRID  # px between them and the plot, where 0.001 and the sweep's region are named
RIGHT = 3 * GRID
BELOW = 4 * GRID  # px below the strip: ticks and the axis's name
ROW = 20, 14  # px a rule's row, where there is room and where there is little
ROOMY = 300  # px of height from which on there is room
GAP = GRID  # px between plot and strip


@dataclass(frozen=True)
class Frame:
    """The plot, the strip below it, and the scales: rates are logarithmic and shared by both."""

    plot: QRectF
    strip: QRectF
    row: float  # px a rule
    rates: Scale
    loss: Scale

    def x(self, rate: float) -> float:
        """Held within the plot."""
        share = self.rates.fraction(min(max(rate, self.rates.low), self.rates.high))
        return self.plot.left() + self.plot.width() * share

    def rate(self, x: float) -> float:
        """The rate at a pixel, held within the scale."""
        share = min(max((x - self.plot.left()) / self.plot.width(), 0.0), 1.0)
        return float(self.rates.low * (self.rates.high / self.rates.low) ** share)

    def points(self, lrs: Rows, losses: Rows) -> NDArray[np.float64]:
        """(N, 2) px of finite losses; what lies above the scale goes a little beyond the plot, where it is clipped."""
        xs = self.plot.left() + self.plot.width() * self.rates.fractions(lrs)
        ys = self.plot.bottom() - self.plot.height() * np.clip(self.loss.fractions(losses), -0.2, 1.5)
        return np.stack([xs, ys], axis=1)

    def point(self, rate: float, loss: float) -> QPointF:
        """Held within the plot."""
        share = min(max(self.loss.fraction(loss), 0.0), 1.0)
        return QPointF(self.x(rate), self.plot.bottom() - self.plot.height() * share)

    def row_of(self, rule: int) -> QRectF:
        return QRectF(self.strip.left(), self.strip.top() + rule * self.row, self.strip.width(), self.row)


def frame_of(test: RangeTest, smooth: Rows, size: QSize, rules: int, left: float) -> Frame | None:
    """The frame for a test seen at a size; None before any loss is known. `left` px are for the rules' names."""
    scale = _loss_scale(test.losses, smooth)
    if scale is None:
        return None
    row = ROW[size.height() < ROOMY]
    width = max(1.0, size.width() - left - RIGHT)
    top, strip = TITLE + MARKS, rules * row
    height = max(1.0, size.height() - top - GAP - strip - BELOW)
    plot = QRectF(left, top, width, height)
    question = test.question
    rates = Scale(question.first, question.last, log=True)
    return Frame(plot, QRectF(left, plot.bottom() + GAP, width, strip), row, rates, scale)


def _loss_scale(losses: Rows, smooth: Rows) -> Scale | None:
    """Fits what each seed's loss does until it is lowest, and as much above it as shows that it rises again."""
    fitted = []
    for raw, line in zip(losses, smooth, strict=True):
        finite = np.isfinite(line)
        if finite.any():
            lowest = int(np.nanargmin(np.where(finite, line, np.nan)))
            fitted.append(raw[: lowest + 1][np.isfinite(raw[: lowest + 1])])
            fitted.append(line[: lowest + 1][finite[: lowest + 1]])
    if not fitted:
        return None
    values = np.concatenate(fitted)
    low, high = float(np.quantile(values, 0.01)), float(values.max())
    if low > 0:
        return nice_log(low, 1.5 * high)
    return nice_linear(low, high + 0.25 * (high - low))
