"""Numeric parameters of an experiment by name, so that a sweep can turn any one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.epochs import with_epochs_of
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import MAX_BATCH_SIZE, Choice, Experiment, OnExpression, OnModel, OnSurface
from lrviz.core.registry import Registry, alternatives
from lrviz.core.signature import Parameter

KnobValue = float | int | tuple[int, ...]
BATCH_SIZE = Parameter("batch_size", "int", 64, 1, MAX_BATCH_SIZE, log=True, label="batch size")
LOSS_SCALE = Parameter(
    "loss_scale",
    "float",
    1.0,
    1e-6,
    1e6,
    log=True,
    label="loss scale",
    hint="what the loss is multiplied by before it is minimised",
)


@dataclass(frozen=True)
class KnobKind:
    """A parameter that can be turned: its name with its part's before it, and its form."""

    name: str  # "optimizer.momentum"; "batch_size" and "loss_scale" are the problem's own
    parameter: Parameter
    now: KnobValue


def knobs_of(experiment: Experiment) -> tuple[KnobKind, ...]:
    """Every numeric parameter of the experiment's parts; a list of widths counts as one number of equal widths."""
    found = []
    for where, (registry, choice) in _parts(experiment).items():
        for parameter in registry.find(choice.name).parameters:
            value = choice.parameters.get(parameter.name, parameter.default)
            if parameter.kind in ("float", "int", "ints") and not isinstance(value, bool | str):
                found.append(KnobKind(f"{where}.{parameter.name}", parameter, value))
    problem = experiment.problem
    if isinstance(problem, OnModel):
        found.append(KnobKind(BATCH_SIZE.name, BATCH_SIZE, problem.batch_size))
        found.append(KnobKind(LOSS_SCALE.name, LOSS_SCALE, problem.loss_scale))
    return tuple(found)


def find_knob(experiment: Experiment, name: str) -> KnobKind:
    """The knob called `name`, with its part's name before it or, where only one part has it, without."""
    knobs = knobs_of(experiment)
    fitting = [knob for knob in knobs if name in (knob.name, knob.name.rpartition(".")[2])]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ExperimentError(f"{name} is a number of {len(fitting)} parts; say {fitting[0].name}")
    raise ExperimentError(f"no number called {name!r} here; {alternatives(name, [knob.name for knob in knobs])}")


def with_knob(experiment: Experiment, name: str, value: KnobValue) -> Experiment:
    """The experiment with one number of it changed, for as many epochs as before. ExperimentError, ParameterError."""
    knob = find_knob(experiment, name)
    if knob.parameter.kind == "ints" and not isinstance(value, tuple):
        value = (int(value),) * _count(knob)
    return with_epochs_of(experiment, _replaced(experiment, knob.name, knob.parameter.check(value)))


def _count(knob: KnobKind) -> int:
    return len(knob.now) if isinstance(knob.now, tuple) else 1


def _replaced(experiment: Experiment, name: str, value: Any) -> Experiment:
    where, _, parameter = name.rpartition(".")
    problem = experiment.problem
    if not where:
        return replace(experiment, problem=replace(problem, **{parameter: value}))
    registry, choice = _parts(experiment)[where]
    changed = replace(choice, parameters=registry.find(choice.name).settings({**choice.parameters, parameter: value}))
    match where:
        case "optimizer" | "schedule":
            return replace(experiment, **{where: changed})
        case _:
            return replace(experiment, problem=replace(problem, **{where: changed}))


def _parts(experiment: Experiment) -> Mapping[str, tuple[Registry[Any], Choice]]:
    problem = experiment.problem
    parts: dict[str, tuple[Registry[Any], Choice]] = {}
    if isinstance(problem, OnSurface):
        parts["surface"] = catalog.surfaces, problem.surface
    elif isinstance(problem, OnModel):
        parts["model"] = catalog.models, problem.model
        parts["data"] = catalog.datasets, problem.data
    else:
        assert isinstance(problem, OnExpression)
    parts["optimizer"] = catalog.optimizers, experiment.optimizer
    parts["schedule"] = catalog.schedules, experiment.schedule
    return parts
