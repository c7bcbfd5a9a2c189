"""Steps by the thousand against torch's own optimizers, one object a column."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Choice, choose
from lrviz.core.fate import FateError
from lrviz.engine.fate_kernels import AdamSteps, HeavyBall, RMSpropSteps, Stepper, TorchSteps, stepper_of

SETTINGS: list[tuple[str, dict[str, Any], type]] = [
    ("sgd", {}, HeavyBall),
    ("sgd", {"weight_decay": 0.05}, HeavyBall),
    ("momentum", {}, HeavyBall),
    ("momentum", {"momentum": 0.0}, HeavyBall),
    ("momentum", {"dampening": 0.5, "weight_decay": 0.1}, HeavyBall),
    ("nesterov", {"weight_decay": 0.05}, HeavyBall),
    ("adam", {}, AdamSteps),
    ("adam", {"beta1": 0.5, "beta2": 0.9, "eps": 1e-4, "weight_decay": 0.1}, AdamSteps),
    ("adam", {"amsgrad": True}, TorchSteps),
    ("adamw", {"weight_decay": 0.3}, AdamSteps),
    ("rmsprop", {}, RMSpropSteps),
    ("rmsprop", {"alpha": 0.5, "eps": 1e-4, "weight_decay": 0.1}, RMSpropSteps),
    ("rmsprop", {"centered": True}, TorchSteps),
    ("rmsprop", {"momentum": 0.5}, TorchSteps),
]
TOGETHER = [part.name for part in catalog.optimizers if not part.rowwise]
RATES = (0.001, 0.03, 0.2)


def slope(theta: Tensor) -> Tensor:
    """Of x² / 2 + 2 y² + a wave."""
    return torch.stack((theta[0] + torch.sin(theta[1]), 4 * theta[1] + torch.cos(theta[0])))


def start(count: int = 3) -> Tensor:
    return torch.linspace(-2, 2, 2 * count, dtype=torch.float64).reshape(2, count)


def advanced(stepper: Stepper, steps: int, factor: float = 1.0, begun: int = 0) -> Tensor:
    with torch.no_grad():
        for step in range(begun, begun + steps):
            stepper.advance(slope(stepper.theta), factor, step)
    return stepper.theta


def by_torch(optimizer: Choice, rate: float, theta: Tensor, steps: int) -> Tensor:
    """(2,) one point alone."""
    point = theta.clone().requires_grad_()
    alone = catalog.optimizers.find(optimizer.name).factory([point], rate, **optimizer.parameters)
    for _ in range(steps):
        point.grad = slope(point.detach())
        alone.step()
    return point.detach()


@pytest.mark.parametrize(("name", "settings", "kind"), SETTINGS)
@pytest.mark.parametrize("own_rates", [False, True])
def test_written_out_steps_are_torchs(name: str, settings: dict[str, Any], kind: type, own_rates: bool) -> None:
    optimizer = choose(catalog.optimizers, name, **settings)
    rates = torch.tensor(RATES, dtype=torch.float64) if own_rates else 0.03
    stepper = stepper_of(optimizer, start(), rates)
    assert type(stepper) is kind
    theta = advanced(stepper, 30)
    for column in range(3):
        alone = by_torch(optimizer, RATES[column] if own_rates else 0.03, start()[:, column], 30)
        torch.testing.assert_close(theta[:, column], alone, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", TOGETHER)
def test_every_optimizer_that_steps_all_rows_at_once_steps_all_columns(name: str) -> None:
    optimizer = choose(catalog.optimizers, name)
    theta = advanced(stepper_of(optimizer, start(), torch.tensor(RATES, dtype=torch.float64)), 20)
    for column, rate in enumerate(RATES):
        alone = by_torch(optimizer, rate, start()[:, column], 20)
        torch.testing.assert_close(theta[:, column], alone, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", TOGETHER)
def test_columns_that_are_dropped_leave_the_others_as_they_were(name: str) -> None:
    optimizer = choose(catalog.optimizers, name)
    rates = torch.tensor(RATES, dtype=torch.float64)
    whole = advanced(stepper_of(optimizer, start(), rates), 20)
    dropping = stepper_of(optimizer, start(), rates)
    advanced(dropping, 8)
    with torch.no_grad():
        dropping.keep(torch.tensor([0, 2]))
    torch.testing.assert_close(advanced(dropping, 12, begun=8), whole[:, [0, 2]], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", TOGETHER)
def test_pieces_of_the_columns_step_as_the_whole_does(name: str) -> None:
    optimizer = choose(catalog.optimizers, name)
    rates = torch.linspace(0.001, 0.2, 5, dtype=torch.float64)
    whole = advanced(stepper_of(optimizer, start(5), rates), 20)
    cut = stepper_of(optimizer, start(5), rates)
    advanced(cut, 8)
    with torch.no_grad():
        cut.keep(torch.tensor([0, 1, 3, 4]))
    for piece in cut.pieces(2):
        advanced(piece, 12, begun=8)
    torch.testing.assert_close(cut.theta, whole[:, [0, 1, 3, 4]], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_each_column_may_have_a_momentum_of_its_own(name: str) -> None:
    momenta = torch.tensor([0.1, 0.5, 0.95], dtype=torch.float64)
    rates = torch.tensor(RATES, dtype=torch.float64)
    theta = advanced(stepper_of(choose(catalog.optimizers, name), start(), rates, momenta), 20)
    for column in range(3):
        optimizer = choose(catalog.optimizers, name, momentum=float(momenta[column]))
        alone = by_torch(optimizer, RATES[column], start()[:, column], 20)
        torch.testing.assert_close(theta[:, column], alone, rtol=1e-9, atol=1e-12)


def test_a_momentum_a_column_is_refused_where_torch_takes_one_for_all() -> None:
    with pytest.raises(FateError, match="one momentum for all"):
        stepper_of(choose(catalog.optimizers, "rmsprop"), start(), 0.1, torch.zeros(3))


@pytest.mark.parametrize("name", ["sgd", "nesterov", "adamw", "rmsprop"])
def test_a_schedules_factor_is_a_part_of_the_rate(name: str) -> None:
    optimizer = choose(catalog.optimizers, name)
    half = advanced(stepper_of(optimizer, start(), 0.1), 10, factor=0.5)
    torch.testing.assert_close(half, advanced(stepper_of(optimizer, start(), 0.05), 10), rtol=1e-9, atol=1e-12)
