"""A sweep's table while it fills: results of groups go in, tables come out."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.engine.sweep_group import GroupResult, SweepGroup
from lrviz.engine.sweep_marks import Marks

T = TypeVar("T", bound=np.generic)

STEP_SAMPLES = 64  # what a step costs besides its samples, in samples


class TableMaker:
    """V values, R rates, S seeds, M marks; every table is a copy, since it is read on other threads."""

    def __init__(self, question: SweepQuestion, marks: Marks, metrics: tuple[str, ...]) -> None:
        self._question = question
        self._lrs = question.lrs
        self._marks = np.array(marks)
        shape = len(question.values), len(question.lrs), len(question.seeds)
        self._metrics = {name: np.full((*shape, len(marks)), np.nan) for name in metrics}
        self._diverged = np.full(shape, np.inf)
        self._reached = np.zeros(shape, np.int64)  # how many marks are known
        self._costs = np.array([_cost(question.with_value(value)) for value in question.values])

    def add_rates(self, lrs: tuple[float, ...]) -> None:
        """Rates in between, of which nothing is known yet."""
        merged = tuple(sorted({*self._lrs, *lrs}))
        places = np.searchsorted(merged, self._lrs)
        self._metrics = {name: _spread(values, places, len(merged), np.nan) for name, values in self._metrics.items()}
        self._diverged = _spread(self._diverged, places, len(merged), np.inf)
        self._reached = _spread(self._reached, places, len(merged), 0)
        self._lrs = merged

    def put(self, group: SweepGroup, result: GroupResult) -> None:
        """What a group has come to. Where more is known already, as after a worker was lost, that stays."""
        rates = np.searchsorted(self._lrs, group.lrs)
        at = group.value, rates, self._question.seeds.index(group.seed)
        if result.reached < self._reached[at].min():
            return
        for name, values in self._metrics.items():
            values[at] = result.metrics[name]
        self._diverged[at] = result.diverged
        self._reached[at] = result.reached

    @property
    def work_done(self) -> float:
        """In samples, as far as it is known."""
        shares = np.concatenate([[0.0], self._marks / self._marks[-1]])[self._reached]
        return float(np.vdot(shares.sum((1, 2)), self._costs))

    @property
    def work_left(self) -> float:
        """In samples."""
        runs_a_value: int = self._reached[0].size
        return float(self._costs.sum()) * runs_a_value - self.work_done

    def table(self, seconds_left: float | None, complete: bool = False) -> SweepTable:
        """All that is known, as a value."""
        return SweepTable(
            question=self._question,
            lrs=self._lrs,
            marks=_kept(self._marks),
            metrics={name: _kept(values) for name, values in self._metrics.items()},
            diverged=_kept(self._diverged),
            done=_kept(self._reached == len(self._marks)),
            seconds_left=seconds_left,
            complete=complete,
        )


def _cost(experiment: Experiment) -> float:
    """Of one run, in samples."""
    batch = experiment.problem.batch_size if isinstance(experiment.problem, OnModel) else 0
    return experiment.steps * float(STEP_SAMPLES + batch)


def _spread(values: NDArray[T], places: NDArray[np.intp], rates: int, unknown: float) -> NDArray[T]:
    """(V, R, …) with its rates at their places among more of them."""
    wider = np.full((values.shape[0], rates, *values.shape[2:]), unknown, values.dtype)
    wider[:, places] = values
    return wider


def _kept(values: NDArray[T]) -> NDArray[T]:
    copy = values.copy()
    copy.flags.writeable = False
    return copy
