"""The ground of a run over a surface: its window, its minima, and the slope where the run ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds, Point
from lrviz.core.gauge import Gauge
from lrviz.core.trace import Trace

FAR = 10.0  # in half-sizes of the window
NEAR = 0.01  # the same: a minimum this close belongs to the run
FLAT = 1e-9  # a curvature below this part of the other one is none
BACK = 1 - 1e-6  # of its distance a while ago: a run that is no nearer than that is not on its way back
EVEN = 0.99  # of a fall of the loss: about as much

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Slope:
    """Gradient and curvature at one point of a surface."""

    gradient: Array  # (2,)
    curvatures: Array  # (2,) the Hessian's eigenvalues, rising
    directions: Array  # (2, 2) its eigenvectors, one a row
    sinks: bool = False  # whether the loss is lower further along a direction that has no curvature here

    @property
    def curved(self) -> NDArray[np.bool_]:
        """(2,) which directions have a curvature, up or down."""
        found: NDArray[np.bool_] = np.abs(self.curvatures) > FLAT * np.abs(self.curvatures).max()
        return found


@dataclass(frozen=True)
class Dynamics:
    """How a run's optimizer moves it, and what moves it beside the slope."""

    speed: float | None = None  # by how much it is faster than gradient descent at the same small rate, where known
    decays: bool = False  # whether it pulls theta to 0, and so away from a minimum
    noise: float = 0.0  # the deviation of what is added to each part of its gradient
    leaving: Gauge | None = None  # at the last snapshot on the map, of a run that left it
    ending: Gauge | None = None  # at its last one


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
    distance = distances(trace, ground)
    inside = np.flatnonzero(distance <= FAR)
    first = int(inside[-1]) + 1 if len(inside) else 0
    if first == len(distance) or (comes_back(trace, distance) and trace.overflow_step is None):
        return None
    return first


def comes_back(trace: Trace, distance: Array) -> bool:
    """Whether a run ends nearer than it was after three quarters of its steps, by its `distances`."""
    return bool(distance[-1] < BACK * distance[late_snapshot(trace)])


def late_snapshot(trace: Trace) -> int:
    """The snapshot after three quarters of the steps."""
    return int(np.searchsorted(trace.snapshot_step, 3 * int(trace.snapshot_step[-1]) // 4))


@dataclass(frozen=True, eq=False)
class Goal:
    """Where a run is heading: a minimum's place (2,) and how far its loss is above it."""

    place: Array
    gap: float
    least_curvature: float
    loss: float


def goal_near(trace: Trace, ground: Ground, end: Slope) -> Goal | None:
    """The minimum at which a run ended: a known one close by, or the one that its last slope points to."""
    theta, loss = trace.theta[-1], float(trace.loss[-1])
    for minimum in ground.minima:
        if np.all(np.abs(theta - minimum.place) <= 10 * NEAR * ground.half_size):
            return _known(minimum, loss)
    if not np.all(np.isfinite(end.curvatures)) or end.curvatures[-1] <= 0 or end.sinks:
        return None
    size = float(ground.half_size.max())
    along = end.directions @ end.gradient
    curved = end.curved
    if np.any(end.curvatures[curved] < 0) or np.any(np.abs(along[~curved]) * size > ground.tolerance):
        return None
    offset = np.where(curved, along / np.where(curved, end.curvatures, 1.0), 0.0)
    if np.any(np.abs(offset @ end.directions) > NEAR * ground.half_size):
        return None
    gap = float(along @ offset) / 2
    return Goal(theta - offset @ end.directions, gap, float(end.curvatures[0]), loss - gap)


def goal_around(trace: Trace, ground: Ground, end: Slope, middle: Array, spread: float) -> Goal | None:
    """The minimum that a noisy run wanders around, `spread` from `middle` on average: a known one, or its slope's."""
    loss = float(trace.loss[-1])
    for minimum in ground.minima:
        if float(np.linalg.norm(middle - minimum.place)) <= spread:
            return _known(minimum, loss)
    if ground.minima or not np.all(end.curvatures > 0):
        return None
    offset = newton_step(end)
    if float(np.linalg.norm(trace.theta[-1] + offset - middle)) > spread:
        return None
    gap = -float(end.gradient @ offset) / 2
    return Goal(trace.theta[-1] + offset, gap, float(end.curvatures[0]), loss - gap)


def goal_below(trace: Trace, ground: Ground, end: Slope) -> Goal | None:
    """The nearest known minimum below the run's end, or the one that its slope points to; None where there is none."""
    theta, loss = trace.theta[-1], float(trace.loss[-1])
    below = [minimum for minimum in ground.minima if minimum.loss < loss]
    if not below:
        return goal_near(trace, ground, end)
    nearest = min(below, key=lambda minimum: float(np.linalg.norm(theta - minimum.place)))
    return _known(nearest, loss)


def _known(minimum: Minimum, loss: float) -> Goal:
    return Goal(np.array(minimum.place), max(0.0, loss - minimum.loss), minimum.least_curvature, minimum.loss)


def newton_step(end: Slope) -> Array:
    """(2,) from the end to where its slope says that the gradient is 0; inf along a direction without curvature."""
    along = end.directions @ end.gradient
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(along == 0, 0.0, -along / end.curvatures)
    return offset if not np.all(np.isfinite(offset)) else offset @ end.directions


def distances(trace: Trace, ground: Ground) -> Array:
    """(S,) how far from the window's centre, in half-sizes, along the worse axis."""
    with np.errstate(invalid="ignore", over="ignore"):
        offset = np.abs(trace.theta - ground.centre) / ground.half_size
    worse: Array = np.where(np.isfinite(offset), offset, np.inf).max(1)
    return worse
