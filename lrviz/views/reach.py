"""How far readings reach."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrviz.views.quantity import Quantity


@dataclass(frozen=True)
class Reach:
    """What readings taken together amount to. `empty | a | b` joins them."""

    low: float = math.inf  # the least finite reading
    high: float = -math.inf  # the greatest finite reading
    positive: float = math.inf  # the least finite reading above 0
    above: bool = False  # whether some are +inf, or not a number where that falls above
    below: bool = False

    def __or__(self, other: Reach) -> Reach:
        return Reach(
            min(self.low, other.low),
            max(self.high, other.high),
            min(self.positive, other.positive),
            self.above or other.above,
            self.below or other.below,
        )

    @property
    def loggable(self) -> bool:
        """Whether a log scale can show them: zeros fall to its lower rail, but negative readings have no place."""
        return self.low >= 0 and self.positive < math.inf


def reach_of(values: NDArray[np.float64], quantity: Quantity) -> Reach:
    """The reach of (T,) readings, finite or not."""
    if not len(values):
        return Reach()
    low, high = float(values.min()), float(values.max())
    if low > 0 and high < math.inf:  # the usual case, at a third of the price
        return Reach(low, high, low)
    finite = values[np.isfinite(values)]
    nan = bool(np.isnan(values).any())
    return Reach(
        float(finite.min(initial=math.inf)),
        float(finite.max(initial=-math.inf)),
        float(finite[finite > 0].min(initial=math.inf)),
        bool(np.isposinf(values).any()) or (nan and quantity.lower_is_better),
        bool(np.isneginf(values).any()) or (nan and not quantity.lower_is_better),
    )
