"""The Python door: a module and data of one's own, compared at several learning rates and shown in the window."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core import catalog
from lrviz.core.epochs import load_data, steps_per_epoch
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Choice, Experiment, OnModel, Run, choose
from lrviz.core.range_test import FIRST_RATE, LAST_RATE, SEEDS, STEPS, RangeQuestion, RangeTest
from lrviz.core.scene import Scene
from lrviz.core.suggestions import Suggestion, suggestions
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict
from lrviz.engine.own_data import OwnData, own_data_from
from lrviz.engine.own_loss import Loss
from lrviz.engine.own_module import answered_numbers, own_module_factory
from lrviz.engine.race import race as race_of
from lrviz.engine.range_test import range_test

EPOCHS = 5.0

_lent_data: dict[bytes, str] = {}  # by what they hold: the same data are kept once, however often they are compared


@dataclass(frozen=True, eq=False, repr=False)
class Race:
    """What `compare` found; `scene` is all that the window would draw."""

    scene: Scene

    @property
    def experiment(self) -> Experiment:
        return self.scene.experiment

    @property
    def traces(self) -> tuple[Trace, ...]:
        """One a learning rate, in their order: `loss` (T,) float64, `metrics["test_loss"]` (M,) at `metric_step`."""
        return self.scene.traces

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One a learning rate; none where the race was interrupted."""
        return self.scene.verdicts or ()

    def __repr__(self) -> str:
        problem = self.experiment.problem
        assert isinstance(problem, OnModel)
        head = f"{problem.model.name} on {problem.data.name}, {self.scene.rows - 1:,} of {self.scene.steps:,} steps"
        told = [f"{v.kind}: {v.reason}" for v in self.verdicts] or ["interrupted"] * len(self.traces)
        lines = [f"  lr {lr:g}  {line}" for lr, line in zip(self.experiment.lrs, told, strict=True)]
        return "\n".join([f"<Race of {head}", *lines]) + ">"


def compare(
    module: nn.Module | str,
    data: Any,
    lrs: Iterable[float] | float,
    *,
    optimizer: str = "adam",
    schedule: str = "constant",
    epochs: float | None = None,
    steps: int | None = None,
    batch_size: int = 64,
    seed: int = 0,
    loss: Loss | None = None,
    progress: Callable[[int, int], object] | None = None,
    **optimizer_settings: Any,
) -> Race:
    """Train `module` on `data` at each of the learning rates `lrs`: from the same start, on the same batches.

    `module` is any torch module, and is left as it is: copies start from its present numbers. The name of one of
    lrviz's own models will do too. `data` is a pair of inputs (N, …) and targets (N,), arrays or tensors; or two such
    pairs, to train and to test on; or a map-style torch Dataset, or two; or the name of one of lrviz's data sets,
    whose inputs are (N, D) and standardised. Targets of whole numbers are classes, others a quantity. Of data in one
    part a quarter is kept for testing, drawn by `seed`.

    `loss(outputs, targets)` gets outputs (B, C) and targets (B,), or (B, 1) of a quantity, and gives the mean over
    the B samples; unless told, it is the cross-entropy of classes and the mean squared error of a quantity. `optimizer`
    and `schedule` are names that `lrviz list` knows, and further settings are the optimizer's: `momentum=0.9`. It
    lasts 5 epochs, or `epochs`, or `steps`; a batch_size of 0 takes all samples at every step. `progress(step, steps)`
    is called a hundred times a second at most. Ctrl-C ends it with what there is by then.

    LrvizError, one line, where the parts don't fit together.
    """
    if epochs is not None and steps is not None:
        raise ExperimentError("both epochs and steps are given; either says how long the race is")
    problem = _problem(module, data, loss, batch_size, seed)
    if steps is None:
        steps = math.ceil((EPOCHS if epochs is None else epochs) * steps_per_epoch(problem, seed))
    experiment = Experiment(
        problem=problem,
        optimizer=choose(catalog.optimizers, optimizer, **optimizer_settings),
        schedule=choose(catalog.schedules, schedule),
        runs=tuple(Run(float(lr)) for lr in ([lrs] if isinstance(lrs, int | float) else lrs)),
        steps=steps,
        seed=seed,
    )
    return _run(experiment, progress)


@dataclass(frozen=True, eq=False, repr=False)
class Found:
    """What `find` found."""

    test: RangeTest

    @property
    def lrs(self) -> NDArray[np.float64]:
        """(T,) the rate of each step."""
        return self.test.lrs

    @property
    def losses(self) -> NDArray[np.float64]:
        """(S, T) the raw loss before each step's update, a row a seed; nan from where a seed overflowed."""
        return self.test.losses

    @cached_property
    def suggestions(self) -> dict[str, Suggestion]:
        """By the rule's name, "valley" for one: `rates` (S,) a seed, their `median` and their `spread`."""
        return suggestions(self.test)

    def __repr__(self) -> str:
        lines = [f"  {name:<16} {_told(suggestion)}" for name, suggestion in self.suggestions.items()]
        steps, seeds = self.test.question.steps, len(self.test.question.seeds)
        return "\n".join([f"<Range test of {steps:,} steps, {seeds} seeds", *lines]) + ">"


def find(
    module: nn.Module | str,
    data: Any,
    *,
    optimizer: str = "adam",
    first: float = FIRST_RATE,
    last: float = LAST_RATE,
    steps: int = STEPS,
    seeds: int = SEEDS,
    batch_size: int = 64,
    seed: int = 0,
    loss: Loss | None = None,
    **optimizer_settings: Any,
) -> Found:
    """Raise the rate from `first` to `last` while `module` trains on `data`, and read good rates from its loss.

    A learning-rate range test over `seeds` seeds from `seed` on: each has its own batches and, of lrviz's own models
    and data, its own start and split. A module is left as it is, buffers included. Everything else is as in `compare`.

    LrvizError, one line, where the parts don't fit together.
    """
    experiment = Experiment(
        problem=_problem(module, data, loss, batch_size, seed),
        optimizer=choose(catalog.optimizers, optimizer, **optimizer_settings),
        schedule=choose(catalog.schedules, "constant"),
        runs=(Run(first),),
        steps=steps,
        seed=seed,
    )
    *_, test = range_test(RangeQuestion(experiment, first, last, steps, tuple(range(seed, seed + seeds))))
    assert test is not None, "a range test ends with a whole value"
    return Found(test)


def show(race: Race) -> None:
    """Open the window on the race's model and data, and return once it is closed.

    The race is run again there, step for step the same, and everything can be changed as in any other. An application
    that is there already, as in an interactive session, goes on afterwards.
    """
    from lrviz.app.main import show_window

    threads = torch.get_num_threads()
    try:
        show_window(race.experiment)
    finally:
        torch.set_num_threads(threads)


def _run(experiment: Experiment, progress: Callable[[int, int], object] | None) -> Race:
    last: Scene | None = None
    try:
        for last in race_of(experiment, watched=False):
            if progress is not None:
                progress(max(0, last.rows - 1), last.steps)
            if last.verdicts is not None:
                break
    except KeyboardInterrupt:
        if last is None:
            raise
    assert last is not None
    return Race(last)


def _told(suggestion: Suggestion) -> str:
    if suggestion.median is None or suggestion.spread is None:
        return "no rate"
    low, high = suggestion.spread
    return f"{suggestion.median:.2g} ({low:.2g} to {high:.2g})"


def _problem(module: nn.Module | str, data: Any, loss: Loss | None, batch_size: int, seed: int) -> OnModel:
    of_data, sample = _data(data, module, seed)
    return OnModel(_model(module, sample, loss), of_data, batch_size)


def _data(data: Any, module: nn.Module | str, seed: int) -> tuple[Choice, Tensor]:
    """The data as a choice of the catalog, and one of its inputs as it was given."""
    if isinstance(data, str):
        choice = choose(catalog.datasets, data)
        return choice, torch.tensor(load_data(choice, seed).train_inputs[0])
    own = own_data_from(data)
    sample, classes = own.train.inputs[0], own.classes
    if classes and isinstance(module, nn.Module):  # the last classes may have no samples here
        classes = max(classes, answered_numbers(module, sample))
    title = "My data" if isinstance(data, tuple | list) else type(data).__name__
    return choose(catalog.datasets, _lend_data(own, title, classes)), sample


def _lend_data(own: OwnData, title: str, classes: int) -> str:
    key = own.digest(title, classes)
    if key not in _lent_data:
        name = _name(title)
        task = "classification" if classes else "regression"
        _lent_data[key] = catalog.datasets.lend(name, title, own.factory(name, classes), task=task)
    return _lent_data[key]


def _model(module: nn.Module | str, sample: Tensor, loss: Loss | None) -> Choice:
    if isinstance(module, str):
        if loss is not None:
            raise ExperimentError(f"{module} has a loss of its own; loss= is for a module of yours")
        return choose(catalog.models, module)
    if not isinstance(module, nn.Module):
        kind = type(module).__name__
        raise ExperimentError(
            f"the module is of type {kind}; it is a torch.nn.Module or the name of one of lrviz's models"
        )
    title = type(module).__name__
    name = catalog.models.lend(
        _name(title),
        title,
        own_module_factory(module, sample),
        tasks=("classification", "regression"),
        loss=copy.deepcopy(loss),
    )
    return choose(catalog.models, name)


def _name(title: str) -> str:
    """my_small_net for a SmallNet: none of lrviz's own parts begins like this."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\W+", "_", title).strip("_").lower()
    return words if words.startswith("my_") else f"my_{words}"
