"""Small races that have ended, made by hand: every number in them is known."""

from __future__ import annotations

import numpy as np

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnModel, OnSurface, Run, choose
from lrviz.core.landscape import Landscape, Plane
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.core.verdict import Verdict


def surface_scene() -> Scene:
    """Two runs of three steps on Rosenbrock; the second overflows at step 2."""
    experiment = Experiment(
        problem=OnSurface(choose(catalog.surfaces, "rosenbrock"), (-1.2, 1.0)),
        optimizer=choose(catalog.optimizers, "sgd"),
        schedule=choose(catalog.schedules, "constant"),
        runs=(Run(0.001), Run(0.1)),
        steps=3,
    )
    recorder = Recorder(experiment.lrs, 3, 2, range(4))
    recorder.overflow(1, 2)
    for step in range(4):
        recorder.snapshot(np.array([[step / 10, 1.0], [-(10.0**step), np.inf if step >= 2 else 2.0]]))
    loss = np.array([[4.0, 1 / 3, 0.2, 0.1], [24.2, 1e300, np.inf, np.inf]])
    recorder.append(loss, np.array([[0.001] * 4, [0.1] * 4]))
    grid = np.linspace(0, 1, 64).reshape(8, 8)
    return Scene(
        experiment=experiment,
        fingerprint="a3f9c2",
        parameters=2,
        steps_per_epoch=None,
        traces=recorder.traces,
        plane=Plane.of_surface(),
        landscape=Landscape((-2.0, 2.0, -1.0, 3.0), grid),
        minima=((1.0, 1.0),),
        verdicts=(Verdict("crawling", "0.1 at the end", 3), Verdict("diverged", "inf at step 2", 2)),
    )


def model_scene() -> Scene:
    """Two runs of four steps of a network on digits; metrics at steps 0, 2 and 4."""
    experiment = Experiment(
        problem=OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "digits")),
        optimizer=choose(catalog.optimizers, "adam"),
        schedule=choose(catalog.schedules, "cosine"),
        runs=(Run(0.1), Run(0.001)),
        steps=4,
        seed=7,
    )
    names = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
    recorder = Recorder(experiment.lrs, 4, 3, (0, 1, 2, 4), names, np.float32, (0, 2, 4))
    for step in (0, 1, 2, 4):
        metrics = {name: np.array([step + 0.25, step + 0.5]) / 8 for name in names}
        recorder.snapshot(np.full((2, 3), step, np.float32), {} if step == 1 else metrics)
    recorder.append(np.linspace(2, 1, 10).reshape(2, 5), np.full((2, 5), 0.1))
    return Scene(
        experiment=experiment,
        fingerprint="0badc0",
        parameters=3,
        steps_per_epoch=2,
        traces=recorder.traces,
        verdicts=(Verdict("oscillating", "up and down", 3), Verdict("converged", "test accuracy 56.2 %", 4)),
    )
