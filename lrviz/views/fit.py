"""The scale that shows all readings published so far: no run that leaves the others behind may squash them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrviz.views.axis import TINY, Scale, nice_linear, nice_log
from lrviz.views.quantity import Quantity
from lrviz.views.reach import Reach
from lrviz.views.series import Series

DECADES_ABOVE = 2.0  # how far a log scale goes beyond the start at most
TIMES_ABOVE, TIMES_BELOW = 2.0, 10.0  # and a linear one, in multiples of the start
TIMES_USUAL = 10.0  # or, where readings begin at 0, of how far most runs go


@dataclass(frozen=True)
class Fit:
    """A scale, and whether readings lie beyond it: those stand on a rail at its edge."""

    scale: Scale
    above: bool = False
    below: bool = False

    def holds(self, series: Sequence[Series]) -> bool:
        """Whether all that the series reach lies within the scale, or beyond an edge that has a rail already."""
        reach = reach_of_all(series)
        return _beyond(self.scale, reach) == (self.above, self.below) and (reach.loggable or not self.scale.log)


def reach_of_all(series: Sequence[Series]) -> Reach:
    reach = Reach()
    for one in series:
        reach |= one.reach
    return reach


def fit(quantity: Quantity, series: Sequence[Series], log: bool) -> Fit:
    """The scale for what the series hold; logarithmic where wanted and possible. It ends at round numbers, so that
    it is another one only now and then as they grow."""
    reach, log = reach_of_all(series), log and not quantity.signed
    scale = Scale(*quantity.bounds) if quantity.bounds is not None else _scale(quantity, series, reach, log)
    return Fit(scale, *_beyond(scale, reach))


def _beyond(scale: Scale, reach: Reach) -> tuple[bool, bool]:
    """Whether readings lie above a scale, and below it."""
    return reach.above or reach.high > scale.high, reach.below or reach.low < scale.low


def _scale(quantity: Quantity, series: Sequence[Series], reach: Reach, log: bool) -> Scale:
    if reach.low > reach.high:  # nothing finite yet
        return Scale(0.1, 1.0, log=True) if log else Scale(0.0, 1.0)
    starts = [one.start for one in series if math.isfinite(one.start)] or [reach.low]
    marks = [] if quantity.mark is None else [quantity.mark]  # shown whatever the readings are
    if quantity.signed:
        most = TIMES_USUAL * _usual(series)
        return nice_linear(max(min([reach.low, *marks]), -most), max([_top(series, most), *marks]))
    if log and reach.loggable:
        marks += _limits_near(quantity, series, reach)
        positive = [math.log10(max(one, TINY)) for one in starts if one > 0] or [math.log10(max(reach.positive, TINY))]
        high = math.log10(max(_top(series, _power(max(positive) + DECADES_ABOVE)), TINY, *marks))
        low = max(math.log10(max(min([reach.positive, *marks]), TINY)), min(positive) - quantity.decades)
        return nice_log(_power(min(low, high - 1)), _power(high))  # a decade at least: a standstill looks like one
    size = max(map(abs, starts)) or max(abs(reach.low), abs(reach.high))
    high = max([_top(series, max(starts) + TIMES_ABOVE * size), *marks])
    low = max(min([reach.low, *marks]), min(starts) - TIMES_BELOW * size)
    if 0 < low < high / 2:
        low = 0.0  # where that wastes less than half of the height
    return nice_linear(low, max(high, low))


def _usual(series: Sequence[Series]) -> float:
    """How far from 0 a run goes that goes no further than half of them do."""
    sizes = sorted(max(abs(one.reach.low), abs(one.reach.high)) for one in series if one.reach.low <= one.reach.high)
    return sizes[(len(sizes) - 1) // 2] or sizes[-1]


def _limits_near(quantity: Quantity, series: Sequence[Series], reach: Reach) -> list[float]:
    """The runs' own limits, as far as a decade beyond the readings."""
    if quantity.limit is None:
        return []
    limits: list[float] = quantity.limit(np.array([one.trace.lr for one in series])).tolist()
    return [limit for limit in limits if reach.positive / 10 <= limit <= 10 * reach.high]


def _top(series: Sequence[Series], limit: float) -> float:
    """The greatest reading to show: runs that are over have no say in it, unless all are."""
    going = [one for one in series if one.trace.overflow_step is None]
    tops = [one.top(limit) for one in going or series]
    return max((top for top in tops if math.isfinite(top)), default=limit)


def _power(exponent: float) -> float:
    return float(10.0 ** min(max(exponent, -307.0), 307.0))
