"""Descents by the thousand, watched while they go on: off the map, settled at a minimum, or swinging back and forth.

They are looked at now and then, not at every step. Between two looks a gap above a minimum is taken to close, and a
distance to grow, by the same part a step: which gives the step at which it crossed its limit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.surface_ground import BACK, FAR
from lrviz.engine.fate_minima import Minima

Integers = NDArray[np.int64]

LOST = 1e6  # half-sizes of the window from which no descent comes back, even at a rate that falls
END = 2**20  # more steps than a question has
SAMPLED = 2  # steps before a look at which descents are seen too, to tell whether they turn
RESTED = 2  # looks in a row at which a descent is at its minimum, before it is taken for settled


@dataclass
class Columns:
    """Arrays whose last dimension are columns, as in theta (2, N)."""

    def keep(self, columns: Integers) -> None:
        """Drop all but these columns."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name).take(columns, -1))

    def pieces(self, count: int) -> list[Self]:
        """So many of the same, each of columns side by side whose numbers it shares with this one."""
        names = [field.name for field in fields(self)]
        cut = [np.array_split(getattr(self, name), count, -1) for name in names]
        return [type(self)(*parts) for parts in zip(*cut, strict=True)]


@dataclass
class Watch(Columns):
    """What is kept of each descent still open.

    In NumPy: a look is some thirty calls on the few columns that have come somewhere, which start sooner than torch's.
    """

    cells: Integers  # (N,) which descent of the chunk a column is
    loss: NDArray[np.float64]  # (N,) at its start,
    half_loss: NDArray[np.float64]  # (N,) after half of all steps
    late_loss: NDArray[np.float64]  # (N,) and after three quarters
    distance: NDArray[np.float32]  # (N,) from the window's middle, in half-sizes; inf where it is none, 0 well inside
    late_place: NDArray[np.float32]  # (2, N) after three quarters of all steps
    outside: Integers  # (N,) END less the step since which it is outside the window; 0 inside it
    left: Integers  # (N,) the same of being off the map
    which: Integers  # (N,) the minimum at which it is, or was last
    gap: NDArray[np.float64]  # (N,) its loss above that; inf near none
    rested: Integers  # (N,) looks in a row at which the gap was within the tolerance
    since: Integers  # (N,) the step since which it was

    @classmethod
    def begun(cls, theta: Tensor, loss: Tensor, minima: Minima) -> Watch:
        """At step 0."""
        count = theta.shape[1]
        outside, left, which, rested, since = np.zeros((5, count), np.int64)
        watch = cls(
            cells=np.arange(count),
            loss=loss.numpy(),
            half_loss=loss.numpy(),
            late_loss=loss.numpy(),
            distance=np.zeros(count, np.float32),
            late_place=theta.numpy().copy(),
            outside=outside,
            left=left,
            which=which,
            gap=np.full(count, np.inf),
            rested=rested,
            since=since,
        )
        watch.look(theta, minima, 0, 0)
        return watch

    def look(self, theta: Tensor, minima: Minima, looked: int, step: int) -> tuple[Integers, Integers]:
        """See where all stand at `step`; they were `looked` at last then.

        Returns which columns are lost for good, and which have settled.
        """
        # Most columns are on their way somewhere inside the window: only the others are looked at closely.
        some, which = minima.noteworthy(theta)
        close = theta.numpy().take(some, 1)
        distance = minima.distance(close)
        far = np.flatnonzero(distance > FAR)
        nearer = self.distance[some[far]].clip(1, FAR)
        _since(self.left, some[far], _crossed(nearer, distance[far], FAR, looked, step))
        _since(self.outside, some[distance > 1], step)
        _and_no_other(self.distance, some, distance)
        at, gap = minima.gaps(close, which)
        near = some.take(at)
        within = np.flatnonzero(np.abs(gap) <= minima.tolerance)
        columns, which = near[within], which[at[within]]
        rested = self.rested[columns] * (self.which[columns] == which) + 1
        entered = rested == 1
        arrived = columns[entered]
        self.since[arrived] = _crossed(self.gap[arrived], gap[within[entered]], minima.tolerance, looked, step)
        self.which[columns] = which
        _and_no_other(self.rested, columns, rested)
        self.gap.fill(np.inf)
        self.gap[near] = gap
        return some[distance > LOST], columns[rested >= RESTED]

    def come_back(self, minima: Minima) -> NDArray[np.bool_]:
        """(N,) which of those outside the window are nearer at the end than after three quarters of all steps."""
        nearer: NDArray[np.bool_] = self.distance < BACK * minima.distance(self.late_place)
        return nearer

    def left_at(self, columns: Integers) -> Integers:
        """(M,) the step since which each of some columns is off the map; END on it."""
        return END - self.left[columns]

    def outside_at(self, columns: Integers) -> Integers:
        """(M,) the step since which each of some columns is outside the window; END inside it."""
        return END - self.outside[columns]


@dataclass
class Swings(Columns):
    """How far descents of the second half went for how far they came, from samples before each look."""

    begun: NDArray[np.float32]  # (2, N) where they stood at half of all steps
    place: NDArray[np.float32]  # (2, N) at the last look
    moved: NDArray[np.float32]  # (2, N) between the two looks before
    two_ago: NDArray[np.float32]  # (2, N) two steps before the coming look, and
    one_ago: NDArray[np.float32]  # one
    path: NDArray[np.float32]  # (N,) the length of all that was gone, about
    quick_turns: NDArray[np.int32]  # (N,) samples in which a step went back on the one before
    slow_turns: NDArray[np.int32]  # (N,) looks between which it went back on what it had come before

    @classmethod
    def at(cls, theta: NDArray[np.float32]) -> Swings:
        count = theta.shape[1]
        begun, place, two_ago, one_ago = (theta.copy() for _ in range(4))
        path, turns = np.zeros(count, np.float32), np.zeros((2, count), np.int32)
        return cls(begun, place, np.zeros_like(theta), two_ago, one_ago, path, *turns)

    def before_look(self, theta: NDArray[np.float32]) -> None:
        """At each of the SAMPLED steps before the coming look."""
        np.copyto(self.two_ago, self.one_ago)
        np.copyto(self.one_ago, theta)

    def look(self, theta: NDArray[np.float32], steps: int) -> None:
        """After so many steps."""
        last = theta - self.one_ago
        np.subtract(self.one_ago, self.two_ago, self.two_ago)
        self.path += steps * np.hypot(*last)
        self.quick_turns += _go_back(last, self.two_ago)
        moved = np.subtract(theta, self.place, last)
        self.slow_turns += _go_back(moved, self.moved)
        np.copyto(self.moved, moved)
        np.copyto(self.place, theta)

    def back_and_forth(self, theta: NDArray[np.float32]) -> NDArray[np.bool_]:
        """(N,) which went more than twice as far as they came, turning round again and again."""
        turning = (self.quick_turns >= 2) | (self.slow_turns >= 3)
        swinging: NDArray[np.bool_] = turning & (self.path > 2 * np.hypot(*(theta - self.begun)))
        return swinging


def _go_back(move: NDArray[np.float32], before: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(N,) which moves (2, N) go back on those before."""
    back: NDArray[np.bool_] = move[0] * before[0] + move[1] * before[1] < 0
    return back


def _since(kept: Integers, beyond: Integers, steps: Integers | int) -> None:
    """Take in which columns are beyond a limit, and since when: END less the step, 0 for all others."""
    _and_no_other(kept, beyond, np.maximum(kept[beyond], END - steps))  # the greater one is the earlier step


def _and_no_other(kept: NDArray[Any], columns: Integers, values: NDArray[Any]) -> None:
    """Write (N,) the values of some columns, and 0 for all others."""
    kept.fill(0)
    kept[columns] = values


def _crossed(
    before: NDArray[np.floating], after: NDArray[np.floating], limit: float, first: int, last: int
) -> Integers:
    """(N,) the step of first..last at which what changes by the same part a step crosses a limit.

    `last` where it was on the same side before, or is no number.
    """
    part = np.ones(len(after))
    crosses = np.isfinite(before) & ((before > limit) != (after > limit))
    start, end = before[crosses].astype(np.float64), after[crosses].astype(np.float64).clip(1e-30, 1e30)
    part[crosses] = np.log(start / limit) / np.log(start / end)
    steps: Integers = first + np.ceil(part * (last - first)).astype(np.int64)
    return steps
