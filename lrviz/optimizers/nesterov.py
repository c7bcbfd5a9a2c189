"""Momentum that looks ahead: the gradient is taken where the ball is about to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown, Value
from lrviz.core.stages import arrow, decayed, numbers, same, slope, state, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, which takes the ball itself from the place it looked at; then the look ahead from there.

    torch's theta is where the ball looks, not where it lies: the form of Y. Bengio, N. Boulanger-Lewandowski
    and R. Pascanu, Advances in Optimizing Recurrent Networks, ICASSP 2013.
    """
    beta, new = update.number("momentum"), update.after["momentum_buffer"]
    ahead = -update.rate * beta * new
    remember = Stage(
        "Remember",
        "v ← β v + g" if update.before else "v ← g",
        "A part of the last velocity goes on, and the new gradient is added to it."
        if update.before
        else "Nothing is remembered yet: the velocity begins as the gradient.",
        numbers(("β", beta), ("old v", state(update, "momentum_buffer")), ("v", new)),
    )
    look = Stage(
        "Look ahead",
        "a = −η β v",
        "From where the gradient alone would lead, theta goes on to where the velocity will carry the ball next.",
        numbers(("a", ahead)),
        arrow("ahead", ahead, onward=True),
    )
    return (*slope(update), remember, look, step(update, -update.rate * decayed(update) + ahead, "θ ← θ − η (g + β v)"))


def stability(update: Update) -> Stability:
    """On a curvature h, v ← β v + h x and x ← x − η (h x + β v) shrink while η h is below 2 (1 + β) / (1 + 2β).

    The recurrence has the trace 1 + β − (1 + β) η h and the determinant β (1 − η h): a root passes −1 there. Weight
    decay adds λ to the curvature.

    Source: J. M. Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, 2021.
    """
    beta = update.number("momentum")
    limit, ones = 2 * (1 + beta) / (1 + 2 * beta), same(1.0)
    return Stability(limit, ones, "2 (1 + β) / (1 + 2β)", added=update.number("weight_decay"))


def speed(momentum: Value, **_: Value) -> float:
    """On a steady slope the velocity adds up to 1 / (1 − β) times the gradient, and so does the step."""
    assert isinstance(momentum, float)
    return 1 / (1 - momentum)


@optimizer("nesterov", title="Nesterov", stages=stages, stability=stability, speed=speed)
def nesterov(
    params: Iterable[Tensor],
    lr: float,
    momentum: Annotated[float, Range(0.01, 0.999), Shown("momentum β", "the part of a step that goes on")] = 0.9,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Momentum that looks ahead, and so brakes before a wall instead of behind it.

    Source: Y. Nesterov, Soviet Mathematics Doklady 27 (1983), 372–376, in the form of I. Sutskever et al., ICML 2013.
    """
    import torch

    return torch.optim.SGD(params, lr=lr, momentum=momentum, nesterov=True, weight_decay=weight_decay)
