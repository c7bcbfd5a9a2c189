"""What becomes of each run's rate over a race, as a factor of what it is set to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrviz.core.scene import Scene

POINTS = 200  # of a recorded curve, at most

Line = tuple[NDArray[np.float64], NDArray[np.float64]]  # (N,) steps that never fall, and (N,) factors


@dataclass(frozen=True, eq=False)
class RateCurve:
    """The curve of one run, or of several that have the same."""

    runs: tuple[int, ...]
    steps: NDArray[np.float64]  # (N,) never falling: twice the same where the factor leaps
    factors: NDArray[np.float64]  # (N,)

    def factor_at(self, scene: Scene, step: int) -> float:
        """The factor at `step`, as recorded where the race has come so far; nan where it is over or not known yet."""
        traces = [scene.traces[run] for run in self.runs]
        trace = max(traces, key=len)
        if step < len(trace):
            return float(trace.rate[step]) / trace.lr
        if trace.overflow_step is not None or not len(self.steps) or step > self.steps[-1]:
            return math.nan
        return float(np.interp(step, self.steps, self.factors))


def rate_curves(scene: Scene) -> tuple[RateCurve, ...]:
    """The distinct curves of a scene's runs: as the schedules foretell them or, where losses decide, as recorded."""
    found: dict[bytes, tuple[list[int], Line]] = {}
    for run in range(len(scene.traces)):
        line = _foretold(scene, run) or _recorded(scene, run)
        key = b"".join(np.round(part, 9).tobytes() for part in line)
        found.setdefault(key, ([], line))[0].append(run)
    return tuple(RateCurve(tuple(runs), *line) for runs, line in found.values())


def grows(scene: Scene) -> bool:
    """Whether there are curves that are known only as far as the race has come."""
    return len(scene.factors) < len(scene.traces) or any(factors is None for factors in scene.factors)


def _foretold(scene: Scene, run: int) -> Line | None:
    schedule = scene.factors[run] if run < len(scene.factors) else None
    if schedule is None:
        return None
    own = scene.experiment.runs[run]
    steps = np.linspace(0, scene.steps, len(schedule))
    leaps = [change.step for change in own.changes if change.step < scene.steps]
    at = np.sort(np.concatenate([steps, leaps, leaps]))
    factors = np.interp(at, steps, schedule)
    for change, before in zip(own.changes, own.rates, strict=False):
        after = at > change.step
        after[np.flatnonzero(at == change.step)[-1:]] = True
        factors[after] *= change.lr / before
    return at, factors


def _recorded(scene: Scene, run: int) -> Line:
    trace = scene.traces[run]
    rate = trace.rate
    steps = np.unique(np.linspace(0, len(rate) - 1, POINTS + 1).astype(np.int64)) if len(rate) else np.empty(0, int)
    return steps.astype(np.float64), rate[steps] / trace.lr
