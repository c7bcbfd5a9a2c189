"""Gradient descent as it is: theta moves by the rate times minus the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import decayed, same, slope, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, and the step against it."""
    return (*slope(update), step(update, -update.rate * decayed(update), "θ ← θ − η g"))


def stability(update: Update) -> Stability:
    """On a curvature h, theta is multiplied by 1 − η(h + λ) a step: it shrinks while η(h + λ) is below 2.

    Source: J. M. Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, 2021.
    """
    return Stability(2.0, same(1.0), "2", added=update.number("weight_decay"))


@optimizer("sgd", title="SGD", stages=stages, stability=stability, speed=lambda **_: 1.0)
def sgd(
    params: Iterable[Tensor],
    lr: float,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Gradient descent as it is: theta moves by the rate times minus the gradient."""
    import torch

    return torch.optim.SGD(params, lr=lr, weight_decay=weight_decay)
