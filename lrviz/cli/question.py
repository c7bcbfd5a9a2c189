"""From what a command line said to the experiment that it means; what it left open takes the window's own defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from lrviz.cli.options import Options
from lrviz.cli.parser import UsageError
from lrviz.cli.settings import with_settings
from lrviz.core import catalog
from lrviz.core.epochs import steps_per_epoch, with_epochs_of
from lrviz.core.experiment import (
    MAX_STEPS,
    Choice,
    Experiment,
    OnExpression,
    OnModel,
    OnSurface,
    ProblemSpec,
    Run,
    choose,
)
from lrviz.core.knobs import LOSS_SCALE
from lrviz.core.openings import EXPRESSION_BOUNDS, expression_problem, first_question, opening, surface_problem
from lrviz.core.registry import Registry

MODEL, DATA = "mlp", "digits"  # where only the other one is named
TABLE = "csv"  # the data set that reads a table, whose columns have names
READERS = {".csv": TABLE, ".tsv": TABLE, ".csv.gz": TABLE, ".npz": "npz"}  # the data set that reads a file so called


def experiment_from_options(options: Options, file: Experiment | None = None) -> Experiment:
    """The file's experiment, changed by the options; without a file, a first question about what they minimise.

    Options that name nothing to minimise change the opening experiment. A run's own optimizer, which only files have,
    stays unless --optimizer or --lr replaces it. LrvizError, one line, for a question that makes no sense.
    """
    _refuse_two_problems(options)
    problem = _named_problem(options, file.problem if file else None)
    now = file or (first_question(problem) if options.names_problem else opening())
    _refuse_misplaced(options, problem)

    parts = {
        **_parts(problem),
        "optimizer": _named(catalog.optimizers, options.optimizer, now.optimizer),
        "schedule": _named(catalog.schedules, options.schedule, now.schedule),
    }
    problem, settings = _with_its_own(problem, options.settings)
    parts = with_settings(parts, settings)
    asked = Experiment(
        problem=_detailed(problem, parts, options),
        optimizer=parts["optimizer"],
        schedule=parts["schedule"],
        runs=_runs(options, now),
        steps=now.steps if options.steps is None else options.steps,
        seed=now.seed if options.seed is None else options.seed,
        sharpness=now.sharpness,
    )
    return asked if options.steps is not None else _lasting(asked, now, options.epochs)


def _refuse_two_problems(options: Options) -> None:
    given = {
        "--surface": options.surface,
        "--expression": options.expression,
        "--model": options.model,
        "--data": options.data,
    }
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1 and named != ["--model", "--data"]:
        raise UsageError(f"{named[0]} and {named[1]} are two questions; give one of them")
    if options.steps is not None and options.epochs is not None:
        raise UsageError("--steps and --epochs both say how long; give one of them")


def _refuse_misplaced(options: Options, problem: ProblemSpec) -> None:
    on_model = isinstance(problem, OnModel)
    on_file = isinstance(problem, OnModel) and problem.data.name == TABLE
    if options.epochs is not None and not on_model:
        raise UsageError("--epochs counts passes through data, and a surface has none; say --steps")
    if options.batch_size is not None and not on_model:
        raise UsageError("--batch-size is for a model, and a surface has no batches; leave it out")
    if options.start is not None and on_model:
        raise UsageError("--start is a point of a surface; a model's start is drawn from --seed")
    if options.bounds is not None and not isinstance(problem, OnExpression):
        raise UsageError("--bounds goes with --expression; everything else has its own window")
    if options.target is not None and not on_file:
        raise UsageError("--target names a column of a CSV file; give the file too, as --data FILE.csv")


def _named_problem(options: Options, now: ProblemSpec | None) -> ProblemSpec:
    """What is minimised, by name alone; parameters that `now` has for the same names stay."""
    if options.surface is not None:
        if isinstance(now, OnSurface) and now.surface.name == options.surface:
            return now
        return surface_problem(options.surface)
    if options.expression is not None:
        bounds = options.bounds or (now.bounds if isinstance(now, OnExpression) else EXPRESSION_BOUNDS)
        return expression_problem(options.expression, bounds)
    if options.model is not None or options.data is not None:
        if isinstance(now, OnModel):
            model, data = now.model, now.data
        elif now is not None and options.model is None:
            raise UsageError("--data needs a model to learn it, and the file has a surface; give --model too")
        else:
            model, data = choose(catalog.models, options.model or MODEL), choose(catalog.datasets, DATA)
        named = OnModel(_named(catalog.models, options.model, model), _data(options.data, data))
        return replace(now, model=named.model, data=named.data) if isinstance(now, OnModel) else named
    return now or opening().problem


def _with_its_own(problem: ProblemSpec, settings: tuple[str, ...]) -> tuple[ProblemSpec, tuple[str, ...]]:
    """What no part of the catalog has is set here, and the rest goes on: a formula's noise, a model's loss scale."""
    match problem:
        case OnExpression():
            own, names = catalog.NOISE, (catalog.NOISE.name, f"expression.{catalog.NOISE.name}")
        case OnModel():
            own, names = LOSS_SCALE, (LOSS_SCALE.name, f"problem.{LOSS_SCALE.name}")
        case OnSurface():
            return problem, settings
    rest = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        if equals and name.strip() in names:
            problem = replace(problem, **{own.name: own.parse(text)})
        else:
            rest.append(setting)
    return problem, tuple(rest)


def _detailed(problem: ProblemSpec, parts: Mapping[str, Choice], options: Options) -> ProblemSpec:
    """The problem with its start, bounds, batch size and parameters as the options want them."""
    match problem:
        case OnSurface():
            return OnSurface(parts["surface"], options.start or problem.start)
        case OnExpression():
            bounds, start = options.bounds or problem.bounds, options.start or problem.start
            return replace(problem, bounds=bounds, start=start)
        case OnModel():
            size = problem.batch_size if options.batch_size is None else options.batch_size
            data = parts["data"]
            if options.target is not None:
                data = replace(data, parameters={**data.parameters, "target": options.target})
            return replace(problem, model=parts["model"], data=data, batch_size=size)


def _parts(problem: ProblemSpec) -> dict[str, Choice]:
    match problem:
        case OnSurface():
            return {"surface": problem.surface}
        case OnModel():
            return {"model": problem.model, "data": problem.data}
        case OnExpression():
            return {}


def _data(name: str | None, now: Choice) -> Choice:
    """A data set by its name, or a file of one's own by its path."""
    if name is not None:
        for ending, reader in READERS.items():
            if name.lower().endswith(ending):
                return choose(catalog.datasets, reader, path=name)
    return _named(catalog.datasets, name, now)


def _named(registry: Registry[Any], name: str | None, now: Choice) -> Choice:
    return now if name is None or name == now.name else choose(registry, name)


def _runs(options: Options, now: Experiment) -> tuple[Run, ...]:
    if options.lrs:
        return tuple(Run(lr) for lr in options.lrs)
    if options.optimizer is not None:
        return tuple(Run(run.lr) for run in now.runs)
    return now.runs


def _lasting(asked: Experiment, now: Experiment, epochs: float | None) -> Experiment:
    """The experiment for so many epochs; unless said, for as many as before."""
    if epochs is None:
        return with_epochs_of(now, asked)
    if not 0 < epochs <= MAX_STEPS:
        raise UsageError(f"--epochs is {epochs:g}; it is a number above 0, for example 5")
    assert isinstance(asked.problem, OnModel)
    return replace(asked, steps=math.ceil(epochs * steps_per_epoch(asked.problem, asked.seed)))
