"""One run's readings as they are published, and the smooth line through noisy ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.core.scene import Scene
from lrviz.core.trace import Trace
from lrviz.views.quantities import Quantity
from lrviz.views.reach import Reach, reach_of

DECADES_BELOW = 12.0  # below the start: what is less is shown, and smoothed, as if it were 0
LEAST_SPAN = 5  # steps: smoothing over fewer would not be seen
SPANS = 25  # a race is smoothed over this part of its length, rounded down to 1, 2 or 5


def smoothing_span(quantity: Quantity, scene: Scene) -> int | None:
    """Over how many steps the readings are smoothed; None where they are drawn as they are."""
    batches = scene.steps_per_epoch
    if not quantity.noisy or batches is None or batches <= 1:
        return None
    wanted = scene.steps / SPANS
    if wanted < LEAST_SPAN:
        return None
    decade = int(10 ** math.floor(math.log10(wanted)))
    return max(mantissa * decade for mantissa in (1, 2, 5) if mantissa * decade <= wanted)


class Smoothing:
    """An exponential mean that weighs the last `span` steps most, free of the bias of beginning at 0.

    The weight of a new reading is 2 / (span + 1); the bias is taken out as Adam takes it out of its moments
    (Kingma and Ba, 2015, section 3). With a floor above 0 it is the geometric mean, and readings below the floor
    count as the floor: one batch of 1e9 then lifts the line for a moment, not for the rest of the race.
    """

    def __init__(self, span: int, floor: float = 0.0) -> None:
        self._weight = 2 / (span + 1)
        self._floor = floor
        self._sum = 0.0
        self._total = 0.0  # of the weights so far

    def extend(self, values: NDArray[np.float64]) -> list[float]:
        """The means after each of the next readings."""
        keep, floor, means = 1 - self._weight, self._floor, []
        for value in values.tolist():
            if floor:
                value = math.log10(max(value, floor))  # in this order nan stays nan
            self._sum = keep * self._sum + self._weight * value
            self._total = keep * self._total + self._weight
            mean = self._sum / self._total
            means.append(_power(mean) if floor else mean)
        return means


def _power(exponent: float) -> float:
    return 10.0**exponent if not exponent > 308 else math.inf


class Series:
    """The readings of one trace: taken in as they come, each looked at once."""

    def __init__(self, trace: Trace, quantity: Quantity, span: int | None = None) -> None:
        self.trace = trace
        self.steps: NDArray[np.int64] = np.empty(0, np.int64)  # (T,)
        self.values: NDArray[np.float64] = np.empty(0)  # (T,) as recorded
        self.reach = Reach()
        self._quantity = quantity
        self._rows = 0
        self._span = span
        self._smoothing: Smoothing | None = None
        self._geometric = True
        self._means = np.empty(0)  # with room to grow

    def grow(self) -> bool:
        """Take in what has been published since; says whether that reaches further than what was there."""
        rows = len(self.trace)
        if rows == self._rows:
            return False
        self._rows = rows
        before = len(self.values)
        self.steps, self.values = self._quantity.read(self.trace)
        if len(self.values) == before:
            return False
        reached, self.reach = self.reach, self.reach | reach_of(self.values[before:], self._quantity)
        if self._span is not None:
            self._smooth(before, self._span)
        return self.reach != reached

    def _smooth(self, done: int, span: int) -> None:
        """Go on with the smooth line after `done` readings: their geometric mean, unless some are negative."""
        geometric = self.reach.low >= 0
        if self._smoothing is None or geometric != self._geometric:
            floor = (self.start if self.start > 0 else 1.0) * 10.0**-DECADES_BELOW
            self._smoothing = Smoothing(span, floor if geometric else 0.0)
            self._geometric, done = geometric, 0
        if len(self.values) > len(self._means):
            self._means = np.resize(self._means, 2 * len(self.values))
        self._means[done : len(self.values)] = self._smoothing.extend(self.values[done:])

    @property
    def line(self) -> NDArray[np.float64]:
        """(T,) what is drawn in full strength: the smooth line, or the readings where they aren't smoothed."""
        return self.values if self._span is None else self._means[: len(self.values)]

    @property
    def start(self) -> float:
        """The first reading; nan before there is one."""
        return float(self.values[0]) if len(self.values) else math.nan

    def top(self, limit: float) -> float:
        """The greatest finite reading, or where that is beyond `limit`, what nine tenths of them stay below."""
        if self.reach.high <= limit:
            return self.reach.high
        finite = self.values[np.isfinite(self.values)]
        return min(limit, float(np.quantile(finite[:: max(1, len(finite) // 500)], 0.9)))

    @property
    def smooth(self) -> bool:
        return self._span is not None

    def count(self, step: int) -> int:
        """How many readings there are up to `step`."""
        return int(self.steps.searchsorted(step, side="right"))
