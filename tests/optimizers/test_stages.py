"""Every optimizer's update told in slow motion, against the step that torch itself took."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lrviz.core import catalog
from lrviz.core.catalog import Optimizer
from lrviz.core.update import Stage, Update
from tests.optimizers.replay import Loss, every_case, every_optimizer, flat, replay, valley

STEPS = 12
RATES = [0.05 * (1 + 0.5 * math.cos(step)) for step in range(STEPS)]  # as a schedule would change it


def told(optimizer: Optimizer, update: Update) -> tuple[Stage, ...]:
    assert optimizer.stages is not None
    return optimizer.stages(update)


def step_of(stages: tuple[Stage, ...]) -> tuple[float, float]:
    arrow = stages[-1].arrow
    assert arrow is not None
    assert arrow.kind == "step"
    return arrow.by


@every_case
@pytest.mark.parametrize("loss", [valley, flat])
def test_the_step_that_is_told_is_the_step_that_torch_took(
    optimizer: Optimizer, settings: dict[str, Any], loss: Loss
) -> None:
    for update in replay(optimizer, settings, RATES, loss):
        np.testing.assert_allclose(step_of(told(optimizer, update)), update.moved, rtol=1e-9, atol=1e-14)


@every_case
def test_every_stage_can_be_read(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    for update in replay(optimizer, settings, RATES):
        stages = told(optimizer, update)
        names = [stage.name for stage in stages]
        assert len(set(names)) == len(names) >= 2
        for stage in stages:
            assert stage.formula
            assert stage.sentence.endswith(".")
            assert ". " not in stage.sentence, "one sentence a stage"
            assert len(stage.sentence) < 130
            assert stage.numbers
            for _, values in stage.numbers:
                assert len(values) in (1, 2)
                assert all(map(math.isfinite, values))
        assert [stage.arrow.kind for stage in stages if stage.arrow].count("step") == 1


@every_case
def test_the_first_arrow_is_what_plain_descent_would_do(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    for update in replay(optimizer, settings, RATES):
        arrow = told(optimizer, update)[0].arrow
        assert arrow is not None
        assert (arrow.kind, arrow.onward) == ("gradient", False)
        np.testing.assert_allclose(arrow.by, -update.rate * update.gradient)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("sgd", {"weight_decay": 0.1}),
        ("momentum", {}),
        ("momentum", {"weight_decay": 0.1}),
        ("nesterov", {"weight_decay": 0.1}),
    ],
)
def test_arrows_one_after_the_other_lead_to_where_the_step_does(name: str, given: dict[str, Any]) -> None:
    optimizer = catalog.optimizers.find(name)
    for update in replay(optimizer, optimizer.settings(given), RATES):
        *parts, step = [stage.arrow for stage in told(optimizer, update) if stage.arrow]
        assert [arrow.onward for arrow in parts] == [False] + [True] * (len(parts) - 1)
        np.testing.assert_allclose(np.sum([arrow.by for arrow in parts], axis=0), step.by, rtol=1e-12)


@every_optimizer
def test_what_is_remembered_of_nothing_moves_nothing(optimizer: Optimizer) -> None:
    first, *_ = replay(optimizer, optimizer.settings({}), RATES)
    for stage in told(optimizer, first):
        if stage.arrow and stage.arrow.kind == "momentum":
            assert stage.arrow.by == (0.0, 0.0)


@pytest.mark.parametrize("name", ["adam", "adamw", "adamax", "nadam", "radam", "rmsprop", "adagrad", "adadelta"])
def test_each_axis_is_scaled_by_what_the_stage_says(name: str) -> None:
    optimizer = catalog.optimizers.find(name)
    beta = {"beta1": 0.0, "weight_decay": 0.0} if name not in ("rmsprop", "adagrad", "adadelta") else {}
    for update in replay(optimizer, optimizer.settings(beta), RATES):  # without memory, the step is −η s g
        scalings = [stage.scaling for stage in told(optimizer, update) if stage.scaling]
        assert len(scalings) == 1
        np.testing.assert_allclose(-update.rate * np.array(scalings[0]) * update.gradient, update.moved, rtol=1e-9)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "rprop", "asgd", "lbfgs"])
def test_only_optimizers_that_divide_an_axis_tell_a_scaling(name: str) -> None:
    optimizer = catalog.optimizers.find(name)
    for update in replay(optimizer, optimizer.settings({}), RATES):
        assert not any(stage.scaling for stage in told(optimizer, update))


@pytest.mark.parametrize("iterations", [1, 4])
def test_lbfgs_tells_direction_and_length_as_torch_remembers_them(iterations: int) -> None:
    lbfgs = catalog.optimizers.find("lbfgs")
    for update in replay(lbfgs, lbfgs.settings({"max_iter": iterations, "line_search": "strong_wolfe"}), RATES):
        stages = {stage.name: dict(stage.numbers) for stage in told(lbfgs, update)}
        if "Direction" not in stages:  # it has arrived
            continue
        np.testing.assert_allclose(stages["Direction"]["d"], update.after["d"])
        t_d = np.array(stages["Length"]["t d"])
        so_far = np.array(stages["Iterate"]["moved so far"]) if "Iterate" in stages else np.zeros(2)
        np.testing.assert_allclose(so_far + t_d, update.moved, rtol=1e-9, atol=1e-14)
