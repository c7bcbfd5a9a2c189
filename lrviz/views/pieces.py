"""Which steps are stroked together, and which of them share a column of pixels: the same ones whoever asks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrviz.views.chart_frame import Frame
from lrviz.views.growing import Growing
from lrviz.views.series import Series

PIECE = 4.0  # px: lines are stroked in pieces of about this length


class Pieces:
    """The pieces of all lines of a chart, cut at the same steps: `starts` are their first ones, rising from 0.

    Where the level axis is the steps and linear, all pieces have as many steps, a whole number of columns. On any other
    axis a piece ends once the run that goes fastest has gone PIECE px since it began.
    """

    def __init__(self, frame: Frame, steps: int) -> None:
        self._frame = frame
        self._even = frame.level.counted and frame.level.unit is None
        self._bucket = max(1, math.floor(steps / frame.plot.width()))  # steps in one column of pixels
        self._growing = Growing(np.int64)
        self._gone = 0.0  # px that the fastest run of each step has gone
        self._done = 0  # rows taken in
        if self._even:
            self._growing.extend(np.arange(0, steps + 2 + self.size, self.size))
        elif frame.level.counted:
            self._cut(0, np.diff(frame.xs(np.arange(steps + 2)), prepend=frame.plot.left()))

    @property
    def size(self) -> int:
        """Steps in a piece of an even axis."""
        bucket = self.bucket(smooth=True)
        return bucket * max(1, round(PIECE * self._frame.level.end / (self._frame.plot.width() * bucket)))

    def bucket(self, smooth: bool) -> int:
        """Steps in a column of an even axis. A smooth line has no spikes to keep, so half as many points do."""
        return 2 * self._bucket if smooth and self._bucket > 1 else self._bucket

    def grow(self, series: Sequence[Series]) -> None:
        """Cut what has been published since, where that decides how far each step goes."""
        if self._frame.level.counted:
            return
        first, rows = self._done, max((len(one.course) for one in series), default=0)
        if first == rows:
            return
        gone = np.zeros(rows - first)
        for one in series:
            xs = self._frame.xs(one.course[max(first - 1, 0) :])
            ways = np.diff(xs, prepend=xs[:1]) if first == 0 else np.diff(xs)
            gone[: len(ways)] = np.maximum(gone[: len(ways)], ways)
        self._cut(first, gone)
        self._done = rows

    def _cut(self, first: int, gone: NDArray[np.float64]) -> None:
        """Go on at step `first` with what the following steps go, in px."""
        total = np.cumsum(np.concatenate([[self._gone], gone]))
        number = np.floor(total / PIECE)
        begins = np.flatnonzero(number[1:] != number[:-1]) + first
        self._growing.extend(begins if first or (len(begins) and begins[0] == 0) else np.concatenate([[0], begins]))
        self._gone = float(total[-1])

    @property
    def starts(self) -> NDArray[np.int64]:
        return self._growing.filled

    def whole(self, step: int) -> int:
        """How many pieces are whole once `step` is shown."""
        return max(int(self.starts.searchsorted(step + 1, side="right")) - 1, 0)

    def end(self, pieces: int) -> int:
        """The last step of so many pieces; -1 of none."""
        return int(self.starts[pieces]) - 1 if pieces else -1

    def span(self, first: int, last: int, series: Sequence[Series]) -> tuple[float, float]:
        """From where to where the lines run in pieces first <= p < last, in px, with the end of the piece before."""
        begin, end = self.end(first), int(self.starts[last])
        if self._frame.level.counted:
            return self._frame.x(max(begin, 0)), self._frame.x(end)
        going = [one.course for one in series if len(one.course) > begin]
        ends = [(course[max(begin, 0)], course[min(end, len(course) - 1)]) for course in going]
        lefts, rights = zip(*ends, strict=True)
        return self._frame.x(min(lefts)), self._frame.x(max(rights))

    def begins(self, steps: NDArray[np.int64], xs: NDArray[np.float64], smooth: bool) -> NDArray[np.bool_] | None:
        """Where readings (n,) at rising steps and px begin another column; None where each has one of its own."""
        if self._even:
            bucket = self.bucket(smooth)
            if bucket == 1:
                return None
            column = steps // bucket
        else:
            column = np.floor(xs / (2 if smooth else 1)).astype(np.int64)
        begins = np.ones(len(column), bool)
        np.not_equal(column[1:], column[:-1], out=begins[1:])
        return begins
