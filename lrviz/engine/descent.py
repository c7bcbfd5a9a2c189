"""All runs step together: one tensor, torch's own optimizers, and a rate a row.

A torch optimizer whose update is linear in its learning rate steps all rows at once at rate 1, under torch's own
scheduler; row k then moves by the fraction rates[k] of that step. An optimizer for which this does not hold is
made once for each row. Either way a rate is a number in `rates`, read anew at every step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Choice, Experiment
from lrviz.core.problem import Problem

# Loss and gradient of one row alone, at the theta it has by now: what an optimizer's closure asks for.
Evaluate = Callable[[int], tuple[Tensor, Tensor]]


class Descent:
    """The runs of one experiment, from their common start. `theta` (K, P) and `rates` (K,) change in place."""

    def __init__(self, problem: Problem, experiment: Experiment) -> None:
        self._problem = problem
        self._start = problem.start(1)[0]
        self.theta = problem.start(len(experiment.runs))
        self.rates = torch.tensor(experiment.lrs, dtype=torch.float64)
        self.running = np.ones(len(experiment.runs), bool)  # (K,) False once a row was parked
        self._groups = self._grouped(experiment)
        self._step = 0
        self._loss = torch.zeros(0)
        self._gradient = torch.zeros(0)

    @property
    def loss(self) -> Tensor:
        """(K,) the losses as last evaluated."""
        return self._loss

    def evaluate(self, step: int) -> Iterator[None]:
        """The losses and gradients at theta, on the batch of `step`; a pause where they take long. Nothing moves."""
        self._step = step
        rows = self._problem.gradient_rows
        if rows >= len(self.theta):
            self._loss, self._gradient = self._problem.gradients(self.theta, step)
            return
        self._loss, self._gradient = self.theta.new_empty(len(self.theta)), torch.empty_like(self.theta)
        for first in range(0, len(self.theta), rows):
            some = slice(first, first + rows)
            self._loss[some], self._gradient[some] = self._problem.gradients(self.theta[some], step)
            yield

    def overflowed(self) -> NDArray[np.intp]:
        """The running rows whose loss or theta, as evaluated, is not finite."""
        # A sum is finite only if all its terms are, and the common case costs no more than that.
        if math.isfinite((self.theta.sum() + self._loss.sum()).item()):
            return np.empty(0, np.intp)
        finite = torch.isfinite(self.theta).all(1) & torch.isfinite(self._loss)
        return np.flatnonzero(self.running & ~finite.numpy())

    def park(self, row: int) -> None:
        """End a run: its row goes back to the start and stays there, so that it computes with finite numbers."""
        self.running[row] = False
        self.rates[row] = 0.0
        self.theta[row] = self._start
        self._gradient[row] = 0.0
        for group in self._groups:
            if row in group.rows:
                group.park(row)

    def applied_rates(self) -> NDArray[np.float64]:
        """(K,) the rate that the next update uses: the run's own times its schedule's factor."""
        applied: NDArray[np.float64] = self.rates.numpy().copy()
        for group in self._groups:
            applied[group.rows.start : group.rows.stop] *= group.factor
        return applied

    @torch.no_grad()
    def advance(self) -> None:
        """One update of every row, by the losses and gradients as evaluated."""
        for group in self._groups:
            group.advance(self._loss, self._gradient, self._evaluate_row)

    def _evaluate_row(self, row: int) -> tuple[Tensor, Tensor]:
        loss, gradient = self._problem.gradients(self.theta[row : row + 1], self._step)
        return loss[0], gradient[0]

    def _grouped(self, experiment: Experiment) -> list[_Group]:
        """Neighbouring runs with the same optimizer go together."""
        chosen = [experiment.optimizer_of(run) for run in experiment.runs]
        groups: list[_Group] = []
        for optimizer, run in groupby(range(len(chosen)), key=chosen.__getitem__):
            numbers = list(run)
            rows = range(numbers[0], numbers[-1] + 1)
            rowwise = catalog.optimizers.find(optimizer.name).rowwise
            kind: type[_InTurn] | type[_Together] = _InTurn if rowwise else _Together
            groups.append(kind(rows, self.theta, self.rates, optimizer, experiment.schedule, experiment.steps))
        return groups


class _Group(Protocol):
    """Neighbouring rows that share an optimizer and a schedule."""

    rows: range

    @property
    def factor(self) -> float:
        """The schedule's present factor."""
        ...

    def advance(self, loss: Tensor, gradient: Tensor, evaluate: Evaluate, /) -> None: ...

    def park(self, row: int) -> None: ...


class _Single:
    """One torch optimizer at rate 1 under its scheduler, over one leaf tensor that shares the race's memory."""

    def __init__(self, theta: Tensor, optimizer: Choice, schedule: Choice, steps: int) -> None:
        self.theta = theta.detach()
        maker = catalog.optimizers.find(optimizer.name).factory
        self.optimizer = cast(torch.optim.Optimizer, maker([self.theta], 1.0, **optimizer.parameters))
        scheduler = catalog.schedules.find(schedule.name).factory
        self.scheduler = cast(
            torch.optim.lr_scheduler.LRScheduler, scheduler(self.optimizer, steps, **schedule.parameters)
        )

    @property
    def factor(self) -> float:
        return float(self.optimizer.param_groups[0]["lr"])

    @factor.setter
    def factor(self, value: float) -> None:
        self.optimizer.param_groups[0]["lr"] = value


class _Together:
    """Rows that one optimizer steps at once."""

    def __init__(
        self, rows: range, theta: Tensor, rates: Tensor, optimizer: Choice, schedule: Choice, steps: int
    ) -> None:
        self.rows = rows
        self._all = _Single(theta[rows.start : rows.stop], optimizer, schedule, steps)
        self._rates = rates[rows.start : rows.stop]
        self._before = torch.empty_like(self._all.theta)

    @property
    def factor(self) -> float:
        return self._all.factor

    def advance(self, _loss: Tensor, gradient: Tensor, _evaluate: Evaluate, /) -> None:
        theta = self._all.theta
        self._before.copy_(theta)
        theta.grad = gradient[self.rows.start : self.rows.stop]
        self._all.optimizer.step()
        torch.lerp(self._before, theta, self._rates.to(theta.dtype)[:, None], out=theta)
        self._all.scheduler.step()

    def park(self, row: int) -> None:
        """Forget the row's moments: what is not finite there would stay so."""
        for value in self._all.optimizer.state[self._all.theta].values():
            if isinstance(value, Tensor) and value.shape == self._all.theta.shape:
                value[row - self.rows.start] = 0.0


class _InTurn:
    """Rows with an optimizer each, since its update is not linear in its rate or asks for the loss again."""

    def __init__(
        self, rows: range, theta: Tensor, rates: Tensor, optimizer: Choice, schedule: Choice, steps: int
    ) -> None:
        self.rows = rows
        self._rates = rates
        self._each = {row: _Single(theta[row], optimizer, schedule, steps) for row in rows}

    @property
    def factor(self) -> float:
        return next((single.factor for single in self._each.values()), 0.0)

    def advance(self, loss: Tensor, gradient: Tensor, evaluate: Evaluate, /) -> None:
        loss, gradient = loss.clone(), gradient.clone()  # asking again may overwrite them
        for row, single in self._each.items():
            factor = single.factor
            single.factor = factor * float(self._rates[row])
            single.optimizer.step(_closure(single.theta, row, loss[row], gradient[row], evaluate))
            single.factor = factor
            single.scheduler.step()

    def park(self, row: int) -> None:
        """Ask the row's optimizer no more."""
        del self._each[row]


def _closure(theta: Tensor, row: int, loss: Tensor, gradient: Tensor, evaluate: Evaluate) -> Callable[[], float]:
    """What torch's optimizers call for the loss, with the gradient left in `theta.grad`."""
    known = [(loss, gradient)]  # the first question is the one that was answered for all rows at once

    def closure() -> float:
        value, theta.grad = known.pop() if known else evaluate(row)
        return float(value)

    return closure
