"""Descents by the thousand, watched while they go on: off the map, settled at a minimum, or swinging back and forth.

They are looked at now and then, not at every step. Between two looks a gap above a minimum is taken to close, and a
distance to grow, by the same part a step: which gives the step at which it crossed its limit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.surface_ground import FAR
from lrviz.engine.fate_minima import Minima

Integers = NDArray[np.int64]

LOST = 1e6  # half-sizes of the window from which no descent comes back, even at a rate that falls
END = 2**20  # more steps than a question has
SAMPLED = 2  # steps before a look at which descents are seen too, to tell whether they turn
RESTED = 2  # looks in a row at which a descent is at its minimum, before it is taken for settled


@dataclass
class Watch:
    """What is kept of each descent still open: columns, as in theta (2, N).

    In NumPy: a look is some thirty calls on the few columns that have come somewhere, which start sooner than torch's.
    """

    cells: Integers  # (N,) which descent of the chunk a column is
    loss: NDArray[np.float64]  # (N,) at its start
    distance: NDArray[np.float32]  # (N,) from the window's middle, in half-sizes; inf where it is none, 0 well inside
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
        none, gap = np.zeros(count, np.float32), np.full(count, np.inf)
        watch = cls(np.arange(count), loss.numpy(), none, outside, left, which, gap, rested, since)
        watch.look(theta, minima, 0, 0)
        return watch

    def look(self, theta: Tensor, minima: Minima, before: int, step: int) -> tuple[Integers, Integers]:
        """See where all stand at `step`; `before` is when they were looked at last.

        Returns which columns are lost for good, and which have settled.
        """
        # Most columns are on their way somewhere inside the window: only the others are looked at closely.
        some, which = minima.noteworthy(theta)
        close = theta.numpy().take(some, 1)
        distance = minima.distance(close)
        far = np.flatnonzero(distance > FAR)
        nearer = self.distance[some[far]].clip(1, FAR)
        _since(self.left, some[far], _crossed(nearer, distance[far], FAR, before, step))
        _since(self.outside, some[distance > 1], step)
        self.distance = np.zeros_like(self.distance)
        self.distance[some] = distance
        at, gap = minima.gaps(close, which)
        near = some.take(at)
        within = np.flatnonzero(np.abs(gap) <= minima.tolerance)
        columns, which = near[within], which[at[within]]
        rested = self.rested[columns] * (self.which[columns] == which) + 1
        entered = rested == 1
        arrived = columns[entered]
        self.since[arrived] = _crossed(self.gap[arrived], gap[within[entered]], minima.tolerance, before, step)
        self.which[columns] = which
        self.rested.fill(0)
        self.rested[columns] = rested
        self.gap.fill(np.inf)
        self.gap[near] = gap
        return some[distance > LOST], columns[rested >= RESTED]

    def left_at(self, columns: Integers) -> Integers:
        """(M,) the step since which each of some columns is off the map; END on it."""
        return END - self.left[columns]

    def outside_at(self, columns: Integers) -> Integers:
        """(M,) the step since which each of some columns is outside the window; END inside it."""
        return END - self.outside[columns]

    def keep(self, columns: Integers) -> None:
        """Drop all but these columns."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name)[columns])


@dataclass
class Swings:
    """How far descents of the second half went for how far they came, from samples before each look."""

    begun: Tensor  # (2, N) where they stood at half of all steps
    place: Tensor  # (2, N) at the last look
    moved: Tensor  # (2, N) between the two looks before
    two_ago: Tensor  # (2, N) two steps before the coming look, and
    one_ago: Tensor  # one
    path: Tensor  # (N,) the length of all that was gone, about
    quick_turns: Tensor  # (N,) samples in which a step went back on the one before
    slow_turns: Tensor  # (N,) looks between which it went back on what it had come before

    @classmethod
    def at(cls, theta: Tensor) -> Swings:
        none = torch.zeros_like(theta)
        count = torch.zeros(theta.shape[1], dtype=torch.int64)
        places = [theta.clone() for _ in range(4)]
        return cls(places[0], places[1], none, places[2], places[3], none[0].clone(), count, count.clone())

    def before_look(self, theta: Tensor) -> None:
        """At each of the SAMPLED steps before the coming look."""
        self.two_ago, self.one_ago = self.one_ago, theta.clone()

    def look(self, theta: Tensor, steps: int) -> None:
        """After so many steps."""
        last, previous, moved = theta - self.one_ago, self.one_ago - self.two_ago, theta - self.place
        self.path += steps * torch.hypot(last[0], last[1])
        self.quick_turns += (last * previous).sum(0) < 0
        self.slow_turns += (moved * self.moved).sum(0) < 0
        self.place, self.moved = theta.clone(), moved

    def last_move(self, theta: Tensor) -> Tensor:
        """(2, N) the step that led to `theta`."""
        return theta - self.one_ago

    def back_and_forth(self, theta: Tensor) -> Tensor:
        """(N,) which went more than twice as far as they came, turning round again and again."""
        net = theta - self.begun
        turning = (self.quick_turns >= 2) | (self.slow_turns >= 3)
        return turning & (self.path > 2 * torch.hypot(net[0], net[1]))

    def keep(self, columns: Tensor) -> None:
        """Drop all but these columns."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name).index_select(-1, columns))


def _since(kept: Integers, beyond: Integers, steps: Integers | int) -> None:
    """Take in which columns are beyond a limit, and since when: END less the step, 0 for all others."""
    since = np.maximum(kept[beyond], END - steps)  # the greater one is the earlier step
    kept.fill(0)
    kept[beyond] = since


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
