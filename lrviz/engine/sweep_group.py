"""The runs of a sweep that are computed together: up to 64 rates of one seed at one value of the knob.

A group is an experiment as any other. How a sweep is divided depends on its question alone, never on who computes it,
so its numbers are the same everywhere.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from msgspec.structs import replace

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment, Run
from lrviz.core.problem import Problem
from lrviz.core.sweep import Rows, SweepQuestion
from lrviz.engine.descent import Descent
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.portions import slices
from lrviz.engine.problems import problem_from_spec
from lrviz.engine.sweep_marks import Marks, marks_of, steps_at

MOST_RUNS = 64  # together; more gain nothing
WORTH_HALVING = 32  # together: fewer are slower each
MOST_NUMBERS = 20_000_000  # of theta in a group: with gradients, moments and copies half a gigabyte
MOST_PARAMETERS = 60_000_000  # of a single run: the same come to 1.5 GB
PAUSE_SECONDS = 0.01
LOSS = "loss"  # what is measured of a surface


@dataclass(frozen=True)
class SweepGroup:
    """Where its runs belong in the sweep, and what they are."""

    value: int  # an index into the question's values
    seed: int
    lrs: tuple[float, ...]
    experiment: Experiment
    marks: Marks


@dataclass(frozen=True)
class GroupResult:
    """What is known of a group so far; arrays are not written any more. R runs, M marks."""

    marks: Rows  # (M,)
    metrics: dict[str, Rows]  # (R, M) by name; nan after a run has overflowed, and at marks that are not reached yet
    diverged: Rows  # (R,) the budget at which a run overflowed; inf where it did not
    reached: int  # how many marks have been measured

    @property
    def complete(self) -> bool:
        return self.reached == len(self.marks)


def groups_of(question: SweepQuestion, lrs: tuple[float, ...] | None = None) -> list[SweepGroup]:
    """All groups of a sweep, or of a few rates that are put in between; one seed after another.

    They are even in number, where that can be, since they are computed two at a time. ExperimentError, before anything
    is computed, where a model and its data don't go together or take too much memory.
    """
    rates = question.lrs if lrs is None else lrs
    marks = marks_of(question.experiment)
    experiments = [replace(question.with_value(value), seed=question.seeds[0]) for value in question.values]
    most = list(map(_most_runs, experiments))
    groups = []
    for seed in question.seeds:
        for value, experiment in enumerate(experiments):
            for some in slices(len(rates), _evenly(len(rates), most[value])):
                runs = tuple(map(Run, rates[some]))
                group = replace(experiment, seed=seed, runs=runs)
                groups.append(SweepGroup(value, seed, rates[some], group, marks))
    if len(groups) % 2 and len(groups[-1].lrs) >= WORTH_HALVING:
        groups += _halved(groups.pop())
    return groups


def _halved(group: SweepGroup) -> Iterator[SweepGroup]:
    for some in slices(len(group.lrs), -(-len(group.lrs) // 2)):
        experiment = replace(group.experiment, runs=group.experiment.runs[some])
        yield dataclasses.replace(group, lrs=group.lrs[some], experiment=experiment)


def metric_names(experiment: Experiment) -> tuple[str, ...]:
    """What is measured of its runs."""
    return _names(problem_from_spec(experiment.problem, experiment.seed))


def run_group(experiment: Experiment, marks: Marks | None = None) -> Iterator[GroupResult | None]:
    """The runs of `experiment`, measured at `marks`: a result after each of them, and None whenever 10 ms have passed.

    The last result is complete. Metrics of a model are measured as in a race; of a surface the loss is taken.
    """
    problem = problem_from_spec(experiment.problem, experiment.seed)
    return _descend(problem, experiment, marks_of(experiment) if marks is None else marks)


def _descend(problem: Problem, experiment: Experiment, marks: Marks) -> Iterator[GroupResult | None]:
    descent, measured = Descent(problem, experiment), _Measured(problem, experiment, marks)
    pace = _Pace()
    for step in range(experiment.steps + 1):
        yield from pace.of(descent.evaluate(step))
        for row in descent.overflowed():
            measured.overflow(row, step)
            descent.park(row)
        while not measured.complete and (measured.due == step or not descent.running.any()):
            yield from pace.of(measured.measure(descent))
            yield measured.result()
        if measured.complete:
            return
        if isinstance(problem, ModelProblem):
            yield from pace.of(descent.advance_in_pieces())
        else:
            descent.advance()
            yield from pace.of(())


class _Measured:
    """The results of a group while it is under way."""

    def __init__(self, problem: Problem, experiment: Experiment, marks: Marks) -> None:
        self._problem = problem
        self._per_epoch = problem.steps_per_epoch or 1
        self._marks = np.array(marks)
        self._steps = steps_at(marks, problem.steps_per_epoch, experiment.steps)
        shape = len(experiment.runs), len(marks)
        self._metrics = {name: np.full(shape, np.nan) for name in _names(problem)}
        self._diverged = np.full(len(experiment.runs), np.inf)
        self._reached = 0

    @property
    def complete(self) -> bool:
        return self._reached == len(self._marks)

    @property
    def due(self) -> int:
        """The step at which the next mark is measured."""
        return int(self._steps[self._reached])

    def overflow(self, row: int, step: int) -> None:
        """Budgets are rounded to steps: a run that has overflowed by a mark's step has done so by the mark."""
        by = self._marks[np.searchsorted(self._steps, step) :]
        self._diverged[row] = min(step / self._per_epoch, *by[:1])

    def measure(self, descent: Descent) -> Iterator[None]:
        if descent.running.any():
            values = {LOSS: descent.loss}
            if isinstance(self._problem, ModelProblem):
                values = yield from self._problem.metrics_in_pieces(descent.theta)
            for name, column in self._metrics.items():
                column[:, self._reached] = torch.where(torch.from_numpy(descent.running), values[name], torch.nan)
        self._reached += 1

    def result(self) -> GroupResult:
        metrics = {name: values.copy() for name, values in self._metrics.items()}
        return GroupResult(self._marks, metrics, self._diverged.copy(), self._reached)


class _Pace:
    """Hands on a pause of some work only when it is time for one."""

    def __init__(self) -> None:
        self._due = time.perf_counter() + PAUSE_SECONDS

    def of(self, work: Iterator[None] | tuple[()]) -> Iterator[None]:
        for _ in work:
            yield from self._pause()
        yield from self._pause()

    def _pause(self) -> Iterator[None]:
        if time.perf_counter() >= self._due:
            yield
            self._due = time.perf_counter() + PAUSE_SECONDS


def _names(problem: Problem) -> tuple[str, ...]:
    return problem.metric_names or (LOSS,)


def _evenly(rates: int, most: int) -> int:
    """How many go together, in as few groups of about the same size as can be."""
    return -(-rates // -(-rates // most))


def _most_runs(experiment: Experiment) -> int:
    parameters = problem_from_spec(experiment.problem, experiment.seed).parameters
    if parameters > MOST_PARAMETERS:
        raise ExperimentError(
            f"a sweep of a model of {parameters:,} parameters; {MOST_PARAMETERS:,} are the most that fit into memory"
        )
    return max(1, min(MOST_RUNS, MOST_NUMBERS // parameters))
