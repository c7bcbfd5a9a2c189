"""What every optimizer must be, a file added later included: torch's own, and linear in its rate unless it says so."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrviz.core import catalog
from lrviz.core.catalog import Optimizer
from lrviz.core.signature import Parameter
from tests.optimizers.replay import every_case, every_optimizer, replay, settings_of

ONLY_IMPLEMENTATION = {"foreach", "fused", "capturable", "differentiable", "maximize"}
# torch's switch that makes Adam the AdamW which has a file of its own, and the one that makes SGD Nesterov's.
ANOTHER_FILE_S = {("adam", "decoupled_weight_decay"), ("adamw", "decoupled_weight_decay"), ("sgd", "nesterov")}
SGD_S_FILES = {"sgd", "momentum", "nesterov"}


@every_case
def test_it_moves_theta_and_stays_finite(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    updates = list(replay(optimizer, settings, [0.01] * 25))
    assert all(np.isfinite(update.moved).all() for update in updates)
    assert (updates[0].moved != 0).all()


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    match parameter.kind:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(parameter.choices)
        case "int":
            return st.integers(int(parameter.low), int(parameter.high))
        case _ if parameter.log:
            exponents = st.floats(math.log(parameter.low), math.log(parameter.high))
            return exponents.map(lambda exponent: min(max(math.exp(exponent), parameter.low), parameter.high))
        case _:
            return st.floats(parameter.low, parameter.high)


@pytest.mark.parametrize(
    "optimizer",
    [optimizer for optimizer in catalog.optimizers if not optimizer.rowwise],
    ids=lambda optimizer: optimizer.name,
)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_part_of_a_step_at_rate_1_is_the_step_at_that_rate(optimizer: Optimizer, data: st.DataObject) -> None:
    chosen = data.draw(st.fixed_dictionaries({p.name: values_of(p) for p in optimizer.parameters}))
    lr = data.draw(st.sampled_from([0.5, 0.03, 1e-4]))
    at_lr, at_1 = (torch.nn.Parameter(torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)) for _ in range(2))
    own, common = optimizer.factory([at_lr], lr, **chosen), optimizer.factory([at_1], 1.0, **chosen)
    slopes = torch.tensor([1.0, 10.0, 0.1], dtype=torch.float64)
    for step in range(20):
        before = at_lr.detach().clone()
        with torch.no_grad():
            at_1.copy_(before)  # so that rounding is not amplified from step to step: each is compared by itself
        at_lr.grad = at_1.grad = torch.cos(3 * before.clamp(-9, 9) + step) * slopes
        own.step()
        common.step()
        part = torch.lerp(before, at_1.detach(), lr)
        torch.testing.assert_close(part, at_lr.detach(), rtol=1e-12, atol=1e-14, equal_nan=True)


@every_optimizer
def test_every_parameter_reaches_torch(optimizer: Optimizer) -> None:
    def group(chosen: dict[str, Any]) -> dict[str, Any]:
        made = optimizer.factory([torch.nn.Parameter(torch.zeros(2))], 0.1, **chosen)
        return {name: value for name, value in made.param_groups[0].items() if name != "params"}

    defaults = optimizer.settings({})
    for other in settings_of(optimizer)[1:-1]:
        (changed,) = (name for name, value in other.items() if value != defaults[name])
        assert group(other) != group(defaults), changed


@every_optimizer
def test_whatever_torch_documents_can_be_set(optimizer: Optimizer) -> None:
    theta = [torch.nn.Parameter(torch.zeros(2))]
    defaults = optimizer.factory(theta, 0.1, **optimizer.settings({})).param_groups[0]
    ours = [optimizer.factory(theta, 0.1, **settings).param_groups[0] for settings in settings_of(optimizer)]
    fixed = {name for name, value in defaults.items() if all(group[name] == value for group in ours)}
    beside = {name for part, name in ANOTHER_FILE_S if part == optimizer.name}
    if optimizer.name in SGD_S_FILES:
        beside |= {"momentum", "dampening", "nesterov"}
    assert fixed - {"params", "lr"} <= ONLY_IMPLEMENTATION | beside


@every_optimizer
def test_rarer_parameters_are_left_at_torch_s_own_defaults(optimizer: Optimizer) -> None:
    theta = torch.nn.Parameter(torch.zeros(2))
    ours = optimizer.factory([theta], 0.5, **optimizer.settings({}))
    theirs = type(ours)([theta], lr=0.5)
    shown = {parameter.name for parameter in optimizer.parameters if not parameter.more}
    differing = {name for name, value in theirs.defaults.items() if ours.defaults[name] != value}
    assert differing <= shown | {"nesterov"}


@every_optimizer
def test_it_says_what_it_is(optimizer: Optimizer) -> None:
    assert optimizer.title
    assert optimizer.teaches
    assert "name" not in {parameter.name for parameter in optimizer.parameters}, "an experiment file has it already"


@every_optimizer
def test_every_optimizer_tells_its_update(optimizer: Optimizer) -> None:
    assert optimizer.stages is not None


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("place", range(4))
def test_on_a_steady_slope_it_is_as_much_faster_as_it_says(name: str, place: int) -> None:
    optimizer = catalog.optimizers.find(name)
    chosen = {**settings_of(optimizer)[place % len(settings_of(optimizer))], "weight_decay": 0.0}
    assert optimizer.speed is not None
    *_, last = replay(optimizer, chosen, [0.01] * 800, loss=lambda theta: theta.sum(-1))
    np.testing.assert_allclose(last.moved, -0.01 * optimizer.speed(**chosen), rtol=1e-3)


def test_rprop_s_rate_is_its_first_step_and_nothing_after() -> None:
    rprop = catalog.optimizers.find("rprop")
    whole = list(replay(rprop, rprop.settings({}), [0.1] * 10))
    changed = list(replay(rprop, rprop.settings({}), [0.1] + [7.0] * 9))
    assert [update.moved.tolist() for update in whole] == [update.moved.tolist() for update in changed]
    np.testing.assert_allclose(abs(whole[0].moved), 0.1)


def test_asgd_s_rate_arrives_a_step_late() -> None:
    asgd = catalog.optimizers.find("asgd")
    first, second, third = replay(asgd, asgd.settings({"lambd": 0.0}), [0.1, 0.2, 0.2])
    for update, rate in ((first, 0.1), (second, 0.1), (third, 0.2)):
        np.testing.assert_allclose(update.moved, -rate * update.gradient, rtol=1e-6)  # torch keeps it in float32


def test_lbfgs_is_at_the_bottom_of_a_bowl_after_a_few_steps() -> None:
    lbfgs = catalog.optimizers.find("lbfgs")
    *_, last = replay(lbfgs, lbfgs.settings({}), [1.0] * 15, loss=lambda theta: theta[0] ** 2 + 10 * theta[1] ** 2)
    np.testing.assert_allclose(last.theta, 0.0, atol=1e-4)
