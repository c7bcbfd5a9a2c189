"""Where a sweep's picture has its parts: rates run to the right, on a log scale; a metric or a knob goes upwards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize

from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import larger_is_better
from lrviz.views.axis import Scale, nice_linear, nice_log
from lrviz.views.theme import GRID

TITLE = 4 * GRID  # px: the metric, what was swept, and the legend below them
LEGEND = 3 * GRID
RAIL = 4 * GRID  # px above a chart's plot, for runs that diverged
LEFT, RIGHT = 9 * GRID, 2 * GRID  # px beside the plot
SCALE = 9 * GRID  # px at the right of a map, for what its colours mean
BELOW = 5 * GRID  # px below the plot: ticks and the axis's name
READOUT = 3 * GRID  # px below these
INSET = 8.0  # px from the ends of a chart's scale to its edges, so that no dot is cut
LONE = 10.0  # how far a single rate's column reaches, as a ratio
DECADES = 12  # of a loss at most
START = 3.0  # losses are drawn up to so many times what the slowest run begins with; what is more stands at the edge


@dataclass(frozen=True)
class Frame:
    """Rectangles in px of the canvas, the scale of rates and, in a chart, that of the metric."""

    plot: QRectF
    rail: QRectF  # of diverged runs; empty in a map
    legend: QRectF
    readout: QRectF
    bar: QRectF  # the scale of colours; empty in a chart
    rates: Scale
    figures: Scale
    lrs: tuple[float, ...]
    rows: int  # how many values of a knob stand one above the other; 1 in a chart

    @cached_property
    def xs(self) -> NDArray[np.float64]:
        """(R,) px of the rates."""
        return np.asarray(self.plot.left() + self.plot.width() * self.rates.fractions(np.array(self.lrs)))

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """(R + 1,) px between the rates: half way, and the plot's ends."""
        return np.concatenate([[self.plot.left()], (self.xs[1:] + self.xs[:-1]) / 2, [self.plot.right()]])

    def x(self, lr: float) -> float:
        return self.plot.left() + self.plot.width() * self.rates.fraction(lr)

    def ys(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """px of a metric; what lies outside of the scale stands at its ends, nan stays."""
        room = self.plot if self.rows == 1 else self.bar
        inset = INSET if self.rows == 1 else 0
        parts = np.clip(self.figures.fractions(figures), 0, 1)
        return np.asarray(room.bottom() - inset - (room.height() - 2 * inset) * parts)

    def y(self, figure: float) -> float:
        return float(self.ys(np.array([figure]))[0])

    def row(self, value: int) -> QRectF:
        """A value's row in a map, the first at the bottom."""
        height = self.plot.height() / self.rows
        return QRectF(self.plot.left(), self.plot.bottom() - (value + 1) * height, self.plot.width(), height)

    def cell(self, value: int, rate: int) -> QRectF:
        row = self.row(value)
        return QRectF(self.edges[rate], row.top(), self.edges[rate + 1] - self.edges[rate], row.height())

    def rate_at(self, x: float) -> int:
        """The rate whose column lies at a pixel, or nearest to it."""
        return int(np.clip(np.searchsorted(self.edges, x) - 1, 0, len(self.lrs) - 1))

    def value_at(self, y: float) -> int:
        share = (self.plot.bottom() - y) / self.plot.height()
        return min(max(int(share * self.rows), 0), self.rows - 1)

    def rail_ys(self, seeds: int) -> NDArray[np.float64]:
        """(S,) px of the seeds on the rail, one under the other."""
        inner = self.rail.adjusted(0, 4, 0, -4)
        return np.asarray(inner.top() + inner.height() * (np.arange(seeds) + 0.5) / seeds)


def frame_of(table: SweepTable, metric: str, size: QSize) -> Frame:
    """The frame of a table: the same for all its marks, so that what moves with the budget is the result alone."""
    is_map = len(table.question.values) > 1
    right = SCALE if is_map else RIGHT
    rail = 2.5 * GRID if is_map else RAIL  # in a map the name of its upright axis stands there
    top = TITLE + LEGEND + rail
    bottom = size.height() - BELOW - READOUT
    plot = QRectF(LEFT, round(top), max(1, size.width() - LEFT - right), max(1, bottom - round(top)))
    return Frame(
        plot=plot,
        rail=QRectF(plot.left(), plot.top() - rail, plot.width(), 0 if is_map else rail),
        legend=QRectF(2 * GRID, TITLE, max(1, size.width() - 4 * GRID), LEGEND),
        readout=QRectF(2 * GRID, plot.bottom() + BELOW, max(1, size.width() - 4 * GRID), READOUT),
        bar=QRectF(plot.right() + 2 * GRID, plot.top(), 1.5 * GRID if is_map else 0, plot.height()),
        rates=_rate_scale(table.lrs),
        figures=figure_scale(table, metric),
        lrs=table.lrs,
        rows=len(table.question.values),
    )


def figure_scale(table: SweepTable, metric: str) -> Scale:
    """The metric's scale, fitted to every mark: logarithmic for a loss that is above 0 everywhere."""
    figures = table.metrics[metric]
    known = figures[np.isfinite(figures)]
    if larger_is_better(metric):
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
        fitted = nice_linear(low, high)
        return Scale(max(fitted.low, 0.0), min(fitted.high, 1.0))
    if not known.size:
        return Scale(0.1, 10.0, log=True)
    low, high = float(known.min()), float(known.max())
    starts = figures[..., 0]
    began = starts[np.isfinite(starts)]
    if began.size:  # the first rate that has one is the slowest: it has hardly left the start
        high = min(high, START * float(np.median(_slowest(starts))))
    high = max(high, low)
    if low <= 0 and (table.metrics[metric][np.isfinite(figures)] < 0).any():
        return nice_linear(low, high)
    above = known[known > 0]
    if not above.size:
        return nice_linear(0.0, 1.0)
    high = max(high, float(above.min()))
    return nice_log(max(float(above.min()), high * 10.0**-DECADES), high)


def _slowest(starts: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) what the runs of the lowest rate known have at the first mark; starts is (V, R, S)."""
    for rate in range(starts.shape[1]):
        here = starts[:, rate]
        if np.isfinite(here).any():
            return np.asarray(here[np.isfinite(here)])
    raise AssertionError("called where some run is known")


def _rate_scale(lrs: tuple[float, ...]) -> Scale:
    """Half a column beyond the first and the last rate."""
    if len(lrs) == 1:
        reach = math.sqrt(LONE)
        return Scale(lrs[0] / reach, lrs[0] * reach, log=True)
    return Scale(lrs[0] * math.sqrt(lrs[0] / lrs[1]), lrs[-1] * math.sqrt(lrs[-1] / lrs[-2]), log=True)
