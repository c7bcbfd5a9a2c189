"""The smooth line through noisy readings, and when there is one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.core.scene import Scene
from lrviz.views.quantity import Quantity

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
