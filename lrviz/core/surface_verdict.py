"""The verdict on a run over a surface, by definitions that a person can check on the picture.

diverged     Loss or point overflowed, or came where the loss is not defined; or the run left the map, which is to
             stay more than 10 times the window's half-size away from its centre, and ended no nearer than it was after
             three quarters of its steps; or it had left the window, as far, and fell ever faster where the loss bent
             down.
converged    Its loss stays within the tolerance of a minimum's: a known one's, or one that gradient and curvature
             at the end put close by. A saddle or a plateau is none. With weight decay, where that balances the
             gradient and the run is at rest.
oscillating  Over its last half it went more than twice as far as it came, turning round at least three times. Under
             noise, at a rate that is stable, it hovered around a minimum: its third quarter lies where its last does.
stuck        Its last quarter brought less than a thousandth of all that it gained, on a plateau, or at a saddle or
             hilltop that it stayed at meanwhile.
crawling     Anything else: it was still going down, or its steps were too small to.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.surface_divergence import diverged, escaping, falls, place
from lrviz.core.surface_ground import (
    EVEN,
    NEAR,
    Dynamics,
    Ground,
    Slope,
    goal_around,
    goal_below,
    goal_near,
    late_snapshot,
    newton_step,
    snapshot_off_the_map,
)
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict, figure

TURNS = 3
STILL = 1e-9  # half-sizes of the window: who went no further did not swing
HOVERS = 10  # snapshots of the last half at least, for an average
AT_REST = 1e-3  # of all that a run gained
RESTING = 1e-5  # of a run's largest move, at the same rate
ROUNDING = 1e-15  # of a loss: a change that is none
RECENT = 10_000  # snapshots that a swing is looked for in, at most
PLATEAU = 100  # tolerances by which a plateau's slope, or its curvature, changes the loss over half the window

Array = NDArray[np.floating[Any]]


def judge_surface(trace: Trace, ground: Ground, end: Slope, dynamics: Dynamics) -> Verdict:
    """The verdict on a finished run. `end` is the slope at its last snapshot."""
    left = snapshot_off_the_map(trace, ground)
    if left is not None or trace.overflow_step is not None:
        return diverged(trace, left, dynamics.leaving)
    return (
        _converged(trace, ground, end)
        or (_hovering(trace, ground, end, dynamics) if dynamics.noise else None)
        or _oscillating(trace, ground)
        or _stuck(trace, ground, end)
        or (_held_off(trace, end) if dynamics.decays else None)
        or escaping(trace, ground, end)
        or _crawling(trace, ground, end, dynamics)
    )


def _converged(trace: Trace, ground: Ground, end: Slope) -> Verdict | None:
    goal = goal_near(trace, ground, end)
    if goal is None or goal.gap > ground.tolerance:
        return None
    above = np.flatnonzero(trace.loss - (trace.loss[-1] - goal.gap) > ground.tolerance)
    step = int(above[-1]) + 1 if len(above) else 0
    where = place(np.round(goal.place, 6))
    reason = f"converged at step {step:,}: its loss is within {figure(ground.tolerance)} of the minimum at {where}"
    return Verdict("converged", reason, step)


def _hovering(trace: Trace, ground: Ground, end: Slope, dynamics: Dynamics) -> Verdict | None:
    """In the ball around a minimum that noise keeps a run in: it wanders there without getting nearer on average."""
    theta, loss = trace.theta[len(trace.theta) // 2 :], trace.loss[len(trace.loss) // 2 :]
    if len(theta) < HOVERS or (dynamics.ending is not None and dynamics.ending.ratio >= 1):
        return None
    middle = theta.mean(0)
    spread = float(np.linalg.norm(theta - middle, axis=1).mean())
    half = len(theta) // 2
    drift = float(np.linalg.norm(theta[:half].mean(0) - theta[half:].mean(0)))
    goal = goal_around(trace, ground, end, middle, spread)
    if goal is None or drift > spread:
        return None
    away = figure(float(np.linalg.norm(theta - goal.place, axis=1).mean()), 2)
    above = figure(max(0.0, float(loss.mean()) - goal.loss), 2)
    reason = (
        f"hovers around the minimum at {place(np.round(goal.place, 6))}: noise of σ = {figure(dynamics.noise)} keeps "
        f"it {away} away and its loss {above} above, on average; a smaller rate comes nearer"
    )
    return Verdict("oscillating", reason, len(trace) - 1)


def _oscillating(trace: Trace, ground: Ground) -> Verdict | None:
    theta = trace.theta[len(trace.theta) // 2 :][-RECENT:]
    moves = np.diff(theta, axis=0)
    path = float(np.linalg.norm(moves, axis=1).sum())
    least = max(2 * float(np.linalg.norm(theta[-1] - theta[0])), STILL * float(ground.half_size.max()))
    if len(moves) <= TURNS or path <= least:
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
    elif (end.curvatures[0] < 0 or end.sinks) and _stays_near(trace, ground, newton_step(end)):
        place = "on a saddle" if end.curvatures[1] > 0 else "on a hilltop"
    else:
        return None
    signs = " and ".join(figure(float(value)) for value in end.curvatures)
    return Verdict("stuck", f"stuck {place}: gradient {figure(steepness)}, curvatures {signs}", len(trace) - 1)


def _stays_near(trace: Trace, ground: Ground, offset: Array) -> bool:
    """Whether a run ended near the place at this offset, and where it had been after three quarters of its steps."""
    moved = trace.theta[-1] - trace.theta[late_snapshot(trace)]
    half = ground.half_size
    return bool(np.all(np.abs(offset) <= 5 * NEAR * half) and np.all(np.abs(moved) <= NEAR * half))


def _held_off(trace: Trace, end: Slope) -> Verdict | None:
    """At rest although the gradient is not 0: what is minimised is the loss and a weight decay together."""
    rates = trace.rate[trace.snapshot_step[:-1]]
    moves = np.linalg.norm(np.diff(trace.theta, axis=0), axis=1) / np.maximum(rates, np.finfo(np.float64).tiny)
    if not (end.curvatures[0] > 0 and moves.any() and moves[-1] <= RESTING * moves.max()):
        return None
    step = int(trace.snapshot_step[int(np.flatnonzero(moves > RESTING * moves.max())[-1]) + 1])
    steepness = figure(float(np.linalg.norm(end.gradient)))
    where = place(trace.theta[-1])
    reason = f"at rest at {where} from step {step:,}, where weight decay balances the gradient, {steepness}"
    return Verdict("converged", reason, step)


def _fall(trace: Trace, noisy: bool) -> float:
    """By how much the loss fell over the last quarter; noise is averaged out over the quarters before and after."""
    if not noisy:
        return falls(trace)[1]
    loss = trace.loss
    quarter = max(1, len(loss) // 4)
    return float(loss[-2 * quarter : -quarter].mean() - loss[-quarter:].mean())


def _crawling(trace: Trace, ground: Ground, end: Slope, dynamics: Dynamics) -> Verdict:
    last = len(trace) - 1
    steps = max(1, last - 3 * last // 4)
    pace = _fall(trace, dynamics.noise > 0) / steps
    recent = trace.loss[3 * last // 4 :]
    if np.ptp(recent) <= ROUNDING * np.abs(recent).max():
        steepness = figure(float(np.linalg.norm(end.gradient)))
        return Verdict(
            "crawling", f"its steps are too small to change the loss, although its slope is {steepness}", last
        )
    if pace <= 0:
        return Verdict("oscillating", "its loss rises and falls without settling", last)
    before, lately = falls(trace)
    hastens = EVEN * lately > before > 0 and dynamics.noise == 0
    how = "going down ever faster" if hastens else "still going down"
    reason = f"{how}, by {figure(pace)} a step at the end"
    goal = goal_below(trace, ground, end)
    if goal is not None and goal.gap > ground.tolerance:
        # A part of the gap goes with each step: as much as lately, but near the minimum no more than its flattest
        # direction allows.
        part = math.log1p(pace * steps / goal.gap) / steps
        if dynamics.speed is not None and goal.least_curvature > 0:
            rate = float(trace.rate[3 * last // 4 :].mean())
            part = min(part, 2 * rate * dynamics.speed * goal.least_curvature)
        needed = figure(math.log(goal.gap / ground.tolerance) / part, 2)
        reason += f"; {'at that pace it would need' if hastens else 'it needs'} about {needed} more steps"
    return Verdict("crawling", reason, last)
