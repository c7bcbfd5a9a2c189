"""All runs step together: one tensor, torch's own optimizers, and a rate a row.

A torch optimizer whose update is linear in its learning rate steps all rows at once at rate 1; row k then moves by the
fraction of that step that its rate is. An optimizer for which this does not hold is made once for each row. A run that
changes its optimizer on the way goes on alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.pauses import Paused
from lrviz.core.problem import Problem, ProblemInBlocks
from lrviz.engine.asking import Answer, Oracle
from lrviz.engine.blocks import Blocks
from lrviz.engine.forks import forks_of, share
from lrviz.engine.groups import Group, Where, group_of
from lrviz.engine.portions import slices
from lrviz.engine.rates import Rates

T = TypeVar("T")

STEPPED_NUMBERS = 2_000_000  # of theta, which one optimizer steps at once


class Descent:
    """The runs of one experiment, from their common start.

    A fork's row is its own only from the step on at which it parts from its parent: see lrviz.engine.forks.
    """

    def __init__(self, problem: Problem, experiment: Experiment) -> None:
        self._problem = problem
        self.scale = experiment.problem.loss_scale if isinstance(experiment.problem, OnModel) else 1.0
        self._start = problem.start(1)[0]
        start = problem.start(len(experiment.runs))
        in_blocks = problem if isinstance(problem, ProblemInBlocks) else None
        widths = (problem.parameters,) if in_blocks is None else in_blocks.widths
        self._theta, self._gradient = (Blocks.cut(rows, widths) for rows in (start, torch.zeros_like(start)))
        self._gradients = in_blocks.gradients_in(self._theta.parts, self._gradient.parts) if in_blocks else None
        self.running = np.ones(len(experiment.runs), bool)  # (K,) False once a row was parked
        self.forks = forks_of(experiment.runs)
        self._rates = Rates(experiment, start.dtype)
        self._group_of = _groups(experiment, self._theta, problem.parameters)
        self._groups = list(dict.fromkeys(self._group_of))
        self._partings = _by_step((fork.step, fork) for fork in self.forks)
        self._turns = _by_step(
            (change.step, (row, change.optimizer))
            for row, run in enumerate(experiment.runs)
            for change in run.changes
            if change.optimizer is not None
        )
        self._step = 0
        self._oracle = Oracle(problem.gradient_rows, self._answer, self._answer_in_pieces)
        self._loss = torch.zeros(0)

    @property
    def theta(self) -> Tensor:
        """(K, P) as it is now, to be read."""
        return self._theta.rows()

    @property
    def loss(self) -> Tensor:
        """(K,) the losses as last evaluated, whatever the scale: what is minimised is `scale` times as much."""
        return self._loss

    @property
    def gradient(self) -> Tensor:
        """(K, P) the gradients of what is minimised as last evaluated, noise included; to be read."""
        return self._gradient.rows()

    @property
    def rates(self) -> NDArray[np.float64]:
        """(K,) the rates of the next update: each run's own times its schedule's factor."""
        return self._rates.at(self._step)

    def evaluate(self, step: int) -> Iterator[None]:
        """The losses and gradients at theta, on the batch of `step`; a pause where they take long. Nothing moves."""
        self._begin(step)
        if self._gradients is not None:
            self._loss = yield from self._gradients(step)
        else:
            if self._problem.gradient_rows >= len(self.running):
                self._loss, found = self._problem.gradients(self.theta, step)
            else:
                self._loss, found = yield from self._problem.gradients_in_pieces(self.theta, step)
            self._gradient = Blocks.whole(found)
        if self.scale != 1:
            self._gradient.flat.mul_(self.scale)

    def overflowed(self) -> NDArray[np.intp]:
        """The running rows whose loss or theta, as evaluated, is not finite; a fork's are its parent's."""
        # A sum is finite only if all its terms are, and the common case costs no more than that.
        if math.isfinite(self._theta.flat.sum().item() + self._loss.sum().item()):
            return np.empty(0, np.intp)
        finite = (torch.isfinite(self.theta).all(1) & torch.isfinite(self._loss)).numpy()
        share(self.forks, finite, self._step)
        return np.flatnonzero(self.running & ~finite)

    def park(self, row: int) -> None:
        """End a run: its row goes back to the start and stays there, so that it computes with finite numbers."""
        self.running[row] = False
        self._rates.park(row)
        self.put(row, self._start)
        self._gradient.set_row(row, 0.0)
        self._group_of[row].park(row)

    def put(self, row: int, place: Tensor) -> None:
        """Go on with a run from another place (P,)."""
        self._theta.set_row(row, place)

    def advance(self) -> None:
        """One update of every row, by the losses and gradients as evaluated."""
        weights = self._rates.weights(self._step)
        with torch.no_grad():
            for group in self._groups:
                for _ in group.advance(self._minimised, self._gradient, weights, self._oracle):
                    pass
        self._rates.tell(self._step, self._minimised)

    def advance_in_pieces(self) -> Paused[None]:
        """`advance` with a pause after each group, and wherever an optimizer asks for the loss too often."""
        weights = self._rates.weights(self._step)
        for group in self._groups:
            with torch.no_grad():
                rest = group.advance(self._minimised, self._gradient, weights, self._oracle)
            yield from rest
            yield
        self._rates.tell(self._step, self._minimised)

    def memories(self) -> Iterator[tuple[str, Where, Any]]:
        """Name, rows and values of all that the optimizers keep for each parameter."""
        for group in self._groups:
            yield from group.memories()

    def _answer(self, theta: Tensor) -> Answer:
        loss, gradient = self._problem.gradients(theta[None], self._step)
        return self._scaled(loss[0]), self._scaled(gradient[0])

    def _answer_in_pieces(self, theta: Tensor) -> Paused[Answer]:
        loss, gradient = yield from self._problem.gradients_in_pieces(theta[None], self._step)
        return self._scaled(loss[0]), self._scaled(gradient[0])

    @property
    def _minimised(self) -> Tensor:
        """(K,) what optimizers and schedules are told of the losses."""
        return self._scaled(self._loss)

    def _scaled(self, values: Tensor) -> Tensor:
        return values if self.scale == 1 else self.scale * values

    def _begin(self, step: int) -> None:
        """What happens between two steps: forks part from their parents, runs turn to other optimizers."""
        self._step = step
        for fork in self._partings.get(step, ()):
            if self.running[fork.row] and self.running[fork.parent]:
                self.put(fork.row, self._theta.row(fork.parent))
                self._rates.take_over(fork.row, fork.parent, step)
                self._group_of[fork.row].take_over(fork.row, self._group_of[fork.parent].memory(fork.parent))
        for row, optimizer in self._turns.get(step, ()):
            if self.running[row]:
                self._group_of[row].leave(row)
                self._group_of[row] = group_of(range(row, row + 1), self._theta, optimizer)
                self._groups = list(dict.fromkeys(self._group_of))


def _groups(experiment: Experiment, theta: Blocks, parameters: int) -> list[Group]:
    """Neighbouring runs with the same optimizer go together, as many as are stepped at once: the group of each run."""
    chosen = [experiment.optimizer_of(run) for run in experiment.runs]
    most = max(1, STEPPED_NUMBERS // parameters)
    groups: list[Group] = []
    for optimizer, neighbours in groupby(chosen):
        first = len(groups)
        for some in slices(len(list(neighbours)), most):
            rows = range(first + some.start, first + some.stop)
            groups += [group_of(rows, theta, optimizer)] * len(rows)
    return groups


def _by_step(things: Iterable[tuple[float, T]]) -> dict[float, list[T]]:
    ordered: dict[float, list[T]] = {}
    for step, thing in things:
        ordered.setdefault(step, []).append(thing)
    return ordered
