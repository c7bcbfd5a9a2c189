"""The heavy ball: past gradients keep pushing, along a valley and through a bump alike."""

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

    from lrviz.core.update import Update, Vector


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, the velocity that it changes, and the step along that."""
    beta, dampening = update.number("momentum"), update.number("dampening")
    if not beta:  # torch leaves velocity and dampening alone then
        return (*slope(update), step(update, -update.rate * _velocity(update), "θ ← θ − η g"))
    old, new = state(update, "momentum_buffer"), _velocity(update)
    began = bool(update.before)
    remember = Stage(
        "Remember",
        ("v ← β v + (1 − d) g" if dampening else "v ← β v + g") if began else "v ← g",
        "A part of the last velocity goes on, and the new gradient is added to it."
        if began
        else "Nothing is remembered yet: the velocity begins as the gradient.",
        numbers(("β", beta), ("old v", old), ("v", new)),
        # With all of the gradient added, the two arrows lead to the end of the step one after the other.
        arrow("momentum", -update.rate * beta * old, onward=not dampening),
    )
    return (*slope(update), remember, step(update, -update.rate * new, "θ ← θ − η v"))


def stability(update: Update) -> Stability | None:
    """On a curvature h, v ← β v + (1 − d) h x and x ← x − η v shrink while η h is below 2 (1 + β) / (1 − d).

    There a root of the recurrence's characteristic polynomial, z² − (1 + β − (1 − d) η h) z + β, passes −1. Weight
    decay adds λ to the curvature. No limit is known where new gradients are ignored, at d = 1.

    Source: J. M. Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, 2021.
    """
    beta, dampening = update.number("momentum"), update.number("dampening")
    ones, decay = same(1.0), update.number("weight_decay")
    if not beta or not dampening:
        return Stability(2 * (1 + beta), ones, "2 (1 + β)", added=decay)
    if dampening == 1:
        return None
    return Stability(2 * (1 + beta) / (1 - dampening), ones, "2 (1 + β) / (1 − d)", added=decay)


def speed(momentum: Value, dampening: Value, **_: Value) -> float:
    """On a steady slope the velocity adds up to (1 − d) / (1 − β) times the gradient."""
    assert isinstance(momentum, float)
    assert isinstance(dampening, float)
    return (1 - dampening) / (1 - momentum) if momentum else 1.0


def _velocity(update: Update) -> Vector:
    return update.after["momentum_buffer"] if update.number("momentum") else decayed(update)


@optimizer("momentum", title="Momentum", stages=stages, stability=stability, speed=speed)
def momentum(
    params: Iterable[Tensor],
    lr: float,
    momentum: Annotated[float, Range(0, 0.999), Shown("momentum β", "the part of a step that goes on")] = 0.9,
    dampening: Annotated[float, Range(0, 1), Shown("dampening d", "what a new gradient loses", more=True)] = 0.0,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """The heavy ball: a decaying sum of past gradients, so that a steady slope adds up and a zigzag cancels out.

    Source: B. T. Polyak, USSR Computational Mathematics and Mathematical Physics 4 (1964), 1–17.
    """
    import torch

    return torch.optim.SGD(params, lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay)
