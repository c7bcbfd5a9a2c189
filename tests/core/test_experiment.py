"""The question as a value: nonsense is refused at birth in one line that says what would be right."""

from __future__ import annotations

import math
from typing import Any

import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.errors import ExperimentError, ExpressionError, LrvizError, ParameterError, UnknownPartError
from lrviz.core.experiment import Choice, Experiment, OnExpression, OnModel, OnSurface, Run, choose

BOUNDS = (-1.0, 1.0, -2.0, 2.0)


def experiment(**given: Any) -> Experiment:
    fields: dict[str, Any] = {
        "problem": OnSurface(choose(catalog.surfaces, "bowl"), (1.0, 1.0)),
        "optimizer": choose(catalog.optimizers, "adam"),
        "schedule": choose(catalog.schedules, "constant"),
        "runs": (Run(0.1), Run(0.001)),
        "steps": 100,
    }
    return Experiment(**{**fields, **given})


def on_model(model: str = "mlp", data: str = "digits", batch_size: int = 64, **given: Any) -> OnModel:
    return OnModel(choose(catalog.models, model, **given), choose(catalog.datasets, data), batch_size)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: experiment(runs=()), "needs at least one learning rate, for example --lr 0.1"),
        (lambda: experiment(runs=(Run(0.1),) * 1025), "has 1025 runs; 1024 are the most"),
        (lambda: experiment(steps=0), "steps is 0; it goes from 1 to 10,000,000"),
        (lambda: experiment(steps=10**7 + 1), "steps is 10000001"),
        (lambda: experiment(steps=10**400), "steps is 1000"),
        (lambda: experiment(seed=-1), "seed is -1; it goes from 0 to 2,147,483,647"),
        (lambda: experiment(seed=2**31), "seed is 2147483648"),
        (lambda: Run(0.0), "a learning rate is 0.0; it is a number above 0, for example 0.001"),
        (lambda: Run(-0.1), "a learning rate is -0.1"),
        (lambda: Run(math.nan), "a learning rate is nan"),
        (lambda: Run(math.inf), "a learning rate is inf"),
        (lambda: OnSurface(choose(catalog.surfaces, "bowl"), (math.nan, 0.0)), "start is nan 0; it is two finite"),
        (lambda: OnExpression("x", BOUNDS, (0.0, math.inf)), "start is 0 inf"),
        (lambda: OnExpression("x", (1.0, 1.0, 0.0, 1.0), (0.0, 0.0)), "bounds are 1 1 0 1; they are x0 x1 y0 y1 with"),
        (lambda: OnExpression("x", (0.0, 1.0, 1.0, 0.0), (0.0, 0.0)), "bounds are 0 1 1 0"),
        (lambda: OnExpression("x", (0.0, math.inf, 0.0, 1.0), (0.0, 0.0)), "bounds are 0 inf 0 1"),
        (lambda: OnExpression("x +", BOUNDS, (0.0, 0.0)), "the formula ends after"),
        (lambda: on_model(batch_size=-1), "batch_size is -1; it goes from 1 to 10,000,000, or is 0 for all"),
        (lambda: on_model(batch_size=10**9), "batch_size is 1000000000"),
        (lambda: on_model("logistic", "diabetes"), "logistic is for classification, but diabetes is for regression"),
        (lambda: on_model("mpl"), "no model called 'mpl'; did you mean 'mlp'?"),
        (lambda: on_model("mlp", hidden=[0]), "mlp: hidden is 0; it goes from 1 to 1024"),
        (lambda: on_model("mlp", widths=[8]), "mlp has no parameter 'widths'; it has hidden, activation, init"),
        (lambda: choose(catalog.optimizers, "adam", lr=0.1), "adam has no parameter 'lr'"),
    ],
)
def test_nonsense_is_refused_at_birth(make: Any, said: str) -> None:
    with pytest.raises(LrvizError) as caught:
        make()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: experiment(runs=()), ExperimentError),
        (lambda: OnExpression("import", BOUNDS, (0.0, 0.0)), ExpressionError),
        (lambda: choose(catalog.optimizers, "adam", beta1=2), ParameterError),
        (lambda: choose(catalog.optimizers, "amad"), UnknownPartError),
    ],
)
def test_each_fault_has_its_own_kind_of_error(make: Any, kind: type[LrvizError]) -> None:
    with pytest.raises(kind):
        make()


@pytest.mark.parametrize(
    "problem", [on_model("linear", "diabetes"), on_model("linear", "digits"), on_model("mlp", "csv")]
)
def test_models_go_with_data_of_their_tasks_and_with_data_whose_task_is_not_yet_known(problem: OnModel) -> None:
    assert experiment(problem=problem).problem == problem


@pytest.mark.parametrize("steps", [1, 10**7])
@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_ends_of_the_ranges_are_taken(steps: int, seed: int) -> None:
    assert experiment(steps=steps, seed=seed, runs=(Run(1e-300),) * 1024).steps == steps


def test_a_choice_has_every_parameter_of_its_part() -> None:
    chosen = choose(catalog.optimizers, "adam", beta1=0.5)
    assert list(chosen.parameters) == [parameter.name for parameter in catalog.optimizers.find("adam").parameters]
    assert chosen.parameters["beta1"] == 0.5
    assert chosen.parameters["beta2"] == 0.999


def test_experiments_are_equal_and_hash_by_value() -> None:
    assert experiment() == experiment()
    assert hash(experiment()) == hash(experiment())
    assert len({experiment(), experiment(), experiment(seed=1), experiment(problem=on_model())}) == 3
    assert Choice("a", {"b": 1.0, "c": 2.0}) == Choice("a", {"c": 2.0, "b": 1.0})
    assert hash(Choice("a", {"b": 1.0, "c": 2.0})) == hash(Choice("a", {"c": 2.0, "b": 1.0}))


def test_experiments_are_replaced_never_edited() -> None:
    first: Any = experiment()
    second = replace(first, steps=7)
    assert (first.steps, second.steps) == (100, 7)
    with pytest.raises(AttributeError):
        first.steps = 7
    with pytest.raises(ExperimentError):
        replace(first, steps=0)


def test_a_run_may_have_an_optimizer_of_its_own() -> None:
    own = choose(catalog.optimizers, "sgd")
    asked = experiment(runs=(Run(0.1), Run(0.2, own)))
    assert [asked.optimizer_of(run).name for run in asked.runs] == ["adam", "sgd"]
    assert asked.lrs == (0.1, 0.2)
