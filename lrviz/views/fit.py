"""The scale that shows all readings published so far: no run that leaves the others behind may squash them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lrviz.views.axis import TINY, Scale, nice_linear, nice_log
from lrviz.views.extent import Extent
from lrviz.views.quantities import Quantity
from lrviz.views.series import DECADES_BELOW, Series

DECADES_ABOVE = 2.0  # how far a log scale goes beyond the start at most
TIMES_ABOVE, TIMES_BELOW = 2.0, 10.0  # and a linear one, in multiples of the start


@dataclass(frozen=True)
class Fit:
    """A scale, and whether readings lie beyond it: those stand on a rail at its edge."""

    scale: Scale
    above: bool = False
    below: bool = False


def extent_of_all(series: Sequence[Series]) -> Extent:
    extent = Extent()
    for one in series:
        extent |= one.extent
    return extent


def fit(quantity: Quantity, series: Sequence[Series], log: bool) -> Fit:
    """The scale for what the series hold; logarithmic where wanted and possible. It ends at round numbers, so that
    it is another one only now and then as they grow."""
    extent = extent_of_all(series)
    scale = _scale(quantity, series, extent, log)
    return Fit(
        scale,
        above=extent.above or extent.high > scale.high,
        below=extent.below or extent.low < scale.low,
    )


def _scale(quantity: Quantity, series: Sequence[Series], extent: Extent, log: bool) -> Scale:
    if quantity.bounds is not None:
        return Scale(*quantity.bounds)
    if extent.low > extent.high:  # nothing finite yet
        return Scale(0.1, 1.0, log=True) if log else Scale(0.0, 1.0)
    start = next((one.start for one in series if math.isfinite(one.start)), extent.low)
    if log and extent.loggable:
        middle = math.log10(max(start if start > 0 else extent.positive, TINY))
        high = math.log10(max(_top(series, _power(middle + DECADES_ABOVE)), TINY))
        low = max(math.log10(max(extent.positive, TINY)), middle - DECADES_BELOW)
        return nice_log(_power(min(low, high - 1)), _power(high))  # a decade at least: a standstill looks like one
    size = abs(start) or max(abs(extent.low), abs(extent.high))
    high = _top(series, start + TIMES_ABOVE * size)
    low = max(extent.low, start - TIMES_BELOW * size)
    if 0 < low < high / 2:
        low = 0.0  # where that wastes less than half of the height
    return nice_linear(low, max(high, low))


def _top(series: Sequence[Series], limit: float) -> float:
    """The greatest reading to show: runs that are over have no say in it, unless all are."""
    going = [one for one in series if one.trace.overflow_step is None]
    tops = [one.top(limit) for one in going or series]
    return max((top for top in tops if math.isfinite(top)), default=limit)


def _power(exponent: float) -> float:
    return float(10.0 ** min(max(exponent, -307.0), 307.0))
