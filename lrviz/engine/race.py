"""All runs of one experiment, advanced together: the generator that everyone iterates."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.landscape import Plane
from lrviz.core.problem import Problem
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.engine.descent import Descent
from lrviz.engine.fingerprint import fingerprint
from lrviz.engine.judging import surface_verdicts
from lrviz.engine.landscape import surface_landscape
from lrviz.engine.plan import Plan, plan_race
from lrviz.engine.problems import SurfaceProblem, bounds_and_minima, problem_from_spec

CHUNK_SECONDS = 0.02


def race(experiment: Experiment) -> Iterator[Scene]:
    """A scene as soon as there is one, then one after each chunk of about 20 ms, and the last with verdicts.

    The same object comes again until something other than its traces has changed. LrvizError, before anything is
    computed, where the experiment makes no sense or does not fit into memory.
    """
    problem = problem_from_spec(experiment.problem, experiment.seed)
    plan = plan_race(problem, experiment)
    descent = Descent(problem, experiment)
    recorder = Recorder(
        experiment.lrs,
        experiment.steps,
        problem.parameters,
        plan.snapshot_steps,
        problem.metric_names,
        descent.theta.numpy().dtype,
        plan.metric_steps,
    )
    scene = Scene(
        experiment, fingerprint(experiment, problem), problem.parameters, problem.steps_per_epoch, recorder.traces
    )
    if isinstance(problem, SurfaceProblem):
        scene = _on_surface(scene, problem)
    yield scene
    for _ in train(problem, descent, recorder, plan):
        yield scene
    if isinstance(problem, SurfaceProblem):
        yield replace(scene, verdicts=surface_verdicts(scene, problem))


def train(problem: Problem, descent: Descent, recorder: Recorder, plan: Plan) -> Iterator[None]:
    """Steps 0 to the last, published and handed over after each chunk. Ends early once no run is left."""
    theta = descent.theta.numpy()  # the same memory
    kept, measured = _marked(plan.snapshot_steps, recorder.steps), _marked(plan.metric_steps, recorder.steps)
    chunk = _Chunk(recorder)
    for step in range(recorder.steps + 1):
        loss = descent.evaluate(step)
        overflowed = descent.overflowed()
        for run in overflowed:
            recorder.overflow(int(run), step)
        if kept[step]:
            metrics = problem.metrics(descent.theta) if measured[step] else {}
            recorder.snapshot(theta, {name: values.numpy() for name, values in metrics.items()})
        chunk.add(loss.numpy().astype(np.float64), descent.applied_rates())
        for run in overflowed:
            descent.park(int(run))
        if not descent.running.any():
            break
        if step < recorder.steps:
            descent.advance()
        if chunk.is_full:
            chunk.publish()
            yield
    chunk.publish()
    yield


def _on_surface(scene: Scene, problem: SurfaceProblem) -> Scene:
    """The scene with all that a surface shows, known before the first step."""
    spec = scene.experiment.problem
    assert not isinstance(spec, OnModel)
    bounds, minima = bounds_and_minima(spec)
    landscape = surface_landscape(problem, bounds)
    return replace(scene, plane=Plane.of_surface(), landscape=landscape, minima=minima)


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
        self._due = time.perf_counter() + CHUNK_SECONDS

    def add(self, loss: NDArray[np.float64], rate: NDArray[np.float64]) -> None:
        self._losses.append(loss)
        self._rates.append(rate)

    @property
    def is_full(self) -> bool:
        return time.perf_counter() >= self._due

    def publish(self) -> None:
        if self._losses:
            self._recorder.append(np.stack(self._losses, 1), np.stack(self._rates, 1))
            self._losses.clear()
            self._rates.clear()
        self._due = time.perf_counter() + CHUNK_SECONDS
