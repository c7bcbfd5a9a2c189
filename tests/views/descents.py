"""Descents made by hand, for tests of the board: NumPy goes down Rosenbrock's valley, nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import Choice, Experiment, OnModel, OnSurface, Run
from lrviz.core.landscape import Landscape, Plane
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.core.verdict import Verdict

BOUNDS = (-2.0, 2.0, -1.0, 3.0)
START = (-1.2, 1.0)


def rosenbrock(x: Any, y: Any) -> Any:
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def rosenbrock_landscape(size: int = 81) -> Landscape:
    x, y = np.meshgrid(np.linspace(*BOUNDS[:2], size), np.linspace(*BOUNDS[2:], size))
    return Landscape(BOUNDS, np.asarray(rosenbrock(x, y)))


class Descents:
    """Plain gradient descent at every rate, or a given way (T, K, 2), published row by row."""

    def __init__(
        self,
        lrs: Sequence[float] = (0.001, 0.0005, 0.002, 0.01),
        steps: int = 60,
        theta: NDArray[np.float64] | None = None,
    ) -> None:
        self.lrs = tuple(lrs)
        self.theta = _down_the_valley(self.lrs, steps) if theta is None else theta
        steps = len(self.theta) - 1
        with np.errstate(all="ignore"):
            self.loss = np.asarray(rosenbrock(self.theta[..., 0], self.theta[..., 1])).T  # (K, T)
        self.recorder = Recorder(self.lrs, steps, 2, range(steps + 1))
        for run, row in enumerate(self.loss):
            over = np.flatnonzero(~np.isfinite(row))
            if len(over):
                self.recorder.overflow(run, int(over[0]))
        problem = OnSurface(Choice("rosenbrock", {"a": 1.0, "b": 100.0}), START)
        experiment = Experiment(problem, Choice("sgd"), Choice("constant"), tuple(map(Run, self.lrs)), max(steps, 1))
        self.scene = Scene(
            experiment,
            "abc123",
            2,
            None,
            self.recorder.traces,
            Plane.of_surface(),
            rosenbrock_landscape(),
            minima=((1.0, 1.0),),
        )

    def publish(self, rows: int | None = None) -> Scene:
        """Publish up to `rows` rows, all unless told."""
        done, end = self.recorder.rows, len(self.theta) if rows is None else rows
        for step in range(done, end):
            self.recorder.snapshot(self.theta[step])
        new = self.loss[:, done:end]
        self.recorder.append(new, np.broadcast_to(np.array(self.lrs)[:, None], new.shape))
        return self.scene

    def judged(self) -> Scene:
        """All of it, with verdicts: a run that overflowed has diverged, the others crawl."""
        scene = self.publish()
        verdicts = tuple(
            Verdict("crawling", "still going down", scene.steps)
            if trace.overflow_step is None
            else Verdict("diverged", f"infinite at step {trace.overflow_step}", trace.overflow_step)
            for trace in scene.traces
        )
        return replace(scene, verdicts=verdicts)


def model_scene(runs: int = 3, snapshots: int = 20, parameters: int = 50, metric: str = "test_accuracy") -> Scene:
    """A model race: random walks of float32 thetas kept at every fifth step, a metric at every tenth."""
    rng = np.random.default_rng(0)
    kept = range(0, 5 * snapshots, 5)
    steps = 5 * snapshots - 1
    lrs = tuple(10.0**-run for run in range(runs))
    recorder = Recorder(lrs, steps, parameters, kept, (metric,), np.float32, kept[::2])
    walk = np.cumsum(rng.normal(0, 0.1, (snapshots, runs, parameters)), 0).astype(np.float32)
    for number in range(snapshots):
        measured = {metric: np.full(runs, number / snapshots)} if number % 2 == 0 else {}
        recorder.snapshot(walk[number], measured)
    recorder.append(np.linspace(2.3, 0.1, steps + 1) * np.ones((runs, 1)), np.ones((runs, steps + 1)))
    directions = np.linalg.qr(rng.normal(size=(parameters, 2)))[0].T
    x, y = np.meshgrid(np.linspace(-3, 3, 31), np.linspace(-1, 1, 31))
    task = OnModel(Choice("mlp"), Choice("digits" if metric == "test_accuracy" else "diabetes"))
    if metric != "test_accuracy":
        task = OnModel(Choice("linear"), Choice("diabetes"))
    experiment = Experiment(task, Choice("adam"), Choice("constant"), tuple(map(Run, lrs)), steps)
    plane = Plane(np.zeros(parameters), directions, ("a", "b"))
    landscape = Landscape((-3.0, 3.0, -1.0, 1.0), x**2 + 5 * y**2)
    return Scene(experiment, "abc123", parameters, 10, recorder.traces, plane, landscape)


def _down_the_valley(lrs: tuple[float, ...], steps: int) -> NDArray[np.float64]:
    """(T, K, 2); a run that overflows stays at nan."""
    rates = np.array(lrs)[:, None]
    theta = np.tile(START, (len(lrs), 1))
    ways = [theta]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            x, y = theta.T
            slope = np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], 1)
            theta = theta - rates * slope
            ways.append(theta)
    return np.stack(ways)
