"""The verdict on a run over a surface, by definitions that a person can check on the picture.

diverged     Loss or point overflowed; or the run left the map, which is to stay more than 10 times the window's
             half-size away from its centre, and was not on its way back when it ended.
converged    Its loss stays within the tolerance of a minimum's: a known one's, or one that gradient and curvature
             at the end put close by. A saddle or a plateau is none.
oscillating  Over its last half it went more than twice as far as it came, turning round at least three times.
stuck        Its last quarter brought less than a thousandth of all that it gained, and it is not at a minimum.
crawling     Anything else: it was still going down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds, Point
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict, figure

FAR = 10.0  # in half-sizes of the window
NEAR = 0.01  # the same: a minimum this close belongs to the run
TURNS = 3
FLAT = 1e-9  # a curvature below this part of the other one is none
AT_REST = 1e-3  # of all that a run gained
RESTING = 1e-5  # of a run's largest move
PLATEAU = 100  # tolerances by which a plateau's slope, or its curvature, changes the loss over half the window

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Slope:
    """Gradient and curvature at one point of a surface."""

    gradient: Array  # (2,)
    curvatures: Array  # (2,) the Hessian's eigenvalues, rising
    directions: Array  # (2, 2) its eigenvectors, one a row


@dataclass(frozen=True)
class Dynamics:
    """How an optimizer moves on a bowl."""

    limit: float  # what rate × curvature must stay below for its steps to shrink
    speed: float  # by how much it is faster than gradient descent at the same small rate


@dataclass(frozen=True)
class Minimum:
    """A minimum that is known beforehand."""

    place: Point
    loss: float
    least_curvature: float


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of a surface before anyone runs on it."""

    bounds: Bounds
    minima: Sequence[Minimum]
    tolerance: float  # how far above a minimum's loss counts as there

    @property
    def centre(self) -> Array:
        x0, x1, y0, y1 = self.bounds
        return np.array([x0 + x1, y0 + y1]) / 2

    @property
    def half_size(self) -> Array:
        x0, x1, y0, y1 = self.bounds
        return np.array([x1 - x0, y1 - y0]) / 2


def snapshot_off_the_map(trace: Trace, ground: Ground) -> int | None:
    """The snapshot from which on the run stays off the map; None where it ends on it, or on its way back to it."""
    distance = _distances(trace, ground)
    inside = np.flatnonzero(distance <= FAR)
    first = int(inside[-1]) + 1 if len(inside) else 0
    if first == len(distance) or (distance[-1] < np.median(distance[first:]) and trace.overflow_step is None):
        return None
    return first


def judge_surface(
    trace: Trace, ground: Ground, end: Slope, leaving: Slope | None, dynamics: Dynamics | None
) -> Verdict:
    """The verdict on a finished run.

    `end` is the slope at its last snapshot; `leaving` that at the one before snapshot_off_the_map, where there is
    one; `dynamics` its optimizer's, where they are known.
    """
    left = snapshot_off_the_map(trace, ground)
    if left is not None or trace.overflow_step is not None:
        return _diverged(trace, left, leaving, dynamics)
    return (
        _converged(trace, ground, end)
        or _oscillating(trace)
        or _stuck(trace, ground, end)
        or _held_off(trace, end)
        or _escaping(trace, ground, end)
        or _crawling(trace, ground, end, dynamics)
    )


def _distances(trace: Trace, ground: Ground) -> Array:
    """(S,) how far from the window's centre, in half-sizes, along the worse axis."""
    with np.errstate(invalid="ignore", over="ignore"):
        offset = np.abs(trace.theta - ground.centre) / ground.half_size
    worse: Array = np.where(np.isfinite(offset), offset, np.inf).max(1)
    return worse


def _diverged(trace: Trace, left: int | None, leaving: Slope | None, dynamics: Dynamics | None) -> Verdict:
    overflow = trace.overflow_step
    words = []
    if left is not None:
        words.append(f"left the map at step {trace.snapshot_step[left]:,}")
        if leaving is not None and dynamics is not None:
            product = float(trace.rate[trace.snapshot_step[left - 1]] * leaving.curvatures[-1])
            if product > dynamics.limit:
                words[-1] += f": rate × curvature = {figure(product)}, above {figure(dynamics.limit)}"
    loss = f"{figure(float(trace.loss[-1]))} at step {len(trace) - 1:,}"
    if overflow is not None and math.isfinite(trace.loss[-1]):
        words.append(f"its point is no longer finite at step {overflow:,}")
    elif trace.loss[-1] < trace.loss[0]:
        words.append(f"the loss falls without bound: {loss}")
    else:
        words.append(f"loss {loss}")
    step = overflow if left is None else int(trace.snapshot_step[left])
    assert step is not None
    return Verdict("diverged", "; ".join(words), step)


@dataclass(frozen=True, eq=False)
class _Goal:
    """Where a run is heading: a minimum's place (2,) and how far its loss is above it."""

    place: Array
    gap: float
    least_curvature: float


def _goal_near(trace: Trace, ground: Ground, end: Slope) -> _Goal | None:
    """The minimum at which a run ended: a known one close by, or the one that its last slope points to."""
    theta, loss = trace.theta[-1], float(trace.loss[-1])
    for minimum in ground.minima:
        if np.all(np.abs(theta - minimum.place) <= 10 * NEAR * ground.half_size):
            return _Goal(np.array(minimum.place), max(0.0, loss - minimum.loss), minimum.least_curvature)
    if not np.all(np.isfinite(end.curvatures)) or end.curvatures[-1] <= 0:
        return None
    size = float(ground.half_size.max())
    along = end.directions @ end.gradient
    curved = end.curvatures > FLAT * end.curvatures[-1]
    if np.any(end.curvatures < -FLAT * end.curvatures[-1]) or np.any(np.abs(along[~curved]) * size > ground.tolerance):
        return None
    offset = np.where(curved, along / np.where(curved, end.curvatures, 1.0), 0.0)
    if np.any(np.abs(offset @ end.directions) > NEAR * ground.half_size):
        return None
    return _Goal(theta - offset @ end.directions, float(along @ offset) / 2, float(end.curvatures[0]))


def _converged(trace: Trace, ground: Ground, end: Slope) -> Verdict | None:
    goal = _goal_near(trace, ground, end)
    if goal is None or goal.gap > ground.tolerance:
        return None
    above = np.flatnonzero(trace.loss - (trace.loss[-1] - goal.gap) > ground.tolerance)
    step = int(above[-1]) + 1 if len(above) else 0
    x, y = (figure(float(value)) for value in np.round(goal.place, 6))
    reason = f"converged at step {step:,}: its loss is within {figure(ground.tolerance)} of the minimum at ({x}, {y})"
    return Verdict("converged", reason, step)


def _oscillating(trace: Trace) -> Verdict | None:
    theta = trace.theta[len(trace.theta) // 2 :]
    moves = np.diff(theta, axis=0)
    path = float(np.linalg.norm(moves, axis=1).sum())
    if len(moves) <= TURNS or 2 * np.linalg.norm(theta[-1] - theta[0]) > path or path == 0:
        return None
    direction = np.linalg.svd(moves, full_matrices=False)[2][0]
    swings = moves @ direction
    turns = int(np.count_nonzero(swings[1:] * swings[:-1] < 0))
    if turns < TURNS:
        return None
    direction *= np.sign(direction[np.argmax(np.abs(direction))])
    x, y = (figure(float(value)) for value in np.round(direction, 2) + 0.0)
    every = (len(trace) - 1) / max(1, len(trace.theta) - 1)
    growth = _growth_a_step(swings, every)
    change = (
        f"swings keep their size, {figure(float(np.abs(swings).max()), 2)}"
        if abs(growth - 1) < 1e-3
        else f"swings {'grow' if growth > 1 else 'shrink'} by a factor of {figure(growth)} a step"
    )
    return Verdict("oscillating", f"back and forth along ({x}, {y}): its {change}", len(trace) - 1)


def _growth_a_step(swings: Array, every: float) -> float:
    """The factor by which swings change a step, from the largest ones of the first and the second half."""
    half = len(swings) // 2
    first, second = np.abs(swings[:half]).max(), np.abs(swings[half:]).max()
    if first == 0 or second == 0:
        return 1.0
    return float((second / first) ** (1 / (max(1, half) * every)))


def _stuck(trace: Trace, ground: Ground, end: Slope) -> Verdict | None:
    loss = trace.loss
    gained, lately = loss[0] - loss[-1], loss[3 * len(loss) // 4] - loss[-1]
    if abs(lately) > AT_REST * abs(gained) and abs(gained) > ground.tolerance:
        return None
    steepness = float(np.linalg.norm(end.gradient))
    size = float(ground.half_size.max())
    if max(steepness * size, float(np.abs(end.curvatures).max()) * size**2) <= PLATEAU * ground.tolerance:
        place = "on a plateau"
    elif end.curvatures[0] < 0 and np.all(np.abs(_newton_step(end)) <= 5 * NEAR * ground.half_size):
        place = "on a saddle" if end.curvatures[1] > 0 else "on a hilltop"
    else:
        return None
    signs = " and ".join(figure(float(value)) for value in end.curvatures)
    return Verdict("stuck", f"stuck {place}: gradient {figure(steepness)}, curvatures {signs}", len(trace) - 1)


def _held_off(trace: Trace, end: Slope) -> Verdict | None:
    """At rest although the gradient is not 0: what is minimised is the loss and a weight decay together."""
    moves = np.linalg.norm(np.diff(trace.theta, axis=0), axis=1)
    if end.curvatures[0] <= 0 or not moves.any() or moves[-1] > RESTING * moves.max():
        return None
    step = int(trace.snapshot_step[int(np.flatnonzero(moves > RESTING * moves.max())[-1]) + 1])
    x, y = (figure(float(value)) for value in trace.theta[-1])
    steepness = figure(float(np.linalg.norm(end.gradient)))
    reason = f"at rest at ({x}, {y}) from step {step:,}, where weight decay balances the gradient, {steepness}"
    return Verdict("converged", reason, step)


def _escaping(trace: Trace, ground: Ground, end: Slope) -> Verdict | None:
    outside = np.any(np.abs(trace.theta - ground.centre) > ground.half_size, axis=1)
    if not outside[-1] or len(outside) < 2:
        return None
    move = trace.theta[-1] - trace.theta[-2]
    along = end.directions @ move
    if trace.loss[-1] >= trace.loss[0] or along @ (end.curvatures * along) >= 0:
        return None
    step = int(trace.snapshot_step[int(np.flatnonzero(~outside)[-1]) + 1]) if not outside.all() else 0
    last = f"{figure(float(trace.loss[-1]))} at step {len(trace) - 1:,}"
    return Verdict("diverged", f"left the window at step {step:,}, and the loss falls ever faster: {last}", step)


def _newton_step(end: Slope) -> Array:
    """(2,) from the end to where its slope says that the gradient is 0; inf along a direction without curvature."""
    along = end.directions @ end.gradient
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(along == 0, 0.0, -along / end.curvatures)
    return offset if not np.all(np.isfinite(offset)) else offset @ end.directions


def _crawling(trace: Trace, ground: Ground, end: Slope, dynamics: Dynamics | None) -> Verdict:
    last = len(trace) - 1
    steps = max(1, last - 3 * last // 4)
    pace = float(trace.loss[3 * last // 4] - trace.loss[-1]) / steps
    if pace <= 0:
        return Verdict("oscillating", "its loss rises and falls without settling", last)
    reason = f"still going down, by {figure(pace)} a step at the end"
    goal = _goal_below(trace, ground, end)
    if goal is not None and goal.gap > ground.tolerance:
        # A part of the gap goes with each step: as much as lately, but near the minimum no more than its flattest
        # direction allows.
        part = math.log1p(pace * steps / goal.gap) / steps
        if dynamics is not None and goal.least_curvature > 0:
            rate = float(trace.rate[3 * last // 4 :].mean())
            part = min(part, 2 * rate * dynamics.speed * goal.least_curvature)
        reason += f"; it needs about {figure(math.log(goal.gap / ground.tolerance) / part, 2)} more steps"
    return Verdict("crawling", reason, last)


def _goal_below(trace: Trace, ground: Ground, end: Slope) -> _Goal | None:
    """The nearest known minimum below the run's end, or the one that its slope points to; None where there is none."""
    theta, loss = trace.theta[-1], float(trace.loss[-1])
    below = [minimum for minimum in ground.minima if minimum.loss < loss]
    if not below:
        return _goal_near(trace, ground, end)
    nearest = min(below, key=lambda minimum: float(np.linalg.norm(theta - minimum.place)))
    return _Goal(np.array(nearest.place), loss - nearest.loss, nearest.least_curvature)
