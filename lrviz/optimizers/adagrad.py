"""Each parameter's gradient is divided by all that came before: every axis slows down by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import scaling
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import count, decayed, numbers, same, slope, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update, Vector


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, the sum of squares that it adds to, and the division by that sum's root."""
    scale, slower = _scale(update), _slower(update)
    add = Stage(
        "Add up",
        "G ← G + g²",
        "For each axis, the squared gradient is added to the sum of all before it, which never fades.",
        numbers(("old G", _sum_before(update)), ("G", update.after["sum"])),
    )
    stages = (*slope(update), add, scaling(scale, "s = 1 / (√G + ε)"))
    if not update.number("lr_decay"):
        return (*stages, step(update, -update.rate * scale * decayed(update), "θ ← θ − η s g"))
    fade = Stage(
        "Fade",
        "ηₜ = η / (1 + (t − 1) d)",
        "The rate itself falls with the number of steps.",
        numbers(("t", count(update)), ("d", update.number("lr_decay")), ("ηₜ", update.rate * slower)),
    )
    return (*stages, fade, step(update, -update.rate * slower * scale * decayed(update), "θ ← θ − ηₜ s g"))


def stability(update: Update) -> Stability:
    """Plain descent's limit, 2, on the surface scaled by 1 / (√G + ε) and by the rate's own decay.

    Weight decay adds λ to the curvature. The sum G grows, so that a step too long for the surface calms by itself.
    """
    scale = _scale(update) * _slower(update)
    return Stability(2.0, scale, "2", added=update.number("weight_decay"))


def _sum_before(update: Update) -> Vector:
    return update.before["sum"] if update.before else same(update.number("initial_accumulator_value"))


def _scale(update: Update) -> Vector:
    return 1 / (update.after["sum"] ** 0.5 + update.number("eps"))


def _slower(update: Update) -> float:
    return 1 / (1 + (count(update) - 1) * update.number("lr_decay"))


@optimizer("adagrad", title="Adagrad", stages=stages, stability=stability)
def adagrad(
    params: Iterable[Tensor],
    lr: float,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-10,
    initial_accumulator_value: Annotated[
        float, Range(0, 10), Shown("first sum", "what the sum of squared gradients begins with", more=True)
    ] = 0.0,
    lr_decay: Annotated[
        float, Range(0, 1), Shown("rate decay d", "how fast the rate itself falls: by 1 / (1 + (t − 1) d)", more=True)
    ] = 0.0,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Each parameter's gradient is divided by the root of the sum of all its squares: every axis slows by itself.

    Source: J. Duchi, E. Hazan and Y. Singer, Journal of Machine Learning Research 12 (2011), 2121–2159.
    """
    import torch

    return torch.optim.Adagrad(
        params,
        lr=lr,
        eps=eps,
        initial_accumulator_value=initial_accumulator_value,
        lr_decay=lr_decay,
        weight_decay=weight_decay,
    )
