"""Scales and their ticks: at 1, 2 and 5 on linear ones, at decades on log ones, with 2 and 5 where these are few."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lrviz.views.numbers import count, number, percent

HUGE = 4e307  # no scale goes far beyond, so that its length is still a number
TINY = 1e-307


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, low < high; both above 0 where it is logarithmic."""

    low: float
    high: float
    log: bool = False

    def fractions(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Where values lie: 0 at low, 1 at high, beyond them outside. On a log scale 0 and less lie at -inf."""
        with np.errstate(all="ignore"):
            if not self.log:
                return np.asarray((values - self.low) / (self.high - self.low), np.float64)
            low, high = self._logs
            logs = np.log10(np.where(values > 0, values, np.where(np.isnan(values), np.nan, 0.0)))
            return np.asarray((logs - low) / (high - low), np.float64)

    def fractions_within(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """As `fractions`, of values that all lie between low and high: a quarter of the price."""
        if not self.log:
            return np.asarray((values - self.low) / (self.high - self.low), np.float64)
        low, high = self._logs
        return np.asarray((np.log10(values) - low) / (high - low), np.float64)

    @cached_property
    def _logs(self) -> tuple[float, float]:
        return math.log10(self.low), math.log10(self.high)

    def fraction(self, value: float) -> float:
        """As `fractions`, of one value."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        if math.isnan(value) or value <= 0:
            return math.nan if math.isnan(value) else -math.inf
        low, high = self._logs
        return (math.log10(value) - low) / (high - low)

    def ticks(self, most: int) -> tuple[float, ...]:
        """At most `most` (at least 2) round values within the scale, rising."""
        return log_ticks(self.low, self.high, most) if self.log else linear_ticks(self.low, self.high, most)


def nice_linear(low: float, high: float, most: int = 5) -> Scale:
    """The smallest linear scale with round ends that holds low and high; at least a hair wide."""
    low, high = _held(low), _held(high)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        margin = abs(low) / 2 or 1.0
        low, high = _held(low - margin), _held(high + margin)
    mantissa, exponent = _steps_from((high - low) / most)[0]
    step = _decimal(mantissa, exponent)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(min(low, _decimal(first * mantissa, exponent)), max(high, _decimal(last * mantissa, exponent)))


def nice_log(low: float, high: float) -> Scale:
    """The smallest log scale that holds low and high (both above 0) and ends at 1, 2 or 5; at decades past six."""
    low, high = _held(max(low, TINY)), _held(max(high, TINY))
    whole = math.log10(high) - math.log10(low) > 6
    marks = [1] if whole else [1, 2, 5]
    ends = [_decimal(m, e) for e in range(_floor_log(low), _floor_log(high) + 2) for m in marks]
    below = max((end for end in ends if end <= low * (1 + 1e-9)), default=low)
    above = min((end for end in ends if end >= high * (1 - 1e-9)), default=high)
    return Scale(below, above if above > below else 2 * below, log=True)


def linear_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Multiples of 1, 2 or 5 times a power of ten within low..high: as many as fit, 2 to `most`.

    Where the ends are the same number, that number; where no two round values lie between them, the ends.
    """
    if not low < high:
        return (low,)
    finer: tuple[float, ...] = ()
    for mantissa, exponent in reversed(_steps_from((high - low) / (most + 1), count=4)):
        found = _multiples(mantissa, exponent, low, high)
        if len(found) > most:
            return finer if len(finer) >= 2 else (found[0], found[-1])
        finer = found
    return finer if len(finer) >= 2 else (low, high)


def log_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Decades within low..high, every second or third or … where there are many, with 2 and 5 where there are few."""
    decades = range(_floor_log(low), _floor_log(high) + 1)
    fine = _within((_decimal(m, e) for e in decades for m in (1, 2, 5)), low, high)
    if 2 <= len(fine) <= most:
        return fine
    for stride in (1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500):
        found = _within((_decimal(1, e) for e in decades if e % stride == 0), low, high)
        if 2 <= len(found) <= most:
            return found
    if len(fine) >= 2:
        return fine[:: math.ceil((len(fine) - 1) / (most - 1))]
    return linear_ticks(low, high, most)


def tick_text(value: float, unit: str = "") -> str:
    """A tick's label: a fraction of 1 as whole per cent where the unit is %, thousands told apart."""
    if unit == "%":
        return percent(value).replace(".0 ", " ")
    return count(int(value)) if value == int(value) and 1e3 <= value < 1e5 else number(value, 12)


def _steps_from(least: float, count: int = 1) -> list[tuple[int, int]]:
    """The first `count` of 1, 2, 5, 10, 20, … that are no less than `least`, as (mantissa, exponent)."""
    exponent = _floor_log(max(least, 5e-324))
    steps = [(m, e) for e in range(exponent, exponent + 3) for m in (1, 2, 5)]
    return [step for step in steps if _decimal(*step) >= least * (1 - 1e-9)][:count]


def _multiples(mantissa: int, exponent: int, low: float, high: float) -> tuple[float, ...]:
    step = _decimal(mantissa, exponent)
    if step == 0 or max(abs(low), abs(high)) / step > 1e15:  # finer than the numbers themselves
        return ()
    first, last = math.floor(low / step), math.ceil(high / step)
    return _within((_decimal(i * mantissa, exponent) for i in range(first, last + 1)), low, high)


def _within(values: Iterable[float], low: float, high: float) -> tuple[float, ...]:
    return tuple(value for value in values if low <= value <= high)


def _held(value: float) -> float:
    return min(max(value, -HUGE), HUGE)


def _decimal(mantissa: int, exponent: int) -> float:
    """mantissa × 10 ** exponent, rounded once: 3 × 10 ** -1 is 0.3."""
    return float(f"{mantissa}e{exponent}")


def _floor_log(value: float) -> int:
    return int(f"{value:e}".rpartition("e")[2])
