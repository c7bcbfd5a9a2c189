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
PLATEAU = 100  # tolerances that a plateau's slope amounts to over half the window

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Slope:
    """Gradient and curvature at one point of a surface."""

    gradient: Array  # (2,)
    curvatures: Array  # (2,) the Hessian's eigenvalues, rising
    directions: Array  # (2, 2) its eigenvectors, one a row


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of a surface before anyone runs on it."""

    bounds: Bounds
    minima: Sequence[tuple[Point, float]]  # each known minimum with its loss
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


def judge_surface(trace: Trace, ground: Ground, end: Slope, leaving: Slope | None, limit: float | None) -> Verdict:
    """The verdict on a finished run.

    `end` is the slope at its last snapshot; `leaving` that at the one before snapshot_off_the_map, where there is
    one; `limit` what rate × curvature must stay below for its optimizer, where that is known.
    """
    left = snapshot_off_the_map(trace, ground)
    if left is not None or trace.overflow_step is not None:
        return _diverged(trace, left, leaving, limit)
    return (
        _converged(trace, ground, end)
        or _oscillating(trace)
        or _stuck(trace, ground, end)
        or _held_off(trace, end)
        or _escaping(trace, ground, end)
        or _crawling(trace, ground, end)
    )


def _distances(trace: Trace, ground: Ground) -> Array:
    """(S,) how far from the window's centre, in half-sizes, along the worse axis."""
    with np.errstate(invalid="ignore", over="ignore"):
        offset = np.abs(trace.theta - ground.centre) / ground.half_size
    worse: Array = np.where(np.isfinite(offset), offset, np.inf).max(1)
    return worse


def _diverged(trace: Trace, left: int | None, leaving: Slope | None, limit: float | None) -> Verdict:
    overflow = trace.overflow_step
    words = []
    if left is not None:
        words.append(f"left the map at step {trace.snapshot_step[left]:,}")
        if leaving is not None and limit is not None:
            product = float(trace.rate[trace.snapshot_step[left - 1]] * leaving.curvatures[-1])
            if product > limit:
                words[-1] += f": rate × curvature = {figure(product)}, above {figure(limit)}"
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
class _Minimum:
    place: Array  # (2,)
    gap: float  # how far the run's end is above it


def _minimum_near(trace: Trace, ground: Ground, end: Slope) -> _Minimum | None:
    """The minimum at which a run ended: a known one close by, or the one that its last slope points to."""
    theta, loss = trace.theta[-1], float(trace.loss[-1])
    for place, least in ground.minima:
        if np.all(np.abs(theta - place) <= 10 * NEAR * ground.half_size):
            return _Minimum(np.asarray(place), max(0.0, loss - least))
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
    return _Minimum(theta - offset @ end.directions, float(along @ offset) / 2)


def _converged(trace: Trace, ground: Ground, end: Slope) -> Verdict | None:
    minimum = _minimum_near(trace, ground, end)
    if minimum is None or minimum.gap > ground.tolerance:
        return None
    above = np.flatnonzero(trace.loss - (trace.loss[-1] - minimum.gap) > ground.tolerance)
    step = int(above[-1]) + 1 if len(above) else 0
    x, y = (figure(float(value)) for value in np.round(minimum.place, 6))
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
    if end.curvatures[0] < 0 and np.all(np.abs(_newton_step(end)) <= 5 * NEAR * ground.half_size):
        place = "on a saddle" if end.curvatures[1] > 0 else "on a hilltop"
    elif steepness * ground.half_size.max() <= PLATEAU * ground.tolerance:
        place = "on a plateau"
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


def _crawling(trace: Trace, ground: Ground, end: Slope) -> Verdict:
    last = len(trace) - 1
    pace = float(trace.loss[3 * last // 4] - trace.loss[-1]) / max(1, last - 3 * last // 4)
    if pace <= 0:
        return Verdict("oscillating", "its loss rises and falls without settling", last)
    reason = f"still going down, by {figure(pace)} a step at the end"
    gap = _gap_to_the_nearest_minimum(trace, ground, end)
    if gap is not None and gap > ground.tolerance:
        before = gap + pace * (last - 3 * last // 4)
        rate = math.log(before / gap) / max(1, last - 3 * last // 4)
        needed = math.log(gap / ground.tolerance) / rate
        reason += f"; at this pace it needs about {figure(needed, 2)} more steps"
    return Verdict("crawling", reason, last)


def _gap_to_the_nearest_minimum(trace: Trace, ground: Ground, end: Slope) -> float | None:
    """How far the end's loss is above the nearest minimum's; None where none is known below it."""
    loss = float(trace.loss[-1])
    below = [(np.linalg.norm(trace.theta[-1] - place), least) for place, least in ground.minima if least < loss]
    if below:
        return loss - min(below)[1]
    minimum = _minimum_near(trace, ground, end)
    return minimum.gap if minimum is not None else None
