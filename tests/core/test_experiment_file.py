"""Experiments through JSON and back, and whatever else a file may hold as one line."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrviz.core import catalog
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Change, Choice, Experiment, OnExpression, OnModel, OnSurface, Run, choose
from lrviz.core.experiment_file import (
    experiment_from_fields,
    experiment_from_json,
    experiment_to_fields,
    experiment_to_json,
)
from lrviz.core.registry import Registry
from lrviz.core.signature import Parameter

finite = st.floats(-1e6, 1e6)
points = st.tuples(finite, finite)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Every value that a parameter takes."""
    match parameter.kind:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(parameter.choices)
        case "text":
            return texts
        case "int":
            return st.integers(int(parameter.low), int(parameter.high))
        case "ints":
            widths = st.integers(int(parameter.low), int(parameter.high))
            return st.lists(widths, min_size=parameter.least, max_size=parameter.most).map(tuple)
        case "float":
            return st.floats(parameter.low, parameter.high)


def choices(registry: Registry[Any]) -> st.SearchStrategy[Choice]:
    """Every part of a registry with every value of its parameters."""
    return st.one_of(
        *[
            st.fixed_dictionaries({p.name: values(p) for p in part.parameters}).map(
                partial(_choose, registry, part.name)
            )
            for part in registry
        ]
    )


def _choose(registry: Registry[Any], name: str, given: dict[str, Any]) -> Choice:
    return choose(registry, name, **given)


def fits(problem: tuple[Choice, Choice, int]) -> bool:
    model, data, _ = problem
    task = catalog.datasets.find(data.name).task
    return task is None or task in catalog.models.find(model.name).tasks


problems = st.one_of(
    st.builds(OnSurface, choices(catalog.surfaces), points),
    st.builds(
        OnExpression,
        st.sampled_from(["x**2 + 10*y**2", "3", " x ^ 2", "sin(x)*exp(-y)"]),
        st.tuples(st.floats(-1e6, 0), st.floats(1, 1e6), st.floats(-1e6, 0), st.floats(1, 1e6)),
        points,
        st.floats(0, 100),
    ),
    st.tuples(choices(catalog.models), choices(catalog.datasets), st.integers(0, 10**6))
    .filter(fits)
    .map(lambda p: OnModel(*p)),
)
rates = st.floats(0, 1e6, exclude_min=True, allow_subnormal=False)
changes = st.lists(
    st.builds(Change, st.integers(1, 10**7), rates, st.none() | choices(catalog.optimizers)),
    max_size=3,
    unique_by=lambda change: change.step,
).map(lambda made: tuple(sorted(made, key=lambda change: change.step)))
runs = st.builds(Run, rates, st.none() | choices(catalog.optimizers), st.none() | choices(catalog.schedules), changes)
experiments = st.builds(
    Experiment,
    problem=problems,
    optimizer=choices(catalog.optimizers),
    schedule=choices(catalog.schedules),
    runs=st.lists(runs, min_size=1, max_size=4).map(tuple),
    steps=st.integers(1, 10**7),
    seed=st.integers(0, 2**31 - 1),
)


@given(experiments)
@settings(max_examples=100)
def test_every_experiment_survives_json_bit_by_bit(experiment: Experiment) -> None:
    text = experiment_to_json(experiment)
    again = experiment_from_json(text)
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert experiment_to_json(again) == text
    assert experiment_from_fields(json.loads(text)) == experiment


def fields(**given: Any) -> dict[str, Any]:
    return {
        "format": "lrviz-experiment",
        "version": 1,
        "problem": {"surface": "rosenbrock", "start": [-1.2, 1]},
        "optimizer": {"name": "sgd"},
        "runs": [{"lr": 0.1}],
        "steps": 10,
        **given,
    }


def on(**problem: Any) -> dict[str, Any]:
    return fields(problem=problem)


GOOD = json.dumps(fields())


def test_the_form_is_the_one_that_others_rely_on() -> None:
    experiment = experiment_from_fields(on(model="mlp", data="moons", hidden=[8], noise=0.1, batch_size=16))
    assert experiment_to_fields(experiment) == {
        "format": "lrviz-experiment",
        "version": 1,
        "problem": {
            "model": "mlp",
            "data": "moons",
            "batch_size": 16,
            "hidden": (8,),
            "activation": "relu",
            "init": "torch",
            "samples": 600,
            "noise": 0.1,
            "label_noise": 0.0,
        },
        "optimizer": {"name": "sgd", "weight_decay": 0.0},
        "schedule": {"name": "constant"},
        "runs": [{"lr": 0.1}],
        "steps": 10,
        "seed": 0,
    }


def test_what_is_left_out_takes_its_default() -> None:
    experiment = experiment_from_fields(on(surface="rosenbrock"))
    assert experiment.problem == OnSurface(Choice("rosenbrock", {"a": 1.0, "b": 100.0, "noise": 0.0}), (-1.2, 1.0))
    assert experiment.schedule == Choice("constant", {})
    assert experiment.seed == 0


def test_a_run_that_changes_is_written_with_what_changes() -> None:
    changed = {"lr": 0.1, "schedule": {"name": "cosine", "floor": 0.0}, "changes": [{"step": 7, "lr": 0.01}]}
    experiment = experiment_from_fields(fields(runs=[changed]))
    assert experiment.runs == (Run(0.1, None, choose(catalog.schedules, "cosine"), (Change(7, 0.01),)),)
    assert experiment_to_fields(experiment)["runs"] == [changed]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([{"step": 0, "lr": 0.1}], "step 0"),
        ([{"step": 5, "lr": -1}], "-1"),
        ([{"step": 9, "lr": 0.1}, {"step": 5, "lr": 0.2}], "9, 5"),
        ([{"step": 5, "lr": 0.1}, {"step": 5, "lr": 0.2}], "5, 5"),
        ([{"step": 5}], "lr"),
    ],
)
def test_a_change_that_makes_no_sense_is_one_line(changes: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ExperimentError, match=said) as refused:
        experiment_from_fields(fields(runs=[{"lr": 0.1, "changes": changes}]))
    assert "\n" not in str(refused.value)


def test_parameters_find_the_model_or_the_data_that_they_belong_to() -> None:
    problem = experiment_from_fields(on(model="mlp", data="moons", noise=0.5, hidden=[4, 4])).problem
    assert isinstance(problem, OnModel)
    assert problem.model.parameters["hidden"] == (4, 4)
    assert problem.data.parameters["noise"] == 0.5


@pytest.mark.parametrize(
    "registry",
    [catalog.surfaces, catalog.optimizers, catalog.schedules, catalog.datasets],
    ids=lambda registry: registry.plural,
)
def test_no_parameter_is_called_like_a_field_beside_it(registry: Registry[Any]) -> None:
    reserved = {"name", "surface", "start", "expression", "bounds", "model", "data"}
    for part in registry:
        assert reserved.isdisjoint(parameter.name for parameter in part.parameters)


def refusal(text: bytes) -> str:
    with pytest.raises(ExperimentError) as caught:
        experiment_from_json(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"null", "Expected `object`, got `null`"),
        (b"[1]", "Expected `object`, got `array`"),
        (b"\x89PNG\r\n\x1a\n", "malformed"),
        (b"PK\x03\x04", "malformed"),
        (b"\x80\x04\x95", "malformed"),  # a pickle
        (b'"\xff"', "not an experiment file"),
        (b"[" * 100_000, "not an experiment file"),
        (b'{"a":' * 100_000, "not an experiment file"),
        (b"[" * 100_000 + b"]" * 100_000, "not an experiment file"),
        (GOOD.encode() + b"{}", "trailing"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "byte order mark"),
        (GOOD.encode("utf-16"), "byte order mark"),
        (GOOD.encode("utf-16-le"), "not an experiment file"),
        (GOOD.replace("0.1", "NaN").encode(), "malformed"),
        (GOOD.replace("0.1", "Infinity").encode(), "malformed"),
        (GOOD.replace("0.1", "1e400").encode(), "out of range"),
        (GOOD.replace("0.1", "-1e400").encode(), "out of range"),
        (GOOD.replace("0.1", "1e-400").encode(), "a learning rate is 0.0"),
        (GOOD.replace("0.1", "1" + "0" * 400).encode(), "out of range"),
        (GOOD.replace("0.1", "0.1, 'a': 1").encode(), "malformed"),
        (GOOD.replace('"steps": 10', '"steps": 1' + "0" * 400).encode(), "steps is 1000"),
        (GOOD.replace('"steps": 10', '"steps": 1' + "0" * 4299).encode(), "it goes from 1"),
        (GOOD.replace('"steps": 10', '"steps": 1' + "0" * 9000).encode(), "out of range"),
        (GOOD.replace('"steps": 10', '"steps": 10, "steps": 20').encode(), "says 'steps' twice"),
        (GOOD.replace('"lr": 0.1', '"lr": 0.1, "lr": 0.2').encode(), "says 'lr' twice"),
        (GOOD.replace('"name": "sgd"', '"name": "sgd", "\\n": 1, "\\n": 2').encode(), r"says '\n' twice"),
    ],
)
def test_what_is_no_experiment_file_is_one_line(text: bytes, said: str) -> None:
    assert said in refusal(text)


NESTED: list[Any] = []
for _ in range(300):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "missing required field `format`"),
        (fields(format="lrviz-session"), "Invalid enum value 'lrviz-session'"),
        (fields(version=2), "Invalid enum value 2"),
        (fields(version="1"), "`$.version`"),
        (fields(stepz=1), "unknown field `stepz`"),
        (fields(**{"a\nb": 1}), "unknown field `a b`"),
        (fields(steps=1.5), "Expected `int`, got `float` - at `$.steps`"),
        (fields(steps="10"), "Expected `int`, got `str`"),
        (fields(steps=True), "Expected `int`, got `bool`"),
        (fields(steps=None), "Expected `int`, got `null`"),
        (fields(steps=0), "steps is 0"),
        (fields(seed=2**70), "seed is 1180591620717411303424"),
        (fields(runs=[]), "at least one learning rate"),
        (fields(runs={}), "Expected `array`, got `object`"),
        (fields(runs=[{"lr": 0.1}] * 2000), "2000 runs; 1024 are the most"),
        (fields(runs=[0.1]), "`$.runs[0]`"),
        (fields(runs=[{}]), "missing required field `lr`"),
        (fields(runs=[{"lr": "0.1"}]), "`$.runs[0].lr`"),
        (fields(runs=[{"lr": 0.1, "color": "red"}]), "unknown field `color`"),
        (fields(runs=[{"lr": 0.1, "optimizer": {}}]), 'optimizer has no name; it is written like {"name": "adadelta"}'),
        (fields(optimizer="sgd"), "Expected `object`, got `str`"),
        (fields(optimizer={"name": 3}), "optimizer has no name"),
        (fields(optimizer={"name": "sdg"}), "no optimizer called 'sdg'; did you mean 'sgd'?"),
        (fields(optimizer={"name": "sgd", "registry": 1}), "sgd has no parameter 'registry'"),
        (fields(optimizer={"name": "sgd", "weight_decay": None}), "sgd: weight_decay is None"),
        (fields(optimizer={"name": "sgd", "weight_decay": NESTED}), "sgd: weight_decay is"),
        (fields(optimizer={"name": "sgd", "weight_decay": "9" * 10_000}), "sgd: weight_decay is"),
        (fields(optimizer={"name": "sgd", "weight_decay": 10**400}), "sgd: weight_decay is"),
        (fields(schedule={"name": "cosin"}), "did you mean 'cosine'?"),
        (on(), "problem names nothing to minimise"),
        (on(surface=1), "no surface called '1'"),
        (on(surface=None), "no surface called 'None'"),
        (on(surface="a\nb"), r"no surface called 'a\nb'"),
        (on(surface="bowl", start=[1]), "array` of length 2, got 1"),
        (on(surface="bowl", start=[1, 2, 3]), "array` of length 2, got 3"),
        (on(surface="bowl", start=["a", "b"]), "`$.start[0]`"),
        (on(surface="bowl", start={}), "`$.start`"),
        (on(surface="bowl", expression="x"), "bowl has no parameter 'expression'"),
        (on(surface="bowl", curvature=-1), "bowl: curvature is -1; it goes from 0.1 to 100"),
        (on(surface="bowl", curvature=True), "bowl: curvature is True"),
        (on(expression="x"), "missing required field `bounds`"),
        (on(expression="x", bounds=[0, 1, 0, 1], start=[0, 0], a=1), "unknown field `a`"),
        (on(expression=1, bounds=[0, 1, 0, 1], start=[0, 0]), "`$.expression`"),
        (on(expression="__import__('os')", bounds=[0, 1, 0, 1], start=[0, 0]), "means nothing in a formula"),
        (on(expression="x", bounds=[1, 0, 0, 1], start=[0, 0]), "bounds are 1 0 0 1"),
        (on(model="mlp"), "missing required field `data`"),
        (on(model="mlp", data=["digits"]), "`$.data`"),
        (on(model="mlp", data="digit"), "did you mean 'digits'?"),
        (on(model="mlp", data="digits", hidden="64"), "mlp: hidden is '64'; it is a list"),
        (on(model="mlp", data="digits", hidden=[64] * 33), "mlp: hidden holds 33 numbers; it takes 1 to 32"),
        (on(model="mlp", data="digits", noise=0.1), "mlp has no parameter 'noise'"),
        (on(model="mlp", data="digits", batch_size=2**80), "batch_size is 1208925819614629174706176"),
        (on(model="logistic", data="diabetes"), "logistic is for classification, but diabetes is for regression"),
    ],
)
def test_an_experiment_that_makes_no_sense_is_one_line(asked: dict[str, Any], said: str) -> None:
    assert said in refusal(json.dumps(asked).encode())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def paths(value: Any) -> list[list[Any]]:
    """The way to every place in a JSON value."""
    found: list[list[Any]] = [[]]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        found += [[key, *path] for path in paths(part)]
    return found


@given(st.data())
@settings(max_examples=100)
def test_an_experiment_with_anything_anywhere_is_an_experiment_or_one_line(data: st.DataObject) -> None:
    asked: Any = {"all": json.loads(GOOD)}
    path = data.draw(st.sampled_from([path for path in paths(asked) if path]))
    place = asked
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = data.draw(json_values)
    said = ""
    try:
        assert isinstance(experiment_from_json(json.dumps(asked["all"]).encode()), Experiment)
    except ExperimentError as error:
        said = str(error)
    assert "\n" not in said


@given(st.binary(max_size=100))
def test_any_bytes_are_an_experiment_or_one_line(data: bytes) -> None:
    refusal(data)
