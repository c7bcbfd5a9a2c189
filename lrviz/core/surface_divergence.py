"""A run that leaves the map, overflows, or comes where the loss is not defined: what is said of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.gauge import Gauge
from lrviz.core.surface_ground import EVEN, FAR, Ground, Slope, comes_back, distances
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict, figure

Array = NDArray[np.floating[Any]]


def diverged(trace: Trace, left: int | None, leaving: Gauge | None) -> Verdict:
    """The verdict on a run that left the map at the snapshot `left`, or whose last row overflowed."""
    overflow = trace.overflow_step
    if left is not None and left == len(trace.theta) - 1 and not np.all(np.isfinite(trace.theta[-1])):
        left = None  # it went nowhere
    words = []
    if left is not None:
        words.append(f"left the map at step {trace.snapshot_step[left]:,}{_beyond(leaving)}")
    if overflow is not None and left is None:
        words.append(_undefined(trace, overflow))
    elif overflow is not None and math.isfinite(trace.loss[-1]):
        words.append(f"its point is no longer finite at step {overflow:,}")
    else:
        loss = f"{figure(float(trace.loss[-1]))} at step {len(trace) - 1:,}"
        words.append(f"the loss falls without bound: {loss}" if _falls_on(trace) else f"loss {loss}")
    step = overflow if left is None else int(trace.snapshot_step[left])
    assert step is not None
    return Verdict("diverged", "; ".join(words), step)


def _beyond(leaving: Gauge | None) -> str:
    """Why a run left the map: only where its rate was beyond its limit there."""
    if leaving is None or leaving.ratio <= 1:
        return ""
    scaled = " as its optimizer scales the axes" if leaving.scaled else ""
    product = figure(leaving.rate * leaving.sharpness)
    return f": rate × curvature{scaled} = {product}, above {figure(leaving.limit)}"


def _undefined(trace: Trace, step: int) -> str:
    """What was met at `step`, the run's last, on the map or on the way off it."""
    if np.all(np.isfinite(trace.theta[-1])):
        what = "undefined" if math.isnan(trace.loss[-1]) else figure(float(trace.loss[-1]))
        return f"its loss is {what} at {place(trace.theta[-1])}, from step {step:,}"
    gradient = trace.detail("gradient")
    if len(gradient) > 1 and not np.all(np.isfinite(gradient[-2])) and trace.snapshot_step[-2] == step - 1:
        what = "undefined" if np.any(np.isnan(gradient[-2])) else "infinite"
        return f"its gradient is {what} at {place(trace.theta[-2])}, at step {step - 1:,}"
    return f"its point is no longer finite at step {step:,}"


def escaping(trace: Trace, ground: Ground, end: Slope) -> Verdict | None:
    """The verdict on a run that is still on the map but outside the window, on no way back, and falls ever faster."""
    distance = distances(trace, ground)
    outside = distance > 1
    if not 1 < distance[-1] <= FAR or len(outside) < 2 or comes_back(trace, distance):
        return None
    along = end.directions @ (trace.theta[-1] - trace.theta[-2])
    bends_down = along @ (end.curvatures * along) < 0
    before, lately = falls(trace)
    if not (bends_down and EVEN * lately > before and trace.loss[-1] < trace.loss[0]):
        return None
    step = int(trace.snapshot_step[int(np.flatnonzero(~outside)[-1]) + 1]) if not outside.all() else 0
    now = f"{figure(float(trace.loss[-1]))} at step {len(trace) - 1:,}"
    return Verdict("diverged", f"left the window at step {step:,}, and the loss falls ever faster: {now}", step)


def falls(trace: Trace) -> tuple[float, float]:
    """By how much the loss fell in the third quarter of the steps, and in the last."""
    middle, late, last = (float(trace.loss[part * (len(trace) - 1) // 4]) for part in (2, 3, 4))
    return middle - late, late - last


def _falls_on(trace: Trace) -> bool:
    """Whether the loss fell at its end as much as before: nothing in sight would stop it."""
    before, lately = falls(trace)
    return trace.loss[-1] == -math.inf or (trace.loss[-1] < trace.loss[0] and 0 < EVEN * before <= lately)


def place(theta: Array) -> str:
    """A point as a reason writes it."""
    x, y = (figure(float(value)) for value in theta)
    return f"({x}, {y})"
