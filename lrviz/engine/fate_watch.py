"""Descents by the thousand, watched while they go on: off the map, settled at a minimum, or swinging back and forth.

They are looked at now and then, not at every step. Between two looks a gap above a minimum is taken to close by the
same part a step, which gives the step at which it came within the tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from lrviz.core.surface_ground import FAR
from lrviz.engine.fate_minima import Minima

LOST = 1e6  # half-sizes of the window from which no descent comes back, even at a rate that falls
END = 2**20  # more steps than a question has
RESTED = 2  # looks in a row at which a descent is at its minimum, before it is taken for settled


@dataclass
class Watch:
    """What is kept of each descent still open: columns, as in theta (2, N)."""

    cells: Tensor  # (N,) which descent of the chunk a column is
    loss: Tensor  # (N,) at its start
    distance: Tensor  # (N,) from the window's middle, in half-sizes, at the last look; inf where it is none
    outside: Tensor  # (N,) END less the step since which it is outside the window; 0 inside it
    left: Tensor  # (N,) the same of being off the map
    which: Tensor  # (N,) the minimum that it is near
    gap: Tensor  # (N,) its loss above that; inf near none
    rested: Tensor  # (N,) looks in a row at which the gap was within the tolerance
    since: Tensor  # (N,) the step since which it was

    @classmethod
    def begun(cls, theta: Tensor, loss: Tensor, minima: Minima) -> Watch:
        """At step 0."""
        count = theta.shape[1]
        none, first = torch.zeros(count), torch.zeros(count, dtype=torch.int64)
        gap = torch.full((count,), torch.inf, dtype=torch.float64)
        watch = cls(torch.arange(count), loss, none, none, none, first, gap, first, first.clone())
        watch.look(theta, minima, 0, 0)
        return watch

    def look(self, theta: Tensor, minima: Minima, before: int, step: int) -> tuple[Tensor, Tensor]:
        """See where all stand at `step`; `before` is when they were looked at last.

        Returns which columns are lost for good, and which have settled.
        """
        away = (theta - minima.centre).div_(minima.half)
        self.distance = away.abs().amax(0).nan_to_num_(torch.inf)
        self.outside = _since(self.distance, 1.0, self.outside, step)
        self.left = _since(self.distance, FAR, self.left, step)
        near, which, gap = minima.near(theta, away)
        within = gap.abs() <= minima.tolerance
        rested = torch.where(within, self.rested[near] * (self.which[near] == which) + 1, 0)
        entered = (rested == 1).nonzero()[:, 0]
        if len(entered):
            columns = near[entered]
            self.since[columns] = _entered(self.gap[columns], gap[entered], minima.tolerance, before, step)
        self.which[near] = which
        self.rested, self.gap = torch.zeros_like(self.rested), torch.full_like(self.gap, torch.inf)
        self.rested[near], self.gap[near] = rested, gap
        return (self.distance > LOST).nonzero()[:, 0], near[rested >= RESTED]

    def left_at(self) -> Tensor:
        """(N,) the step since which each is off the map; END on it."""
        return END - self.left.long()

    def outside_at(self) -> Tensor:
        """(N,) the step since which each is outside the window; END inside it."""
        return END - self.outside.long()

    def keep(self, columns: Tensor) -> None:
        """Drop all but these columns."""
        keep_columns(self, columns)


@dataclass
class Swings:
    """How far descents of the second half went for how far they came, from samples of two steps before each look."""

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

    def before_step(self, theta: Tensor, left: int) -> None:
        """`left` steps before the coming look."""
        if left <= 2:
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
        keep_columns(self, columns)


def keep_columns(kept: Watch | Swings, columns: Tensor) -> None:
    """Drop all but these columns of every field."""
    for field in fields(kept):
        setattr(kept, field.name, getattr(kept, field.name).index_select(-1, columns))


def _since(distance: Tensor, limit: float, before: Tensor, step: int) -> Tensor:
    """(N,) END less the step since which a distance is beyond a limit; 0 where it isn't.

    The greater such number is the earlier step; and torch takes maxima and products ten times as fast as choices.
    """
    beyond = (distance - limit).sign_().clamp_(min=0)
    return torch.clamp(before, min=END - step).mul_(beyond)


def _entered(before: Tensor, after: Tensor, tolerance: float, first: int, last: int) -> Tensor:
    """(N,) the step of first..last at which a gap that shrinks evenly comes within the tolerance."""
    after = after.clamp(min=1e-30)
    part = torch.log(before / tolerance) / torch.log(before / after)
    part = torch.where(before.isfinite() & (before > tolerance), part, 1.0).nan_to_num_(1.0).clamp_(0, 1)
    return first + torch.ceil(part * (last - first)).long()
