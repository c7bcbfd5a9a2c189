"""Races made by hand for the lens: a few measurements a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lrviz.core.scene import Scene
from tests.views.scenes import FakeRace

Curve = tuple[Sequence[float], Sequence[float]]  # training losses and test figures, a measurement every ten steps


def scene_of(*curves: Curve, regression: bool = False, over: dict[int, int] | None = None) -> Scene:
    """A finished race with these measurements on 100 test samples; `over`: the step at which a run overflows."""
    count = len(curves[0][0])
    loss = np.ones((len(curves), 10 * (count - 1) + 1))
    for run, step in (over or {}).items():
        loss[run, step:] = np.inf
    figures = np.array([figures for _, figures in curves])
    metrics = {"train_loss": np.array([losses for losses, _ in curves]), "test_loss": figures}
    if not regression:
        metrics["test_accuracy"] = figures
    steps = range(0, 10 * count, 10)
    lrs = [float(f"1e-{run}") for run in range(len(curves))]
    race = FakeRace(loss, lrs=lrs, steps_per_epoch=10, metrics=metrics, metric_steps=steps)
    return replace(race.publish(), test_samples=100)


SLOW = ([2.0, 1.0, 0.5, 0.25], [0.1, 0.5, 0.8, 0.9])
FAST = ([2.0, 0.25, 0.01, 0.001], [0.1, 0.9, 0.7, 0.6])
