"""The range test of all seeds at once: one descent in which the rate of every row rises from step to step."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Choice, Experiment, OnModel
from lrviz.core.pauses import Paused
from lrviz.core.problem import Problem
from lrviz.core.range_test import DIVERGED, RangeQuestion, RangeTest
from lrviz.core.suggestions import Smoother
from lrviz.engine.asking import Answer, Oracle
from lrviz.engine.blocks import Blocks
from lrviz.engine.groups import Group, group_of
from lrviz.engine.plan import MEMORY_BYTES
from lrviz.engine.seeds_problem import SeedsProblem, seeds_problem

PAUSE_SECONDS = 0.005  # between two moments at which whoever iterates may stop
SHOWN_SECONDS = 0.05  # between two tests, of which each is a copy
HELD_TENSORS = 8  # of theta's size: itself, its start, its last place, gradient, two moments and two for the update


def range_test(question: RangeQuestion) -> Generator[RangeTest | None, None, None]:
    """What is known of the test, a new value now and then and None in between; the last one is complete.

    Row s is the descent of seed question.seeds[s] alone, from its own start and on its own batches: its losses are
    those of a torch.optim run with this rate at each step. A seed ends where its loss or theta overflows, and where
    its smoothed loss is DIVERGED times what it was at the start. LrvizError, before anything is computed, where the
    question makes no sense or does not fit into memory. L. N. Smith, arXiv:1506.01186 (2015), section 3.3.
    """
    problem = yield from seeds_problem(question.experiment.problem, question.seeds)
    _refuse_what_cannot_fit(problem)
    record = _Record(question)
    yield record.test(problem.notes)
    shown = time.perf_counter()
    for _ in _paused(_descend(problem, question, record)):
        now = time.perf_counter()
        if now - shown >= SHOWN_SECONDS:
            shown = now
            yield record.test(problem.notes)
        else:
            yield None
    yield record.test(problem.notes, complete=True)


def _descend(problem: SeedsProblem, question: RangeQuestion, record: _Record) -> Iterator[None]:
    start = problem.start()
    theta, gradient = (Blocks.cut(start, problem.widths) for _ in range(2))
    gradients = problem.gradients_in(theta.parts, gradient.parts)
    updates = _Updates(problem, question.experiment, theta)
    for step, lr in enumerate(question.lrs.tolist()):
        loss = yield from gradients(step)
        finite = _finite(theta, loss)
        for row in record.add(step, loss.numpy().astype(np.float64), finite):
            theta.set_row(row, start[row])
            gradient.set_row(row, 0.0)
            updates.park(row)
        if not record.running.any():
            return
        yield from updates.make(step, lr, record.running, loss, gradient)


class _Record:
    """The losses so far, and which seeds are still under way."""

    def __init__(self, question: RangeQuestion) -> None:
        seeds = len(question.seeds)
        self._question = question
        self._losses = np.full((seeds, question.steps), np.nan)
        self._steps = np.zeros(seeds, np.int64)
        self._smoother = Smoother()
        self._first = np.zeros(seeds)
        self.running = np.ones(seeds, np.bool_)

    def add(self, step: int, loss: NDArray[np.float64], finite: NDArray[np.bool_]) -> list[int]:
        """Take note of a step's losses (S,); the seeds that end with it."""
        known = self.running & finite
        self._losses[known, step] = loss[known]
        self._steps[known] = step + 1
        if step == 0:
            self._first = loss
        smooth = self._smoother.add(np.where(known, loss, 0.0))
        beyond = (self._first > 0) & (smooth > DIVERGED * self._first)
        ending = self.running & (~finite | beyond)
        self.running &= ~ending
        return list(np.flatnonzero(ending).tolist())

    def test(self, notes: tuple[str, ...], complete: bool = False) -> RangeTest:
        losses, steps = self._losses.copy(), self._steps.copy()
        losses.setflags(write=False)
        steps.setflags(write=False)
        return RangeTest(self._question, losses, steps, complete, notes)


class _Updates:
    """The optimizer's updates of all rows; each row's own where it asks for the loss again, on its own batch."""

    def __init__(self, problem: SeedsProblem, experiment: Experiment, theta: Blocks) -> None:
        spec, optimizer = experiment.problem, experiment.optimizer
        self._scale = spec.loss_scale if isinstance(spec, OnModel) else 1.0
        self._theta = theta
        self._asked = [_Asked(each, self._scale) for each in problem.problems]
        self._groups = _groups(theta, optimizer)

    def park(self, row: int) -> None:
        self._groups[row].park(row)

    def make(self, step: int, lr: float, running: NDArray[np.bool_], loss: Tensor, gradient: Blocks) -> Iterator[None]:
        weights = torch.from_numpy(lr * running).to(self._theta.flat.dtype)[:, None]  # (S, 1)
        if self._scale != 1:
            loss = self._scale * loss
            gradient.flat.mul_(self._scale)
        for group, asked in zip(dict.fromkeys(self._groups), self._asked, strict=False):
            asked.step = step
            with torch.no_grad():
                rest = group.advance(loss, gradient, weights, asked.oracle)
            yield from rest


def _groups(theta: Blocks, optimizer: Choice) -> list[Group]:
    """The group of each row: one of all of them, or one each."""
    seeds = len(theta.parts[0])
    if catalog.optimizers.find(optimizer.name).rowwise:
        return [group_of(range(row, row + 1), theta, optimizer) for row in range(seeds)]
    return [group_of(range(seeds), theta, optimizer)] * seeds


class _Asked:
    """One seed's problem, for an optimizer that asks for its loss again in the middle of a step."""

    def __init__(self, problem: Problem, scale: float) -> None:
        self._problem = problem
        self._scale = scale
        self.step = 0
        self.oracle = Oracle(problem.gradient_rows, self._answer, self._answer_in_pieces)

    def _answer(self, theta: Tensor) -> Answer:
        loss, gradient = self._problem.gradients(theta[None], self.step)
        return self._scale * loss[0], self._scale * gradient[0]

    def _answer_in_pieces(self, theta: Tensor) -> Paused[Answer]:
        loss, gradient = yield from self._problem.gradients_in_pieces(theta[None], self.step)
        return self._scale * loss[0], self._scale * gradient[0]


def _finite(theta: Blocks, loss: Tensor) -> NDArray[np.bool_]:
    """(S,) whether a row's loss and theta are."""
    if math.isfinite(theta.flat.sum().item() + loss.sum().item()):  # the common case costs no more than a sum
        return np.ones(len(loss), np.bool_)
    return np.asarray((torch.isfinite(theta.rows()).all(1) & torch.isfinite(loss)).numpy())


def _paused(work: Iterator[None]) -> Iterator[None]:
    """Those of its pauses that come at least PAUSE_SECONDS after the one before."""
    due = time.perf_counter() + PAUSE_SECONDS
    for _ in work:
        if time.perf_counter() >= due:
            yield
            due = time.perf_counter() + PAUSE_SECONDS


def _refuse_what_cannot_fit(problem: SeedsProblem) -> None:
    problems: Sequence[Problem] = problem.problems
    first = problems[0]
    need = HELD_TENSORS * len(problems) * first.parameters * first.start(1).element_size()
    if need > MEMORY_BYTES:
        raise ExperimentError(
            f"{len(problems)} seeds of {first.parameters:,} parameters need {need / 2**30:.1f} GB of memory, and "
            f"{MEMORY_BYTES / 2**30:.0f} GB are the most; fewer seeds or a smaller model fit"
        )
