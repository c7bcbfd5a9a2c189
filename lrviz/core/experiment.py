"""The whole question as one frozen value: what is minimised, how, at which learning rates, for how long."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from lrviz.core import catalog
from lrviz.core.errors import ExperimentError, quoted
from lrviz.core.expression import parse_expression
from lrviz.core.registry import Registry
from lrviz.core.signature import Value

MAX_RUNS = 1024
MAX_STEPS = 10_000_000
MAX_BATCH_SIZE = 10_000_000


class Choice(msgspec.Struct, frozen=True):
    """A part of the catalog with every one of its parameters set. Made by `choose`."""

    name: str
    parameters: dict[str, Value] = {}

    def __hash__(self) -> int:
        return hash((self.name, frozenset(self.parameters.items())))


def choose(registry: Registry[Any], name: str, /, **given: Any) -> Choice:
    """The part called `name` with its defaults, but for what is given. UnknownPartError, ParameterError."""
    return Choice(name, registry.find(name).settings(given))


class OnSurface(msgspec.Struct, frozen=True):
    """Minimise a surface of the catalog, beginning at `start`."""

    surface: Choice
    start: catalog.Point

    def __post_init__(self) -> None:
        _check_point("start", self.start)


class OnExpression(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Minimise a formula in x and y that a person typed, seen through `bounds` (x0, x1, y0, y1).

    `noise` is the deviation of what is added to each part of its gradient, as it is for the catalog's surfaces.
    """

    expression: str
    bounds: catalog.Bounds
    start: catalog.Point
    noise: float = 0.0

    def __post_init__(self) -> None:
        parse_expression(self.expression)
        _check_point("start", self.start)
        x0, x1, y0, y1 = self.bounds
        if not (all(map(math.isfinite, self.bounds)) and x0 < x1 and y0 < y1):
            raise ExperimentError(f"bounds are {_numbers(self.bounds)}; they are x0 x1 y0 y1 with x0 < x1 and y0 < y1")
        catalog.NOISE.check(self.noise)


class OnModel(msgspec.Struct, frozen=True):
    """Minimise a model's training loss on a data set, `batch_size` samples a step (0: all of them).

    What is minimised is `loss_scale` times the loss; figures such as the training loss are of the loss itself.
    """

    model: Choice
    data: Choice
    batch_size: int = 64
    loss_scale: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.batch_size <= MAX_BATCH_SIZE:
            size = quoted(self.batch_size)
            raise ExperimentError(f"batch_size is {size}; it goes from 1 to {MAX_BATCH_SIZE:,}, or is 0 for all")
        if not (math.isfinite(self.loss_scale) and self.loss_scale > 0):
            raise ExperimentError(f"loss_scale is {self.loss_scale!r}; it is a number above 0, for example 1")
        model = catalog.models.find(self.model.name)
        task = catalog.datasets.find(self.data.name).task
        if task is not None and task not in model.tasks:
            raise ExperimentError(f"{self.model.name} is for {model.tasks[0]}, but {self.data.name} is for {task}")


ProblemSpec = OnSurface | OnExpression | OnModel


class Change(msgspec.Struct, frozen=True):
    """From `step` on a run goes on at another rate, and with another optimizer where one is named."""

    step: int
    lr: float
    optimizer: Choice | None = None  # begun afresh, without what the one before remembered

    def __post_init__(self) -> None:
        _check_rate(self.lr)
        if not 1 <= self.step <= MAX_STEPS:
            raise ExperimentError(f"a change is at step {quoted(self.step)}; it goes from 1 to {MAX_STEPS:,}")


class Run(msgspec.Struct, frozen=True):
    """One learning rate's descent; `optimizer` and `schedule` only where they differ from the experiment's.

    A fork is a run that begins as its parent did and has one change more: so it keeps its parent's trail, bit by bit.
    """

    lr: float
    optimizer: Choice | None = None
    schedule: Choice | None = None
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        _check_rate(self.lr)
        steps = [change.step for change in self.changes]
        if steps != sorted(set(steps)):
            said = ", ".join(map(str, steps))
            raise ExperimentError(f"a run changes at steps {said}; each comes after the one before")

    @property
    def rates(self) -> tuple[float, ...]:
        """Its own rate, then that of each change."""
        return (self.lr, *(change.lr for change in self.changes))


class Experiment(msgspec.Struct, frozen=True):
    """Replaced whole, never edited in place (msgspec.structs.replace); undo is the previous value."""

    problem: ProblemSpec
    optimizer: Choice
    schedule: Choice
    runs: tuple[Run, ...]
    steps: int
    seed: int = 0
    sharpness: bool = False  # whether the largest curvature is measured on the way, which costs as much as many steps

    def __post_init__(self) -> None:
        if not self.runs:
            raise ExperimentError("an experiment needs at least one learning rate, for example --lr 0.1 --lr 0.001")
        if len(self.runs) > MAX_RUNS:
            raise ExperimentError(f"an experiment has {len(self.runs)} runs; {MAX_RUNS} are the most")
        if not 1 <= self.steps <= MAX_STEPS:
            raise ExperimentError(f"steps is {quoted(self.steps)}; it goes from 1 to {MAX_STEPS:,}")
        if not 0 <= self.seed < 2**31:
            raise ExperimentError(f"seed is {quoted(self.seed)}; it goes from 0 to {2**31 - 1:,}")

    @property
    def lrs(self) -> tuple[float, ...]:
        return tuple(run.lr for run in self.runs)

    def optimizer_of(self, run: Run) -> Choice:
        """What a run begins with."""
        return run.optimizer or self.optimizer

    def optimizer_at(self, run: Run, step: int) -> Choice:
        """What a run's update at `step` is made with."""
        changed = [change.optimizer for change in run.changes if change.optimizer and change.step <= step]
        return changed[-1] if changed else self.optimizer_of(run)

    def schedule_of(self, run: Run) -> Choice:
        return run.schedule or self.schedule


def _check_rate(lr: float) -> None:
    if not (math.isfinite(lr) and lr > 0):
        raise ExperimentError(f"a learning rate is {lr!r}; it is a number above 0, for example 0.001")


def _check_point(name: str, point: catalog.Point) -> None:
    if len(point) != 2 or not all(map(math.isfinite, point)):
        raise ExperimentError(f"{name} is {_numbers(point)}; it is two finite numbers x y")


def _numbers(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:g}" for value in values)
