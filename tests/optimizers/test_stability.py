"""Each optimizer's edge of stability, against torch's own optimizer just below and just above it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from lrviz.core import catalog
from lrviz.core.catalog import Optimizer
from lrviz.core.experiment import Experiment, OnExpression, Run, choose
from lrviz.core.gauge import gauge_at
from lrviz.core.update import Stability, Update
from lrviz.engine.race import race
from tests.optimizers.replay import every_case, replay, state_of

RATE = 0.02
# What torch remembers beside the momentum, each axis's size above all, and the value at which it is held.
HELD = {
    "exp_avg_sq": 0.7,
    "max_exp_avg_sq": 0.8,
    "exp_inf": 0.7,
    "square_avg": 0.7,
    "grad_avg": 0.0,
    "acc_delta": 0.3,
    "sum": 0.7,
    "mu_product": 0.6,
    "eta": 0.01,
}
WITHOUT_LIMIT = {"rprop", "lbfgs"}


def stability_of(optimizer: Optimizer, update: Update) -> Stability:
    assert optimizer.stability is not None
    stability = optimizer.stability(update)
    assert stability is not None
    return stability


class Frozen:
    """A torch optimizer whose `count`-th update is made again and again: only theta and momentum change."""

    def __init__(self, optimizer: Optimizer, settings: dict[str, Any], count: int) -> None:
        self.theta = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
        self.torch = optimizer.factory([self.theta], RATE, **settings)
        self._count = count
        self.step(0.0)  # makes the state
        self._hold()
        before, zero = state_of(self.torch, self.theta), np.zeros(2)
        self.step(0.0)
        self.update = Update(0, RATE, zero, zero, zero, before, state_of(self.torch, self.theta), settings)

    def step(self, curvature: float) -> None:
        self._hold()
        self.theta.grad = curvature * self.theta.detach()
        self.torch.step()

    def size(self) -> float:
        """Theta and its momentum together."""
        state = self.torch.state[self.theta]
        momentum = [state[name] for name in ("exp_avg", "momentum_buffer") if state.get(name) is not None]
        return float(abs(self.theta.detach()[0])) + sum(RATE * float(abs(value[0])) for value in momentum)

    def _hold(self) -> None:
        state = self.torch.state[self.theta]
        for name in HELD.keys() & state.keys():
            state[name].fill_(HELD[name])
        if "step" in state:
            state["step"].fill_(self._count - 1)


def grows(optimizer: Optimizer, settings: dict[str, Any], count: int, part: float) -> bool:
    """Whether theta grows on a bowl as steep as this part of the limit."""
    frozen = Frozen(optimizer, settings, count)
    stability = stability_of(optimizer, frozen.update)
    curvature = part * stability.limit / (RATE * stability.scale[0]) - stability.added
    with torch.no_grad():
        frozen.theta.fill_(1e-12)  # so small that squared gradients don't count
    begun = frozen.size()
    for _ in range(5_000):
        for _ in range(4):
            frozen.step(curvature)
        if not 1e-3 < frozen.size() / begun < 1e3:
            return frozen.size() > begun
    raise AssertionError("neither grown nor shrunk")


@every_case
@pytest.mark.parametrize("count", [2, 1000])
def test_theta_shrinks_just_below_the_limit_and_grows_just_above(
    optimizer: Optimizer, settings: dict[str, Any], count: int
) -> None:
    if optimizer.stability is None:
        assert optimizer.name in WITHOUT_LIMIT
        return
    assert not grows(optimizer, settings, count, 0.97)
    assert grows(optimizer, settings, count, 1.03)


@pytest.mark.parametrize(
    ("name", "given", "limit", "formula"),
    [
        ("sgd", {}, 2.0, "2"),
        ("momentum", {}, 3.8, "2 (1 + β)"),
        ("momentum", {"momentum": 0.5, "dampening": 0.25}, 4.0, "2 (1 + β) / (1 − d)"),
        ("momentum", {"momentum": 0.0, "dampening": 0.25}, 2.0, "2 (1 + β)"),
        ("nesterov", {}, 3.8 / 2.8, "2 (1 + β) / (1 + 2β)"),
        ("rmsprop", {}, 2.0, "2"),
        ("rmsprop", {"momentum": 0.5}, 3.0, "2 (1 + β)"),
        ("adagrad", {}, 2.0, "2"),
        ("adadelta", {}, 2.0, "2"),
        ("adam", {}, 38.0, "(2 + 2β₁) / (1 − β₁)"),
        ("adamax", {}, 38.0, "(2 + 2β₁) / (1 − β₁)"),
        ("radam", {}, 38.0, "(2 + 2β₁) / (1 − β₁)"),
        ("adamw", {"weight_decay": 0.5}, 1.9 / 0.1 * (2 - RATE * 0.5), "(1 + β₁) (2 − η λ) / (1 − β₁)"),
        ("asgd", {"lambd": 0.0}, 2.0, "2 η / ηₜ"),
    ],
)
def test_the_limit_is_the_known_one(name: str, given: dict[str, Any], limit: float, formula: str) -> None:
    optimizer = catalog.optimizers.find(name)
    *_, last = replay(optimizer, optimizer.settings(given), [RATE] * 3)
    stability = stability_of(optimizer, last)
    assert stability.limit == pytest.approx(limit, rel=1e-6)
    assert stability.formula == formula


def test_nadam_s_limit_tends_to_nesterov_s_over_what_a_new_gradient_counts() -> None:
    nadam = catalog.optimizers.find("nadam")
    *_, last = replay(nadam, nadam.settings({"momentum_decay": 1.0}), [RATE] * 200)
    assert stability_of(nadam, last).limit == pytest.approx(2 * 1.9 / 2.8 / 0.1, rel=1e-3)


def test_adam_s_scale_has_the_bias_corrections_in_it() -> None:
    adam = catalog.optimizers.find("adam")
    first, *_ = replay(adam, adam.settings({"eps": 1e-12}), [RATE])
    np.testing.assert_allclose(stability_of(adam, first).scale, 1 / (0.1 * abs(first.gradient)), rtol=1e-9)


def test_weight_decay_in_the_gradient_adds_to_the_curvature() -> None:
    for name in ("sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam", "radam"):
        optimizer = catalog.optimizers.find(name)
        *_, last = replay(optimizer, optimizer.settings({"weight_decay": 0.05}), [RATE] * 2)
        assert stability_of(optimizer, last).added == 0.05


def test_the_gauge_counts_weight_decay_as_curvature() -> None:
    experiment = Experiment(
        problem=OnExpression("x**2 + 5*y**2", (-2.0, 2.0, -2.0, 2.0), (1.5, 1.0)),
        optimizer=choose(catalog.optimizers, "sgd", weight_decay=0.1),
        schedule=choose(catalog.schedules, "constant"),
        runs=(Run(0.1),),
        steps=5,
    )
    *_, scene = race(experiment)
    gauge = gauge_at(scene, 0, 2)
    assert gauge is not None
    assert gauge.ratio == pytest.approx(0.1 * (10 + 0.1) / 2)


def test_no_limit_is_told_where_none_is_known() -> None:
    momentum, asgd = catalog.optimizers.find("momentum"), catalog.optimizers.find("asgd")
    assert momentum.stability is not None
    assert asgd.stability is not None
    *_, deaf = replay(momentum, momentum.settings({"dampening": 1.0}), [RATE] * 2)
    assert momentum.stability(deaf) is None
    *_, still = replay(asgd, asgd.settings({}), [RATE, 0.0])
    assert asgd.stability(still) is None
    for name in ("adamw", "nadam", "radam"):
        optimizer = catalog.optimizers.find(name)
        given = {"weight_decay": 0.1, **({} if name == "adamw" else {"decoupled_weight_decay": True})}
        assert optimizer.stability is not None
        *_, overdone = replay(optimizer, optimizer.settings(given), [20.0] * 2)
        assert optimizer.stability(overdone) is None
    assert {optimizer.name for optimizer in catalog.optimizers if optimizer.stability is None} == WITHOUT_LIMIT
