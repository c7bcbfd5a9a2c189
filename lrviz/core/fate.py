"""A fate map as a question and its answer: where does a descent end, from every start or at every pair of settings?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from lrviz.core import catalog
from lrviz.core.catalog import Bounds, Point
from lrviz.core.errors import LrvizError, quoted
from lrviz.core.experiment import Choice, Experiment, OnExpression, OnModel, OnSurface, Run
from lrviz.core.runs import HIGHEST_RATE, LOWEST_RATE, MAX_PANELS

FateKind = Literal["starts", "rate_momentum", "rate_start"]
KINDS: tuple[FateKind, ...] = ("starts", "rate_momentum", "rate_start")
SIZES = (8, 1024)  # cells a side, the fewest and the most
MAX_STEPS = 100_000
MOMENTUM = "momentum"  # the setting that the second axis of "rate_momentum" stands for
MOST_MOMENTUM = 0.99  # a map up to 0.999 would show little but runs that have not ended
RATE_SPAN = 30.0  # a rate's axis goes from this part of a run's rate to this many times it


class FateError(LrvizError):
    """There is no fate map for this; one line says why, and what there is one for."""


class FateQuestion(msgspec.Struct, frozen=True):
    """What is asked of one run of an experiment; `question_of` gives sensible ranges.

    starts         where does it end, from every start in the window?
    rate_momentum  … from the experiment's start, at every rate in `rates` and every momentum in `momenta`?
    rate_start     … at every rate in `rates`, from every start on the line between the two ends of `line`?
    """

    kind: FateKind
    run: int = 0
    size: int = 256  # cells a side of the whole map
    steps: int = 1000
    rates: tuple[float, float] = (1e-4, 1.0)
    momenta: tuple[float, float] = (0.0, MOST_MOMENTUM)
    line: tuple[Point, Point] = ((-1.0, 0.0), (1.0, 0.0))

    def __post_init__(self) -> None:
        if not SIZES[0] <= self.size <= SIZES[1]:
            raise FateError(f"a map's size is {quoted(self.size)}; it goes from {SIZES[0]} to {SIZES[1]:,}")
        if not 1 <= self.steps <= MAX_STEPS:
            raise FateError(f"steps is {quoted(self.steps)}; it goes from 1 to {MAX_STEPS:,}")
        low, high = self.rates
        if not (0 < low < high < math.inf):
            raise FateError(f"rates go from {low:g} to {high:g}; the lower end is above 0 and below the upper one")
        low, high = self.momenta
        if not 0 <= low < high < 1:
            raise FateError(f"momenta go from {low:g} to {high:g}; the lower end is at least 0, the upper one below 1")
        ends = [number for end in self.line for number in end]
        if not all(map(math.isfinite, ends)) or self.line[0] == self.line[1]:
            raise FateError("a line of starts has two ends that differ, each two finite numbers x y")


@dataclass(frozen=True)
class Axis:
    """What one direction of the map stands for: `low` at its first edge, `high` at its last."""

    name: str
    low: float
    high: float
    log: bool = False

    def values(self, fractions: NDArray[np.float64]) -> NDArray[np.float64]:
        """What lies at fractions 0..1 of the way from low to high."""
        if not self.log:
            return np.asarray(self.low + (self.high - self.low) * fractions)
        return np.asarray(self.low * (self.high / self.low) ** fractions)

    def value(self, fraction: float) -> float:
        return float(self.values(np.array(fraction)))

    def fraction(self, value: float) -> float:
        """Where a value lies: 0 at low, 1 at high."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        return math.log(value / self.low) / math.log(self.high / self.low)

    def centres(self, size: int) -> NDArray[np.float64]:
        """(size,) the middles of `size` cells."""
        return self.values((np.arange(size) + 0.5) / size)


OutcomeKind = Literal["minimum", "floor", "rest", "oscillating", "crawling", "stuck", "diverged"]


@dataclass(frozen=True)
class Outcome:
    """An end that descents come to. A minimum, and a rest where weight decay balances the gradient, have a place.

    `floor` is a minimum that is no point: a line or an area of equal loss.
    """

    kind: OutcomeKind
    place: Point | None = None


# The first of every map's outcomes; what has a place follows in the order in which it was found.
PLACELESS = tuple(Outcome(kind) for kind in ("crawling", "oscillating", "stuck", "diverged", "floor"))
UNKNOWN = -1  # the fate of a cell that has none yet


@dataclass(frozen=True, eq=False)
class FateMap:
    """The answer so far. A cell that was not computed has the fate of the one that stands for its neighbourhood."""

    question: FateQuestion
    x: Axis
    y: Axis
    outcomes: tuple[Outcome, ...]
    fate: NDArray[np.int16]  # (H, W) index of outcomes, or UNKNOWN; row 0 at y.low, column 0 at x.low
    steps: NDArray[np.int32]  # (H, W) after how many steps: at the end, or off the map; all of them for the others
    known: int  # cells a side that were computed; 0 while even the coarsest picture has gaps

    @property
    def is_whole(self) -> bool:
        return self.known == self.question.size

    def at(self, x: float, y: float) -> tuple[Outcome | None, int]:
        """Outcome and steps of the cell that holds a point of the axes; None where it is not known."""
        rows, columns = self.fate.shape
        column = min(max(int(self.x.fraction(x) * columns), 0), columns - 1)
        row = min(max(int(self.y.fraction(y) * rows), 0), rows - 1)
        code = int(self.fate[row, column])
        return (None if code == UNKNOWN else self.outcomes[code]), int(self.steps[row, column])


def question_of(experiment: Experiment, kind: FateKind = "starts", run: int = 0, steps: int = 1000) -> FateQuestion:
    """A good first question about one run: rates around its own, any momentum, starts level with the experiment's."""
    lr = experiment.runs[run].lr
    rates = max(LOWEST_RATE, lr / RATE_SPAN), min(HIGHEST_RATE, lr * RATE_SPAN)
    if not rates[0] < rates[1]:
        rates = lr / RATE_SPAN, lr * RATE_SPAN
    if isinstance(experiment.problem, OnModel):
        return FateQuestion(kind, run, steps=steps, rates=rates)
    (x0, x1, _, _), (_, y) = window_of(experiment), experiment.problem.start
    momenta = _momenta(experiment, run)
    return FateQuestion(kind, run, steps=steps, rates=rates, momenta=momenta, line=((x0, y), (x1, y)))


def refuse(experiment: Experiment, question: FateQuestion) -> None:
    """FateError where there is no fate map that answers the question; nothing is computed."""
    if isinstance(experiment.problem, OnModel):
        raise FateError("a fate map asks from every start in a window; a model has too many parameters for one")
    if not 0 <= question.run < len(experiment.runs):
        raise FateError(f"there is no run {question.run + 1}; the experiment has {len(experiment.runs)}")
    run = experiment.runs[question.run]
    optimizer = catalog.optimizers.find(experiment.optimizer_of(run).name)
    schedule = catalog.schedules.find(experiment.schedule_of(run).name)
    if optimizer.rowwise:
        raise FateError(
            f"{optimizer.title} has to step each start by itself, and a map has {question.size**2:,} of them; "
            "SGD, Momentum or Adam step all of them at once"
        )
    if schedule.by_loss:
        raise FateError(
            f"the schedule {schedule.title} asks for the loss at each step, and every start has another one; "
            "a fate map takes one that depends on the step alone"
        )
    if run.changes:
        raise FateError(f"this run changes at step {run.changes[0].step:,}; a fate map takes one that stays as it is")
    if question.kind == "rate_momentum" and not has_momentum(experiment, question.run):
        raise FateError(f"{optimizer.title} has no momentum to vary; Momentum and Nesterov have")


def has_momentum(experiment: Experiment, run: int) -> bool:
    """Whether the run's optimizer has a momentum that can be varied."""
    return MOMENTUM in experiment.optimizer_of(experiment.runs[run]).parameters


def window_of(experiment: Experiment) -> Bounds:
    """The window on an experiment's surface."""
    problem = experiment.problem
    if isinstance(problem, OnExpression):
        return problem.bounds
    assert isinstance(problem, OnSurface)
    return catalog.surfaces.find(problem.surface.name).bounds


def axes_of(experiment: Experiment, question: FateQuestion) -> tuple[Axis, Axis]:
    """What the map's x and y stand for. A line of starts is measured along x, or along y where it is steeper."""
    rate = Axis("learning rate", *question.rates, log=True)
    match question.kind:
        case "starts":
            x0, x1, y0, y1 = window_of(experiment)
            return Axis("x", x0, x1), Axis("y", y0, y1)
        case "rate_momentum":
            return rate, Axis("momentum", *question.momenta)
        case "rate_start":
            along = _steeper(question.line)
            low, high = (end[along] for end in question.line)
            return rate, Axis(f"start {'xy'[along]}", low, high)


def starts_on_line(question: FateQuestion, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) the starts for (N,) values of the line's axis."""
    first, last = np.array(question.line)
    along = _steeper(question.line)
    fractions = (values - first[along]) / (last[along] - first[along])
    return np.asarray(first + fractions[:, None] * (last - first))


def experiment_at(experiment: Experiment, question: FateQuestion, x: float, y: float) -> Experiment:
    """The one run that a point of the map stands for."""
    return replace(_started_at(experiment, question, x, y), runs=(_run_at(experiment, question, x, y),))


def experiment_with(experiment: Experiment, question: FateQuestion, x: float, y: float) -> Experiment:
    """The experiment with a point of the map in it: all runs from that start, or a run more at those settings.

    A window that is full of panels gives its last one for it.
    """
    moved = _started_at(experiment, question, x, y)
    if question.kind == "starts":
        return moved
    runs = experiment.runs[: MAX_PANELS - 1] if len(experiment.runs) == MAX_PANELS else experiment.runs
    return replace(moved, runs=(*runs, _run_at(experiment, question, x, y)))


def _started_at(experiment: Experiment, question: FateQuestion, x: float, y: float) -> Experiment:
    problem = experiment.problem
    assert not isinstance(problem, OnModel)
    if question.kind == "starts":
        problem = replace(problem, start=(x, y))
    elif question.kind == "rate_start":
        start = starts_on_line(question, np.array([y]))[0].tolist()
        problem = replace(problem, start=(start[0], start[1]))
    return replace(experiment, problem=problem, steps=question.steps)


def _run_at(experiment: Experiment, question: FateQuestion, x: float, y: float) -> Run:
    run = experiment.runs[question.run]
    if question.kind == "starts":
        return run
    if question.kind == "rate_start":
        return replace(run, lr=x)
    optimizer = experiment.optimizer_of(run)
    return replace(run, lr=x, optimizer=Choice(optimizer.name, {**optimizer.parameters, MOMENTUM: y}))


def _momenta(experiment: Experiment, run: int) -> tuple[float, float]:
    parameters = catalog.optimizers.find(experiment.optimizer_of(experiment.runs[run]).name).parameters
    for parameter in parameters:
        if parameter.name == MOMENTUM:
            return parameter.low, min(parameter.high, MOST_MOMENTUM)
    return 0.0, MOST_MOMENTUM


def _steeper(line: tuple[Point, Point]) -> int:
    """The coordinate in which the ends of a line differ more."""
    (x0, y0), (x1, y1) = line
    return int(abs(y1 - y0) > abs(x1 - x0))
