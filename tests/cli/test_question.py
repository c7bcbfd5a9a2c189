"""What a command line means as an experiment, and the questions that make no sense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.cli.options import Options
from lrviz.cli.question import experiment_from_options
from lrviz.cli.settings import with_settings
from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnExpression, OnModel, OnSurface, Run, choose
from lrviz.core.openings import EXPRESSION_BOUNDS, first_question, opening, surface_problem


def asked(file: Experiment | None = None, **options: Any) -> Experiment:
    return experiment_from_options(Options(**options), file)


def on_surface(**options: Any) -> Experiment:
    return asked(surface="rosenbrock", **options)


def on_model(**options: Any) -> Experiment:
    return asked(model="mlp", data="digits", **options)


def test_nothing_said_is_the_opening_experiment() -> None:
    assert asked() == opening()


def test_options_without_a_problem_change_the_opening_experiment() -> None:
    changed = asked(lrs=(0.5,), seed=3)
    assert changed == replace(opening(), runs=(Run(0.5),), seed=3)


def test_a_problem_alone_gets_the_first_question_about_it() -> None:
    assert on_surface() == first_question(surface_problem("rosenbrock"))
    assert asked(model="mlp") == asked(data="digits") == on_model() == opening()
    assert asked(data="moons").problem == OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "moons"))


def test_every_option_arrives_in_the_experiment() -> None:
    experiment = on_surface(
        start=(-0.5, 2.0),
        optimizer="adam",
        schedule="cosine",
        lrs=(0.1, 0.001),
        steps=200,
        seed=7,
        settings=("surface.b=50", "optimizer.beta1=0.8", "schedule.floor=0.1"),
    )
    assert experiment == Experiment(
        problem=OnSurface(choose(catalog.surfaces, "rosenbrock", b=50.0), (-0.5, 2.0)),
        optimizer=choose(catalog.optimizers, "adam", beta1=0.8),
        schedule=choose(catalog.schedules, "cosine", floor=0.1),
        runs=(Run(0.1), Run(0.001)),
        steps=200,
        seed=7,
    )


def test_every_option_of_a_model_arrives_in_the_experiment() -> None:
    experiment = asked(
        model="mlp",
        data="moons",
        batch_size=16,
        steps=10,
        settings=("model.hidden=8,8", "model.activation=tanh", "data.noise=0.3"),
    )
    assert experiment.problem == OnModel(
        choose(catalog.models, "mlp", hidden=(8, 8), activation="tanh"),
        choose(catalog.datasets, "moons", noise=0.3),
        16,
    )
    assert experiment.steps == 10


def test_an_expression_starts_inside_its_bounds_unless_told_otherwise() -> None:
    problem = asked(expression="x**2 + y**2").problem
    assert isinstance(problem, OnExpression)
    assert problem.bounds == EXPRESSION_BOUNDS
    problem = asked(expression="x**2", bounds=(-2.0, -1.0, 10.0, 20.0)).problem
    assert isinstance(problem, OnExpression)
    assert -2 < problem.start[0] < -1
    assert 10 < problem.start[1] < 20
    assert asked(expression="x", start=(5.0, -5.0)).problem == OnExpression("x", EXPRESSION_BOUNDS, (5.0, -5.0))


@pytest.mark.parametrize(
    ("batch_size", "epochs", "steps"), [(64, 5.0, 95), (32, 1.0, 38), (0, 3.0, 3), (64, 0.5, 10), (2000, 2.0, 2)]
)
def test_epochs_become_steps_by_the_size_of_the_training_part(batch_size: int, epochs: float, steps: int) -> None:
    assert on_model(batch_size=batch_size, epochs=epochs).steps == steps  # digits has 1,200 samples for training


def test_a_length_that_is_not_said_stays_the_same_number_of_epochs() -> None:
    assert opening().steps == 570
    assert asked(batch_size=32).steps == 1140


def test_a_csv_file_is_data_with_its_path_and_target(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b,kind\n" + "".join(f"{row},{row * row % 7},{'xy'[row % 2]}\n" for row in range(40)))
    problem = asked(data=str(path), target="kind", epochs=2).problem
    assert isinstance(problem, OnModel)
    assert problem.data == choose(catalog.datasets, "csv", path=str(path), target="kind")


def test_an_npz_file_is_data_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "own.NPZ"
    with path.open("wb") as file:
        np.savez(file, X=np.arange(80.0).reshape(40, 2), y=np.arange(40) % 2)
    problem = asked(data=str(path), epochs=2).problem
    assert isinstance(problem, OnModel)
    assert problem.data == choose(catalog.datasets, "npz", path=str(path))
    with pytest.raises(LrvizError, match="--target names a column of a CSV file"):
        asked(data=str(path), target="y")


# Settings


def test_a_setting_needs_no_part_where_only_one_has_it() -> None:
    assert on_surface(settings=("b=50",)) == on_surface(settings=("surface.b=50",))
    assert on_surface(settings=(" surface.b = 5e1 ",)) == on_surface(settings=("surface.b=50",))


def test_of_two_settings_of_one_name_the_later_counts() -> None:
    assert on_surface(settings=("b=50", "surface.b=20")) == on_surface(settings=("b=20",))


@pytest.mark.parametrize("name", ["loss_scale", "problem.loss_scale"])
def test_a_models_loss_can_be_scaled(name: str) -> None:
    problem = on_model(settings=(f"{name}=8", "hidden=16")).problem
    assert isinstance(problem, OnModel)
    assert problem.loss_scale == 8
    assert problem.model.parameters["hidden"] == (16,)


def test_a_file_s_loss_scale_stays() -> None:
    file = on_model(settings=("loss_scale=8",))
    for changed in (asked(file, batch_size=16), asked(file, data="moons")):
        assert isinstance(changed.problem, OnModel)
        assert changed.problem.loss_scale == 8


# A file, changed by options


def test_options_change_only_what_they_name_in_a_file_s_experiment() -> None:
    file = on_surface(settings=("b=50",), start=(1.5, 2.0), lrs=(0.1, 0.2), optimizer="momentum", steps=77, seed=5)
    assert asked(file) == file
    assert asked(file, steps=9) == replace(file, steps=9)
    assert asked(file, surface="rosenbrock", settings=("a=1.2",)).problem == OnSurface(
        choose(catalog.surfaces, "rosenbrock", a=1.2, b=50.0), (1.5, 2.0)
    )
    other = asked(file, surface="himmelblau")
    assert other == replace(file, problem=surface_problem("himmelblau"))
    assert asked(file, optimizer="momentum") == file
    assert asked(file, optimizer="sgd").optimizer == choose(catalog.optimizers, "sgd")


def test_a_file_s_model_keeps_what_the_options_don_t_name() -> None:
    file = on_model(settings=("hidden=8",), batch_size=32, steps=380)
    changed = asked(file, data="moons", steps=10).problem
    assert changed == OnModel(choose(catalog.models, "mlp", hidden=(8,)), choose(catalog.datasets, "moons"), 32)


def test_a_file_s_wish_for_sharpness_stays() -> None:
    file = replace(on_model(), sharpness=True)
    assert asked(file).sharpness
    assert asked(file, seed=3).sharpness
    assert not on_model().sharpness


def test_a_run_s_own_optimizer_stays_until_an_optimizer_or_rates_are_named() -> None:
    own = Run(0.1, choose(catalog.optimizers, "adam"))
    file = replace(on_surface(), runs=(own, Run(0.2)))
    assert asked(file, steps=3).runs == (own, Run(0.2))
    assert asked(file, optimizer="momentum").runs == (Run(0.1), Run(0.2))
    assert asked(file, lrs=(0.3,)).runs == (Run(0.3),)


# What makes no sense

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "two problems": ({"surface": "bowl", "model": "mlp"}, "--surface and --model are two questions"),
    "a surface and data": ({"surface": "bowl", "data": "digits"}, "--surface and --data"),
    "an expression and a surface": ({"surface": "bowl", "expression": "x"}, "--surface and --expression"),
    "steps and epochs": ({"model": "mlp", "steps": 1, "epochs": 1.0}, "--steps and --epochs"),
    "epochs of a surface": ({"surface": "bowl", "epochs": 1.0}, "say --steps"),
    "batches of a surface": ({"surface": "bowl", "batch_size": 1}, "--batch-size is for a model"),
    "a model's start": ({"model": "mlp", "start": (0.0, 0.0)}, "--start is a point of a surface"),
    "the opening's start": ({"start": (0.0, 0.0)}, "--start is a point of a surface"),
    "a surface's bounds": ({"surface": "bowl", "bounds": EXPRESSION_BOUNDS}, "--bounds goes with --expression"),
    "bounds the wrong way": ({"expression": "x", "bounds": (1.0, -1.0, 0.0, 1.0)}, "x0 < x1"),
    "a target without a file": ({"data": "digits", "target": "kind"}, "--data FILE.csv"),
    "a target of a surface": ({"surface": "bowl", "target": "kind"}, "--data FILE.csv"),
    "a file that isn't there": ({"data": "nowhere.csv", "epochs": 1.0}, "no file called 'nowhere.csv'"),
    "no such surface": ({"surface": "rosenbrok"}, "did you mean 'rosenbrock'"),
    "no such model": ({"model": "mpl"}, "did you mean 'mlp'"),
    "no such data": ({"data": "digit"}, "did you mean 'digits'"),
    "no such optimizer": ({"optimizer": "addam"}, "did you mean 'adam'"),
    "no such schedule": ({"schedule": "cosin"}, "did you mean 'cosine'"),
    "a model for other data": ({"model": "logistic", "data": "diabetes"}, "logistic is for classification"),
    "no steps": ({"surface": "bowl", "steps": 0}, "steps is 0"),
    "no epochs": ({"model": "mlp", "epochs": 0.0}, "--epochs is 0"),
    "epochs below 0": ({"model": "mlp", "epochs": -1.0}, "--epochs is -1"),
    "too many epochs": ({"model": "mlp", "epochs": 1e7}, "it goes from 1 to"),
    "a batch below 0": ({"model": "mlp", "batch_size": -1}, "batch_size is -1"),
    "a seed below 0": ({"seed": -1}, "seed is -1"),
    "a setting without a value": ({"settings": ("beta1",)}, "--set optimizer.momentum=0.9"),
    "a setting of no part": ({"settings": ("optimiser.beta1=0.5",)}, "did you mean 'optimizer'"),
    "a surface's setting for a model": ({"settings": ("surface.b=1",)}, "no part called 'surface' here"),
    "no such setting": ({"settings": ("optimizer.beta=0.5",)}, "did you mean 'beta"),
    "no such setting anywhere": ({"settings": ("hiden=8",)}, "did you mean 'model.hidden'"),
    "a nearly empty setting": ({"settings": ("=",)}, "nothing here has a parameter"),
    "a setting out of range": ({"settings": ("beta1=1.5",)}, "adam: beta1 is 1.5; it goes from 0 to 0.999"),
    "a setting that is no number": ({"settings": ("beta1=high",)}, "adam: beta1 is 'high'; it is a number"),
    "a setting that is nan": ({"settings": ("beta1=nan",)}, "beta1 is nan"),
    "a setting of 400 figures": ({"settings": (f"beta1={'9' * 400}",)}, "it goes from 0 to 0.999"),
    "a setting without end": ({"settings": (f"hidden={'9' * 100_000}",)}, "hidden"),
    "a choice of none": ({"settings": ("activation=step",)}, "it is one of relu, tanh"),
    "hidden layers of text": ({"settings": ("hidden=64,a",)}, "hidden is 'a'; it is a number"),
    "hidden layers of nothing": ({"settings": ("hidden=",)}, "for example 64,32"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_question_that_makes_no_sense_is_one_line_that_says_what_would(name: str) -> None:
    options, says = WRONG[name]
    with pytest.raises(LrvizError) as error:
        asked(**options)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_a_setting_that_two_parts_have_needs_its_part() -> None:
    sgd = choose(catalog.optimizers, "sgd")
    with pytest.raises(LrvizError, match=r"optimizer and schedule; say optimizer\.weight_decay"):
        with_settings({"optimizer": sgd, "schedule": sgd}, ["weight_decay=0.1"])


def test_data_alone_does_not_replace_a_file_s_surface() -> None:
    with pytest.raises(LrvizError, match="give --model too"):
        asked(on_surface(), data="digits")
    assert isinstance(asked(on_surface(), model="mlp").problem, OnModel)


def test_a_formula_has_the_noise_of_all_surfaces() -> None:
    problem = asked(expression="x**2", settings=("noise=0.5",)).problem
    assert isinstance(problem, OnExpression)
    assert problem.noise == 0.5
    with pytest.raises(LrvizError, match="noise"):
        asked(expression="x**2", settings=("noise=-1",))
