"""What became of the descents that were still under way when the steps were over: the verdicts' rules, by the thousand.

The definitions are lrviz.core.surface_verdict's, and come in its order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lrviz.core.catalog import Point
from lrviz.core.fate import PLACELESS
from lrviz.core.surface_ground import EVEN, FAR, FLAT, NEAR
from lrviz.core.surface_verdict import AT_REST, PLATEAU
from lrviz.engine.fate_minima import POINTED, Bends, Minima
from lrviz.engine.fate_watch import END, Swings, Watch

CRAWLING, OSCILLATING, STUCK, DIVERGED, FLOOR = (
    next(code for code, outcome in enumerate(PLACELESS) if outcome.kind == kind)
    for kind in ("crawling", "oscillating", "stuck", "diverged", "floor")
)
MINIMA = 1000  # the code of minimum i is this plus i, until a map counts its outcomes
RESTS = 2000  # and of the rest i
MANY = 64  # rests: where there are more, they are no points
QUIET = 0.01  # of all that a descent gained: one that gained more lately is at no end yet
STILL = 1e-6  # half-sizes a step: at rest


class Rests:
    """Where weight decay balances the gradient: places, in the order in which they were found."""

    def __init__(self, near: Tensor) -> None:
        self._near = near  # (2, 1)
        self._places: list[Point] = []

    @property
    def places(self) -> tuple[Point, ...]:
        return tuple(self._places)

    def codes(self, theta: Tensor) -> Tensor:
        """(N,) the rests at which points (2, N) are."""
        codes = torch.full((theta.shape[1],), -1)
        while True:
            for number, place in enumerate(self._places):
                at = ((theta - torch.tensor(place)[:, None]).abs() <= self._near).all(0)
                codes[at & (codes < 0)] = RESTS + number
            missing = (codes < 0).nonzero()[:, 0]
            if len(missing) == 0:
                return codes
            if len(self._places) == MANY:
                codes[missing] = FLOOR
                return codes
            x, y = theta[:, missing[0]].tolist()
            self._places.append((x, y))


@dataclass(frozen=True, eq=False)
class Final:
    """Descents after their last step."""

    theta: Tensor
    watch: Watch
    swings: Swings
    loss: Tensor  # (N,)
    bends: Callable[[Tensor], Bends]  # at points (2, N)


def judge(final: Final, minima: Minima, rests: Rests | None, step: int) -> tuple[Tensor, Tensor]:
    """(N,) codes and (N,) steps. `rests` is None where no weight decay holds descents off their minima."""
    theta, watch = final.theta, final.watch
    at_first, outside, rested = (torch.from_numpy(kept) for kept in (watch.loss, watch.outside, watch.rested))
    left, distance = torch.from_numpy(watch.left), torch.from_numpy(watch.distance)
    gained, lately = at_first - final.loss, torch.from_numpy(watch.late_loss) - final.loss
    codes = torch.where(lately >= -minima.tolerance, CRAWLING, OSCILLATING)
    steps = torch.full_like(codes, step)

    # Only where a descent came to rest, or left the window, do slopes decide.
    quiet = (lately.abs() <= QUIET * gained.abs()) | (gained.abs() <= minima.tolerance)
    asked = ((quiet | (outside > 0)) & (distance <= FAR) & (rested == 0)).nonzero()[:, 0]
    if len(asked):
        slope = final.bends(theta[:, asked])
        minima.discover(theta[:, asked], slope)
        still = (lately.abs() <= AT_REST * gained.abs()) | (gained.abs() <= minima.tolerance)
        codes[asked] = _by_slope(final, minima, rests, slope, asked, codes[asked], still[asked])
        steps = torch.where(codes == DIVERGED, END - outside, steps)
    settled = rested > 0
    codes = torch.where(settled, MINIMA + torch.from_numpy(watch.which), codes)
    steps = torch.where(settled, torch.from_numpy(watch.since), steps)
    gone = (left > 0) & ~torch.from_numpy(watch.come_back(minima))
    codes[gone] = DIVERGED
    steps = torch.where(gone, END - left, steps)
    swinging = (
        torch.from_numpy(final.swings.back_and_forth(theta.numpy()))
        & ~settled
        & ~gone
        & (codes != FLOOR)
        & (codes < MINIMA)
    )
    codes[swinging] = OSCILLATING
    steps[swinging] = step
    return codes, steps


def _by_slope(
    final: Final, minima: Minima, rests: Rests | None, slope: Bends, asked: Tensor, codes: Tensor, still: Tensor
) -> Tensor:
    """(M,) codes of the descents `asked` about, the last rule first so that earlier ones have the last word."""
    theta = final.theta[:, asked]
    size, gradient = float(minima.half.max()), torch.hypot(slope.gradient[0], slope.gradient[1])
    move = (theta - torch.from_numpy(final.swings.one_ago)[:, asked]).double()
    xx, xy, yy = slope.hessian
    bends_down = move[0] * (xx * move[0] + xy * move[1]) + move[1] * (xy * move[0] + yy * move[1]) < 0
    at_first, middle, late = (
        torch.from_numpy(kept)[asked] for kept in (final.watch.loss, final.watch.half_loss, final.watch.late_loss)
    )
    falls = (final.loss[asked] < at_first) & (EVEN * (late - final.loss[asked]) > middle - late)
    outside = torch.from_numpy((final.watch.outside > 0) & ~final.watch.come_back(minima))[asked]
    codes = torch.where(outside & bends_down & falls, DIVERGED, codes)
    if rests is not None:
        resting = (slope.least > 0) & (move.abs() <= STILL * minima.half).all(0)
        codes[resting] = rests.codes(theta[:, resting])
    steepest = torch.maximum(slope.least.abs(), slope.most.abs())
    plateau = torch.maximum(gradient * size, steepest * size**2) <= PLATEAU * minima.tolerance
    near = NEAR * minima.half
    stayed = (torch.from_numpy(final.watch.late_place)[:, asked] - theta).abs() <= near
    saddle = (slope.least < 0) & ((slope.newton.abs() <= 5 * near) & stayed).all(0)
    codes = torch.where(still & (plateau | saddle), STUCK, codes)
    codes = torch.where(_on_floor(slope, minima, size), FLOOR, codes)
    at, which = minima.settled_at(theta)
    codes[torch.from_numpy(at)] = torch.from_numpy(MINIMA + which.astype(np.int64))
    return codes


def _on_floor(slope: Bends, minima: Minima, size: float) -> Tensor:
    """(M,) which are at a minimum along their steepest direction, while the other one is level."""
    xx, xy, yy = slope.hessian
    # The longer of the two forms of the steepest direction.
    (a, b), (c, d) = (xy, slope.most - xx), (slope.most - yy, xy)
    first = torch.hypot(a, b) > torch.hypot(c, d)
    u, v = torch.where(first, a, c), torch.where(first, b, d)
    dx, dy = slope.gradient
    length = torch.hypot(u, v)
    along, across = (dx * u + dy * v) / length, (dy * u - dx * v) / length
    level = across.abs() * size <= minima.tolerance
    flat = (slope.most > 0) & (slope.least >= -FLAT * slope.most) & (slope.least <= POINTED * slope.most)
    on_floor: Tensor = flat & level & (along**2 / slope.most / 2 <= minima.tolerance)
    return on_floor
