"""Steps as long as the last ones were: the rate drops out of the units, and 1 is a rate like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import decayed, numbers, point, slope, state, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update, Vector


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, its remembered size, the remembered size of steps, and their quotient times the gradient."""
    scale, rho = _scale(update), update.number("rho")
    steps, gradients = state(update, "acc_delta"), update.after["square_avg"]
    size = Stage(
        "Size",
        "v ← ρ v + (1 − ρ) g²",
        "For each axis, the size of past gradients, squared, fades a little, and the new one is mixed in.",
        numbers(("ρ", rho), ("old v", state(update, "square_avg")), ("v", gradients)),
    )
    scaled = Stage(
        "Scale",
        "s = √(u + ε) / √(v + ε)",
        "Each axis is divided by the size of its gradients and multiplied by the size of its past steps.",
        numbers(("u", steps), ("v", gradients), ("s", scale)),
        scaling=point(scale),
    )
    remember = Stage(
        "Remember",
        "u ← ρ u + (1 − ρ) (s g)²",
        "This step's size is mixed into that of the past ones, for the next time.",
        numbers(("s g", scale * decayed(update)), ("u", update.after["acc_delta"])),
    )
    by = -update.rate * scale * decayed(update)
    return (*slope(update), size, scaled, remember, step(update, by, "θ ← θ − η s g"))


def stability(update: Update) -> Stability:
    """Plain descent's limit, 2, on the surface scaled by √(u + ε) / √(v + ε); weight decay adds λ to the curvature."""
    return Stability(2.0, _scale(update), "2", added=update.number("weight_decay"))


def _scale(update: Update) -> Vector:
    eps = update.number("eps")
    scale: Vector = (state(update, "acc_delta") + eps) ** 0.5 / (update.after["square_avg"] + eps) ** 0.5
    return scale


@optimizer("adadelta", title="Adadelta", stages=stages, stability=stability)
def adadelta(
    params: Iterable[Tensor],
    lr: float,
    rho: Annotated[float, Range(0, 0.9999), Shown("smoothing ρ", "how long past sizes count")] = 0.9,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "what the first steps' size is made of", more=True)
    ] = 1e-6,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Each step is as long as the past ones were, in the gradient's proportion to its own size: a rate of 1 fits most.

    Source: M. D. Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, arXiv:1212.5701.
    """
    import torch

    return torch.optim.Adadelta(params, lr=lr, rho=rho, eps=eps, weight_decay=weight_decay)
