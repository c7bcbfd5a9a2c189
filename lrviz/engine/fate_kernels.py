"""One update of tens of thousands of points at once: torch's optimizers, and the commonest of them written out.

Points stand in columns, theta (2, N). Each column may have a rate of its own, and for heavy ball and Nesterov a
momentum of its own. Columns whose fate is known are dropped, and with them what the optimizer remembers of them.
"""

from __future__ import annotations

import math
from typing import Any, Protocol, cast

import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Choice
from lrviz.core.fate import FateError

Numbers = float | Tensor  # one for all columns, or (N,) one a column


class Stepper(Protocol):
    """Moves theta (2, N). `settles`: a point at rest at a minimum stays there, whatever it did before."""

    theta: Tensor
    settles: bool

    def advance(self, gradient: Tensor, factor: float) -> None:
        """One update by a gradient (2, N), which it may overwrite; `factor` is the schedule's."""
        ...

    def keep(self, columns: Tensor) -> None:
        """Drop all but these columns. All tensors of columns are others then: those of a copy stay as they were."""
        ...


def stepper_of(optimizer: Choice, theta: Tensor, rate: Numbers, momentum: Tensor | None = None) -> Stepper:
    """The fastest way to step `theta` with an optimizer of the catalog, which says itself what it is.

    `momentum` (N,) overrides the optimizer's own. FateError where it can't be one a column.
    """
    part = catalog.optimizers.find(optimizer.name)
    made = cast(torch.optim.Optimizer, part.factory([torch.zeros(1)], 1.0, **optimizer.parameters))
    settings = made.param_groups[0]
    plain = not settings.get("maximize", False)
    if type(made) is torch.optim.SGD and plain:
        return HeavyBall(theta, rate, settings, momentum)
    if momentum is not None:
        raise FateError(f"{part.title} takes one momentum for all points; Momentum and Nesterov take one for each")
    if type(made) in (torch.optim.Adam, torch.optim.AdamW) and plain and not settings["amsgrad"]:
        return AdamSteps(theta, rate, settings)
    if type(made) is torch.optim.RMSprop and plain and not settings["centered"] and not settings["momentum"]:
        return RMSpropSteps(theta, rate, settings)
    return TorchSteps(theta, rate, optimizer)


class HeavyBall:
    """torch.optim.SGD with all of its settings."""

    settles = True

    def __init__(self, theta: Tensor, rate: Numbers, settings: dict[str, Any], momentum: Tensor | None = None) -> None:
        self.theta = theta
        self._rate = rate
        self._decay = float(settings["weight_decay"])
        self._fresh = 1 - float(settings["dampening"])  # what a new gradient brings in
        self._nesterov = bool(settings["nesterov"])
        self._momentum: Numbers = float(settings["momentum"]) if momentum is None else momentum
        self._velocity: Tensor | None = None

    def advance(self, gradient: Tensor, factor: float) -> None:
        if self._decay:
            gradient.add_(self.theta, alpha=self._decay)
        _move(self.theta, self._direction(gradient), self._rate, factor)

    def keep(self, columns: Tensor) -> None:
        self.theta = self.theta.index_select(1, columns)
        self._rate, self._momentum = _kept(self._rate, columns), _kept(self._momentum, columns)
        if self._velocity is not None:
            self._velocity = self._velocity.index_select(1, columns)

    def _direction(self, gradient: Tensor) -> Tensor:
        """What theta moves along, after the velocity has taken in the gradient."""
        if isinstance(self._momentum, float) and self._momentum == 0:
            return gradient
        if self._velocity is None:
            self._velocity = gradient.clone()
        elif self._fresh != 1:
            self._velocity.mul_(self._momentum).add_(gradient, alpha=self._fresh)
        elif isinstance(self._momentum, float):
            torch.add(gradient, self._velocity, alpha=self._momentum, out=self._velocity)
        else:
            torch.addcmul(gradient, self._velocity, self._momentum, out=self._velocity)
        if not self._nesterov:
            return self._velocity
        if isinstance(self._momentum, float):
            return gradient.add_(self._velocity, alpha=self._momentum)
        return gradient.addcmul_(self._velocity, self._momentum)


class AdamSteps:
    """torch.optim.Adam and AdamW, but for AMSGrad."""

    settles = False  # the smaller its gradients have been, the larger is the step that a small one makes

    def __init__(self, theta: Tensor, rate: Numbers, settings: dict[str, Any]) -> None:
        self.theta = theta
        self._rate = rate
        self._betas: tuple[float, float] = settings["betas"]
        self._epsilon = float(settings["eps"])
        self._decay = float(settings["weight_decay"])
        self._decoupled = bool(settings["decoupled_weight_decay"])
        self._updates = 0
        self._first, self._second, self._size = (torch.zeros_like(theta) for _ in range(3))

    def advance(self, gradient: Tensor, factor: float) -> None:
        first, second = self._betas
        self._updates += 1
        if self._decay and self._decoupled:
            self.theta.mul_(1 - self._decay * factor * self._rate)
        elif self._decay:
            gradient.add_(self.theta, alpha=self._decay)
        self._first.lerp_(gradient, 1 - first)
        self._second.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        # m̂ / (√v̂ + ε) with both corrections drawn out of the columns.
        correction = math.sqrt(1 - second**self._updates)
        torch.sqrt(self._second, out=self._size).add_(self._epsilon * correction)
        scale = factor * correction / (1 - first**self._updates)
        _move_scaled(self.theta, self._first, self._size, self._rate, scale)

    def keep(self, columns: Tensor) -> None:
        self._rate = _kept(self._rate, columns)
        self.theta, self._first, self._second, self._size = (
            tensor.index_select(1, columns) for tensor in (self.theta, self._first, self._second, self._size)
        )


class RMSpropSteps:
    """torch.optim.RMSprop without momentum, and not centred."""

    settles = False

    def __init__(self, theta: Tensor, rate: Numbers, settings: dict[str, Any]) -> None:
        self.theta = theta
        self._rate = rate
        self._alpha = float(settings["alpha"])
        self._epsilon = float(settings["eps"])
        self._decay = float(settings["weight_decay"])
        self._square, self._size = torch.zeros_like(theta), torch.zeros_like(theta)

    def advance(self, gradient: Tensor, factor: float) -> None:
        if self._decay:
            gradient.add_(self.theta, alpha=self._decay)
        self._square.mul_(self._alpha).addcmul_(gradient, gradient, value=1 - self._alpha)
        torch.sqrt(self._square, out=self._size).add_(self._epsilon)
        _move_scaled(self.theta, gradient, self._size, self._rate, factor)

    def keep(self, columns: Tensor) -> None:
        self._rate = _kept(self._rate, columns)
        self.theta, self._square, self._size = (
            tensor.index_select(1, columns) for tensor in (self.theta, self._square, self._size)
        )


class TorchSteps:
    """Any torch optimizer that works number by number and whose update is linear in its rate: at rate 1, and then
    each column moves by the fraction of that step which its own rate is."""

    settles = False

    def __init__(self, theta: Tensor, rate: Numbers, optimizer: Choice) -> None:
        self.theta = theta.detach()
        self._rate = rate
        self._optimizer = optimizer
        self._torch = self._made()
        self._before = torch.empty_like(self.theta)

    def advance(self, gradient: Tensor, factor: float) -> None:
        self._before.copy_(self.theta)
        self.theta.grad = gradient
        self._torch.param_groups[0]["lr"] = factor
        self._torch.step()
        torch.lerp(self._before, self.theta, self._rate, out=self.theta)

    def keep(self, columns: Tensor) -> None:
        before, remembered = self.theta, self._torch.state[self.theta]
        self.theta = before.detach().index_select(1, columns)
        self._rate, self._before = _kept(self._rate, columns), torch.empty_like(self.theta)
        self._torch = self._made()
        for name, value in remembered.items():
            if isinstance(value, Tensor):
                value = value.index_select(1, columns) if value.shape == before.shape else value.clone()
            self._torch.state[self.theta][name] = value

    def _made(self) -> torch.optim.Optimizer:
        factory = catalog.optimizers.find(self._optimizer.name).factory
        return cast(torch.optim.Optimizer, factory([self.theta], 1.0, **self._optimizer.parameters))


def _move(theta: Tensor, direction: Tensor, rate: Numbers, factor: float) -> None:
    """theta − factor × rate × direction, in place."""
    if isinstance(rate, float):
        theta.add_(direction, alpha=-rate * factor)
    else:
        theta.addcmul_(direction, rate, value=-factor)


def _move_scaled(theta: Tensor, direction: Tensor, size: Tensor, rate: Numbers, factor: float) -> None:
    """theta − factor × rate × direction / size, in place; `size` is overwritten."""
    if isinstance(rate, float):
        theta.addcdiv_(direction, size, value=-rate * factor)
    else:
        _move(theta, torch.div(direction, size, out=size), rate, factor)


def _kept(numbers: Numbers, columns: Tensor) -> Numbers:
    return numbers if isinstance(numbers, float) else numbers[columns]
