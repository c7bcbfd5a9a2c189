"""Effects with their intervals over seeds, by Student's t."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lrviz.core.sweep import Rows

FEWEST_SEEDS = 5
NORMAL = 1.959964  # the normal distribution's quantile of 0.975


@dataclass(frozen=True)
class Effect:
    """A mean over seeds and the 95 % interval of it."""

    mean: float
    low: float
    high: float

    @property
    def interval(self) -> tuple[float, float]:
        return self.low, self.high

    def above(self, limit: float) -> bool | None:
        """Whether the whole interval lies above the limit, or the whole of it below; None where it holds the limit."""
        if self.low > limit:
            return True
        return False if self.high < limit else None

    def within(self, low: float, high: float) -> bool | None:
        """Whether the whole interval lies between two limits, or outside of them."""
        if low <= self.low and self.high <= high:
            return True
        return False if self.high < low or self.low > high else None


def mean_effect(values: Rows) -> Effect:
    """The mean of (S,) values, one a seed."""
    mean = float(np.mean(values))
    half = student_t(len(values) - 1) * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return Effect(mean, mean - half, mean + half)


def ratio_effect(values: Rows) -> Effect:
    """The geometric mean of (S,) ratios, one a seed, with its interval on a logarithmic scale."""
    of_logs = mean_effect(np.log(values))
    return Effect(math.exp(of_logs.mean), math.exp(of_logs.low), math.exp(of_logs.high))


def student_t(freedom: int) -> float:
    """The quantile of 0.975 of Student's t, to 0.001 from 4 degrees of freedom on.

    Source: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), formula 26.7.5.
    """
    z, n = NORMAL, float(freedom)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / n**power for power, term in enumerate(terms, 1))
