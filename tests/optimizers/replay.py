"""What the tests of all optimizers need: settings to try, a loss in two numbers, and updates as torch makes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import Optimizer
from lrviz.core.signature import Parameter, Value
from lrviz.core.update import Update

Loss = Callable[[Tensor], Tensor]


def settings_of(optimizer: Optimizer) -> list[dict[str, Any]]:
    """The defaults, each parameter by itself at values that are not its default, and all of those together."""
    defaults = optimizer.settings({})
    others = {parameter.name: _others(parameter) for parameter in optimizer.parameters}
    alone = [{**defaults, name: value} for name, values in others.items() for value in values]
    return [defaults, *alone, {name: values[-1] for name, values in others.items()}]


def _others(parameter: Parameter) -> list[Value]:
    match parameter.kind:
        case "bool":
            return [not parameter.default]
        case "choice":
            return [choice for choice in parameter.choices if choice != parameter.default]
        case _:
            low, high = (math.log(end) if parameter.log else end for end in (parameter.low, parameter.high))
            places = [low + part * (high - low) for part in ((0.05, 0.1) if parameter.kind == "int" else (0.5, 0.4))]
            values = [
                parameter.check(round(p) if parameter.kind == "int" else math.exp(p) if parameter.log else p)
                for p in places
            ]
            return [next(value for value in values if value != parameter.default)]


every_case = pytest.mark.parametrize(
    ("optimizer", "settings"),
    [
        pytest.param(optimizer, settings, id=f"{optimizer.name}-{place}")
        for optimizer in catalog.optimizers
        for place, settings in enumerate(settings_of(optimizer))
    ],
)
every_optimizer = pytest.mark.parametrize("optimizer", list(catalog.optimizers), ids=lambda optimizer: optimizer.name)


def valley(theta: Tensor) -> Tensor:
    """A bent, convex valley: ten times as steep one way as the other."""
    x, y = theta[..., 0], theta[..., 1]
    return torch.log(torch.cosh(x)) + 5 * (y - 0.3 * x) ** 2 + 0.1 * x


def flat(theta: Tensor) -> Tensor:
    """Level ground: the gradient is 0 everywhere."""
    return 0 * theta.sum(-1)


def replay(
    optimizer: Optimizer,
    settings: dict[str, Any],
    rates: list[float],
    loss: Loss = valley,
    start: tuple[float, float] = (1.5, -0.7),
) -> Iterator[Update]:
    """The updates of a torch optimizer by itself, at one rate after the other, with torch's own state around each."""
    theta = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    made = optimizer.factory([theta], rates[0], **settings)
    before: dict[str, NDArray[np.float64]] = {}
    for number, rate in enumerate(rates):
        made.param_groups[0]["lr"] = rate
        place, gradient = theta.detach().numpy().copy(), gradient_at(theta, loss)
        made.step(closure_of(theta, loss))
        after = state_of(made, theta)
        moved = theta.detach().numpy() - place
        yield Update(number, rate, place, moved, gradient, before, after, settings)
        before = after


def closure_of(theta: torch.nn.Parameter, loss: Loss) -> Callable[[], Tensor]:
    """What torch's optimizers call for the loss and its gradient."""

    def closure() -> Tensor:
        with torch.enable_grad():
            value = loss(theta)
            theta.grad = torch.autograd.grad(value, theta)[0]
        return value

    return closure


def gradient_at(theta: torch.nn.Parameter, loss: Loss) -> NDArray[np.float64]:
    gradient: NDArray[np.float64] = torch.autograd.grad(loss(theta), theta)[0].numpy().copy()
    return gradient


def state_of(optimizer: torch.optim.Optimizer, theta: Tensor) -> dict[str, NDArray[np.float64]]:
    """The numbers of an optimizer's state, one for each axis."""
    numbers = {}
    for name, value in optimizer.state[theta].items():
        if isinstance(value, int | float) or (isinstance(value, Tensor) and value.numel() in (1, 2)):
            numbers[name] = np.broadcast_to(np.asarray(value, np.float64), 2).copy()
    return numbers
