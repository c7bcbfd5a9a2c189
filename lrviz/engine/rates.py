"""The rate of every row's next update: the run's own, as it changes on the way, times its schedule's factor.

Schedules are torch's own, over a stand-in at rate 1: what one does to the rate is all that counts, not what it might do
to a momentum. What they say is asked ahead, some steps at a time; one that is told the loss stands by itself in each
row, and is asked step by step.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Choice, Experiment

AHEAD = 256  # steps that are asked at once
SHOWN = 200  # steps of a schedule that is drawn

Rows = NDArray[np.float64]


class Scheduler:
    """torch's scheduler over a stand-in: one number at rate 1, which nothing ever moves."""

    def __init__(self, schedule: Choice, steps: int) -> None:
        self._optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        self._torch: Any = catalog.schedules.find(schedule.name).factory(self._optimizer, steps, **schedule.parameters)
        self._optimizer.step()  # torch warns of a scheduler that goes first
        self._begun = False

    @property
    def factor(self) -> float:
        return float(self._optimizer.param_groups[0]["lr"])

    def ahead(self, count: int) -> Rows:
        """(count,) the factors of the next steps, from step 0 on: never of a step that torch's scheduler has not."""
        said = np.empty(count)
        for i in range(count):
            if self._begun:
                self._torch.step()
            self._begun = True
            said[i] = self._optimizer.param_groups[0]["lr"]
        return said

    def tell(self, loss: float) -> None:
        self._torch.step(loss)


def shown_factors(experiment: Experiment) -> tuple[Rows | None, ...]:
    """For each run its schedule's factors at even distances, (≤ 201,); None where the losses decide."""
    steps = min(experiment.steps, SHOWN)
    known: dict[Choice, Rows | None] = {}
    for schedule in map(experiment.schedule_of, experiment.runs):
        if schedule not in known:
            known[schedule] = None if _by_loss(schedule) else whole_schedule(schedule, steps)
    return tuple(known[experiment.schedule_of(run)] for run in experiment.runs)


class Rates:
    """All rows' rates, step by step from 0 on."""

    def __init__(self, experiment: Experiment, dtype: torch.dtype) -> None:
        self._experiment = experiment
        self._dtype = dtype
        self._parked: list[int] = []
        steps = experiment.steps
        chosen = [experiment.schedule_of(run) for run in experiment.runs]
        self._told = {row: Scheduler(schedule, steps) for row, schedule in enumerate(chosen) if _by_loss(schedule)}
        planned: dict[Choice, list[int]] = {}
        for row, schedule in enumerate(chosen):
            if row not in self._told:
                planned.setdefault(schedule, []).append(row)
        self._planned = [(Scheduler(schedule, steps), rows) for schedule, rows in planned.items()]
        self._first = self._end = 0
        self._own = self._applied = np.empty((0, len(chosen)))
        self._weights: Sequence[Tensor] = ()

    def at(self, step: int) -> Rows:
        """(K,) the rates of the update at `step`, which is never earlier than one that was asked before."""
        self._look_ahead(step)
        rates: Rows = self._applied[step - self._first]
        return rates

    def weights(self, step: int) -> Tensor:
        """(K, 1) the same, in theta's dtype."""
        self._look_ahead(step)
        return self._weights[step - self._first]

    def tell(self, step: int, loss: Tensor) -> None:
        """Once the update at `step` is made, schedulers that decide by the loss (K,) decide."""
        for row, scheduler in self._told.items():
            value = float(loss[row])
            if math.isfinite(value):  # a row that overflowed has ended
                before = scheduler.factor
                scheduler.tell(value)
                if scheduler.factor != before:
                    self._write_told(row, step + 1)

    def park(self, row: int) -> None:
        """The row moves no more."""
        self._parked.append(row)
        self._told.pop(row, None)
        self._applied[:, row] = 0.0
        self._weigh()

    def take_over(self, row: int, parent: int, step: int) -> None:
        """From `step` on the row's schedule goes on from where its parent's stands."""
        if parent in self._told:
            self._told[row] = copy.deepcopy(self._told[parent])
            self._write_told(row, step)

    def _look_ahead(self, step: int) -> None:
        if step < self._end:
            return
        runs = self._experiment.runs
        first, end = self._end, min(self._end + AHEAD, self._experiment.steps + 1)
        self._first, self._end = first, end
        self._own = np.tile(np.array(self._experiment.lrs, np.float64), (end - first, 1))
        for row, run in enumerate(runs):
            for change in run.changes:
                self._own[max(0, change.step - first) :, row] = change.lr
        self._applied = self._own.copy()
        for scheduler, rows in self._planned:
            self._applied[:, rows] *= scheduler.ahead(end - first)[:, None]
        for row in self._told:
            self._applied[:, row] *= self._told[row].factor
        self._applied[:, self._parked] = 0.0
        self._weigh()

    def _write_told(self, row: int, step: int) -> None:
        rest = slice(max(0, step - self._first), None)
        self._applied[rest, row] = self._own[rest, row] * self._told[row].factor
        self._weigh()

    def _weigh(self) -> None:
        self._weights = torch.from_numpy(self._applied).to(self._dtype)[:, :, None].unbind(0)


def _by_loss(schedule: Choice) -> bool:
    return catalog.schedules.find(schedule.name).by_loss


@lru_cache(maxsize=64)  # a race begun anew at each move of the mouse asks the same
def whole_schedule(schedule: Choice, steps: int) -> Rows:
    """(steps + 1,) the factors of a schedule that asks for no loss, read-only."""
    said = Scheduler(schedule, steps).ahead(steps + 1)
    said.setflags(write=False)
    return said
