"""Experiments as JSON, in DESIGN's form: what a file holds is checked field by field and never executed."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from typing import Any, Literal

import msgspec

from lrviz.core import catalog
from lrviz.core.errors import ExperimentError, LrvizError, one_line, quoted
from lrviz.core.experiment import (
    Change,
    Choice,
    Experiment,
    OnExpression,
    OnModel,
    OnSurface,
    ProblemSpec,
    Run,
    choose,
)
from lrviz.core.registry import Registry

FORMAT: Literal["lrviz-experiment"] = "lrviz-experiment"


class _ChangeFields(msgspec.Struct, forbid_unknown_fields=True):
    step: int
    lr: float
    optimizer: dict[str, Any] | None = None


class _RunFields(msgspec.Struct, forbid_unknown_fields=True):
    lr: float
    optimizer: dict[str, Any] | None = None
    schedule: dict[str, Any] | None = None
    changes: list[_ChangeFields] = []


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    format: Literal["lrviz-experiment"]
    version: Literal[1]
    problem: dict[str, Any]
    optimizer: dict[str, Any]
    runs: list[_RunFields]
    steps: int
    schedule: dict[str, Any] = msgspec.field(default_factory=lambda: {"name": "constant"})
    seed: int = 0
    sharpness: bool = False


class _OnSurfaceFields(msgspec.Struct):
    surface: str
    start: catalog.Point


class _OnModelFields(msgspec.Struct):
    model: str
    data: str
    batch_size: int = 64
    loss_scale: float = 1.0


def experiment_to_fields(experiment: Experiment) -> dict[str, Any]:
    """The experiment as the JSON object that DESIGN fixes, every parameter written out."""
    return {
        "format": FORMAT,
        "version": 1,
        "problem": _problem_to_fields(experiment.problem),
        "optimizer": _choice_to_fields(experiment.optimizer),
        "schedule": _choice_to_fields(experiment.schedule),
        "runs": [_run_to_fields(run) for run in experiment.runs],
        "steps": experiment.steps,
        "seed": experiment.seed,
        **({"sharpness": True} if experiment.sharpness else {}),
    }


def experiment_from_fields(fields: object) -> Experiment:
    """The inverse of experiment_to_fields; parameters left out take their defaults. ExperimentError, one line."""
    try:
        known = msgspec.convert(fields, _Fields)
        return Experiment(
            problem=_problem_from_fields(known.problem),
            optimizer=_choice_from_fields(catalog.optimizers, known.optimizer, "optimizer"),
            schedule=_choice_from_fields(catalog.schedules, known.schedule, "schedule"),
            runs=tuple(_run_from_fields(run) for run in known.runs),
            steps=known.steps,
            seed=known.seed,
            sharpness=known.sharpness,
        )
    except (msgspec.ValidationError, LrvizError) as error:
        raise ExperimentError(f"not an experiment that lrviz can run: {one_line(error)}") from None


def experiment_to_json(experiment: Experiment) -> bytes:
    return msgspec.json.format(msgspec.json.encode(experiment_to_fields(experiment)), indent=2)


def experiment_from_json(text: bytes) -> Experiment:
    """The experiment that a file's bytes hold. ExperimentError, one line, for anything else."""
    return experiment_from_fields(fields_from_json(text))


def fields_from_json(text: bytes) -> object:
    """The value of a JSON text in UTF-8. ExperimentError, one line, where it is none or says a name twice."""
    if text.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ExperimentError("not an experiment file: it begins with a byte order mark; save it as UTF-8 without one")
    try:
        fields = msgspec.json.decode(text)
        json.loads(text, object_pairs_hook=_refuse_twice)  # msgspec would take the last of two in silence
    except ExperimentError:
        raise
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ExperimentError(f"not an experiment file: {one_line(error)}") from None
    return fields


def _refuse_twice(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise ExperimentError(f"not an experiment file: one part of it says {quoted(name)} twice")


def _problem_to_fields(problem: ProblemSpec) -> dict[str, Any]:
    match problem:
        case OnSurface(surface=surface, start=start):
            return {"surface": surface.name, "start": list(start), **surface.parameters}
        case OnExpression(expression=expression, bounds=bounds, start=start, noise=noise):
            return {"expression": expression, "bounds": list(bounds), "start": list(start), "noise": noise}
        case OnModel(model=model, data=data, batch_size=batch_size, loss_scale=loss_scale):
            names = {"model": model.name, "data": data.name, "batch_size": batch_size}
            names |= {"loss_scale": loss_scale} if loss_scale != 1 else {}
            return {**names, **model.parameters, **data.parameters}


def _problem_from_fields(fields: dict[str, Any]) -> ProblemSpec:
    if "surface" in fields:
        part = catalog.surfaces.find(str(fields["surface"]))
        onsurface = msgspec.convert({"start": part.start, **fields}, _OnSurfaceFields)
        given = _without(fields, "surface", "start")
        return OnSurface(choose(catalog.surfaces, onsurface.surface, **given), onsurface.start)
    if "expression" in fields:
        return msgspec.convert(fields, OnExpression)
    if "model" in fields:
        return _model_from_fields(fields)
    raise ExperimentError("problem names nothing to minimise; it has one of surface, expression, or model with data")


def _model_from_fields(fields: dict[str, Any]) -> OnModel:
    known = msgspec.convert(fields, _OnModelFields)
    given = _without(fields, "model", "data", "batch_size", "loss_scale")
    of_data = {parameter.name for parameter in catalog.datasets.find(known.data).parameters}
    return OnModel(
        model=choose(catalog.models, known.model, **{n: v for n, v in given.items() if n not in of_data}),
        data=choose(catalog.datasets, known.data, **{n: v for n, v in given.items() if n in of_data}),
        batch_size=known.batch_size,
        loss_scale=known.loss_scale,
    )


def _run_to_fields(run: Run) -> dict[str, Any]:
    """Only what a run has of its own."""
    fields: dict[str, Any] = {"lr": run.lr}
    if run.optimizer is not None:
        fields["optimizer"] = _choice_to_fields(run.optimizer)
    if run.schedule is not None:
        fields["schedule"] = _choice_to_fields(run.schedule)
    if run.changes:
        fields["changes"] = [_change_to_fields(change) for change in run.changes]
    return fields


def _change_to_fields(change: Change) -> dict[str, Any]:
    fields: dict[str, Any] = {"step": change.step, "lr": change.lr}
    if change.optimizer is not None:
        fields["optimizer"] = _choice_to_fields(change.optimizer)
    return fields


def _run_from_fields(run: _RunFields) -> Run:
    return Run(
        run.lr,
        _own_choice(catalog.optimizers, run.optimizer, "optimizer"),
        _own_choice(catalog.schedules, run.schedule, "schedule"),
        tuple(
            Change(change.step, change.lr, _own_choice(catalog.optimizers, change.optimizer, "optimizer"))
            for change in run.changes
        ),
    )


def _own_choice(registry: Registry[Any], fields: dict[str, Any] | None, where: str) -> Choice | None:
    return None if fields is None else _choice_from_fields(registry, fields, where)


def _choice_to_fields(choice: Choice) -> dict[str, Any]:
    return {"name": choice.name, **choice.parameters}


def _choice_from_fields(registry: Registry[Any], fields: dict[str, Any], where: str) -> Choice:
    name = fields.get("name")
    if not isinstance(name, str):
        raise ExperimentError(f'{where} has no name; it is written like {{"name": "{registry.names()[0]}"}}')
    return choose(registry, name, **_without(fields, "name"))


def _without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}
