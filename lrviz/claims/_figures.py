"""What is read from a sweep for a claim, a value for each seed."""

from __future__ import annotations

import numpy as np

from lrviz.claims._statistics import Effect, mean_effect
from lrviz.core.sweep import Rows, SweepTable
from lrviz.core.sweep_reading import ACCURACY_POINT, Best, best_at, read_sweep, values_at

ACCURACY, TRAINING_LOSS, SURFACE_LOSS = "test_accuracy", "train_loss", "loss"
RISE = 1e-3  # a loss that is larger by less than this part has not gone up
POINTS = 100.0  # in 1.0 of accuracy


def rate_index(table: SweepTable, lr: float) -> int:
    """The place of the rate nearest to `lr`, by their ratio."""
    return int(np.argmin(np.abs(np.log(np.array(table.lrs) / lr))))


def mark_of(table: SweepTable, budget: float) -> int:
    """The place of the mark nearest to a budget."""
    return int(np.argmin(np.abs(table.marks - budget)))


def accuracies(table: SweepTable, lr: float, mark: int = -1) -> Rows:
    """(S,) test accuracies in percent; a run that has diverged has none, which counts as 0."""
    values = values_at(table, ACCURACY, mark)[0, rate_index(table, lr)]
    return POINTS * np.where(np.isfinite(values), values, 0.0)


def best(table: SweepTable, metric: str = ACCURACY, mark: int = -1) -> Best:
    """The rate with the best median over seeds."""
    found = best_at(table, read_sweep(table, metric, mark))
    assert found is not None, "the lowest rates of a claim's sweep do not diverge"
    return found


def shortfall(table: SweepTable, lr: float, mark: int = -1) -> Effect:
    """By how many points of test accuracy a rate is better than the best one, which is mostly less than nothing."""
    return mean_effect(accuracies(table, lr, mark) - accuracies(table, best(table, mark=mark).lr, mark))


def within_a_point(table: SweepTable, lr: float, mark: int = -1) -> bool:
    """Whether a rate's median test accuracy is as good as the best one's, as a sweep's picture has it."""
    reading = read_sweep(table, ACCURACY, mark)
    here = float(reading.median[0, rate_index(table, lr)])
    return here >= best(table, mark=mark).median - ACCURACY_POINT - 1e-9


def losses(table: SweepTable, lr: float) -> Rows:
    """(S, M) of a model's training part, or of a surface; inf from where a run has diverged."""
    metric = TRAINING_LOSS if TRAINING_LOSS in table.metrics else SURFACE_LOSS
    values = table.metrics[metric][0, rate_index(table, lr)]
    lost = table.diverged[0, rate_index(table, lr)][:, None] <= table.marks
    return np.where(lost | np.isnan(values), np.inf, values)


def uphill(table: SweepTable, lr: float) -> Rows:
    """(S,) the percentage of marks at which the loss is higher than at the one before, or is lost altogether."""
    values = losses(table, lr)
    before, after = values[:, :-1], values[:, 1:]
    up = np.isinf(after) | (after > before * (1 + RISE))
    return np.asarray(100.0 * up.mean(axis=1))


def lowest_loss_rate(table: SweepTable) -> float:
    """The rate whose final loss has the best median over seeds."""
    return best(table, TRAINING_LOSS if TRAINING_LOSS in table.metrics else SURFACE_LOSS).lr


def budget_to_loss(table: SweepTable, lr: float, goals: Rows) -> Rows:
    """(S,) the budget at which a rate's loss comes down to each seed's goal, between marks by straight lines.

    inf where it does not within the sweep.
    """
    values = losses(table, lr)
    needed = np.full(len(values), np.inf)
    for seed, (curve, goal) in enumerate(zip(values, goals, strict=True)):
        reached = np.flatnonzero(curve <= goal)
        if len(reached):
            needed[seed] = _crossing(table.marks, curve, int(reached[0]), float(goal))
    return needed


def epochs_to_accuracy(table: SweepTable, lr: float, goals: Rows) -> Rows:
    """(S,) the first epoch after which the test accuracy, in percent, is each seed's goal; inf where it never is."""
    curves = np.stack([accuracies(table, lr, mark) for mark in range(len(table.marks))], axis=1)
    arrived = curves >= goals[:, None] - 1e-9
    first = table.marks[arrived.argmax(axis=1)]
    return np.where(arrived.any(axis=1), first, np.inf)


def goals_of(table: SweepTable) -> Rows:
    """(S,) within one point of what the best rate comes to in the end, in percent."""
    return accuracies(table, best(table).lr) - POINTS * ACCURACY_POINT


def accuracy_at_loss(table: SweepTable, lr: float, goals: Rows) -> Rows:
    """(S,) the test accuracy in percent when the training loss first comes down to each seed's goal."""
    needed = budget_to_loss(table, lr, goals)
    curves = np.stack([accuracies(table, lr, mark) for mark in range(len(table.marks))], axis=1)
    found = [np.interp(at, table.marks, curve) for at, curve in zip(needed, curves, strict=True)]
    return np.where(np.isfinite(needed), found, np.nan)


def _crossing(marks: Rows, curve: Rows, at: int, goal: float) -> float:
    if at == 0 or not np.isfinite(curve[at - 1]) or curve[at - 1] == curve[at]:
        return float(marks[at])
    share = (curve[at - 1] - goal) / (curve[at - 1] - curve[at])
    return float(marks[at - 1] + share * (marks[at] - marks[at - 1]))
