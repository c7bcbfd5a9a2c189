"""One run's readings as they are published: the smooth line through noisy ones, their course on the level axis."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.growing import Growing
from lrviz.views.quantity import DECADES_BELOW, Quantity
from lrviz.views.ranks import Ranks
from lrviz.views.reach import Reach, reach_of
from lrviz.views.smoothing import Smoothing


class Series:
    """The readings of one run: taken in as they come, each looked at once."""

    def __init__(
        self, scene: Scene, run: int, quantity: Quantity, span: int | None = None, against: Against = "steps"
    ) -> None:
        self.scene = scene
        self.trace = scene.traces[run]
        self.reach = Reach()
        self._run = run
        self._quantity = quantity
        self._span = span
        self._steps = Growing(np.int64)
        self._values = Growing(np.float64)
        self._means = Growing(np.float64)
        self._smoothing: Smoothing | None = None
        self._geometric = True
        self._against = against
        self._course = Growing(np.float64) if against in ("path", "time") else None
        self._ranks: Ranks | None = Ranks(quantity) if quantity.best else None

    def grow(self) -> int | None:
        """Take in what has been published since; says from which step on there is more, or None."""
        before = len(self.values)
        after = self.steps.item(-1) if before else -1
        steps, values = self._quantity.read(self.scene, self._run, after)
        self._walk()  # as far as the readings at least, although the race goes on meanwhile
        if not len(values):
            return None
        self._steps.extend(steps)
        self._values.extend(values)
        self.reach |= reach_of(values, self._quantity)
        if self._span is not None:
            self._smooth(before, self._span)
        if self._ranks is not None:
            self._ranks.extend(values)
        return int(steps[0])

    def _walk(self) -> None:
        """Go on with the course: at each step the seconds since the first, or the sum of the rates before it, the same
        however it is taken in."""
        if self._course is None:
            return
        going = self._course.filled
        done = len(going)
        if self._against == "time":
            seconds = self.trace.seconds
            self._course.extend(seconds[done:] - seconds[:1])
            return
        rate = self.trace.rate
        if done < len(rate):
            at = going[-1:] if done else np.zeros(1)
            self._course.extend(np.cumsum(np.concatenate([at, rate[max(done - 1, 0) : -1]]))[1 if done else 0 :])

    def _smooth(self, done: int, span: int) -> None:
        """Go on with the smooth line after `done` readings: their geometric mean, unless some are negative."""
        geometric = self.reach.low >= 0
        if self._smoothing is None or geometric != self._geometric:
            floor = (self.start if self.start > 0 else 1.0) * 10.0**-DECADES_BELOW
            self._smoothing = Smoothing(span, floor if geometric else 0.0)
            self._means = Growing(np.float64)
            self._geometric, done = geometric, 0
        self._means.extend(np.array(self._smoothing.extend(self.values[done:])))

    @property
    def steps(self) -> NDArray[np.int64]:
        """(T,) the steps of the readings, rising."""
        return self._steps.filled

    @property
    def values(self) -> NDArray[np.float64]:
        """(T,) the readings as recorded."""
        return self._values.filled

    @property
    def line(self) -> NDArray[np.float64]:
        """(T,) what is drawn in full strength: the smooth line, or the readings where they aren't smoothed."""
        return self._values.filled if self._span is None else self._means.filled

    @property
    def course(self) -> NDArray[np.float64]:
        """(rows,) where each step of the race stands, where only its row tells: rate × steps gone before it, or the
        seconds since the first; empty on other axes."""
        return np.empty(0) if self._course is None else self._course.filled

    def places(self, first: int, last: int) -> NDArray[np.number]:
        """Where the readings first <= i < last stand on the level axis: their steps, or what their rows tell."""
        steps = self._steps.filled[first:last]
        return steps if self._course is None else self._course.filled[steps]

    def place(self, index: int) -> float:
        """As `places`, of one reading."""
        step = self._steps.filled.item(index)
        return step if self._course is None else self._course.filled.item(step)

    def nearest(self, place: float, count: int) -> int:
        """Which of the first `count` (at least 1) readings stands nearest to a place on the level axis."""
        places = self.places(0, count)
        after = min(int(places.searchsorted(place)), count - 1)
        nearer = after > 0 and place - places[after - 1] < places[after] - place
        return after - 1 if nearer else after

    @property
    def course_end(self) -> float:
        """How far the course has gone."""
        return float(self.course[-1]) if len(self.course) else 0.0

    @property
    def course_first(self) -> float:
        """How far it went with the first step that went anywhere; 0 before there is one."""
        ahead = np.flatnonzero(self.course[:1000])
        return float(self.course[ahead[0]]) if len(ahead) else 0.0

    def best(self, count: int) -> int | None:
        """Which of the first `count` readings is the best, the earliest of equals; None where none is finite, or where
        the quantity has no best."""
        return None if self._ranks is None else self._ranks.best(count)

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
        steps = self._steps.filled
        count = len(steps)
        if count and steps.item(-1) == count - 1:  # one at every step
            return min(step + 1, count)
        return int(steps.searchsorted(step, side="right"))
