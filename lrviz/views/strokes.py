"""A run's line as short polylines that are always cut alike, so that a picture doesn't tell how it came about."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from lrviz.views.chart_frame import Frame
from lrviz.views.pieces import PIECE, Pieces
from lrviz.views.series import Series

Polyline = list[QPointF]
DENSE = 10.0  # times its own width: a piece of line longer than this is steep,
FOLDS = 3.0  # and where it goes up and down by so many times its height, it would be a solid block


class Stroke(NamedTuple):
    """A piece of a line."""

    points: Polyline
    length: float  # px
    dense: bool  # whether it is rather an area that the line fills than a line


NOTHING = Stroke([], 0.0, False)


class Strokes:
    """One series in the pixels of one frame."""

    def __init__(self, series: Series, frame: Frame, pieces: Pieces) -> None:
        self._series = series
        self._frame = frame
        self._pieces = pieces
        self._along = [0.0]  # px of line before each piece, for the dashes to go on where they were
        self._dense: list[bool] = []

    def line(self, first: int, last: int) -> list[Stroke]:
        """The line in full strength: pieces first <= p < last, each beginning where the one before ended."""
        strokes = self._strokes(self._series.line, first, last, self._series.smooth)
        for number, stroke in enumerate(strokes, first):
            if number == len(self._along) - 1:
                self._along.append(self._along[-1] + stroke.length)
                self._dense.append(stroke.dense)
        return strokes

    def raw(self, first: int, last: int) -> list[Stroke]:
        """The readings behind a smooth line."""
        return self._strokes(self._series.values, first, last, False)

    def along(self, piece: int) -> float:
        """Px of line before a piece; the pieces before it have been asked for already."""
        return self._along[min(piece, len(self._along) - 1)]

    def dense(self, piece: int) -> bool:
        """Whether a piece that has been asked for already is dense."""
        return 0 <= piece < len(self._dense) and self._dense[piece]

    def _strokes(self, values: NDArray[np.float64], first: int, last: int, smooth: bool) -> list[Stroke]:
        """The line through (T,) readings, thinned to the extremes of each column of each piece."""
        series, frame = self._series, self._frame
        cuts = series.steps.searchsorted(self._pieces.starts[first : last + 1])  # where each piece begins
        begin, end = cuts.item(0), cuts.item(-1)
        if begin == end:
            return [NOTHING] * (last - first)
        before = max(begin - 1, 0)  # where the piece before ended
        xs, ys = frame.xs(series.places(before, end)), frame.ys(values[before:end])
        cuts -= before
        begins = self._pieces.begins(series.steps[before:end], xs, smooth)
        at = cuts
        if begins is not None:
            begins[cuts[:-1][cuts[:-1] < len(begins)]] = True
            keep = extremes(begins, ys)
            keep[np.maximum(cuts - 1, 0)] = True
            keep[0] = True
            kept = np.flatnonzero(keep)
            xs, ys, at = xs[kept], ys[kept], kept.searchsorted(cuts)
        heights = ys.tolist()
        points = list(map(QPointF, xs.tolist(), heights))
        ways = np.hypot(xs[1:] - xs[:-1], ys[1:] - ys[:-1]).tolist()
        strokes = []
        for here, there in pairwise(at.tolist()):
            if here == there:
                strokes.append(NOTHING)
                continue
            start = max(here - 1, 0)
            length = sum(ways[start : there - 1])
            dense = length > DENSE * PIECE and _folded(heights[start:there])
            strokes.append(Stroke(points[start:there], length, dense))
        return strokes


def _folded(heights: list[float]) -> bool:
    """Whether a line goes up and down so often: one that only goes far, between readings far apart, does not."""
    way = sum(abs(there - here) for here, there in pairwise(heights))
    return way > FOLDS * (max(heights) - min(heights))


def extremes(begins: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (T,) finite values are the least or the greatest of their column, whose first ones `begins` marks; of
    a level stretch only the ends."""
    starts, number = np.flatnonzero(begins), begins.cumsum() - 1
    keep: NDArray[np.bool_] = values == np.minimum.reduceat(values, starts)[number]
    keep |= values == np.maximum.reduceat(values, starts)[number]
    level = values[1:] == values[:-1]
    if level.any():
        keep[1:-1] &= ~(level[1:] & level[:-1])
    return keep
