"""What a chart can show of the runs of a scene, read as it is published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QT_TRANSLATE_NOOP

from lrviz.core import catalog
from lrviz.core.experiment import OnModel
from lrviz.core.gauge import gauge_at
from lrviz.core.scene import Scene
from lrviz.views.model_quantities import ACCURACY, TEST_LOSS, quantities_from_metrics
from lrviz.views.quantity import Quantity, Readings

GAUGED = 240  # steps of a race at which a gauge is read, at most
BEFORE_THE_RACE = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")  # a model's metrics, as far as known


def quantities_for(scene: Scene) -> tuple[Quantity, ...]:
    """What makes sense of a scene, the loss first: a model's metrics, or what is known of theta on a surface."""
    if isinstance(scene.experiment.problem, OnModel):
        return (LOSS, *quantities_from_metrics(tuple(scene.traces[0].metrics) or BEFORE_THE_RACE), RATE)
    known = (DISTANCE,) if scene.minima else ()
    return (LOSS, *known, GRADIENT, STEP_LENGTH, RATE, *((STABILITY,) if _has_limit(scene) else ()))


def curves_for(scene: Scene, wished: Sequence[str]) -> tuple[Quantity, Quantity]:
    """What the two charts show: what a person wished for where the scene has it, or else what suits it."""
    offered = {quantity.key: quantity for quantity in quantities_for(scene)}
    second = next((offered[key] for key in _SECOND if key in offered), LOSS)
    return offered.get(wished[0], LOSS), offered.get(wished[1], second)


# How they are read


def _loss(scene: Scene, run: int, after: int) -> Readings:
    return _at_every_step(scene.traces[run].loss, after)


def _rate(scene: Scene, run: int, after: int) -> Readings:
    return _at_every_step(scene.traces[run].rate, after)


def _at_every_step(values: NDArray[np.float64], after: int) -> Readings:
    return np.arange(after + 1, len(values)), values[after + 1 :]


def _distance(scene: Scene, run: int, after: int) -> Readings:
    first, trace = _first_snapshot(scene, run, after), scene.traces[run]
    theta = trace.theta[first:]
    apart = [np.hypot(theta[:, 0] - x, theta[:, 1] - y) for x, y in scene.minima]
    return trace.snapshot_step[first : first + len(theta)], np.min(apart, axis=0)


def _gradient(scene: Scene, run: int, after: int) -> Readings:
    first, trace = _first_snapshot(scene, run, after), scene.traces[run]
    gradient = trace.detail("gradient")[first:]
    return _known(trace.snapshot_step[first : first + len(gradient)], np.hypot(gradient[:, 0], gradient[:, 1]))


def _step_length(scene: Scene, run: int, after: int) -> Readings:
    """Between snapshots that are a step apart: very long races keep fewer."""
    first, trace = _first_snapshot(scene, run, after), scene.traces[run]
    theta = trace.theta[first:]
    steps = trace.snapshot_step[first : first + len(theta)]
    with np.errstate(all="ignore"):  # the last step of a run that overflows
        moved = np.diff(theta, axis=0)
    next_to = np.diff(steps) == 1
    return _known(steps[:-1][next_to], np.hypot(moved[:, 0], moved[:, 1])[next_to])


def _stability(scene: Scene, run: int, after: int) -> Readings:
    """At as many steps as a chart can tell apart, where a Hessian has been measured and a limit is known."""
    trace = scene.traces[run]
    hessians, every = trace.detail("hessian"), -(-scene.steps // GAUGED)
    steps = trace.snapshot_step[: len(hessians)]
    measured = (steps > after) & (steps % every == 0) & ~np.isnan(hessians.reshape(len(hessians), -1)).any(1)
    gauges = [(step, gauge_at(scene, run, step)) for step in steps[measured].tolist()]
    found = [(step, gauge.ratio) for step, gauge in gauges if gauge is not None]
    return np.array([step for step, _ in found], np.int64), np.array([ratio for _, ratio in found], np.float64)


def _has_limit(scene: Scene) -> bool:
    experiment = scene.experiment
    used = {experiment.optimizer_of(run) for run in experiment.runs}
    used |= {change.optimizer for run in experiment.runs for change in run.changes if change.optimizer}
    return any(catalog.optimizers.find(choice.name).stability is not None for choice in used)


def _first_snapshot(scene: Scene, run: int, after: int) -> int:
    return int(scene.traces[run].snapshot_step.searchsorted(after, side="right"))


def _known(steps: NDArray[np.int64], values: NDArray[np.floating]) -> Readings:
    """What is not a number at the end is not known yet, or never will be since the run is over."""
    known = np.flatnonzero(~np.isnan(values))
    count = int(known[-1]) + 1 if len(known) else 0
    return steps[:count], np.asarray(values[:count], np.float64)


LOSS = Quantity("loss", str(QT_TRANSLATE_NOOP("Quantity", "Loss")), _loss, noisy=True)
RATE = Quantity("rate", str(QT_TRANSLATE_NOOP("Quantity", "Effective learning rate")), _rate, decades=2)
DISTANCE = Quantity("distance", str(QT_TRANSLATE_NOOP("Quantity", "Distance to a minimum")), _distance)
GRADIENT = Quantity("gradient", str(QT_TRANSLATE_NOOP("Quantity", "Gradient norm")), _gradient, late=True)
STEP_LENGTH = Quantity("step_length", str(QT_TRANSLATE_NOOP("Quantity", "Step length")), _step_length, late=True)
STABILITY = Quantity(
    "stability",
    str(QT_TRANSLATE_NOOP("Quantity", "Stability")),
    _stability,
    late=True,
    mark=1.0,
    decades=2,
    captions=(
        str(QT_TRANSLATE_NOOP("Quantity", "rate × curvature / limit; above 1 no bowl of that curvature holds a run")),
        str(QT_TRANSLATE_NOOP("Quantity", "rate × curvature / limit")),
    ),
)
_SECOND = (ACCURACY.key, TEST_LOSS.key, DISTANCE.key, GRADIENT.key)  # what the second chart shows unless told
