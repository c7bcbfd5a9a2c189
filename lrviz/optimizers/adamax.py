"""Adam that divides by the largest gradient of late: no step is longer than about one rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import average_edge, direction, scaling, unbiased
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import count, numbers, slope, state, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, its remembered direction and largest size, and their quotient as the step."""
    largest, mean = update.after["exp_inf"], unbiased(update, "exp_avg", "beta1")
    correction = 1 - update.number("beta1") ** count(update)
    return (
        *slope(update),
        direction(update, update.rate / largest / correction),
        Stage(
            "Largest size",
            "u ← max(β₂ u, |g| + ε)",
            "For each axis, the largest gradient so far fades a little, unless the new one is larger.",
            numbers(("β₂", update.number("beta2")), ("old u", state(update, "exp_inf")), ("u", largest)),
        ),
        Stage(
            "Correct",
            "m̂ = m / (1 − β₁ᵗ)",
            "The direction began at 0, so it is too short in the first steps; that is divided out.",
            numbers(("t", count(update)), ("m̂", mean)),
        ),
        scaling(1 / largest, "s = 1 / u"),
        step(update, -update.rate / largest * mean, "θ ← θ − η s m̂"),
    )


def stability(update: Update) -> Stability | None:
    """Adam's limit, see `average_edge`, on the surface scaled by 1 / u; m's correction counts with the scale."""
    correction = 1 - update.number("beta1") ** count(update)
    return average_edge(update, 1 / (update.after["exp_inf"] * correction), decoupled=False)


@optimizer("adamax", title="Adamax", stages=stages, stability=stability)
def adamax(
    params: Iterable[Tensor],
    lr: float,
    beta1: Annotated[float, Range(0, 0.999), Shown("β₁", "how long past gradients are remembered")] = 0.9,
    beta2: Annotated[
        float, Range(0, 0.9999), Shown("β₂", "how long the largest gradient is remembered", more=True)
    ] = 0.999,
    eps: Annotated[
        float,
        Range(1e-12, 0.1, log=True),
        Shown("ε", "added to each gradient's size, against division by 0", more=True),
    ] = 1e-8,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Adam that divides by the largest gradient of late instead of the mean square: no step exceeds the rate by much.

    Source: D. P. Kingma and J. Ba, ICLR 2015, arXiv:1412.6980, section 7.1.
    """
    import torch

    return torch.optim.Adamax(params, lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay)
