"""Questions about fates as values: what they refuse, what their axes mean, and the experiments of their points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Change, Choice, Experiment, OnExpression, OnModel, OnSurface, Run, choose
from lrviz.core.fate import (
    PLACELESS,
    UNKNOWN,
    Axis,
    FateError,
    FateKind,
    FateMap,
    FateQuestion,
    Outcome,
    axes_of,
    experiment_at,
    experiment_with,
    question_of,
    refuse,
    starts_on_line,
)
from lrviz.core.runs import MAX_PANELS


def asked(optimizer: str = "momentum", runs: int = 2, surface: str = "rosenbrock") -> Experiment:
    part = catalog.surfaces.find(surface)
    return Experiment(
        problem=OnSurface(choose(catalog.surfaces, surface), part.start),
        optimizer=choose(catalog.optimizers, optimizer),
        schedule=choose(catalog.schedules, "constant"),
        runs=tuple(Run(0.01 / (run + 1)) for run in range(runs)),
        steps=300,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 4},
        {"size": 5000},
        {"steps": 0},
        {"steps": 10**9},
        {"rates": (0.1, 0.1)},
        {"rates": (0.0, 1.0)},
        {"rates": (0.1, float("inf"))},
        {"momenta": (0.5, 1.0)},
        {"momenta": (-0.1, 0.5)},
        {"line": ((1.0, 2.0), (1.0, 2.0))},
        {"line": ((1.0, float("nan")), (1.0, 2.0))},
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(FateError) as refused:
        FateQuestion("starts", **wrong)
    assert "\n" not in str(refused.value)


def test_a_first_question_spans_rates_around_the_runs_own() -> None:
    question = question_of(asked(), "rate_momentum", run=1)
    low, high = question.rates
    assert low < 0.005 < high
    assert question.momenta[0] == 0
    assert question.momenta[1] < 1


def test_a_first_question_about_nesterov_keeps_to_momenta_that_it_takes() -> None:
    assert question_of(asked("nesterov"), "rate_momentum").momenta[0] == 0.01


@pytest.mark.parametrize("lr", [1e-9, 1e5])
def test_a_rate_beyond_the_sliders_has_a_question_too(lr: float) -> None:
    low, high = question_of(replace(asked(), runs=(Run(lr),)), "rate_start").rates
    assert low < lr < high


def rowwise() -> list[str]:
    return [part.name for part in catalog.optimizers if part.rowwise]


@pytest.mark.parametrize("optimizer", rowwise())
def test_an_optimizer_that_steps_row_by_row_is_refused_with_the_reason(optimizer: str) -> None:
    with pytest.raises(FateError, match="step each start by itself"):
        refuse(asked(optimizer), FateQuestion("starts"))


def test_a_model_is_refused() -> None:
    model = OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "moons"))
    experiment = replace(asked(), problem=model)
    with pytest.raises(FateError, match="too many parameters"):
        refuse(experiment, question_of(experiment))


@pytest.mark.parametrize("schedule", [part.name for part in catalog.schedules if part.by_loss])
def test_a_schedule_that_asks_for_the_loss_is_refused(schedule: str) -> None:
    experiment = replace(asked(), schedule=choose(catalog.schedules, schedule))
    with pytest.raises(FateError, match="asks for the loss"):
        refuse(experiment, FateQuestion("starts"))


def test_a_run_that_changes_on_the_way_is_refused() -> None:
    experiment = replace(asked(), runs=(Run(0.1, changes=(Change(40, 0.01),)),))
    with pytest.raises(FateError, match="changes at step 40"):
        refuse(experiment, FateQuestion("starts"))


def test_momentum_is_not_varied_where_there_is_none() -> None:
    with pytest.raises(FateError, match="SGD has no momentum"):
        refuse(asked("sgd"), FateQuestion("rate_momentum"))
    refuse(asked("sgd"), FateQuestion("starts"))


def test_a_run_that_is_not_there_is_refused() -> None:
    with pytest.raises(FateError, match="no run 3"):
        refuse(asked(), FateQuestion("starts", run=2))


@pytest.mark.parametrize("log", [False, True])
def test_an_axis_goes_there_and_back(log: bool) -> None:
    axis = Axis("a", 0.001, 10.0, log)
    for value in (0.001, 0.1, 3.0, 10.0):
        assert axis.value(axis.fraction(value)) == pytest.approx(value)
    assert (axis.value(0), axis.value(1)) == pytest.approx((0.001, 10))


def test_centres_are_the_middles_of_equal_cells() -> None:
    np.testing.assert_allclose(Axis("a", 0, 4).centres(4), [0.5, 1.5, 2.5, 3.5])
    np.testing.assert_allclose(Axis("a", 1, 100, log=True).centres(1), [10])


def test_a_line_of_starts_is_measured_along_the_coordinate_in_which_it_goes_further() -> None:
    level = FateQuestion("rate_start", line=((-2.0, 1.0), (2.0, 1.0)))
    steep = FateQuestion("rate_start", line=((0.0, 3.0), (1.0, -1.0)))
    assert axes_of(asked(), level)[1] == Axis("start x", -2, 2)
    assert axes_of(asked(), steep)[1] == Axis("start y", 3, -1)
    np.testing.assert_allclose(starts_on_line(level, np.array([-2.0, 0.5])), np.array([[-2, 1], [0.5, 1]]))
    np.testing.assert_allclose(starts_on_line(steep, np.array([3.0, 1.0, -1.0])), np.array([[0, 3], [0.5, 1], [1, -1]]))


@pytest.mark.parametrize(
    ("kind", "start", "lr", "momentum"),
    [
        ("starts", (0.5, 0.25), 0.005, 0.9),
        ("rate_momentum", (-1.2, 1.0), 0.5, 0.25),
        ("rate_start", (0.25, 1.0), 0.5, 0.9),
    ],
)
def test_a_point_of_the_map_is_an_experiment_of_one_run(
    kind: FateKind, start: tuple[float, float], lr: float, momentum: float
) -> None:
    experiment = asked()
    one = experiment_at(experiment, question_of(experiment, kind, run=1, steps=700), 0.5, 0.25)
    assert isinstance(one.problem, OnSurface)
    assert one.problem.start == pytest.approx(start)
    assert one.lrs == (lr,)
    assert one.optimizer_of(one.runs[0]).parameters["momentum"] == momentum
    assert one.steps == 700


def test_a_chosen_start_is_the_start_of_all_runs() -> None:
    chosen = experiment_with(asked(), FateQuestion("starts"), 0.5, 0.25)
    assert isinstance(chosen.problem, OnSurface)
    assert chosen.problem.start == (0.5, 0.25)
    assert chosen.lrs == asked().lrs


def test_chosen_settings_are_a_run_more() -> None:
    chosen = experiment_with(asked(), FateQuestion("rate_momentum"), 0.5, 0.25)
    assert chosen.runs[:2] == asked().runs
    own = chosen.runs[2].optimizer
    assert own == Choice("momentum", {**asked().optimizer.parameters, "momentum": 0.25})


def test_a_full_window_gives_its_last_panel() -> None:
    full = asked(runs=MAX_PANELS)
    chosen = experiment_with(full, FateQuestion("rate_start"), 0.5, 0.25)
    assert len(chosen.runs) == MAX_PANELS
    assert chosen.runs[-1].lr == 0.5


def test_a_formula_is_asked_about_in_its_own_window() -> None:
    experiment = replace(asked(), problem=OnExpression("x**2 + y**2", (-3.0, 4.0, -1.0, 2.0), (1.0, 1.0)))
    refuse(experiment, FateQuestion("starts"))
    assert axes_of(experiment, FateQuestion("starts")) == (Axis("x", -3, 4), Axis("y", -1, 2))


def test_a_map_is_asked_by_place() -> None:
    fate = np.array([[0, len(PLACELESS)], [UNKNOWN, 3]], np.int16)
    outcomes = (*PLACELESS, Outcome("minimum", (1.0, 1.0)))
    axes = Axis("x", 0, 2), Axis("y", 0, 2)
    found = FateMap(FateQuestion("starts"), *axes, outcomes, fate, np.array([[9, 5], [9, 2]], np.int32), 0)
    assert found.at(1.5, 0.5) == (Outcome("minimum", (1.0, 1.0)), 5)
    assert found.at(0.5, 1.5) == (None, 9)
    assert found.at(2.0, 2.0) == (Outcome("diverged"), 2)
    assert not found.is_whole
