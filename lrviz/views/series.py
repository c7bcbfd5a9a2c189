"""One run's readings as they are published, and the smooth line through noisy ones."""

from __future__ import annotations

import math
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.quantities import DECADES_BELOW, Quantity
from lrviz.views.reach import Reach, reach_of

Number = TypeVar("Number", bound=np.number)

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
        self._path = Growing(np.float64) if against == "path" else None

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
        return int(steps[0])

    def _walk(self) -> None:
        """Go on with the path: at each step the sum of the rates before it, the same however it is taken in."""
        if self._path is None:
            return
        done, rate = len(self.path), self.trace.rate
        if done < len(rate):
            going = self._path.filled
            at = going[-1:] if done else np.zeros(1)
            self._path.extend(np.cumsum(np.concatenate([at, rate[max(done - 1, 0) : -1]]))[1 if done else 0 :])

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
    def path(self) -> NDArray[np.float64]:
        """(rows,) rate × steps gone before each step of the race; empty where it isn't asked for."""
        return np.empty(0) if self._path is None else self._path.filled

    def places(self, first: int, last: int) -> NDArray[np.number]:
        """Where the readings first <= i < last stand on the level axis: their steps, or the path gone until then."""
        steps = self._steps.filled[first:last]
        return steps if self._path is None else self._path.filled[steps]

    def place(self, index: int) -> float:
        """As `places`, of one reading."""
        step = self._steps.filled.item(index)
        return step if self._path is None else self._path.filled.item(step)

    def nearest(self, place: float, count: int) -> int:
        """Which of the first `count` (at least 1) readings stands nearest to a place on the level axis."""
        places = self.places(0, count)
        after = min(int(places.searchsorted(place)), count - 1)
        nearer = after > 0 and place - places[after - 1] < places[after] - place
        return after - 1 if nearer else after

    @property
    def path_end(self) -> float:
        """The path gone so far."""
        return float(self.path[-1]) if len(self.path) else 0.0

    @property
    def path_first(self) -> float:
        """The path gone by the first step that went anywhere; 0 before there is one."""
        ahead = np.flatnonzero(self.path[:1000])
        return float(self.path[ahead[0]]) if len(ahead) else 0.0

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


class Growing(Generic[Number]):
    """Numbers in a row, with room for more: each is copied a few times at most, however many come."""

    def __init__(self, dtype: type[Number]) -> None:
        self._room = np.empty(0, dtype)
        self.filled: NDArray[Number] = self._room

    def extend(self, more: NDArray[Number]) -> None:
        before, end = len(self.filled), len(self.filled) + len(more)
        if end > len(self._room):
            room = np.empty(max(2 * before, end), self._room.dtype)
            room[:before] = self.filled
            self._room = room
        self._room[before:end] = more
        self.filled = self._room[:end]
