"""The level axis: steps, or the path that a rate has gone in them, rate × steps; as it is or logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from lrviz.core.viewstate import Against
from lrviz.views.axis import linear_ticks, log_ticks, nice_linear, tick_text
from lrviz.views.numbers import count
from lrviz.views.series import Series


@dataclass(frozen=True)
class Level:
    """From 0 to `end`, in steps or in rate × steps. `unit`: where a logarithmic one bends.

    A logarithmic axis shows log(1 + place / unit): 0, where every descent begins, has its place on it, and past a few
    units all decades take the same width.
    """

    against: Against
    end: float
    unit: float | None = None

    def fraction(self, place: float) -> float:
        """How far along the axis a place stands: 0 at its beginning, 1 at its end."""
        if self.unit is None:
            return place / self.end
        return math.log1p(place / self.unit) / math.log1p(self.end / self.unit)

    def fractions(self, places: NDArray[np.number]) -> NDArray[np.float64]:
        if self.unit is None:
            return np.asarray(places / self.end, np.float64)
        return np.asarray(np.log1p(places / self.unit) / math.log1p(self.end / self.unit), np.float64)

    def place(self, fraction: float) -> float:
        """The place that stands so far along the axis."""
        if self.unit is None:
            return fraction * self.end
        return self.unit * math.expm1(fraction * math.log1p(self.end / self.unit))

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most `most` (at least 2) round places, and what is written there."""
        if self.unit is None:
            places = linear_ticks(0, self.end, most)
        elif self.end < 2 * self.unit:
            places = (0.0, self.end)
        else:
            places = (0.0, *log_ticks(self.unit, self.end, max(2, most - 1)))
        if self.against == "path":
            return [(place, tick_text(place)) for place in places]
        return [(place, count(int(place))) for place in places if place == int(place)]

    def in_units_of(self, steps: int) -> Level:
        """The same axis counted in epochs of so many steps: no more whole numbers."""
        return Level("path", self.end / steps, None if self.unit is None else self.unit / steps)

    def holds(self, series: Sequence[Series]) -> bool:
        """Whether all places that the series have reached lie on it."""
        return self.against == "steps" or all(one.path_end <= self.end for one in series)


def level_of(series: Sequence[Series], steps: int, against: Against, log: bool) -> Level:
    """The axis for a race of `steps` steps, or for the longest path that a run has gone so far.

    It ends at round numbers, so that it is another one only now and then as the paths grow.
    """
    if against == "steps":
        return Level("steps", steps, 1.0 if log else None)
    longest = max((one.path_end for one in series), default=0.0) or 1.0
    first = min((one.path_first for one in series if one.path_first > 0), default=longest)
    return Level("path", nice_linear(0.0, longest).high, first if log else None)


def level_name(against: Against, log: bool) -> str:
    """What is written beside the axis."""
    if against == "steps":
        return QCoreApplication.translate("Chart", "step, log") if log else QCoreApplication.translate("Chart", "step")
    if log:
        return QCoreApplication.translate("Chart", "rate × steps, log")
    return QCoreApplication.translate("Chart", "rate × steps")
