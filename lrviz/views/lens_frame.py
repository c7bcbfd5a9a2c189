"""Where the lens's chart has its parts: training loss falls to the right, the test figure goes upwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize

from lrviz.core.lens import LEARNED, Lens, Row
from lrviz.views.axis import Scale, nice_linear, nice_log
from lrviz.views.theme import GRID

TITLE = 8 * GRID  # px above the plot: title, legend, and the level's handle
LEFT, RIGHT = 8 * GRID, 4 * GRID  # px beside it
BELOW = 5 * GRID  # px below it: ticks and the axis's name
RAIL = GRID  # px beyond the plot at which figures stand that lie outside
DECADES = 8  # of training loss at most: what is less stands at the right end
MARGIN, LEAST = 0.25, 0.05  # on the worse side of the figures: of their span, but not less than so much


@dataclass(frozen=True)
class Frame:
    """The plot and its two scales; one frame for a whole race, so that lines only grow while it plays."""

    plot: QRectF
    loss: Scale  # logarithmic
    figure: Scale

    def xs(self, loss: NDArray[np.float64]) -> NDArray[np.float64]:
        held = np.clip(loss, self.loss.low, self.loss.high)
        return np.asarray(self.plot.right() - self.plot.width() * self.loss.fractions(held))

    def x(self, loss: float) -> float:
        held = min(max(loss, self.loss.low), self.loss.high)
        return self.plot.right() - self.plot.width() * self.loss.fraction(held)

    def level(self, x: float) -> float:
        """The training loss at a pixel, kept within the plot."""
        share = min(max((self.plot.right() - x) / self.plot.width(), 0.0), 1.0)
        return float(self.loss.low * (self.loss.high / self.loss.low) ** share)

    def ys(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        places = self.plot.bottom() - self.plot.height() * self.figure.fractions(figures)
        return np.clip(places, self.plot.top() - RAIL, self.plot.bottom() + RAIL)

    def y(self, figure: float) -> float:
        place = self.plot.bottom() - self.plot.height() * self.figure.fraction(figure)
        return min(max(place, self.plot.top() - RAIL), self.plot.bottom() + RAIL)

    def point(self, loss: float, figure: float) -> QPointF:
        return QPointF(self.x(loss), self.y(figure))

    def points(self, loss: NDArray[np.float64], figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """(M, 2) px of measurements (M,)."""
        return np.stack([self.xs(loss), self.ys(figures)], axis=1)


def frame_of(lens: Lens, size: QSize) -> Frame | None:
    """The frame in which a lens is seen; None where nothing is measured.

    Both scales fit what is compared. Training losses above the start's stand at the left edge. Figures are fitted from
    each run's best on, since the way up there is long and much alike: what is worse stands on the rail beyond the edge.
    """
    rows = [row for row in lens.rows if len(row.loss)]
    if not rows:
        return None
    losses = np.concatenate([row.loss for row in rows])
    high = max(float(row.loss[0]) for row in rows) or 1.0
    low = min(float(losses[losses > 0].min(initial=high)), high)
    plot = QRectF(LEFT, TITLE, max(1, size.width() - LEFT - RIGHT), max(1, size.height() - TITLE - BELOW))
    return Frame(plot, nice_log(max(low, high * 10.0**-DECADES), high), _figure_scale(lens, rows))


def _figure_scale(lens: Lens, rows: list[Row]) -> Scale:
    most = max(row.gained for row in rows)
    learned = [row for row in rows if row.gained >= LEARNED * most] or rows
    figures = np.concatenate([row.figures[row.steps >= row.best.step] for row in learned if row.best is not None])
    low, high = float(figures.min()), float(figures.max())
    if lens.higher_is_better:
        return nice_linear(max(low - max(MARGIN * (high - low), LEAST), 0.0), high)
    return nice_linear(low, high + max(MARGIN * (high - low), LEAST * high))
