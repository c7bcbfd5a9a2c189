"""The steps of a race, recorded and published in chunks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import Experiment
from lrviz.core.pauses import Paused, at_pauses
from lrviz.core.problem import Problem
from lrviz.core.trace import Recorder
from lrviz.engine.descent import Descent
from lrviz.engine.forks import share
from lrviz.engine.measures import Measures, Metrics
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.plan import Plan

T = TypeVar("T")

CHUNK_SECONDS = 0.01  # so that there are new rows for every frame of the screen


def train(problem: Problem, experiment: Experiment, recorder: Recorder, plan: Plan) -> Iterator[None]:
    """Steps 0 to the last, published and handed over after each chunk. Ends early once no run is left."""
    descent = Descent(problem, experiment)
    kept, measured = _marked(plan.snapshot_steps, recorder.steps), _marked(plan.metric_steps, recorder.steps)
    measures = _measures(problem, descent, experiment, plan)
    chunk = _Chunk(recorder)
    for step in range(recorder.steps + 1):
        yield from chunk.published_while(descent.evaluate(step))
        overflowed = descent.overflowed()
        for run in overflowed:
            recorder.overflow(int(run), step)
        loss, rates = descent.loss.numpy().astype(np.float64), descent.rates.copy()
        metrics = Metrics()
        if measures is not None and measured[step]:
            yield from chunk.published_while(measures.evaluated(step, metrics))
        if kept[step]:
            theta = descent.theta.numpy()
            for rows in (theta, *metrics.values()):
                share(descent.forks, rows, step)
            recorder.snapshot(theta, metrics)
        for rows in (loss, rates):
            share(descent.forks, rows, step)
        chunk.add(loss, rates)
        for run in overflowed:
            descent.park(int(run))
        if not descent.running.any():
            break
        if step < recorder.steps:
            yield from chunk.unchanged_while(descent.advance_in_pieces())
            if metrics and measures is not None:
                recorder.complete((yield from chunk.unchanged_while(measures.updated(step))))
        if chunk.is_full:
            chunk.publish()
            yield
    chunk.publish()
    yield


def _measures(problem: Problem, descent: Descent, experiment: Experiment, plan: Plan) -> Measures | None:
    if not isinstance(problem, ModelProblem):
        return None
    return Measures(problem, descent, experiment.seed, plan.sharpness_steps.tolist())


def _marked(steps: NDArray[np.int64], last: int) -> NDArray[np.bool_]:
    marks = np.zeros(last + 1, np.bool_)
    marks[steps] = True
    return marks


class _Chunk:
    """Rows that wait to be published together, since readers gain nothing from them one by one."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._losses: list[NDArray[np.float64]] = []
        self._rates: list[NDArray[np.float64]] = []
        self._clock: list[float] = []
        self._due = time.perf_counter() + CHUNK_SECONDS

    def add(self, loss: NDArray[np.float64], rate: NDArray[np.float64]) -> None:
        self._losses.append(loss)
        self._rates.append(rate)
        self._clock.append(time.perf_counter())

    @property
    def is_full(self) -> bool:
        return time.perf_counter() >= self._due

    def published_while(self, work: Iterator[None]) -> Iterator[None]:
        """The pauses of a longer piece of work at which the chunk is full."""
        for _ in work:
            if self.is_full:
                self.publish()
                yield

    def unchanged_while(self, work: Paused[T]) -> Paused[T]:
        """The same without publishing, since the last row is yet to be completed, and the work's result."""
        return (yield from at_pauses(work, lambda: (None,) if self.is_full else ()))

    def publish(self) -> None:
        """The rows so far, for all to see; the next chunk is due in 10 ms."""
        if self._losses:
            self._recorder.append(np.stack(self._losses, 1), np.stack(self._rates, 1), self._clock)
            for rows in (self._losses, self._rates, self._clock):
                rows.clear()
        self._due = time.perf_counter() + CHUNK_SECONDS
