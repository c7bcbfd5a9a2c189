"""One update of tens of thousands of points at once: torch's optimizers, and the commonest of them written out.

Points stand in columns, theta (2, N). Each column may have a rate of its own, and for heavy ball and Nesterov a
momentum of its own. Columns whose fate is known are dropped, and with them what the optimizer remembers of them.
"""

from __future__ import annotations

import copy
import math
from typing import Any, ClassVar, Protocol, Self, cast

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

    def advance(self, gradient: Tensor, factor: float, step: int, /) -> None:
        """Update number `step`, from 0, by a gradient (2, N), which it may overwrite; `factor` is the schedule's."""
        ...

    def keep(self, columns: Tensor) -> None:
        """Drop all but these columns."""
        ...

    def pieces(self, count: int, /) -> list[Self]:
        """At most so many steppers, each of columns side by side whose numbers it shares with this one."""
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


class InPlace:
    """A stepper that keeps nothing but columns, and changes them where they stand."""

    columns: ClassVar[tuple[str, ...]]  # its attributes that are (2, N), (N,) or one number for all

    def keep(self, columns: Tensor) -> None:
        for name, value in self._tensors():
            setattr(self, name, value.index_select(-1, columns))

    def pieces(self, count: int) -> list[Self]:
        parts = [copy.copy(self) for _ in range(count)]
        for name, value in self._tensors():
            for part, piece in zip(parts, value.tensor_split(count, -1), strict=True):
                setattr(part, name, piece)
        return parts

    def _tensors(self) -> list[tuple[str, Tensor]]:
        return [(name, value) for name in self.columns if isinstance(value := getattr(self, name), Tensor)]


class HeavyBall(InPlace):
    """torch.optim.SGD with all of its settings."""

    settles = True
    columns = ("theta", "_rate", "_momentum", "_velocity")

    def __init__(self, theta: Tensor, rate: Numbers, settings: dict[str, Any], momentum: Tensor | None = None) -> None:
        self.theta = theta
        self._rate = rate
        self._decay = float(settings["weight_decay"])
        self._fresh = 1 - float(settings["dampening"])  # what a new gradient brings in
        self._nesterov = bool(settings["nesterov"])
        self._momentum: Numbers = float(settings["momentum"]) if momentum is None else momentum
        self._velocity = None if isinstance(self._momentum, float) and self._momentum == 0 else torch.empty_like(theta)

    def advance(self, gradient: Tensor, factor: float, step: int) -> None:
        if self._decay:
            gradient.add_(self.theta, alpha=self._decay)
        _move(self.theta, self._direction(gradient, step), self._rate, factor)

    def _direction(self, gradient: Tensor, step: int) -> Tensor:
        """What theta moves along, after the velocity has taken in the gradient."""
        if self._velocity is None:
            return gradient
        if step == 0:
            self._velocity.copy_(gradient)
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


class AdamSteps(InPlace):
    """torch.optim.Adam and AdamW, but for AMSGrad."""

    settles = False  # the smaller its gradients have been, the larger is the step that a small one makes
    columns = ("theta", "_rate", "_first", "_second", "_size")

    def __init__(self, theta: Tensor, rate: Numbers, settings: dict[str, Any]) -> None:
        self.theta = theta
        self._rate = rate
        self._betas: tuple[float, float] = settings["betas"]
        self._epsilon = float(settings["eps"])
        self._decay = float(settings["weight_decay"])
        self._decoupled = bool(settings["decoupled_weight_decay"])
        self._first, self._second, self._size = (torch.zeros_like(theta) for _ in range(3))

    def advance(self, gradient: Tensor, factor: float, step: int) -> None:
        first, second = self._betas
        if self._decay and self._decoupled:
            self.theta.mul_(1 - self._decay * factor * self._rate)
        elif self._decay:
            gradient.add_(self.theta, alpha=self._decay)
        self._first.lerp_(gradient, 1 - first)
        self._second.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        # m̂ / (√v̂ + ε) with both corrections drawn out of the columns.
        correction = math.sqrt(1 - second ** (step + 1))
        torch.sqrt(self._second, out=self._size).add_(self._epsilon * correction)
        scale = factor * correction / (1 - first ** (step + 1))
        _move_scaled(self.theta, self._first, self._size, self._rate, scale)


class RMSpropSteps(InPlace):
    """torch.optim.RMSprop without momentum, and not centred."""

    settles = False
    columns = ("theta", "_rate", "_square", "_size")

    def __init__(self, theta: Tensor, rate: Numbers, settings: dict[str, Any]) -> None:
        self.theta = theta
        self._rate = rate
        self._alpha = float(settings["alpha"])
        self._epsilon = float(settings["eps"])
        self._decay = float(settings["weight_decay"])
        self._square, self._size = torch.zeros_like(theta), torch.zeros_like(theta)

    def advance(self, gradient: Tensor, factor: float, _step: int) -> None:
        if self._decay:
            gradient.add_(self.theta, alpha=self._decay)
        self._square.mul_(self._alpha).addcmul_(gradient, gradient, value=1 - self._alpha)
        torch.sqrt(self._square, out=self._size).add_(self._epsilon)
        _move_scaled(self.theta, gradient, self._size, self._rate, factor)


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

    def advance(self, gradient: Tensor, factor: float, _step: int) -> None:
        self._before.copy_(self.theta)
        self.theta.grad = gradient
        self._torch.param_groups[0]["lr"] = factor
        self._torch.step()
        torch.lerp(self._before, self.theta, self._rate, out=self.theta)

    def keep(self, columns: Tensor) -> None:
        before, remembered = self.theta, self._torch.state[self.theta]
        self.theta = before.detach().index_select(1, columns)
        self._rate = self._rate if isinstance(self._rate, float) else self._rate[columns]
        self._before = torch.empty_like(self.theta)
        self._torch = self._made()
        for name, value in remembered.items():
            if isinstance(value, Tensor):
                value = value.index_select(1, columns) if value.shape == before.shape else value.clone()
            self._torch.state[self.theta][name] = value

    def pieces(self, _count: int) -> list[Self]:
        return [self]  # its optimizer keeps numbers of all columns as well

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
