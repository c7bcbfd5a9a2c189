"""Adam whose weight decay is a step of its own, untouched by the gradients' size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import adam_scale, adam_stages, average_edge, unbiased
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import count, shrink, shrunk, slope, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The decay by itself; then the gradient's direction and size, and their quotient, as in Adam."""
    by = -update.rate * adam_scale(update) * unbiased(update, "exp_avg", "beta1") + shrunk(update)
    return (
        *slope(update, decoupled=True),
        *shrink(update),
        *adam_stages(update),
        step(update, by, "θ ← θ − η (s m̂ + λ θ)"),
    )


def stability(update: Update) -> Stability | None:
    """Preconditioned sharpness against (1 + β₁)(2 − ηλ) / (1 − β₁), see `average_edge`."""
    correction = 1 - update.number("beta1") ** count(update)
    return average_edge(update, adam_scale(update) / correction, decoupled=True)


@optimizer("adamw", title="AdamW", stages=stages, stability=stability)
def adamw(
    params: Iterable[Tensor],
    lr: float,
    beta1: Annotated[float, Range(0, 0.999), Shown("β₁", "how long past gradients are remembered")] = 0.9,
    beta2: Annotated[
        float, Range(0, 0.9999), Shown("β₂", "how long the size of past gradients is remembered", more=True)
    ] = 0.999,
    weight_decay: Annotated[float, Range(0, 1), Shown("weight decay λ", "pulls theta to 0")] = 0.01,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-8,
    amsgrad: Annotated[
        bool, Shown("AMSGrad", "divides by the largest size of gradients so far, not the present one", more=True)
    ] = False,
) -> Optimizer:
    """Adam whose weight decay is a step of its own, untouched by the gradients' size.

    Source: I. Loshchilov and F. Hutter, ICLR 2019, arXiv:1711.05101.
    """
    import torch

    return torch.optim.AdamW(params, lr=lr, betas=(beta1, beta2), eps=eps, amsgrad=amsgrad, weight_decay=weight_decay)
