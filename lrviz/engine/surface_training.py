"""The steps of a race on a surface: every point, and with it the details of the update made there.

Surfaces are so cheap that what is done around a step costs as much as the step. So a step only leaves its numbers in a
chunk's arrays, and whatever can wait is done for a whole chunk at once: who overflowed, what forks share, curvatures.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import Experiment
from lrviz.core.trace import Recorder
from lrviz.engine.curvature import hessians
from lrviz.engine.descent import Descent
from lrviz.engine.forks import share_chunk
from lrviz.engine.plan import Plan
from lrviz.engine.problems import SurfaceProblem
from lrviz.engine.training import CHUNK_SECONDS

CHUNK_STEPS = 256
CURVATURE_SECONDS = 0.05  # between two measurements, which cost as much as some steps however many points there are


def train_on_surface(problem: SurfaceProblem, experiment: Experiment, recorder: Recorder, plan: Plan) -> Iterator[None]:
    """Steps 0 to the last, published and handed over after each chunk. Ends early once no run is left."""
    descent = Descent(problem, experiment)
    chunk = _Chunk(descent, recorder, plan.details)
    curvature = _Curvature(problem, recorder) if plan.details else None
    for step in range(recorder.steps + 1):
        for _ in descent.evaluate(step):
            pass
        chunk.add()
        if step < recorder.steps:
            descent.advance()
            chunk.add_memories()
        if chunk.is_full or step == recorder.steps:
            chunk.publish()
            if curvature is not None:
                curvature.measure(at_last=step == recorder.steps or not descent.running.any())
            yield
            if not descent.running.any():
                return


class _Chunk:
    """Steps that wait to be published together; arrays are (steps, K, …)."""

    def __init__(self, descent: Descent, recorder: Recorder, details: bool) -> None:
        self._descent = descent
        self._recorder = recorder
        self._details = details
        runs, parameters = descent.theta.shape
        self._theta_now = descent.theta.numpy()  # the same memory
        self._theta = np.empty((CHUNK_STEPS, runs, parameters))
        self._gradient = np.empty_like(self._theta)
        self._loss = np.empty((CHUNK_STEPS, runs))
        self._rates = np.empty_like(self._loss)
        self._clock = np.empty(CHUNK_STEPS)
        self._memories: dict[str, NDArray[np.float64]] = {}
        self._first = self._steps = 0
        self._due = time.perf_counter() + CHUNK_SECONDS

    def add(self) -> None:
        """A step as it was evaluated."""
        i, descent = self._steps, self._descent
        self._theta[i] = self._theta_now
        self._loss[i] = descent.loss.numpy()
        self._rates[i] = descent.rates
        self._clock[i] = time.perf_counter()
        if self._details:
            self._gradient[i] = descent.gradient.numpy()
        self._steps += 1

    def add_memories(self) -> None:
        """What the optimizers remember after the update of the step that was added last."""
        if not self._details:
            return
        i = self._steps - 1
        for name, rows, values in self._descent.memories():
            if name not in self._memories:
                self._memories[name] = np.full_like(self._theta, np.nan)
            self._memories[name][i, rows] = values

    @property
    def is_full(self) -> bool:
        return self._steps == CHUNK_STEPS or time.perf_counter() >= self._due

    def publish(self) -> None:
        """The steps so far, for all to see; the next chunk is due in 10 ms."""
        loss, rates, theta, gradient, *memories = (
            values[: self._steps]
            for values in (self._loss, self._rates, self._theta, self._gradient, *self._memories.values())
        )
        for values in (loss, rates, theta, gradient, *memories):
            share_chunk(self._descent.forks, values, self._first)
        for run, i in self._overflows(loss, theta):
            self._recorder.overflow(run, self._first + i)
            self._descent.park(run)
            for values in memories:
                values[i:, run] = np.nan  # no update followed
        first, end = self._recorder.snapshot_steps.searchsorted((self._first, self._first + self._steps))
        kept = self._recorder.snapshot_steps[first:end] - self._first
        self._recorder.snapshots(theta[kept])
        if self._details:
            self._recorder.detail("gradient", first, gradient[kept])
            for name, values in zip(self._memories, memories, strict=True):
                self._recorder.detail(f"state.{name}", first, values[kept])
                values[:] = np.nan
        self._recorder.append(loss.T, rates.T, self._clock[: self._steps])
        self._first += self._steps
        self._steps = 0
        self._due = time.perf_counter() + CHUNK_SECONDS

    def _overflows(self, loss: NDArray[np.float64], theta: NDArray[np.float64]) -> list[tuple[int, int]]:
        """The running rows of which loss or theta ceased to be finite, and the step of the chunk at which they did."""
        lost = ~(np.isfinite(loss) & np.isfinite(theta).all(2))
        return [(int(run), int(lost[:, run].argmax())) for run in np.flatnonzero(lost.any(0) & self._descent.running)]


class _Curvature:
    """Measures the Hessian at all published snapshots, some time after they are there."""

    def __init__(self, problem: SurfaceProblem, recorder: Recorder) -> None:
        self._problem = problem
        self._recorder = recorder
        self._measured = 0
        self._due = time.perf_counter()

    def measure(self, at_last: bool) -> None:
        if at_last or time.perf_counter() >= self._due:
            theta = self._recorder.theta_from(self._measured)
            self._recorder.detail("hessian", self._measured, hessians(self._problem, theta))
            self._measured += len(theta)
            self._due = time.perf_counter() + CURVATURE_SECONDS
