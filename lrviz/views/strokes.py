"""A run's line as short polylines that are always cut alike, so that a picture doesn't tell how it came about."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from lrviz.views.chart_frame import PIECE, Frame
from lrviz.views.series import Series

Polyline = list[QPointF]
DENSE = 10.0  # times its own width: a piece of line longer than this goes up and down,
DENSE_POINTS = 4  # and with as many points so closely that it would be a solid block


class Strokes:
    """One series in the pixels of one frame."""

    def __init__(self, series: Series, frame: Frame) -> None:
        self._series = series
        self._frame = frame
        self._along = [0.0]  # px of line before each piece, for the dashes to go on where they were

    def line(self, first: int, last: int) -> list[Polyline]:
        """The line in full strength: pieces first <= p < last, each beginning where the one before ended."""
        bucket = self._frame.smooth_bucket if self._series.smooth else self._frame.bucket
        pieces = polylines(self._frame, self._series.steps, self._series.line, first, last, bucket)
        for number, piece in enumerate(pieces, first):
            if number == len(self._along) - 1:
                self._along.append(self._along[-1] + _length(piece))
        return pieces

    def raw(self, first: int, last: int) -> list[Polyline]:
        """The readings behind a smooth line."""
        return polylines(self._frame, self._series.steps, self._series.values, first, last, self._frame.bucket)

    def along(self, piece: int) -> float:
        """Px of line before a piece; the pieces before it have been asked for already."""
        return self._along[min(piece, len(self._along) - 1)]


def polylines(
    frame: Frame, steps: NDArray[np.int64], values: NDArray[np.float64], first: int, last: int, bucket: int
) -> list[Polyline]:
    """Pieces first <= p < last of the line through (T,) readings, thinned to the extremes of each bucket of steps."""
    pieces: list[Polyline] = [[] for _ in range(first, last)]
    begin, end = np.searchsorted(steps, [first * frame.piece, last * frame.piece])
    if begin == end:
        return pieces
    before = max(begin - 1, 0)  # where the piece before ended
    some = steps[before:end]
    ys = frame.ys(values[before:end])
    piece = some // frame.piece
    keep = np.ones(len(some), bool) if bucket == 1 else extremes(some // bucket, ys)
    keep[:-1] |= piece[1:] != piece[:-1]
    keep[[0, -1]] = True
    points = map(QPointF, frame.xs(some[keep]).tolist(), ys[keep].tolist())
    previous: QPointF | None = None
    for point, number in zip(points, (piece[keep] - first).tolist(), strict=True):
        if number >= 0:
            polyline = pieces[number]
            if not polyline and previous is not None:
                polyline.append(previous)
            polyline.append(point)
        previous = point
    return pieces


def extremes(bucket: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (T,) finite values are the least or the greatest of their bucket; of a level stretch only the ends."""
    begins = np.ones(len(values), bool)
    begins[1:] = bucket[1:] != bucket[:-1]
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
