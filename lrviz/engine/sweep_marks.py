"""The budgets at which a sweep measures its runs: epochs of a model, steps of a surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lrviz.core.epochs import epoch_steps
from lrviz.core.experiment import Experiment

MOST_EPOCHS = 60  # a budget slider has no use for more
SURFACE_MARKS = 40

Marks = tuple[float, ...]


def marks_of(experiment: Experiment) -> Marks:
    """Rising, the whole length last. Every epoch of a model, of many about 60; of a surface steps at equal ratios."""
    steps, per_epoch = experiment.steps, epoch_steps(experiment)
    if per_epoch is None:
        even = np.geomspace(1, steps, min(SURFACE_MARKS, steps))
        return tuple(np.unique(np.round(even)).tolist())
    epochs = np.arange(per_epoch, steps + 1, per_epoch) / per_epoch
    if steps % per_epoch:
        epochs = np.append(epochs, steps / per_epoch)
    some = np.linspace(0, len(epochs) - 1, min(MOST_EPOCHS, len(epochs)))
    return tuple(epochs[np.unique(np.round(some).astype(np.intp))].tolist())


def steps_at(marks: Marks, per_epoch: int | None, steps: int) -> NDArray[np.int64]:
    """(M,) the step at which each mark is measured, in an experiment of so many steps with epochs of its own."""
    return np.clip(np.round(np.array(marks) * (per_epoch or 1)).astype(np.int64), 1, steps)
