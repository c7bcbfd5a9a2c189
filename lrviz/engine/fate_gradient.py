"""Gradient and loss of a surface at tens of thousands of points at once: what gives them, and autograd, which can."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from lrviz.engine.fate_recording import Function


class Slopes(Protocol):
    """Of a surface, at points (2, N): x in the first row, y in the second."""

    def bind(self, theta: Tensor, gradient: Tensor) -> Callable[[], None]:
        """What, called, fills `gradient` (2, N) from what stands in `theta` then."""
        ...

    def losses(self, theta: Tensor) -> Tensor:
        """(N,) in float64."""
        ...


class Asked:
    """A surface whose own function is asked for its losses."""

    def __init__(self, function: Function) -> None:
        self._function = function

    @torch.no_grad()
    def losses(self, theta: Tensor) -> Tensor:
        return self._function(*theta.double())


class AutogradSlopes(Asked):
    """Asks autograd each time."""

    def bind(self, theta: Tensor, gradient: Tensor) -> Callable[[], None]:
        return partial(self._fill, theta, gradient)

    def _fill(self, theta: Tensor, gradient: Tensor) -> None:
        # A copy, since another thread may move other columns of the same tensor meanwhile, which autograd won't have.
        for row, part in enumerate(derived(self._function, *theta.clone())):
            gradient[row] = part


def derived(function: Function, x: Tensor, y: Tensor, leaves: bool = False) -> tuple[Tensor, Tensor]:
    """The gradient's two parts (N,); 0 where the function depends on neither."""
    _, dx, dy = evaluated(function, x, y, leaves)
    return dx, dy


def evaluated(function: Function, x: Tensor, y: Tensor, leaves: bool = False) -> tuple[Tensor, Tensor, Tensor]:
    """(N,) each: the loss, and the gradient's two parts."""
    with torch.enable_grad():
        if not leaves:
            x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        value = function(x, y)
        if not value.requires_grad:
            return value, torch.zeros_like(x), torch.zeros_like(y)
        given = torch.ones_like(value)
        dx, dy = torch.autograd.grad(value, (x, y), given, allow_unused=True, materialize_grads=True)
    return value.detach(), dx, dy
