"""A run's line as short polylines that are always cut alike, so that a picture doesn't tell how it came about."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from lrviz.views.chart_frame import Frame
from lrviz.views.pieces import PIECE, Pieces
from lrviz.views.series import Series

Polyline = list[QPointF]
DENSE = 10.0  # times its own width: a piece of line longer than this goes up and down,
DENSE_POINTS = 4  # and with as many points so closely that it would be a solid block


class Strokes:
    """One series in the pixels of one frame."""

    def __init__(self, series: Series, frame: Frame, pieces: Pieces) -> None:
        self._series = series
        self._frame = frame
        self._pieces = pieces
        self._along = [0.0]  # px of line before each piece, for the dashes to go on where they were

    def line(self, first: int, last: int) -> list[Polyline]:
        """The line in full strength: pieces first <= p < last, each beginning where the one before ended."""
        polylines = self._polylines(self._series.line, first, last, self._series.smooth)
        for number, polyline in enumerate(polylines, first):
            if number == len(self._along) - 1:
                self._along.append(self._along[-1] + _length(polyline))
        return polylines

    def raw(self, first: int, last: int) -> list[Polyline]:
        """The readings behind a smooth line."""
        return self._polylines(self._series.values, first, last, False)

    def along(self, piece: int) -> float:
        """Px of line before a piece; the pieces before it have been asked for already."""
        return self._along[min(piece, len(self._along) - 1)]

    def _polylines(self, values: NDArray[np.float64], first: int, last: int, smooth: bool) -> list[Polyline]:
        """The line through (T,) readings, thinned to the extremes of each column of each piece."""
        series, frame = self._series, self._frame
        cuts = np.searchsorted(series.steps, self._pieces.starts[first : last + 1])  # where each piece begins
        begin, end = int(cuts[0]), int(cuts[-1])
        if begin == end:
            return [[] for _ in range(first, last)]
        before = max(begin - 1, 0)  # where the piece before ended
        xs, ys = frame.xs(series.places(before, end)), frame.ys(values[before:end])
        cuts -= before
        begins = self._pieces.begins(series.steps[before:end], xs, smooth)
        keep = np.ones(len(xs), bool)
        if begins is not None:
            begins[cuts[:-1][cuts[:-1] < len(begins)]] = True
            keep = extremes(begins, ys)
            keep[np.maximum(cuts - 1, 0)] = True
            keep[0] = True
        points = list(map(QPointF, xs[keep].tolist(), ys[keep].tolist()))
        at = np.concatenate([[0], np.cumsum(keep)])[cuts].tolist()
        return [points[max(a - 1, 0) : b] if a < b else [] for a, b in pairwise(at)]


def extremes(begins: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (T,) finite values are the least or the greatest of their column, whose first ones `begins` marks; of
    a level stretch only the ends."""
    starts, number = np.flatnonzero(begins), begins.cumsum() - 1
    least, greatest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    keep = (values == least[number]) | (values == greatest[number])
    level = values[1:] == values[:-1]
    keep[1:-1] &= ~(level[1:] & level[:-1])
    return np.asarray(keep, bool)


def is_dense(piece: Polyline) -> bool:
    """Whether a piece is rather an area that the line fills than a line."""
    return len(piece) >= DENSE_POINTS and _length(piece) > DENSE * PIECE


def _length(polyline: Polyline) -> float:
    return sum(math.hypot(b.x() - a.x(), b.y() - a.y()) for a, b in pairwise(polyline))
