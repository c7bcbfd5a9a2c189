"""The level axis: steps, counted as such or in epochs, the path that a rate has gone in them, rate × steps, or the
seconds that have passed; as it is or logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.axis import linear_ticks, log_ticks, nice_linear, tick_text
from lrviz.views.numbers import count
from lrviz.views.series import Series


@dataclass(frozen=True)
class Level:
    """From 0 to `end`, in steps, in rate × steps or in seconds. `unit`: where a logarithmic one bends.

    Against epochs a place is a step all the same; only what is written there counts epochs of `per_epoch` steps.

    A logarithmic axis shows log(1 + place / unit): 0, where every descent begins, has its place on it, and past a few
    units all decades take the same width.
    """

    against: Against
    end: float
    unit: float | None = None
    per_epoch: int = 1

    @property
    def counted(self) -> bool:
        """Whether places are steps, so that all are known before the race has begun."""
        return self.against in ("steps", "epochs")

    @property
    def shared(self) -> bool:
        """Whether all runs stand at one place at a step."""
        return self.against != "path"

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
        if self.against == "epochs":
            return [(epoch * self.per_epoch, text) for epoch, text in self.in_units_of(self.per_epoch).ticks(most)]
        if self.unit is None:
            places = linear_ticks(0, self.end, most)
        elif self.end < 2 * self.unit:
            places = (0.0, self.end)
        else:
            places = (0.0, *log_ticks(self.unit, self.end, max(2, most - 1)))
        if not self.counted:
            return [(place, tick_text(place)) for place in places]
        return [(place, count(int(place))) for place in places if place == int(place)]

    def in_units_of(self, steps: int) -> Level:
        """The same axis counted in epochs of so many steps: no more whole numbers."""
        return Level("path", self.end / steps, None if self.unit is None else self.unit / steps)

    def holds(self, series: Sequence[Series]) -> bool:
        """Whether all places that the series have reached lie on it."""
        return self.counted or all(one.course_end <= self.end for one in series)


def offered(scene: Scene) -> tuple[Against, ...]:
    """What the runs of a scene can be drawn against."""
    return ("steps", "epochs", "path", "time") if epoch_of(scene) else ("steps", "path", "time")


def epoch_of(scene: Scene) -> int | None:
    """Steps of an epoch, where these are more than one: whole batches make every step an epoch."""
    per_epoch = scene.steps_per_epoch
    return per_epoch if per_epoch is not None and per_epoch > 1 else None


def level_of(series: Sequence[Series], scene: Scene, against: Against, log: bool) -> Level:
    """The axis for a race of so many steps, or for the longest course that a run has taken so far.

    It ends at round numbers, so that it is another one only now and then as the courses grow.
    """
    if against in ("steps", "epochs"):
        per_epoch = (epoch_of(scene) or 1) if against == "epochs" else 1
        return Level(against, scene.steps, 1.0 if log else None, per_epoch)
    longest = max((one.course_end for one in series), default=0.0) or 1.0
    first = min((one.course_first for one in series if one.course_first > 0), default=longest)
    return Level(against, nice_linear(0.0, longest).high, first if log else None)


def place_of(level: Level, series: Sequence[Series], step: int) -> float:
    """Where all runs stand at a step, on an axis that they share; of a step yet to come, the last that is known."""
    if level.counted:
        return step
    course = max((one.course for one in series), key=len)
    return course.item(min(step, len(course) - 1)) if len(course) else 0.0


def level_name(against: Against, log: bool) -> str:
    """What is written beside the axis."""
    match against:
        case "steps":
            name = QCoreApplication.translate("Chart", "step")
        case "epochs":
            name = QCoreApplication.translate("Chart", "epoch")
        case "path":
            name = QCoreApplication.translate("Chart", "rate × steps")
        case "time":
            name = QCoreApplication.translate("Chart", "seconds of the race, all runs together")
    return QCoreApplication.translate("Chart", "{axis}, log").format(axis=name) if log else name
