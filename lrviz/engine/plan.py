"""What a race will keep, decided before it begins: whether it fits, when theta is kept, when metrics are measured."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment
from lrviz.core.problem import Problem
from lrviz.engine.measures import measure_names
from lrviz.engine.sharpness import SHARPNESS_NAMES

SNAPSHOT_BYTES = 512 * 2**20  # for theta as it was: thinned by halves to fit
MEMORY_BYTES = 2 * 2**30  # for everything: an experiment beyond it is refused
SNAPSHOTS = 300  # of a model: more than a trail can show
DENSE_STEPS = 16  # at the beginning, where a model moves most, every one is kept
MEASUREMENTS = (24, 200)  # of a model's metrics, the fewest and the most;
MANY_RUNS = 16  # of more runs than this, half of the fewest: nobody reads their curves one by one
MEASURING_SHARE = 0.25  # of the training's cost, above the fewest
SHARPENINGS = (24, 200)  # the same for sharpness, whose measuring was asked for:
SHARPNESS_SHARE = 1.0
SHARPNESS_COST = 20  # of a training step on all samples that it looks at, once it knows where to look
DETAILED_RUNS = 64  # of more runs on a surface nobody looks at a single update
DETAIL_BYTES = 8 * (2 + 4 + 2 * 6)  # of a run's snapshot: gradient, Hessian, and six numbers an axis of its optimizer
_WORKING = 6  # tensors of theta's size: itself, its last place, gradient, two moments and one for the update


@dataclass(frozen=True)
class Plan:
    """The steps of a race at which something is kept, rising, with 0 and the last among them."""

    snapshot_steps: NDArray[np.int64]  # (S,)
    metric_steps: NDArray[np.int64]  # (M,) of the snapshots; empty where there are no metrics
    metric_names: tuple[str, ...] = ()  # all that is measured then
    sharpness_steps: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # some of metric_steps
    details: bool = False  # whether each snapshot is kept with the details of its update


def plan_race(problem: Problem, experiment: Experiment) -> Plan:
    """The plan for all runs. ExperimentError, with the figures, where they don't fit into memory."""
    runs, steps = len(experiment.runs), experiment.steps
    snapshot_bytes = runs * problem.parameters * problem.start(1).element_size()
    _refuse_what_cannot_fit(problem, experiment, snapshot_bytes)
    on_surface = problem.steps_per_epoch is None
    details = on_surface and runs <= DETAILED_RUNS
    if details:
        snapshot_bytes += runs * DETAIL_BYTES
    if on_surface:
        snapshots, metrics = np.arange(steps + 1), np.empty(0, np.int64)
    else:
        metrics = _metric_steps(problem, runs, steps, problem.steps_per_epoch or steps)
        snapshots = np.union1d(_snapshot_steps(steps), metrics)
    while len(snapshots) * snapshot_bytes > SNAPSHOT_BYTES and len(snapshots) > 2:
        snapshots = snapshots[::2] if len(snapshots) % 2 else np.append(snapshots[::2], steps)
    metrics = np.intersect1d(metrics, snapshots)
    if on_surface or not experiment.sharpness:
        return Plan(snapshots, metrics, measure_names(problem), details=details)
    names = (*measure_names(problem), *SHARPNESS_NAMES)
    return Plan(snapshots, metrics, names, _sharpness_steps(metrics, problem, runs, steps))


def _refuse_what_cannot_fit(problem: Problem, experiment: Experiment, snapshot_bytes: int) -> None:
    runs, steps = len(experiment.runs), experiment.steps
    rows = (2 * runs + 1) * (steps + 1) * 8  # a loss, a rate and the time
    theta = snapshot_bytes * (_WORKING + 2 + 2 * experiment.sharpness)  # two directions to remember
    if rows + theta > MEMORY_BYTES:
        need, most = (rows + theta) / 2**30, MEMORY_BYTES / 2**30
        raise ExperimentError(
            f"{runs} runs of {steps:,} steps with {problem.parameters:,} parameters need {need:.1f} GB of memory, "
            f"and {most:.0f} GB are the most; fewer runs, fewer steps or a smaller model fit"
        )


def _snapshot_steps(steps: int) -> NDArray[np.int64]:
    """Every step of the beginning, then an even grid, then the last."""
    stride = -(-steps // SNAPSHOTS)
    return np.union1d(np.arange(min(DENSE_STEPS, steps)), np.append(np.arange(0, steps, stride), steps))


def _metric_steps(problem: Problem, runs: int, steps: int, steps_per_epoch: int) -> NDArray[np.int64]:
    """The ends of epochs, or of equal parts of them, and powers of two until the first; 0 and the last.

    As many as cost no more than their share of the training, but not fewer than a chart needs.
    """
    wanted = _affordable(MEASUREMENTS, runs, MEASURING_SHARE * steps / problem.metrics_cost)
    epochs = steps / steps_per_epoch
    if epochs >= wanted:
        stride = float(steps_per_epoch * -(-epochs // wanted))
    else:
        stride = steps_per_epoch / max(1, min(steps_per_epoch, int(wanted // epochs)))
    even = np.round(np.arange(0, steps, stride)).astype(np.int64)
    early = 2 ** np.arange(int(np.log2(max(1.0, min(stride, steps)))) + 1)
    return np.union1d(np.append(even, early[early < steps]), steps)


def _sharpness_steps(metric_steps: NDArray[np.int64], problem: Problem, runs: int, steps: int) -> NDArray[np.int64]:
    """All of the steps, or every second, third and so on, 0 and the last among them."""
    batches = problem.steps_per_epoch or 1
    cost = SHARPNESS_COST * (batches if batches == 1 else batches + 1)
    wanted = _affordable(SHARPENINGS, runs, SHARPNESS_SHARE * steps / cost)
    return np.union1d(metric_steps[:: -(-len(metric_steps) // wanted)], metric_steps[-1:])


def _affordable(limits: tuple[int, int], runs: int, affordable: float) -> int:
    """How many measurements, between the fewest and the most."""
    fewest, most = limits
    return min(max(fewest // 2 if runs > MANY_RUNS else fewest, int(affordable)), most)
