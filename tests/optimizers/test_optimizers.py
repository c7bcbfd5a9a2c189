"""What every optimizer must be, a file added later included: torch's own, and linear in its rate unless it says so."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import Optimizer

STEPS = 25


def settings_of(optimizer: Optimizer) -> list[dict[str, Any]]:
    """The defaults, and each parameter by itself at a value that is not its default."""
    defaults = optimizer.settings({})
    other: list[dict[str, Any]] = []
    for parameter in optimizer.parameters:
        match parameter.kind:
            case "bool":
                other.append({**defaults, parameter.name: not parameter.default})
            case "float":
                middle = (
                    (parameter.low * parameter.high) ** 0.5 if parameter.log else (parameter.low + parameter.high) / 2
                )
                other.append({**defaults, parameter.name: middle})
    return [defaults, *other]


CASES = [
    pytest.param(optimizer, settings, id=f"{optimizer.name}-{place}")
    for optimizer in catalog.optimizers
    for place, settings in enumerate(settings_of(optimizer))
]


def gradient(theta: Tensor, step: int) -> Tensor:
    """A smooth made-up gradient that changes sign and size."""
    return torch.cos(3 * theta + step) * torch.tensor([1.0, 10.0, 0.1], dtype=theta.dtype)


def path(optimizer: Optimizer, settings: dict[str, Any], lr: float, lerp: float | None = None) -> Tensor:
    """(STEPS, 3) theta after each step; with `lerp`, after moving only that part of the step."""
    theta = torch.nn.Parameter(torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64))
    made = optimizer.factory([theta], lr, **settings)
    rows = []
    for step in range(STEPS):
        before = theta.detach().clone()
        theta.grad = gradient(before, step)
        made.step()
        if lerp is not None:
            with torch.no_grad():
                theta.copy_(torch.lerp(before, theta, lerp))
        rows.append(theta.detach().clone())
    return torch.stack(rows)


@pytest.mark.parametrize(("optimizer", "settings"), CASES)
def test_it_moves_theta_and_stays_finite(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    rows = path(optimizer, settings, 0.01)
    assert rows.isfinite().all()
    assert (rows[0] != rows[-1]).all()


@pytest.mark.parametrize(("optimizer", "settings"), CASES)
def test_a_part_of_a_step_at_rate_1_is_the_step_at_that_rate(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    if optimizer.rowwise:
        return  # it says so itself, and the engine makes one for each run
    for lr in (0.1, 0.001):
        torch.testing.assert_close(
            path(optimizer, settings, 1.0, lerp=lr), path(optimizer, settings, lr), rtol=1e-9, atol=1e-14
        )


@pytest.mark.parametrize("optimizer", list(catalog.optimizers), ids=lambda optimizer: optimizer.name)
def test_every_parameter_reaches_torch(optimizer: Optimizer) -> None:
    paths = [path(optimizer, settings, 0.01) for settings in settings_of(optimizer)]
    for place, parameter in enumerate(optimizer.parameters, start=1):
        assert not torch.equal(paths[0], paths[place]), parameter.name


@pytest.mark.parametrize("optimizer", list(catalog.optimizers), ids=lambda optimizer: optimizer.name)
def test_rarer_parameters_are_left_at_torch_s_own_defaults(optimizer: Optimizer) -> None:
    theta = torch.nn.Parameter(torch.zeros(2))
    ours = optimizer.factory([theta], 0.5, **optimizer.settings({}))
    theirs = type(ours)([theta], lr=0.5)
    shown = {parameter.name for parameter in optimizer.parameters if not parameter.more}
    differing = {name for name, value in theirs.defaults.items() if ours.defaults[name] != value}
    assert differing <= shown | {"nesterov"}


@pytest.mark.parametrize("optimizer", list(catalog.optimizers), ids=lambda optimizer: optimizer.name)
def test_it_says_what_it_is(optimizer: Optimizer) -> None:
    assert optimizer.title
    assert optimizer.teaches
    assert "name" not in {parameter.name for parameter in optimizer.parameters}, "an experiment file has it already"
